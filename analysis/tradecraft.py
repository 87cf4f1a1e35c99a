"""On what the briefing rests: what is assumed, how much confidence that bears, and where each analytic standard is met.

The standards are those of Intelligence Community Directive 203, *Analytic Standards* (2015, amended 2022), D.6.e, in words of our
own. They are written for analysts; where counting cannot meet one, the table says so.
"""

import math
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup

from analysis import methods, sensitivity, sources
from analysis.brief import Brief
from analysis.evidence import place_name
from analysis.ids import slug
from analysis.show import Cell, clip, listed, note, plain, sentence, table
from analysis.summary import READ
from analysis.uncertainty import FEWEST

LEVELS = ("low", "moderate", "high")
#: The labelled texts whose scores count here: they taught no measure anything.
HELD_OUT = "passages"


class Bound(NamedTuple):
    """What confidence is measured by, and from where on it is moderate and high. The bounds are conventions of this project."""

    name: str
    moderate: float
    high: float


STORIES = Bound("stories read", FEWEST, 10 * FEWEST)
OUTLETS = Bound("outlets, as if of equal size", 3, 6)
SCORE = Bound("F1 of the weakest measure", 0.7, 0.9)
#: What is judged, and the rows of the table of scores that it hangs on.
JUDGED = {
    "the count of who is cited as an expert": (("expert attribution", "half"), ("speaker", "matched")),
    "the count of which regions are named with threats": (("threat", "any"), ("threat regions", "ids")),
}  # fmt: skip


def link(heading: str) -> Markup:
    """Return a link to the part of the briefing under a heading."""
    return Markup('<a href="#{}">{}</a>').format(slug(heading, ()), heading)


def score(scores: pd.DataFrame, measure: str, unit: str, column: str = "f1") -> float | None:
    """Return a score on held-out texts, or None where there is none."""
    found = scores[(scores["measure"] == measure) & (scores["unit"] == unit) & (scores["data"] == HELD_OUT)]
    values = found[column].dropna()
    return float(values.iloc[0]) if len(values) else None


def level(bound: Bound, value: float | None) -> str:
    """Return how much confidence a value bears; what was not measured bears little."""
    return LEVELS[0 if value is None else (value >= bound.moderate) + (value >= bound.high)]


def grounds(brief: Brief, judged: str) -> dict[Bound, float | None]:
    """Return the value that each bound is held against; articles that state no outlet count as those of one outlet."""
    scores = methods.read()
    found = [score(scores, *row) for row in JUDGED[judged]]
    known = [one for one in found if one is not None]
    return {
        STORIES: float(brief.n_stories),
        OUTLETS: sources.effective(sources.spread(brief, "outlets")["n"].astype(int)),
        SCORE: min(known) if len(known) == len(found) else None,
    }


def confidence(brief: Brief) -> Markup:
    """How much confidence the source base bears, in a sentence for each judgement: the lowest of its bounds decides."""
    return Markup("").join(said(judged, grounds(brief, judged)) for judged in JUDGED)


def said(judged: str, values: Mapping[Bound, float | None]) -> Markup:
    """Return the sentence on the confidence in one judgement, with what keeps it from the next level."""
    lowest = min((level(bound, value) for bound, value in values.items()), key=LEVELS.index)
    reasons = {bound: _reason(bound, value) for bound, value in values.items()}
    if lowest == "high":
        told = list(reasons.values())
    else:
        asked = LEVELS[LEVELS.index(lowest) + 1]
        told = [
            f"{reasons[bound]} where {asked} asks for {getattr(bound, asked):g}"
            for bound, value in values.items()
            if level(bound, value) == lowest
        ]
    strong = Markup("<strong>{}</strong>").format(lowest)
    return sentence(
        "Confidence in {judged} is {level}: {told}.", judged=judged, level=strong, told=listed(told)
    )


def _reason(bound: Bound, value: float | None) -> str:
    if bound == STORIES:
        return plain(int(value or 0), "story was", "stories were") + " read"
    if bound == OUTLETS:
        return f"the outlets amount to {_floored(value)} of equal size"
    return "no score is at hand" if value is None else f"the weakest measure has an F1 of {_floored(value)}"


def _floored(value: float | None) -> str:
    """Return a value cut to three places, so that what misses a bound does not read as if it reached it."""
    return "none" if value is None else f"{math.floor(value * 1000 + 1e-9) / 1000:g}"


def confidence_table(brief: Brief) -> Markup:
    """The rule, and what each of its bounds is held against."""
    lines: dict[tuple[str, Bound], float | None] = {}
    for judged in JUDGED:
        for bound, value in grounds(brief, judged).items():
            lines[bound.name + (f" in {judged}" if bound == SCORE else ""), bound] = value
    rows: list[list[Cell]] = [
        [name, f"{bound.moderate:g}", f"{bound.high:g}", _floored(value), level(bound, value)]
        for (name, bound), value in lines.items()
    ]
    heads = ["Measured by", "Moderate from", "High from", "Here", "Bears"]
    return table("What confidence is measured by: the lowest line decides", heads, rows) + note(
        "The bounds are conventions of this briefing; the directive sets none. Confidence is in the count as a picture of the reporting that "
        "was read, not in what the reporting says."
    )


def assumptions(brief: Brief) -> Markup:
    """What is taken for granted, what is known of it in this corpus, and what would show it wrong."""
    sure = link("How sure are these numbers?")
    rows: list[list[Cell]] = [
        ["The outlets that were read stand for the reporting.", _outlets(brief), Markup("Other outlets; what the numbers are without one of them: {}").format(sure)],
        ["Copies of one text are one piece of news.", _copies(brief),
         Markup("Lines in data/overrides/stories.csv; counts in articles instead: {}").format(sure)],
        ["The reader errs here as on the texts that it was scored on.", _scored(), "A sheet of this corpus, coded by people"],
        ["The terms of the lexicon mean a threat here.", _doubted(brief), Markup("The numbers without one term, or at a higher probability: {}").format(sure)],
        ["Experts are what the article says they are.", _credentials(brief), "A register of persons; lines in data/lexicons/aliases.csv"],
        ["What is written in English stands for what is written.", _languages(brief), "A reader for other languages"],
        ["To be named often is not to be in danger, and silence is not safety.", "Counts measure attention and foresee nothing",
         "Nothing that could be counted here"],
    ]  # fmt: skip
    return table("Key assumptions", ["Assumed", "Known of it here", "What would change the reading"], rows)


def _outlets(brief: Brief) -> str:
    found = [int(n) for name, n in sources.spread(brief, "outlets").itertuples(index=False) if name]
    return (
        f"Articles of the largest outlet: {found[0]:,} of {len(brief.read):,}"
        if found
        else "No outlet is stated"
    )


def _copies(brief: Brief) -> str:
    return f"Articles that tell a story which another one tells too: {int((brief.told['n'] > 1).sum()):,} of {len(brief.read):,}"


def _scored() -> str:
    scores, parts = methods.read(), []
    for name, row in {
        "threat mentions": ("threat", "any"),
        "experts' statements": ("expert attribution", "half"),
    }.items():
        precision, recall = (score(scores, *row, column) for column in ("precision", "recall"))
        if precision is not None and recall is not None:
            parts.append(f"{name} {precision:.2f} and {recall:.2f}")
    return (
        f"Precision and recall on held-out invented texts: {'; '.join(parts)}"
        if parts
        else "It was not scored"
    )


def _doubted(brief: Brief) -> str:
    (held,) = brief.query(
        f"WITH read AS ( {READ}\n) SELECT count(*) AS n FROM threats JOIN read USING (article_id) "
        "WHERE NOT is_negated AND term IS NOT NULL AND p < 0.5"
    )["n"]
    return f"Threat mentions that a term holds although the reader gives them less than one half: {int(held):,} of {brief.number('threats')['n_rows']:,}"


def _credentials(brief: Brief) -> str:
    row = brief.query(
        f"WITH read AS ( {READ}\n) SELECT count(*) AS n, count(*) FILTER (WHERE role = '' AND affiliation = '') AS bare "
        "FROM attributions JOIN read USING (article_id) WHERE is_expert"
    ).iloc[0]
    return f"Experts' statements without a credential: {int(row['bare']):,} of {int(row['n']):,}; credentials that were checked: none"


def _languages(brief: Brief) -> str:
    return f"Articles in another language: {len(brief.unread):,} of {len(brief.articles):,}"


def one_story(brief: Brief) -> Markup:
    """Whether the first place of each ranking would be another's without the story that gives it most."""
    if brief.n_stories < 2:
        return note("There are no two stories, so that every first place is owed to one.")
    rows: list[list[Cell]] = []
    for headline in sensitivity.HEADLINES:
        counts = sensitivity.by_part(brief.connection, headline, "story")
        most = sensitivity.standing(counts).most
        if most is None:
            continue
        totals: Counter[str] = Counter()
        for _, group, n in counts:
            totals[group] += n
        here = sensitivity.first(totals)
        then = (
            "nothing is left"
            if not most.first.n
            else "the same"
            if most.first.groups == here.groups
            else _named(headline, most.first)
        )
        rows.append(
            [
                headline.title,
                _named(headline, here),
                clip(_title(brief, most.part)),
                f"{here.n - most.n:,} of {here.n:,}",
                then,
            ]
        )
    heads = ["Ranking", "First", "Story that gives it most", "Gives", "First without that story"]
    return table("Whether one story makes a first place", heads, rows)


def _named(headline: sensitivity.Headline, first: sensitivity.First) -> str:
    """Return the groups in a first place, each a place's name where the ranking is of threats, and their number."""
    names = map(place_name, first.groups) if headline.measure.startswith("threats") else first.groups
    return f"{', '.join(name.replace('_', ' ') for name in names)} ({first.n:,})"


def _title(brief: Brief, story: str) -> str:
    found = brief.read.loc[brief.read["article_id"] == story, "title"]
    return str(found.iloc[0]) if len(found) else story


class Standard(NamedTuple):
    """One of the nine standards in words of our own, whether it is met, the headings under which, and how or why not."""

    name: str
    met: str
    places: tuple[str, ...]
    how: str


SURE, CHANGED = "How sure are these numbers?", "What changed since the last briefing?"
STANDARDS = (
    Standard("Say how good the sources and the methods are", "met", ("What is the source base?", "What was read", "How is each number counted?"),
             "The whole source base is summed up; each excerpt names outlet, date and file."),
    Standard("Say how unsure a finding is, and why", "met", (SURE, "How confident may a reader be?"),
             "Intervals and scores stand beside counts; confidence follows a stated rule."),
    Standard("Keep what sources say apart from what is assumed and judged", "met", ("Evidence", "What is assumed?"),
             "What sources say is excerpt; the rest is counted from it; what is taken for granted is listed."),
    Standard("Weigh other explanations", "in part", ("Could one story explain it?", SURE),
             "Whether one story, outlet or word makes a first place is computed; what else may explain the events is left to the reader."),
    Standard("Matter to the reader, and say what follows", "in part", ("Bottom line", "Who is not asked?"),
             "Period, regions and watch list are the reader's own; what follows is not said, for counts of reporting do not tell it."),
    Standard("Argue clearly", "met", ("Bottom line", "Evidence"),
             "What was found stands first; each number leads to its rows, and each row to its words."),
    Standard("Say what changed since last time, or that nothing did", "met", (CHANGED,),
             "Each headline's difference is split by what caused it, where there is a briefing to compare with."),
    Standard("Be right", "in part", ("How wrong may these numbers be?",),
             "The measures are scored against known answers; whether what experts expected came true is not followed."),
    Standard("Show it where a picture helps", "met", ("Which regions are named with which threats?", "Who is cited as an expert?"),
             "A chart bears its finding as its title, an alternative text, and a table of the same numbers."),
)  # fmt: skip


def standards() -> Markup:
    """The nine analytic standards, each with its place in this briefing."""
    rows: list[list[Cell]] = [
        [f"{i}. {one.name}", one.met, listed([link(place) for place in one.places]), one.how]
        for i, one in enumerate(STANDARDS, start=1)
    ]
    return table("The nine analytic tradecraft standards of ICD 203", ["Standard", "Met", "Where", "How, or why not"], rows) + note(
        "Standards as in Intelligence Community Directive 203 (2015), D.6.e, shortened. A place that is no link is a chapter that this briefing leaves out."
    )  # fmt: skip
