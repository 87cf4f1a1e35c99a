"""How far the headline numbers might move with other stories: which numbers, what they are shares of, and their intervals."""

from collections.abc import Sequence
from typing import NamedTuple

import duckdb
import numpy as np
import pandas as pd

from analysis import intervals, schema
from analysis.intervals import Interval
from analysis.summary import JOIN, MEASURES, READ, RELATIONS

#: Stories read (for a share: stories that hold what it is a share of) below which nothing is said of other stories, and stories
#: that must hold what is counted. In simulations with as few, 95 % intervals held the true number in 90 to 98 of 100 cases.
FEWEST, FEWEST_WITH = 20, 5

_Score = tuple[str, str]


class Counted(NamedTuple):
    """A measure whose numbers get an interval: what is counted, and what it is a share of.

    ``rows`` and ``of`` are queries for ``article_id, "group"``. ``found`` and ``labelled`` name rows of the table of scores: how
    well such rows are found, and whether the group of those found is right.
    """

    measure: str
    most: int
    rows: str
    of: str
    unit: str
    found: _Score | None = None
    labelled: _Score | None = None


def rows_of(measure: str, condition: str = "true", group: str | None = None, more: str = "") -> str:
    """Return the query for ``article_id, "group"`` of the rows that a measure counts."""
    _, relation, wanted, grouped = MEASURES[measure]
    return (
        f'SELECT article_id, {group or grouped} AS "group"{more} FROM {RELATIONS.get(relation, relation)} AS rows '
        f"WHERE ({wanted}) AND ({condition})"
    )


_THREAT, _EXPERT = ("threat", "any"), ("expert attribution", "half")
#: The one measure that is none of the summary: its number is that of the articles of ``threats``.
ARTICLES = "articles with a threat"

#: What the briefing's first page prints, with as many groups as it names there.
COUNTED = (
    Counted("threats", 1, rows_of("threats"), "", "", _THREAT),
    Counted(ARTICLES, 1, f"SELECT DISTINCT * FROM ({rows_of('threats')})",
            "SELECT article_id, '' AS \"group\" FROM articles", "articles", _THREAT),
    Counted("threats_by_region", 4, rows_of("threats_by_region"), rows_of("threats"), "threat mentions", _THREAT, ("threat regions", "ids")),
    Counted("threats_by_category", 3, rows_of("threats_by_category"), rows_of("threats"), "threat mentions", _THREAT,
            ("threat category", "matched")),
    Counted("threats_by_actor", 3, rows_of("threats_by_actor"), rows_of("threats"), "threat mentions", _THREAT, ("threat actor", "matched")),
    Counted("expert_attributions", 1, rows_of("expert_attributions"), rows_of("attributions"), "attributions", _EXPERT),
    Counted("attributions_by_expert", 5, rows_of("attributions_by_expert"), rows_of("expert_attributions"), "named experts' statements",
            _EXPERT, ("speaker", "matched")),
    Counted("expert_attributions_by_likelihood", 8, rows_of("expert_attributions_by_likelihood"),
            rows_of("expert_attributions_by_likelihood", group="''"), "experts' statements", _EXPERT, ("likelihood", "matched")),
    Counted("tones_by_target", 3, rows_of("tones_by_target"), rows_of("tones_by_target", group=f"target || '{JOIN}negative'"),
            "mentions of the target", ("tone negative", "class")),
    Counted("sentences_by_wording", 3, rows_of("sentences_by_wording"), rows_of("sentences"), "sentences"),
)  # fmt: skip


_KINDS = f"""WITH read AS ( {READ}
), told AS (
    SELECT DISTINCT story FROM read
), held AS (
    SELECT "group", story, count(*) AS n FROM ({{rows}}) JOIN read USING (article_id) GROUP BY ALL
), based AS (
    SELECT "group", story, count(*) AS n FROM ({{of}}) JOIN read USING (article_id) GROUP BY ALL
)
SELECT wanted."group", coalesce(held.n, 0) AS n, coalesce(based.n, 0) AS n_of, count(*) AS n_stories
FROM (SELECT unnest($groups) AS "group") AS wanted CROSS JOIN told
    LEFT JOIN held ON held.story = told.story AND held."group" = wanted."group"
    LEFT JOIN based ON based.story = told.story AND based."group" IN ('', wanted."group")
GROUP BY ALL
ORDER BY ALL
"""
_NOTHING = "SELECT article_id, '' AS \"group\" FROM articles WHERE false"


def kinds(
    connection: duckdb.DuckDBPyConnection, rows: str, of: str, groups: Sequence[str], **values: str
) -> pd.DataFrame:
    """Return ``group, n, n_of, n_stories``: how many stories hold so many of the rows, and so many of what they are a share of.

    Every story of the articles read is in it, once for each group; ``rows`` and ``of`` are as in ``Counted``, and ``values``
    are those of parameters that they name.
    """
    sql = _KINDS.format(rows=rows, of=of or _NOTHING)
    found = connection.sql(sql, params={"groups": list(groups), **values})
    return schema.frame(found.to_arrow_table())


class Number(NamedTuple):
    """A headline number and where it would lie with other stories; None where nothing can be said of that.

    ``n`` rows stand in ``n_stories``; they are a share of ``n_of`` rows, which stand in ``n_stories_of``.
    """

    measure: str
    group: str
    n: int
    n_of: int
    n_stories: int
    n_stories_of: int
    interval: Interval | None
    share: float | None
    share_interval: Interval | None


def measured(connection: duckdb.DuckDBPyConnection, counted: Counted, groups: Sequence[str]) -> list[Number]:
    """Return the numbers of these groups.

    Below ``FEWEST`` and ``FEWEST_WITH`` there is no interval and no share, and no interval where all stories are alike. Of
    articles the share alone has one: how many are read is no finding.
    """
    found = kinds(connection, counted.rows, counted.of, groups)
    return [_number(counted, group, found[found["group"] == group]) for group in groups if len(found)]


def _number(counted: Counted, group: str, part: pd.DataFrame) -> Number:
    n, n_of = part["n"].to_numpy(float), part["n_of"].to_numpy(float)
    stories = part["n_stories"].to_numpy(np.int64)
    held, based = int(stories[n > 0].sum()), int(stories[n_of > 0].sum())
    is_enough = stories.sum() >= FEWEST and held >= FEWEST_WITH
    has_share = is_enough and based >= FEWEST
    return Number(
        counted.measure, group, int(n @ stories), int(n_of @ stories), held, based,
        interval=intervals.of_sum(n, stories) if is_enough and counted.measure != ARTICLES else None,
        share=float(n @ stories) / float(n_of @ stories) if has_share else None,
        share_interval=intervals.of_ratio(n, n_of, stories) if has_share else None,
    )  # fmt: skip


class Lead(NamedTuple):
    """By how many rows one group leads another, in how many stories the rarer of them stands, and where the lead might lie."""

    n: int
    n_stories: int
    rarer: str
    interval: Interval | None


def lead(connection: duckdb.DuckDBPyConnection, rows: str, first: str, second: str) -> Lead:
    """Return by how much the group ``first`` leads ``second``; stories are drawn with the rows of both."""
    one, other = (
        f"SELECT article_id, '' AS \"group\" FROM ({rows}) WHERE \"group\" = ${name}" for name in ("one", "other")
    )  # fmt: skip
    found = kinds(connection, one, other, [""], one=first, other=second)
    mine, theirs = found["n"].to_numpy(float), found["n_of"].to_numpy(float)
    stories = found["n_stories"].to_numpy(np.int64)
    held = {first: int(stories[mine > 0].sum()), second: int(stories[theirs > 0].sum())}
    rarer = min(held, key=lambda group: held[group])
    is_enough = stories.sum() >= FEWEST and held[rarer] >= FEWEST_WITH
    interval = intervals.of_sum(mine - theirs, stories) if is_enough else None
    return Lead(int((mine - theirs) @ stories), held[rarer], rarer, interval)
