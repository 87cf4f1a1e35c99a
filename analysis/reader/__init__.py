"""Read an article once: who is cited for what (spans of attributions), who and what is named, in what tone."""

from functools import lru_cache
from typing import NamedTuple

from analysis.reader import decode, encoder
from analysis.reader.decode import Danger, Entity, Scored, Span, Threat
from analysis.reader.labels import COLUMNS, ENTITIES, ROLES, THREATS, TONES

__all__ = [
    "ENTITIES",
    "ROLES",
    "THREATS",
    "TONES",
    "Danger",
    "Entity",
    "Reading",
    "Span",
    "Threat",
    "Tone",
    "read",
]


class Tone(NamedTuple):
    """The tone of a passage toward one target: the most probable of ``TONES`` and the probability of each."""

    tone: str
    p_negative: float
    p_neutral: float
    p_positive: float


class Reading(NamedTuple):
    """What the encoder found in a text, in one pass.

    ``spans`` are ordered by link and place: every link has at least one content; a source or a cue may be missing, and no two
    spans of one role overlap. ``entities`` and ``threats`` are ordered by place and do not overlap.
    """

    spans: list[Span]
    entities: list[Entity]
    threats: list[Threat]
    scored: Scored

    def danger(self, spans: list[tuple[int, int]]) -> list[Danger]:
        """Return how probable it is that the words of each stretch of characters ``(start, end)`` tell of danger."""
        return decode.danger(self.scored, spans)

    def tones(self, targets: list[tuple[int, int]]) -> list[Tone]:
        """Return the tone toward each target, given as the characters ``(start, end)`` of its mention."""
        return [
            Tone(TONES[int(row.argmax())], *(round(float(p), 6) for p in row))
            for row in decode.tones(self.scored, targets)
        ]


@lru_cache(256)
def read(text: str) -> Reading:
    """Read a canonical text: the same result alone and among others, on any number of cores.

    The last readings are kept, since somebody who tries word lists asks for the same articles again and again.
    """
    scored = encoder.score(text)
    told = decode.attributions(scored), decode.entities(scored), decode.threats(scored)
    return Reading(*told, scored._replace(scores=scored.scores[:, :_KEPT].copy(), marks=scored.marks[:0]))


#: Columns of the scores that are asked for after decoding: those of tone and danger.
_KEPT = max(COLUMNS[head].stop for head in ("tones", "threats"))
