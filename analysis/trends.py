"""How threat mentions run over time: charts, tables and sentences by week or month, with the gaps and what stands out."""

from itertools import groupby

from markupsafe import Markup

from analysis import charts, periods, rates
from analysis.brief import Brief
from analysis.charts import Panel
from analysis.evidence import place_name
from analysis.intervals import Interval
from analysis.periods import Counts, Course
from analysis.rates import FEWEST_STORIES
from analysis.schema import CATEGORIES
from analysis.show import Cell, first_of, listed, note, number, plain, sentence, table
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


def chart(brief: Brief, what: str) -> Markup:
    """Threat mentions over time by ``what``, *region* or *category*: the largest, each in a panel of its own."""
    found = _drawn(brief)
    if found is None:
        return _no_course(brief)
    every = periods.counts(brief.numbers(f"threats_by_{what}_and_{found.unit}"), found.periods)
    if not every:
        return note(
            f"No threat mention names a {what}, so no trend is drawn."
            if what == "region"
            else "No threat mention was found, so no trend is drawn."
        )
    compared = {one.group: one for one in rates.changes(brief.connection, found.last) if one.what == what}
    flags = {
        group: "more" if one.last.share > one.before.share else "fewer"
        for group, one in compared.items()
        if one.stands_out
    }
    panels = [
        Panel(
            _name(what, group),
            every[group],
            f"{flags[group]} stories in {found.last}" if group in flags else "",
        )
        for group in list(every)[: SHOWN[what]]
    ]
    shown = charts.courses(
        panels, found.periods, found.read, _title(what, every, flags, bool(compared), found), found.unit
    )
    plural = "regions" if what == "region" else "categories"
    return shown + first_of(len(every), SHOWN[what], plural, "summary")


def _title(
    what: str, every: dict[str, list[Counts]], flags: dict[str, str], compared: bool, found: Course
) -> str:
    """Return what the chart says: what changed, or else who leads and when."""
    if flags:
        parts = [f"{_name(what, group)} in {word} stories" for group, word in flags.items()]
        return f"Named with threats in {found.last}, against the {found.unit}s before: {listed(parts[:3])}"
    first = next(iter(every))
    mentions = [n for n, _, _ in every[first]]
    peak = found.periods[mentions.index(max(mentions))]
    end = (
        f"no change in {found.last} stands out from chance"
        if compared
        else "too few stories to tell a change"
    )
    return f"{_name(what, first).capitalize() if what == 'category' else _name(what, first)} leads with {plain(sum(mentions), 'mention')}, most of them in {peak} ({max(mentions)}); {end}"


def course_table(brief: Brief, what: str, most: int = 60) -> Markup:
    """The numbers of the chart: mentions with their evidence, and in brackets the articles and stories that hold them."""
    found = _drawn(brief)
    if found is None:
        return Markup("")
    measure = f"threats_by_{what}_and_{found.unit}"
    groups = list(periods.counts(brief.numbers(measure), found.periods))[: SHOWN[what]]
    if not groups:
        return Markup("")
    rows: list[list[Cell]] = []
    for period, (articles, stories) in list(zip(found.periods, found.read, strict=True))[-most:]:
        cells = [_cell(brief, measure, group + JOIN + period) if articles else "gap" for group in groups]
        rows.append([Markup("<time>{}</time>").format(period), articles, stories, *cells])
    cut = note(
        f"The last {most} of {len(found.periods):,} {found.unit}s; all of them are in the table summary."
    )
    heads = [found.unit.capitalize(), "Articles read", "Stories", *(_name(what, group) for group in groups)]
    caption = (
        f"Threat mentions by {what} and {found.unit}, in brackets the articles and the stories that hold them"
    )
    return table(caption, heads, rows) + (cut if len(found.periods) > most else Markup(""))


def _cell(brief: Brief, measure: str, group: str) -> Markup:
    row = brief.number(measure, group)
    of = (
        Markup(" ({}, {})").format(int(row["n_articles"]), int(row["n_stories"]))
        if row["n_rows"]
        else Markup("")
    )
    return number(row) + of


def changed(brief: Brief) -> Markup:
    """Which regions and categories the last period's stories name more or less often than those before, by more than chance."""
    found = _drawn(brief)
    if found is None:
        return _no_course(brief)
    every = rates.changes(brief.connection, found.last)
    if not every:
        return sentence(
            "No change is told: {last} has {stories}, those before it have {before}, and both need {n}, as does a region or category.",
            last=found.last, stories=plain(found.read[-1][1], "story", "stories"), before=f"{sum(n for _, n in found.read[:-1]):,}", n=FEWEST_STORIES,
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
    return lead + (Markup("<ul>{}</ul>").format(Markup("").join(items)) if items else Markup(""))


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else "below 0.001"


def _points(interval: Interval) -> str:
    low, high = (f"{100 * end:+.0f}".replace("-", "−") for end in interval)
    return f"{low} to {high} points"


def changes_table(brief: Brief) -> Markup:
    """Every comparison that was made, with its interval and its p-value."""
    found = _drawn(brief)
    if found is None:
        return Markup("")
    every = rates.changes(brief.connection, found.last)
    if not every:
        return Markup("")
    rows: list[list[Cell]] = [
        [
            _name(one.what, one.group),
            one.what,
            f"{one.last.k} of {one.last.n:,}",
            f"{one.before.k} of {one.before.n:,}",
            _points(one.interval),
            _p(one.p),
            "yes" if one.stands_out else "no",
        ]
        for one in every
    ]
    heads = [
        "Region or category",
        "What",
        f"Stories in {found.last}",
        "Stories before",
        "95 % interval of the difference",
        "Corrected p",
        "Stands out",
    ]
    remark = note(
        f"Fisher's exact test on stories, corrected by Holm's method for {plain(len(every), 'comparison')}; Newcombe's interval of the difference of the two shares. "
        f"A change stands out where p is below {rates.CHANCE} and the interval leaves out zero."
    )
    return table(f"Comparisons of {found.last} with what was read before", heads, rows) + remark
