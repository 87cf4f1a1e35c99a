"""Who was cited so far, and what *it* and *they* point back to."""

from collections.abc import Iterator
from typing import NamedTuple

from analysis.speakers import bodies
from analysis.speakers.bodies import NOBODY, Speaker
from analysis.speakers.mentions import Mentions

NEAR = 900  # characters above a pronoun within which its antecedent stands
_FAR = 60  # persons cited before whom *the professor* may mean


class Heard(NamedTuple):
    """A source that was resolved: where, who, and whether it is a ``person``, ``several`` or a ``body``."""

    start: int
    who: Speaker
    kind: str


class Trail:
    """The sources of one article as far as they were resolved."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions
        self._heard: list[Heard] = []
        self._persons: dict[str, None] = {}  # the named, in the order in which they were last cited

    def add(self, start: int, who: Speaker, kind: str) -> None:
        """Note who was cited at ``start``."""
        self._heard.append(Heard(start, who, kind))
        if kind == "person" and who.speaker:
            self._persons.pop(who.speaker, None)
            self._persons[who.speaker] = None

    def near(self, start: int, reach: int = NEAR) -> Iterator[Heard]:
        """Yield the sources shortly above ``start``, the last first."""
        for heard in reversed(self._heard):
            if start - heard.start > reach:
                return
            if heard.start < start:
                yield heard

    def persons(self) -> list[str]:
        """Return the named persons, the one cited last first."""
        return [name for name, _ in zip(reversed(self._persons), range(_FAR), strict=False)]

    def it(self, start: int) -> Speaker:
        """*it*: the body or state cited last, or the subject of a sentence above."""
        heard = next((h for h in self.near(start) if h.kind == "body"), None)
        place, state = self._mentions.last_state(start, bodies.states_by_alias())
        begin, body = self._mentions.last_body(start)
        best = max(place, begin, heard.start if heard else -1)
        if best < 0:
            return NOBODY
        if heard and heard.start == best:
            return heard.who
        return Speaker(state, "state", True) if place == best else bodies.resolve(body)

    def they(self, start: int) -> Speaker:
        """*they*: those cited last together, the group or body cited last, or the people that a sentence above speaks of."""
        at, kind = self._mentions.last_people(start)
        for heard in self.near(start):
            if heard.start < at:
                break
            if heard.kind == "several" or (
                heard.kind == "body" and heard.who.source_type not in ("state", "document")
            ):
                return heard.who
        return Speaker("", kind, False)
