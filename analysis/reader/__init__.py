"""Read an article once: who is cited for what (spans of attributions), who and what is named, in what tone."""

from analysis.reader import decode, encoder
from analysis.reader.decode import Danger, Entity, Span, Threat
from analysis.reader.labels import ENTITIES, ROLES, THREATS, TONES
from analysis.reader.readings import Reading, Tone, keep, known, recall, remember

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
    "keep",
    "read",
    "recall",
]


def read(text: str) -> Reading:
    """Read a canonical text: the same result alone and among others, on any number of cores.

    The last readings are kept, since somebody who tries word lists asks for the same articles again and again.
    """
    return known(text) or remember(_read(text), text)


def _read(text: str) -> Reading:
    scored = encoder.score(text)
    return Reading(
        decode.attributions(scored), decode.entities(scored), decode.threats(scored), decode.words(scored)
    )
