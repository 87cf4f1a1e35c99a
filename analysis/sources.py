"""The Source Summary Statement: what the briefing's sources are worth as a whole, and who is never asked.

Intelligence Community Directive 206 (2015) asks for such a statement on the strength and weakness of a whole source base;
Intelligence Community Standard 206-01 (2024) applies it to published material and asks to tell where machines did the work.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis import coverage, places, schema
from analysis.brief import Brief
from analysis.evidence import place_name
from analysis.show import Cell, first_of, listed, note, number, plain, sentence, table
from analysis.summary import FEWEST, JOIN, READ

#: What a reader calls the sources of a type; ``other`` is no type that could be missed.
TYPES = {
    "expert": "experts", "official": "officials", "military": "the military", "intelligence": "intelligence services",
    "state": "states", "organisation": "organisations", "media": "media", "document": "documents", "witness": "witnesses",
}  # fmt: skip
#: What is counted for how many names: a title, the relation, the column of the name, the condition.
SPREADS = {
    "outlets": ("Articles by outlet", "articles", "outlet", "true"),
    "authors": ("Articles by author", "articles", "byline", "true"),
    "experts": ("Statements of experts by name", "attributions", "speaker", "is_expert"),
    "institutions": ("Statements of experts by institution", "attributions", "affiliation", "is_expert"),
}

_STORIES = f"""WITH read AS ( {READ}
), told AS (
    SELECT story, count(*) AS n, count(DISTINCT nullif(outlet, '')) AS outlets
    FROM read JOIN articles USING (article_id) GROUP BY story
)
SELECT coalesce(sum(n), 0)::BIGINT AS articles, count(*) AS stories, count(*) FILTER (WHERE outlets > 1) AS crossing
FROM told WHERE n > 1
"""
#: The longest stretch of days without an article; where a period was asked for, up to its first and its last day.
_GAP = f"""WITH read AS ( {READ}
), days AS (
    SELECT date::DATE AS day FROM read
    UNION SELECT try_cast($first AS DATE) - 1 UNION SELECT try_cast($last AS DATE) + 1
), pairs AS (
    SELECT lag(day) OVER (ORDER BY day) AS before, day FROM days WHERE day IS NOT NULL
)
SELECT strftime(before + 1, '%Y-%m-%d') AS first, strftime(day - 1, '%Y-%m-%d') AS last, day - before - 1 AS n
FROM pairs WHERE day - before > 1 ORDER BY n DESC, first LIMIT 1
"""


def statement(brief: Brief) -> Markup:
    """The Source Summary Statement: outlets, copies, time, languages, what is missing, and who is never cited."""
    lines = [
        outlets(brief), copies(brief), time(brief), coverage.languages(brief), missing(brief), types(brief), regions(brief),
        watched(brief), machines(),
    ]  # fmt: skip
    items = [Markup(line.removeprefix("<p>").removesuffix("</p>")) for line in lines if line]
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(item) for item in items))


def effective(counts: Iterable[int]) -> float:
    """Return how many groups of equal size would be as concentrated as these: the inverse of Simpson's index, 0 for no group.

    Simpson (Nature 163, 1949); as a number of groups, Hill (Ecology 54, 1973) and Laakso and Taagepera (Comparative Political
    Studies 12, 1979).
    """
    sizes = [n for n in counts if n]
    return sum(sizes) ** 2 / sum(n * n for n in sizes) if sizes else 0.0


def spread(brief: Brief, what: str) -> pd.DataFrame:
    """Return ``name, n`` for a line of ``SPREADS``, largest first; the name is empty where the article states none."""
    _, relation, name, condition = SPREADS[what]
    return brief.query(
        f"WITH read AS ( {READ}\n) SELECT {name} AS name, count(*) AS n FROM read JOIN {relation} USING (article_id) "
        f"WHERE {condition} GROUP BY name ORDER BY n DESC, name"
    )


def outlets(brief: Brief) -> Markup:
    """From how many outlets the articles are, and how much the largest weighs."""
    n, every = len(brief.read), spread(brief, "outlets")
    found = every[every["name"] != ""]
    if not n:
        return sentence("No article was read, so there is no source to sum up.")
    if found.empty:
        return sentence(
            "The one article that was read does not state its outlet."
            if n == 1
            else f"None of the {n:,} articles that were read states its outlet."
        )
    unstated = n - int(found["n"].sum())
    apart = f"; {plain(unstated, 'article states', 'articles state')} none" if unstated else ""
    names, most = found["name"].tolist(), int(found["n"].iloc[0])
    if len(names) == 1:
        text = "{articles} from one outlet, {name}{apart}."
        who = plain(most, "article is", "articles are").capitalize()
        return sentence(text, articles=who, name=names[0], apart=apart)
    tied = [name for name, k in zip(names, found["n"], strict=True) if k == most]
    share = f" ({most / n:.0%})" if n >= FEWEST else ""
    return sentence(
        "{articles} from {outlets}; {lead} {largest} with {most} articles{share}{each}; together they are as concentrated as {effective:.1f} "
        "outlets of equal size (inverse Simpson index){apart}.",
        articles=plain(n - unstated, "article is", "articles are").capitalize(), outlets=plain(len(names), "named outlet"),
        lead="the largest are" if len(tied) > 1 else "the largest is", largest=_some(tied, 3), most=f"{most:,} of {n:,}", share=share, each=" each" if len(tied) > 1 else "",
        effective=effective(found["n"].astype(int)), apart=apart,
    )  # fmt: skip


def _some(names: list[str], most: int) -> Markup:
    """Return the first names as prose, and how many others there are."""
    rest = len(names) - most
    return listed([*names[:most], plain(rest, "other")] if rest > 0 else names)


def copies(brief: Brief) -> Markup:
    """How many articles tell a story that others tell too, and whether in several outlets."""
    n = len(brief.read)
    if n < 2:
        return Markup("")
    row = brief.query(_STORIES).iloc[0]
    copied, stories, crossing = int(row["articles"]), int(row["stories"]), int(row["crossing"])
    if not copied:
        return sentence("No article is a copy of another, or nearly one.")
    where = (
        f"it {'stands' if crossing else 'does not stand'} in more than one named outlet"
        if stories == 1
        else f"{crossing or 'none'} of them {'stands' if crossing < 2 else 'stand'} in more than one named outlet"
    )
    return sentence(
        "{copied} of {articles}{share} tell {stories} that several articles tell; {where}.",
        copied=f"{copied:,}", articles=plain(n, "article"), share=f" ({copied / n:.0%})" if n >= FEWEST else "",
        stories=plain(stories, "story", "stories"), where=where,
    )  # fmt: skip


def time(brief: Brief) -> Markup:
    """On how many days the articles are dated, and where there are gaps."""
    dates = brief.read["date"]
    if dates.empty:
        return Markup("")
    days, first, last = dates.nunique(), str(dates.min()), str(dates.max())
    said = (
        f"{'The article is' if len(dates) == 1 else f'All {len(dates):,} articles are'} dated {first}"
        if days == 1
        else f"The articles are dated on {days:,} days, the first {first}, the last {last}"
    )
    p = brief.parameters
    gap = brief.query(_GAP, {"first": p.period_from or None, "last": p.period_to or None})
    if gap.empty:
        return sentence("{said}; no day between is without one.", said=said) if days > 1 else sentence("{said}.", said=said)  # fmt: skip
    longest = gap.iloc[0]
    when = longest["first"] if longest["n"] == 1 else f"from {longest['first']} to {longest['last']}"
    asked = " in the period asked for" if p.period_from or p.period_to else ""
    months = pd.period_range(p.period_from or first, p.period_to or last, freq="M").astype(str)
    empty = sorted(set(months) - set(dates.str[:7]))
    return sentence(
        "{said}; the longest stretch without one{asked} is {days}, {when}{months}.", said=said, asked=asked, days=plain(int(longest["n"]), "day"),
        when=when, months=f"; without an article {'is' if len(empty) == 1 else 'are'} {_some(empty, 6)}" if empty else "",
    )  # fmt: skip


def missing(brief: Brief) -> Markup:
    """What the articles do not state, whether their length is the one declared, and how many records were rejected."""
    read = brief.read
    n, fields = len(read), {"an outlet": "outlet", "an author": "byline", "an address": "url"}
    if not n:
        return Markup("")
    lacking = {name: k for name, column in fields.items() if (k := int((read[column] == "").sum()))}
    if not lacking:
        said = f"{'The one article' if n == 1 else 'Every article'} states its outlet, its author and its address"
    elif n == 1:
        said = f"The one article lacks {listed(list(lacking))}"
    else:
        parts = [f"{k:,} {'lacks' if k == 1 else 'lack'} {name}" for name, k in lacking.items()]
        said = f"Of {n:,} articles, {listed(parts)}"
    declared = read[read["words_declared"].notna()]
    differ = int(
        ((declared["n_words"] - declared["words_declared"]).abs() > coverage.TOLERANCE * declared["words_declared"]).sum()
    )  # fmt: skip
    if declared.empty:
        length = "none declares its length, so that a text cut short would not be noticed"
    else:
        length = f"{len(declared):,} {'declares its' if len(declared) == 1 else 'declare their'} length, of which {differ or 'none'} "
        length += f"{'is' if differ < 2 else 'are'} more than {coverage.TOLERANCE:.0%} off"
    rejected = f"{plain(len(brief.rejected), 'record was', 'records were')} rejected"
    return sentence("{said}; {length}; {rejected}.", said=said, length=length, rejected=rejected)


def types(brief: Brief) -> Markup:
    """Which types of sources are never cited."""
    if not brief.number("attributions")["n_rows"]:
        return sentence("Nobody is cited.")
    absent = [
        name
        for kind, name in TYPES.items()
        if not brief.number("attributions_by_source_type", kind)["n_rows"]
    ]
    if not absent:
        return sentence("Of the types of sources that are told apart, each is cited.")
    return sentence(
        "Of the types of sources that are told apart, never cited: {absent}.", absent=listed(absent)
    )


def regions(brief: Brief) -> Markup:
    """Which regions are named with threats while no expert says so or has a credential that names them."""
    rows = asked(brief)
    silent = [row for row in rows if not (row["is_spoken_of"] or row["is_spoken_from"])]
    if not rows:
        return Markup("")
    if not silent:
        text = (
            "An expert names a threat to {region}, the one region that is named with threats, or has a credential that names it."
            if len(rows) == 1
            else "Each of the {n} regions that are named with threats is named so by an expert, or stands in an expert's credential."
        )
        return sentence(text, n=len(rows), region=place_name(rows[0]["region"]))
    names = [Markup("{} ({})").format(place_name(row["region"]), number(row["number"])) for row in silent[:5]]
    if rest := len(silent) - len(names):
        names.append(Markup(plain(rest, "other")))
    if len(rows) == 1:
        return sentence(
            "No expert names a threat to {names}, the one region that is named with threats, or has a credential that names it.", names=names[0]
        )  # fmt: skip
    return sentence(
        "Of {n} regions that are named with threats, {have} no expert who names a threat to {them} or whose credential names {them}: {names}.",
        n=len(rows), have="1 has" if len(silent) == 1 else f"{len(silent)} have", them="it" if len(silent) == 1 else "them",
        names=listed(names),
    )  # fmt: skip


def asked(brief: Brief) -> list[dict[str, Any]]:
    """Return a row for each region that is named with threats, the one named most often first.

    Keys: ``region``, ``number`` (of its threat mentions), ``is_spoken_of`` (an expert's statement names a threat to it),
    ``is_spoken_from`` (an expert's credential or affiliation names the region or a place in it).
    """
    spoken = {group.rsplit(JOIN, 1)[1] for group in brief.numbers("expert_threats_by_region")["group"]}
    credentials = brief.query(
        f"WITH read AS ( {READ}\n) SELECT DISTINCT concat_ws('; ', role, affiliation) AS words FROM attributions JOIN read USING (article_id) "
        "WHERE is_expert ORDER BY words"
    )["words"]
    named = {place.id for words in credentials for place in places.find(words)}
    named |= {wider for place in named for wider in places.parents(place)}
    return [
        {"region": row["group"], "number": row, "is_spoken_of": row["group"] in spoken, "is_spoken_from": row["group"] in named}
        for row in schema.records(brief.numbers("threats_by_region"))
    ]  # fmt: skip


def watched(brief: Brief) -> Markup:
    """Who of the watch list is cited, as an expert or otherwise, and who never is."""
    names = list(dict.fromkeys(brief.parameters.watch_list))
    if not names:
        return Markup("")
    every, experts = (
        set(brief.numbers(measure)["group"])
        for measure in ("attributions_by_speaker", "attributions_by_expert")
    )
    parts = {
        "cited as an expert": [name for name in names if name in experts],
        "cited, but not as an expert": [name for name in names if name in every - experts],
        "never cited": [name for name in names if name not in every],
    }
    told = [f"{head}: {listed(found)}" for head, found in parts.items() if found]
    return sentence("Of the watch list, {told}.", told="; ".join(told))


def machines() -> Markup:
    """That machines did the reading."""
    return sentence(
        "Who speaks, what is threatened and in what tone was found by a trained model and by word lists, and no person checked each row; how "
        'often they err is told under {where}.', where=Markup('<a href="#how-wrong-may-these-numbers-be">How wrong may these numbers be?</a>'),
    )  # fmt: skip


def regions_table(brief: Brief, most: int = 20) -> Markup:
    """The regions named most often with threats, and whether an expert speaks of them."""
    every = asked(brief)
    rows: list[list[Cell]] = [
        [
            place_name(row["region"]),
            number(row["number"]),
            "yes" if row["is_spoken_of"] else "no",
            "yes" if row["is_spoken_from"] else "no",
        ]
        for row in every[:most]
    ]
    heads = ["Region", "Threat mentions", "An expert names a threat to it", "An expert's credential names it"]
    more = first_of(len(every), most, "regions", "summary")
    return table("Regions named with threats, and whether an expert is asked", heads, rows) + more


def concentration_table(brief: Brief) -> Markup:
    """How much the largest outlet, author, expert and institution weigh."""
    rows: list[list[Cell]] = []
    for what, (title, *_) in SPREADS.items():
        every = spread(brief, what)
        found = every[every["name"] != ""]
        n, total = int(every["n"].sum()), int(found["n"].sum())
        if total:
            first = found.iloc[0]
            share = float(first["n"]) / n if n >= FEWEST else None
            largest = f"{first['name']} ({first['n']:,})"
            size = effective(found["n"].astype(int))
            rows.append([title, n, n - total, len(found), size, largest, share])
    heads = ["What", "All", "Not stated", "Names", "Names of equal size", "Largest", "Its share"]
    few = Markup("")
    if any(row[-1] is None for row in rows):
        few = note(f"No share is printed of fewer than {FEWEST}.")
    if all(row[-1] is None for row in rows):
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    return table("How concentrated the sources are", heads, rows) + few
