"""The numbers that a reader carries away, with the words for one and for many of what each counts."""

from collections.abc import Iterable
from typing import NamedTuple

from analysis.change.comparison import Comparison
from analysis.change.counts import Key
from analysis.change.steps import ARTICLES, EXPERTS, STORIES
from analysis.evidence import place_name
from analysis.schema import CATEGORIES, KINDS, LIKELIHOODS, TONES
from analysis.summary import JOIN

#: Regions, actors, experts and targets that are headlines: so many of either briefing.
MOST = 5
_WORDINGS = ("negative", "neutral", "positive")


class Headline(NamedTuple):
    """A number, and what it counts: *threat mention*, *threat mentions*."""

    key: Key
    one: str
    many: str

    def noun(self, n: int) -> str:
        """Return the words for ``n`` of it."""
        return self.one if n == 1 else self.many


def of(c: Comparison) -> list[Headline]:
    """Return the headlines of both briefings: what one of them has, the other may lack."""
    every = [
        Headline(ARTICLES, "article in English", "articles in English"),
        Headline(STORIES, "story", "stories"),
        _plural("threats", "", "threat mention"),
        *(_plural("threats_by_kind", kind, "threat mention", f" of the kind {kind}") for kind in KINDS),
        _plural("threats_denied", "", "threat", " that the text denies"),
        *(_plural("threats_by_region", g, "threat mention", f" naming {place_name(g)}") for g in top(c, "threats_by_region")),
        *(_plural("threats_by_category", g, "threat mention", f" of the category {g.replace('_', ' ')}") for g in CATEGORIES),
        *(_plural("threats_by_actor", g, "threat mention", f" with {place_name(g)} as actor") for g in top(c, "threats_by_actor")),
        Headline(EXPERTS, "named expert", "named experts"),
        _plural("expert_attributions", "", "statement", " by named experts"),
        _plural("unnamed_expert_attributions", "", "statement", " by unnamed experts"),
        *(_plural("attributions_by_expert", g, "statement", f" by {g}") for g in top(c, "attributions_by_expert")),
        *(
            _plural("expert_attributions_by_likelihood", g, "statement", f" by experts with the likelihood “{g}”")
            for g in LIKELIHOODS if g != "none"
        ),
        _plural("tones", "", "mention", " of persons, states and bodies"),
        *(_plural("tones_by_tone", g, "mention", f" in a {g} tone") for g in TONES),
        *(_plural("tones_by_target", g, "mention", f" of {g.rpartition(JOIN)[0]} in a negative tone") for g in _negative(c)),
        _plural("sentences", "", "sentence"),
        *(_plural("sentences_by_wording", g, "sentence", f" worded {g}ly" if g != "neutral" else " worded neutrally") for g in _WORDINGS),
    ]  # fmt: skip
    return [headline for headline in every if any(c.numbers.get(headline.key, ()))]


def top(c: Comparison, measure: str, most: int = MOST) -> list[str]:
    """Return the groups of a measure that are named most often in the last briefing, or in this one; largest today first."""
    groups = [group for name, group in c.numbers if name == measure]
    return _largest(c, measure, groups, most)


def _negative(c: Comparison) -> list[str]:
    groups = [g for name, g in c.numbers if name == "tones_by_target" and g.endswith(f"{JOIN}negative")]
    return _largest(c, "tones_by_target", groups, 3)


def _largest(c: Comparison, measure: str, groups: Iterable[str], most: int) -> list[str]:
    course = {group: c.numbers[measure, group] for group in groups}
    chosen = set()
    for end in (0, -1):
        has = [group for group in course if course[group][end]]
        chosen |= set(sorted(has, key=lambda g, end=end: (-course[g][end], g))[:most])  # type: ignore[misc]
    return sorted(chosen, key=lambda g: (-course[g][-1], -course[g][0], g))


def leaders(c: Comparison, measure: str, end: int) -> tuple[list[str], int]:
    """Return the groups that are named most often, the last briefing's (``end`` 0) or today's (-1), and how often."""
    counted = {group: course[end] for (name, group), course in c.numbers.items() if name == measure}
    most = max(counted.values(), default=0)
    return sorted(group for group, n in counted.items() if n == most and n), most


def _plural(measure: str, group: str, noun: str, more: str = "") -> Headline:
    return Headline((measure, group), noun + more, f"{noun}s{more}")
