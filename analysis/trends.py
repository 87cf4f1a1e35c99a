"""How threat mentions run over time: charts, tables and sentences by week or month, with the gaps and what stands out."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from markupsafe import Markup

from analysis import charts, periods, rates
from analysis.brief import Brief
from analysis.charts import Panel
from analysis.evidence import place_name
from analysis.intervals import Interval
from analysis.periods import Counts, Course
from analysis.rates import FEWEST_STORIES, Change
from analysis.schema import CATEGORIES
from analysis.show import Cell, listed, note, number, plain, sentence, table
from analysis.summary import JOIN, WEEKS

#: Periods with articles from which a course is drawn.
FEWEST_PERIODS = 3
#: Regions and categories that are shown, each in a panel: the largest.
SHOWN = {"region": 6, "category": len(CATEGORIES)}


def why_none(found: Course | None, n: int) -> str:
    """Return why no course of ``n`` articles is drawn; nothing where it is."""
    if n == 0 or found is None:
        return "No article was read, so no trend is drawn."
    if n == 1:
        return "There is one article: no trend is drawn."
    told = sum(1 for articles, _ in found.read if articles)
    if told < FEWEST_PERIODS:
        return f"The {n:,} articles are of {plain(told, found.unit)}: a trend is drawn from {FEWEST_PERIODS} weeks or months with articles on."
    return ""


def _drawn(brief: Brief) -> Course | None:
    """Return the course if there is enough of it to be drawn."""
    found = periods.course(brief.connection)
    return None if why_none(found, len(brief.read)) else found


def _no_course(brief: Brief) -> Markup:
    return note(why_none(periods.course(brief.connection), len(brief.read)))


def said(brief: Brief) -> Markup:
    """By what the course is counted and why, how many articles were read, and where there are gaps; or why there is no course."""
    found = periods.course(brief.connection)
    none = why_none(found, len(brief.read))
    if none or found is None:
        return note(none)
    rule = f"within {WEEKS} weeks" if found.unit == "week" else f"farther apart than {WEEKS} weeks"
    text = sentence(
        "The course is by {unit}, since the articles lie {rule}: {n} that tell {stories}, in {periods} from {first} to {last}. "
        "The first and the last {unit} may be covered in part only.",
        unit="ISO week" if found.unit == "week" else "month", rule=rule, n=plain(len(brief.read), "article"),
        stories=plain(brief.n_stories, "story", "stories"), periods=plain(len(found.periods), found.unit),
        first=found.periods[0], last=found.last,
    )  # fmt: skip
    return text + _gaps(found)


def _gaps(found: Course, most: int = 10) -> Markup:
    """Return which weeks or months have no article: the counts there are unknown, not zero."""
    if not found.gaps:
        return sentence("No {unit} between them is without an article.", unit=found.unit)
    place = {period: i for i, period in enumerate(found.periods)}
    runs = [
        [p for _, p in run]
        for _, run in groupby(enumerate(found.gaps), key=lambda pair: place[pair[1]] - pair[0])
    ]
    named = [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    more = len(named) - most
    parts = [*named[:most], plain(more, "other stretch", "other stretches")] if more > 0 else named
    return sentence(
        "In {n} no article was read, which is a gap and not a zero: {parts}.",
        n=plain(len(found.gaps), found.unit),
        parts=listed(parts),
    )


def _name(what: str, group: str) -> str:
    return place_name(group) if what == "region" else group.replace("_", " ")


def course(brief: Brief, what: str) -> Markup:
    """Threat mentions over time by ``what``, *region* or *category*: the largest and those that stand out, as chart and table."""
    found = _drawn(brief)
    if found is None:
        return _no_course(brief)
    measure = f"threats_by_{what}_and_{found.unit}"
    every = periods.counts(brief.numbers(measure), found.periods)
    if not every:
        named = "mention names a region" if what == "region" else "mention was found"
        return note(f"No threat {named}, so no trend is drawn.")
    compared = [one for one in rates.changes(brief.connection, found.last) if one.what == what]
    flags = {
        one.group: "more" if one.last.share > one.before.share else "fewer"
        for one in compared
        if one.stands_out
    }
    groups = [group for i, group in enumerate(every) if i < SHOWN[what] or group in flags]
    panels = [
        Panel(
            _name(what, group),
            every[group],
            f"{flags[group]} stories in {found.last}" if group in flags else "",
        )
        for group in groups
    ]
    end = (
        f"no change in {found.last} stands out from chance"
        if compared
        else "too few stories to tell a change"
    )
    title = _flagged(what, flags, found) if flags else f"{_leading(what, every, found)}; {end}"
    rest = (
        note(f"These are {len(groups)} of {len(every)} regions; all of them are in the table summary.")
        if len(every) > len(groups)
        else Markup("")
    )
    shown = charts.courses(panels, found.periods, found.read, title, found.unit)
    return shown + _course_table(brief, what, measure, groups, found) + rest


def _flagged(what: str, flags: Mapping[str, str], found: Course, most: int = 3) -> str:
    parts = [f"{_name(what, group)} in {word} stories" for group, word in list(flags.items())[:most]]
    text = f"{listed(parts)} of {found.last} than of the {found.unit}s before"
    return text[:1].upper() + text[1:]


def _leading(what: str, every: Mapping[str, Sequence[Counts]], found: Course, most: int = 3) -> str:
    """Return which group has most mentions, and when most of its own."""
    sums = {group: sum(n for n, _, _ in counts) for group, counts in every.items()}
    top = max(sums.values())
    first = [group for group, n in sums.items() if n == top]
    names = [_name(what, group) for group in first[:most]]
    names += [plain(len(first) - most, "other")] if len(first) > most else []
    if len(first) > 1:
        text = f"{listed(names)} lead with {plain(top, 'mention')} each"
    else:
        mentions = [n for n, _, _ in every[first[0]]]
        text = f"{names[0]} leads with {plain(top, 'mention')} and peaks in {found.periods[mentions.index(max(mentions))]} ({max(mentions)})"
    return text[:1].upper() + text[1:]


def _course_table(
    brief: Brief, what: str, measure: str, groups: Sequence[str], found: Course, most: int = 60
) -> Markup:
    """The numbers of the chart: mentions with their evidence, and in brackets the articles and stories that hold them."""
    rows: list[list[Cell]] = []
    for period, (articles, stories) in list(zip(found.periods, found.read, strict=True))[-most:]:
        cells = [_cell(brief, measure, group + JOIN + period) if articles else "gap" for group in groups]
        rows.append([Markup("<time>{}</time>").format(period), articles, stories, *cells])
    n = len(found.periods)
    cut = (
        note(f"The last {most} of {n:,} {found.unit}s; all of them are in the table summary.")
        if n > most
        else Markup("")
    )
    heads = [found.unit.capitalize(), "Articles read", "Stories", *(_name(what, group) for group in groups)]
    caption = (
        f"Threat mentions by {what} and {found.unit}, in brackets the articles and the stories that hold them"
    )
    return table(caption, heads, rows) + cut


def _cell(brief: Brief, measure: str, group: str) -> Markup:
    row = brief.number(measure, group)
    of = (
        Markup(" ({}, {})").format(int(row["n_articles"]), int(row["n_stories"]))
        if row["n_rows"]
        else Markup("")
    )
    return number(row) + of


def changed(brief: Brief) -> Markup:
    """Which regions and categories the last period's stories name more or less often than those before, and all comparisons."""
    found = _drawn(brief)
    if found is None:
        return _no_course(brief)
    every = rates.changes(brief.connection, found.last)
    if not every:
        last, before = (plain(n, "story", "stories") for n in rates.stories(brief.connection, found.last))
        return sentence(
            "No change is told: {first} begin in {last}, {before} before it, and a comparison takes {n} of each and {n} that name the region or category.",
            first=last, last=found.last, before=before, n=FEWEST_STORIES,
        )  # fmt: skip
    out = [one for one in every if one.stands_out]
    lead = sentence(
        "{last} is set against {before} before it: {n}, {out}.",
        last=found.last, before=plain(len(found.periods) - 1 - len(found.gaps), f"{found.unit} with articles", f"{found.unit}s with articles"),
        n=plain(len(every), "comparison"),
        out=f"{len(out)} of which {'stands' if len(out) == 1 else 'stand'} out from chance" if out else "none of which stands out from chance",
    )  # fmt: skip
    items = [
        Markup("<li>{}</li>").format(
            f"{_name(one.what, one.group)}: {one.last.k} of {plain(one.last.n, 'story', 'stories')} in {found.last}, {one.before.k} of {one.before.n:,} before "
            f"(difference {_points(one.interval)}, corrected p {_p(one.p)})."
        )
        for one in out
    ]
    told = Markup("<ul>{}</ul>").format(Markup("").join(items)) if items else Markup("")
    return lead + told + _changes_table(every, found)


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else "below 0.001"


def _points(interval: Interval) -> str:
    low, high = (f"{100 * end:+.0f}".replace("-", "−") for end in interval)
    return f"{low} to {high} points"


def _changes_table(every: Sequence[Change], found: Course) -> Markup:
    """Every comparison that was made, with its interval and its p-value."""
    rows: list[list[Cell]] = [
        [
            _name(one.what, one.group), one.what, f"{one.last.k} of {one.last.n:,}", f"{one.before.k} of {one.before.n:,}",
            _points(one.interval), _p(one.p), "yes" if one.stands_out else "no",
        ]
        for one in every
    ]  # fmt: skip
    heads = [
        "Region or category", "What", f"Stories in {found.last}", "Stories before", "95 % interval of the difference", "Corrected p", "Stands out",
    ]  # fmt: skip
    remark = note(
        f"Fisher's exact test on stories, corrected by Holm's method for {plain(len(every), 'comparison')}; Newcombe's interval of the difference of the two shares. "
        f"A change stands out where p is below {rates.CHANCE} and the interval leaves out zero."
    )
    return table(f"Comparisons of {found.last} with what was read before", heads, rows) + remark
