"""What an article names, and where its threat mentions stand: places, parties, and the spans in which somebody speaks."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from analysis import lexicons, places
from analysis.places import Place
from analysis.text import sentences
from analysis.threats import parties
from analysis.threats.parties import Party, Range
from analysis.threats.terms import Term


class Mention(NamedTuple):
    """A threat mention with its place in the text; ``actor`` and ``regions`` once they are decided.

    Where a reader was asked, ``p`` is its probability of danger, and ``actors`` and ``places`` say how probable it holds each actor
    (``""`` nobody) and each threatened place.
    """

    term: Term
    sentence: Range
    clause: Range
    span: Range
    actor: str = ""
    regions: tuple[str, ...] = ()
    p: float | None = None
    actors: Mapping[str, float] = {}
    places: Mapping[str, float] = {}


@cache
def theatres() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return for each actor its class and the regions that its threats are usually directed at."""
    return {
        line["actor"]: (line["class"], tuple(r for r in line["regions"].split(";") if r))
        for line in lexicons.read("theatres", "actor", "class", "regions")
    }


@cache
def against(place: str) -> tuple[str, ...]:
    """Return the states whose threats are usually directed at a place before all others."""
    return tuple(
        a for a, (kind, at) in theatres().items() if kind == "state" and place in at[:1] and len(a) == 2
    )


@lru_cache(maxsize=1 << 12)
def class_of(actor: str) -> str:
    """Return ``state``, ``jihadist``, ``armed group`` or ``criminal``; empty for actors that the lexicon does not know."""
    return (theatres().get(actor) or theatres().get(actor.rsplit(" ", 1)[-1]) or ("", ()))[0]


@lru_cache(maxsize=1 << 12)
def theatre(actor: str, category: str = "") -> tuple[str, ...]:
    """Return the regions that an actor's threats (of a category) are usually directed at, most usual first."""
    found = theatres().get(f"{actor} {category}") or theatres().get(actor, ("", ()))
    return found[1]


_SEAT = re.compile(r"\b(?:in|at|from|near)\s+(?:the\s+)?$")


class Scene:
    """What an article names: places, parties, and the spans in which somebody speaks."""

    def __init__(self, text: str, speaking: list[Range], bodies: Iterable[Range] = ()) -> None:
        self.text, self.speaking = text, sorted(speaking)
        self.sentences = sentences(text)
        self._from = [start for start, _ in self.speaking]
        found = places.find(text)
        self.parties = parties.find(text, found, bodies)
        #: Where a speaker sits, *a professor in Seoul*, is no place of the story.
        self.named = [
            p
            for p in found
            if not (self.is_source(p.start) and _SEAT.search(text, max(0, p.start - 12), p.start))
        ]
        self._named_at = [p.start for p in self.named]
        self._parties_at = [p.start for p in self.parties]
        self.sources = {at for at in (*self._named_at, *self._parties_at) if self.is_source(at)}
        blank = text.find("\n\n")
        self.lead = blank if blank > 0 else len(text)
        self.n_named = Counter(p.id for p in self.named if p.start not in self.sources)
        self.n_speaking = Counter(p.id for p in self.named if p.start in self.sources)
        self.most_named = max(self.n_named.values(), default=0)
        self.n_acting = Counter(p.actor for p in self.parties)
        self.in_lead = {p.id for p in self.named if p.start < self.lead and p.start not in self.sources}
        self.located = {p.id for p in self.named if p.kind == "city" and p.start not in self.sources}
        kinds: dict[str, set[str]] = {}
        for p in self.named:
            kinds.setdefault(p.id, set()).add(p.kind)
        self.demonyms = {i for i in self.n_named if kinds[i] == {"demonym"}}
        self.capitals = {i for i in self.n_named if kinds[i] <= {"capital", "demonym"}}

    def places_in(self, start: int, end: int) -> list[Place]:
        """Return the places that begin in ``text[start:end]``."""
        return self.named[bisect_left(self._named_at, start) : bisect_left(self._named_at, end)]

    def parties_in(self, start: int, end: int) -> list[Party]:
        """Return the parties that begin in ``text[start:end]``."""
        return self.parties[bisect_left(self._parties_at, start) : bisect_left(self._parties_at, end)]

    def is_source(self, at: int) -> bool:
        """Tell whether a character stands in a source: who is named there speaks."""
        i = bisect_right(self._from, at)
        return any(at < end for _, end in self.speaking[max(0, i - 3) : i])


def near(m: Mention) -> Range:
    """Return the part of the sentence that is near enough to matter; only texts without full stops have more."""
    return max(m.sentence[0], m.span[0] - 500), min(m.sentence[1], m.span[1] + 500)


def local(scene: Scene, m: Mention) -> list[str]:
    """Return the places that the phrase itself gives after its term."""
    return [p.id for p in scene.places_in(m.term.start, m.span[1])]


_OBJECT = re.compile(
    r"(?i)\b(?:on|against|in|into|at|near|over|around|off|of|toward|towards|across|along|through|with|between|for|onto|"
    r"inside|within|upon|outside|via|to)\s+(?!(?:\w+day|January|February|March|April|May|June|July|August|September|October|November|December|return|fact)\b)"
    r"(?:(?!(?:that|which|who|when|while|said|says|and|but|if|has|have|had|is|was|were|are)\b)[\w’'-]+\s+){0,3}$"
)


def is_object(text: str, start: int, at: int) -> bool:
    """Tell whether what begins at ``at`` stands behind a preposition: it is where, or to whom, not who."""
    return bool(_OBJECT.search(text[max(start, at - 40) : at]))
