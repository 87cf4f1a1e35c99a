"""From the numbers of one briefing to those of another, one cause after the other.

What makes the numbers is replaced step by step, in the order of ``STEPS``, and each time all is counted anew; what moves then is
that step's part. So the parts add up to the difference. What two causes do only together is the later one's.
"""

from collections.abc import Mapping
from typing import NamedTuple

from analysis.change.counts import ENTERED, GONE, KEPT, LEFT, NEW, Counts, Key

STEPS = ("gone", "parameters", "code", "lexicons", "overrides", "new")
#: Numbers that are no sums over articles.
ARTICLES, STORIES, EXPERTS = ("articles", ""), ("stories", ""), ("experts", "")
#: A number in the last briefing, after each of ``STEPS``, and so in this one.
Course = tuple[int, ...]


def rows(then: Counts, old: Counts, lexed: Counts, now: Counts) -> dict[Key, Course]:
    """Return the course of every number of rows, and of the number of named experts.

    ``then`` counts the last briefing's own tables. The others count today's articles, measured by today's code: ``old`` with
    the lexicons and the corrections of then, ``lexed`` with today's lexicons, ``now`` with today's corrections too.
    """
    states = [
        then.total((GONE, KEPT, LEFT)),
        then.total((KEPT, LEFT)),
        _sum(then.total((KEPT,), True), old.total((KEPT,), False), old.total((ENTERED,))),
        old.total((KEPT, ENTERED)),
        lexed.total((KEPT, ENTERED)),
        now.total((KEPT, ENTERED)),
        now.total((KEPT, ENTERED, NEW)),
    ]
    found = {key: tuple(state.get(key, 0) for state in states) for key in sorted(set().union(*states))}
    named = [sum(measure == "attributions_by_expert" for measure, _ in state) for state in states]
    return {**found, EXPERTS: tuple(named)}


def _sum(*parts: Mapping[Key, int]) -> dict[Key, int]:
    keys = set().union(*parts)
    return {key: sum(part.get(key, 0) for part in parts) for key in keys}


class Told(NamedTuple):
    """Which story each article tells, by id; an article that is left out tells one of its own.

    ``last`` and ``now`` are those of the briefings. ``old`` and ``common`` are told by the articles of both corpora alone: by the
    corrections of then, and by today's.
    """

    last: Mapping[str, str]
    old: Mapping[str, str]
    common: Mapping[str, str]
    now: Mapping[str, str]


def articles(
    then: Mapping[str, str], now: Mapping[str, str], told: Told, *, same_code: bool
) -> dict[Key, Course]:
    """Return the courses of the numbers of articles and of stories.

    ``then`` and ``now`` say where each article stands that the one or the other briefing reads. Where the code is the same,
    the stories of what is left without the articles that are gone are known; else they are the last briefing's.
    """

    def some(of: Mapping[str, str], *stands: str) -> set[str]:
        return {article for article, stand in of.items() if stand in stands}

    early = told.old if same_code else {**told.old, **told.last}
    both = some(now, KEPT, ENTERED)
    states: list[tuple[set[str], Mapping[str, str]]] = [
        (set(then), told.last),
        (some(then, KEPT, LEFT), early),
        (some(then, KEPT) | some(now, ENTERED), early),
        (both, told.old),
        (both, told.old),
        (both, told.common),
        (set(now), told.now),
    ]
    return {
        ARTICLES: tuple(len(ids) for ids, _ in states),
        STORIES: tuple(len({stories.get(one, one) for one in ids}) for ids, stories in states),
    }
