"""How sure the headline numbers are, as the briefing says it: intervals over stories, and beside them how well rows are found."""

import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from analysis import figures, methods, toward, uncertainty
from analysis.brief import Brief
from analysis.evidence import label, place_name
from analysis.intervals import Interval
from analysis.schema import LIKELIHOODS
from analysis.show import Cell, note, number, plain, sentence, table
from analysis.summary import JOIN, MEASURES
from analysis.uncertainty import ARTICLES, COUNTED, FEWEST, FEWEST_WITH, Counted, Number


def numbers(brief: Brief) -> list[Number]:
    """Return the numbers that the briefing's first page prints, each with where it would lie with other stories."""
    return [
        one
        for counted in COUNTED
        for one in uncertainty.measured(
            brief.connection, counted, _groups(brief, counted.measure)[: counted.most]
        )
    ]


def _groups(brief: Brief, measure: str) -> list[str]:
    """Return the groups of a measure, in the order in which the briefing names them."""
    if measure == "tones_by_target":
        return [target + JOIN + "negative" for target in toward.most_negative(brief)]
    if measure == ARTICLES or MEASURES[measure].group == "''":
        return [""]
    groups: list[str] = brief.numbers(measure)["group"].tolist()
    if measure == "expert_attributions_by_likelihood":
        return [band for band in LIKELIHOODS if band in groups and band != "none"]
    return groups


def said(brief: Brief, found: Sequence[Number]) -> Markup:
    """How many stories there are, whether that is enough for intervals, and what an interval says."""
    n = brief.n_stories
    if n == 0:
        return sentence("No article was read, so there is no number that could be unsure.")
    if n == 1:
        return sentence("There is one story; no interval can be computed, and no share is printed here.")
    if n < FEWEST:
        return sentence(
            "There are {n}, too few to tell how the numbers would move with others: intervals and shares are computed from {fewest} stories on.",
            n=plain(n, "story", "stories"), fewest=FEWEST,
        )  # fmt: skip
    known = sum(bool(one.interval or one.share_interval) for one in found)
    return sentence(
        "{known} of {numbers} {have} an interval. It says where the number would lie had {n} other stories of the same sort been read: of a "
        "hundred such intervals about ninety-five hold the number that such stories have on average.",
        known=known or "None", numbers=plain(len(found), "number"), have="has" if known < 2 else "have", n=f"{n:,}",
    )  # fmt: skip


#: The rankings whose first two places are compared and whose numbers are drawn: what a group is, and what is counted.
RANKED = {
    "threats_by_region": ("region", "mention"), "threats_by_category": ("category", "mention"),
    "threats_by_actor": ("actor", "mention"), "attributions_by_expert": ("expert", "statement"),
}  # fmt: skip


def leads(brief: Brief) -> Markup:
    """By how much each first place leads, and whether other stories might turn the order around."""
    lines = []
    for counted in COUNTED:
        pair = _groups(brief, counted.measure)[:2] if counted.measure in RANKED else []
        if len(pair) == 2 and brief.n_stories >= FEWEST:
            lines.append(
                _lead(uncertainty.lead(brief.connection, counted.rows, *pair), counted.measure, *pair)
            )
    return listing(lines)


def _lead(found: uncertainty.Lead, measure: str, first: str, second: str) -> Markup:
    what, unit = RANKED[measure]
    one, other, rarer = (spoken(measure, group) for group in (first, second, found.rarer))
    start = Markup("{}: {} ").format(what.capitalize(), one)
    if not found.n:
        return start + Markup("and {} share the first place.").format(other)
    start += Markup("leads {} by {}").format(other, plain(found.n, unit))
    if found.interval is None and found.n_stories >= FEWEST_WITH:
        return start + Markup("; by as much in every story, so that there is no interval.")
    if found.interval is None:
        n = plain(found.n_stories, "story", "stories")
        return start + Markup("; {} stands in {}, too few for an interval.").format(rarer, n)
    is_open = found.interval.low <= 0 <= found.interval.high
    end = "the order of the two is open" if is_open else "the order stands"
    return start + Markup(" (95 % interval {}): {}.").format(whole(found.interval), end)


def chart(found: Sequence[Number]) -> Markup:
    """The groups of the rankings that have an interval, with it."""
    points, names = {}, {}
    for one in found:
        if one.measure in RANKED and one.interval:
            name = f"{RANKED[one.measure][0]}: {spoken(one.measure, one.group)}"
            points[name], names[name] = (one.n, *_widened(one.interval)), spoken(one.measure, one.group)
    if not points:
        return note(
            "No region, category, actor or expert stands in stories enough for an interval, so there is no chart."
        )
    top = max(points, key=lambda name: points[name][0])
    n, low, high = points[top]
    title = f"With other stories of the same sort {names[top]} might have been counted {low:,} to {high:,} times instead of {n:,}"
    return figures.whiskers(points, title, unit="mentions or statements, with 95 % intervals over stories")


def numbers_table(brief: Brief, found: Sequence[Number], path: Path | None = None) -> Markup:
    """Every headline number with what other stories might have given, and beside it how well such rows are found."""
    scores = methods.read(path)
    units = {counted.measure: counted.unit for counted in COUNTED}
    scored = {counted.measure: _scored(scores, counted) for counted in COUNTED}
    rows: list[list[Cell]] = []
    for one in found:
        rows.append([
            ARTICLES.capitalize() if one.measure == ARTICLES else label(one.measure, one.group),
            one.n if one.measure == ARTICLES else number(brief.number(one.measure, one.group)),
            whole(one.interval), _share(one, units[one.measure]), percent(one.share_interval), one.n_stories,
            *scored[one.measure],
        ])  # fmt: skip
    heads = [
        "Number",
        "Count",
        "95 % interval",
        "Share",
        "95 % interval of the share",
        "Stories",
        "Precision",
        "Recall",
        "Group right",
    ]
    used = [i for i in range(len(heads)) if i < 2 or any(row[i] not in ("", None) for row in rows)]
    told = table(
        "Headline numbers, and how sure they are",
        [heads[i] for i in used],
        [[row[i] for i in used] for row in rows],
    )
    return told + note(" ".join(_remarks(brief, found, scores))) if rows else told


def _share(one: Number, unit: str) -> str:
    return "" if one.share is None else f"{100 * one.share:.0f} % of {one.n_of:,} {unit}"


def _scored(scores: pd.DataFrame, counted: Counted) -> list[float | None]:
    """Return precision, recall, and how often the group is right, of the rows that a measure counts."""
    return [
        _score(scores, counted.found, "precision"),
        _score(scores, counted.found, "recall"),
        _score(scores, counted.labelled, "f1"),
    ]


def _score(scores: pd.DataFrame, name: tuple[str, str] | None, column: str) -> float | None:
    """Return a score of a measure, on the texts that nothing was learnt from where there are such."""
    if name is None:
        return None
    mine = scores[(scores["measure"] == name[0]) & (scores["unit"] == name[1])].dropna(subset=[column])
    held_out = mine[mine["data"] == HELD_OUT]
    chosen = held_out if len(held_out) else mine
    return float(chosen[column].iloc[0]) if len(chosen) else None


#: The labelled texts that nothing was learnt from.
HELD_OUT = "passages"


def _remarks(brief: Brief, found: Sequence[Number], scores: pd.DataFrame) -> list[str]:
    remarks = []
    if brief.n_stories >= FEWEST:
        few = plain(sum(one.n_stories < FEWEST_WITH for one in found), "number")
        remarks.append(
            f"What stands in fewer than {FEWEST_WITH} stories has no interval and no share ({few}), and what is counted among rows of fewer than "
            f"{FEWEST} stories has no share. An interval tells of other stories alone, not of rows that are missed or found wrongly."
        )
    if scores.empty:
        return [
            *remarks,
            "Precision and recall are not known: the measures of this version were not compared with known answers.",
        ]
    return [
        *remarks,
        "Precision: how many of the rows counted are right; recall: how many of the right ones are counted; group right: how often the region, "
        f"category, actor, expert or band of a row that was found is right; all on labelled texts ({HELD_OUT} where they have such rows). "
        "Wording has no known answers.",
    ]


def spoken(measure: str, group: str) -> str:
    """Return a group of a measure as a reader says it; a speaker or a target called IS is not Iceland."""
    if measure in ("threats_by_region", "threats_by_actor"):
        return place_name(group)
    return group.replace("_", " ") if measure == "threats_by_category" else group


def listing(lines: Sequence[Markup]) -> Markup:
    """Return sentences as a list; nothing where there are none."""
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup("<ul>{}</ul>").format(items) if lines else Markup("")


def whole(interval: Interval | None) -> str:
    """Return an interval of counts, widened to whole numbers."""
    if interval is None:
        return ""
    low, high = _widened(interval)
    return f"{low:,} to {high:,}".replace("-", "−")


def percent(interval: Interval | None) -> str:
    """Return an interval of shares, widened to whole per cent."""
    if interval is None:
        return ""
    low, high = _widened(Interval(100 * interval.low, 100 * interval.high))
    return f"{low} to {high} %"


def _widened(interval: Interval) -> tuple[int, int]:
    return math.floor(round(interval.low, 6)), math.ceil(round(interval.high, 6))
