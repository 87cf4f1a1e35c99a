"""Read an article once and label its spans: who is cited (source), by which words (cue), for what (content)."""

from typing import NamedTuple

from analysis.reader import patterns

ROLES = ("source", "cue", "content")


class Span(NamedTuple):
    """A labelled stretch of an article's canonical text. Spans of one attribution share their ``link``."""

    role: str
    start: int
    end: int
    link: int


def read(text: str) -> list[Span]:
    """Return the labelled spans of a canonical text, ordered by link and place.

    Every link has at least one content; a source or a cue may be missing. This is the seam between what finds the spans
    and what makes rows of them.
    """
    return [Span(*span) for span in patterns.attributions(text)]
