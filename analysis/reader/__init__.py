"""Read an article once: who is cited for what (spans of attributions), who and what is named, in what tone."""

from typing import NamedTuple

from analysis.reader import patterns
from analysis.reader.decode import Entity, Span
from analysis.reader.labels import ENTITIES, ROLES, TONES

__all__ = ["ENTITIES", "ROLES", "TONES", "Entity", "Reading", "Span", "Tone", "read"]


class Tone(NamedTuple):
    """The tone of a passage toward one target: the most probable of ``TONES`` and the probability of each."""

    tone: str
    p_negative: float
    p_neutral: float
    p_positive: float


class Reading(NamedTuple):
    """What the encoder found in a text, in one pass.

    ``spans`` are ordered by link and place: every link has at least one content; a source or a cue may be missing.
    ``entities`` are ordered by place.
    """

    spans: list[Span]
    entities: list[Entity]

    def tones(self, targets: list[tuple[int, int]]) -> list[Tone]:
        """Return the tone toward each target, given as the characters ``(start, end)`` of its mention."""
        return [Tone("neutral", 0.0, 1.0, 0.0) for _ in targets]


def read(text: str) -> Reading:
    """Read a canonical text."""
    return Reading([Span(*span) for span in patterns.attributions(text)], [])
