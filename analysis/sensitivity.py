"""Whether each headline stands: without any one outlet or term, in other units, and where the reader must be surer."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import duckdb

from analysis.summary import READ
from analysis.uncertainty import rows_of


class Headline(NamedTuple):
    """A ranking whose first place the briefing states: what it ranks, in what unit, and the query for its rows.

    ``rows`` has ``article_id, "group", term, p``: the lexicon's term that found the row, and the reader's probability. A row
    without a probability rests on a rule alone and counts at every threshold.
    """

    measure: str
    title: str
    rows: str
    has_terms: bool = False


_THREAT, _SAID = ", term, p", ", NULL AS term, p"
HEADLINES = (
    Headline("threats_by_region", "Region named most with threats", rows_of("threats_by_region", more=_THREAT), True),
    Headline("threats_by_category", "Most frequent category of threat", rows_of("threats_by_category", more=_THREAT), True),
    Headline("threats_by_actor", "Named most as the one who threatens", rows_of("threats_by_actor", more=_THREAT), True),
    Headline("attributions_by_expert", "Expert cited most", rows_of("attributions_by_expert", more=_SAID)),
    Headline("tones_by_target", "Named most in a negative tone",
             rows_of("tones_by_target", "tone = 'negative'", "target", ", NULL AS term, p_negative AS p")),
)  # fmt: skip

THRESHOLDS = (0.5, 0.7, 0.9)
UNITS = ("mentions", "articles", "stories")


class First(NamedTuple):
    """The groups that share the first place, in order, and how many rows each has; none where nothing was counted."""

    groups: tuple[str, ...]
    n: int


class Omission(NamedTuple):
    """What is left out, how many rows the headline's first group has without it, and the first place then."""

    part: str
    n: int
    first: First


class Standing(NamedTuple):
    """A headline when parts are left out one at a time: the part that it owes most to, and those without which it falls."""

    most: Omission | None
    falls: list[Omission]


class Examined(NamedTuple):
    """A headline as counted, in each of ``UNITS``, at each of ``THRESHOLDS``, without each outlet and without each term.

    ``largest`` leaves out the outlet that has most articles. What cannot be left out is None.
    """

    headline: Headline
    first: First
    units: dict[str, First]
    surer: dict[float, First]
    outlets: Standing
    largest: Omission | None
    terms: Standing | None


Parts = Iterable[tuple[str, str, int]]


def examine(connection: duckdb.DuckDBPyConnection, headline: Headline, names: Sequence[str]) -> Examined:
    """Return how a headline stands, given the names of the ``outlets``."""
    units, surer = variants(connection, headline)
    by_outlet = by_part(connection, headline, "outlet")
    return Examined(
        headline,
        units["mentions"],
        units,
        surer,
        standing(by_outlet, kept=("",)),
        _without(by_outlet, names[0], units["mentions"]) if names else None,
        standing(by_part(connection, headline, "term")) if headline.has_terms else None,
    )


def first(counts: Mapping[str, int]) -> First:
    """Return the first place of counts by group."""
    top = max(counts.values(), default=0)
    return First(tuple(sorted(group for group, n in counts.items() if n == top)) if top else (), top)


def stands(here: First, then: First) -> bool:
    """Tell whether a headline stands: its groups are still in the first place, alone or with others."""
    return set(here.groups) <= set(then.groups)


def standing(counts: Parts, kept: Collection[str] = ()) -> Standing:
    """Return how a headline stands without each part, from its rows ``part, group, n``; the parts ``kept`` are never left out.

    A part without a row of the first place cannot make it fall, for without it the others can only lose.
    """
    counts = list(counts)
    total = _totals(counts)
    whole, ordered = first(total), sorted(total, key=lambda group: -total[group])
    parts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for part, group, n in counts:
        parts[part][group] = n
    found = []
    for part in sorted(parts.keys() - set(kept)):
        if not parts[part].keys().isdisjoint(whole.groups):
            left: dict[str, int] = {}
            for group in ordered:
                if total[group] < max(left.values(), default=0):
                    break  # nor can those that follow reach the first place
                left[group] = total[group] - parts[part].get(group, 0)
            leading = whole.groups[0]
            found.append(Omission(part, total[leading] - parts[part].get(leading, 0), first(left)))
    most = min(found, key=lambda o: o.n, default=None)
    return Standing(most, [o for o in found if not stands(whole, o.first)])


def _without(counts: Parts, part: str, here: First) -> Omission:
    left = _totals(row for row in counts if row[0] != part)
    return Omission(part, left.get(here.groups[0], 0) if here.groups else 0, first(left))


def _totals(counts: Parts) -> dict[str, int]:
    total: defaultdict[str, int] = defaultdict(int)
    for _, group, n in counts:
        total[group] += n
    return dict(total)


_COUNTED = f"""WITH read AS ( {READ}
), counted AS (
    SELECT rows.*, story, number, outlet
    FROM ({{rows}}) AS rows JOIN read USING (article_id) JOIN (SELECT article_id, outlet FROM articles) USING (article_id)
)
"""


def variants(
    connection: duckdb.DuckDBPyConnection, headline: Headline
) -> tuple[dict[str, First], dict[float, First]]:
    """Return the first place in each of ``UNITS`` and at each of ``THRESHOLDS``."""
    surer = ", ".join(f"count(*) FILTER (p IS NULL OR p >= {t})" for t in THRESHOLDS)
    found = connection.sql(
        _COUNTED.format(rows=headline.rows)
        + f'SELECT "group", count(*), count(DISTINCT number), count(DISTINCT story), {surer} FROM counted GROUP BY "group"'
    ).fetchall()
    places = [first({group: row[i] for group, *row in found}) for i in range(len(UNITS) + len(THRESHOLDS))]
    return dict(zip(UNITS, places, strict=False)), dict(zip(THRESHOLDS, places[len(UNITS) :], strict=True))


def by_part(
    connection: duckdb.DuckDBPyConnection, headline: Headline, part: str
) -> list[tuple[str, str, int]]:
    """Return ``part, group, n``: a headline's rows by ``outlet`` or ``term``; the part is empty where there is none."""
    return connection.sql(
        _COUNTED.format(rows=headline.rows)
        + f"SELECT coalesce({part}, '') AS part, \"group\", count(*) FROM counted GROUP BY ALL ORDER BY ALL"
    ).fetchall()


def outlets(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the outlets of the articles read, those with most articles first; articles that state none are left aside."""
    sql = (
        f"WITH read AS ( {READ} ) SELECT outlet FROM read JOIN (SELECT article_id, outlet FROM articles) USING (article_id) "
        "WHERE outlet <> '' GROUP BY outlet ORDER BY count(*) DESC, outlet"
    )
    return [outlet for (outlet,) in connection.sql(sql).fetchall()]


_CHOICE = re.compile(r"([(\[][^()|\[\]]*\|[^()|\[\]]*)\|[^()\[\]]*([)\]])")


def short(term: str) -> str:
    """Return a term of the lexicon with no more than two of its choices each: *(threat|threats|…) (to|for)*."""
    return _CHOICE.sub(r"\1|…\2", term)
