"""Which row a correction is about: its article, the words that it quotes, and the row that consists of them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from analysis import places
from analysis.overrides.lines import Line

#: Words of a row that a line quotes at most.
QUOTED = 25


class Found(NamedTuple):
    """Where a text has the words of a line, and what a reader must know of it."""

    start: int
    end: int
    note: str = ""


class Lost(Exception):
    """The words or the row of a line are not there; the message says what is."""


def span(kind: str, row: Mapping[str, Any]) -> tuple[int, int, str]:
    """Return where the words of a row stand, from the first of its spans to the last, and the words."""
    if kind != "attributions":
        return int(row["start"]), int(row["end"]), str(row["text"])
    parts = [(row[f"{role}_start"], row[f"{role}_end"]) for role in ("source", "cue")]
    parts = [(a, b) for a, b in parts if not pd.isna(a)]
    parts += zip(row["content_start"], row["content_end"], strict=True)
    start, end = int(min(a for a, _ in parts)), int(max(b for _, b in parts))
    first = int(row["start"])
    return start, end, str(row["text"])[start - first : end - first]


def quote(words: str) -> str:
    """Return what a line quotes of the words of a row."""
    return " ".join(words.split()[:QUOTED])


def place(line: Line, text: str) -> Found:
    """Return where a text has the words that a line quotes: of several places the one nearest to where they stood.

    Raises ``Lost`` where the text does not have them, and where it has them in several places and the line does not say where.
    """
    words = r"\s+".join(map(re.escape, line.quote.split()))
    every = [m.span() for m in re.finditer(rf"(?<!\w){words}(?!\w)", text)]
    every = every or [m.span() for m in re.finditer(words, text)]
    if not every:
        raise Lost("its words are not in the article")
    if line.start is None:
        if len(every) > 1:
            raise Lost(f"its words stand in {len(every)} places; say in the column start which is meant")
        return Found(*every[0])
    at = line.start
    start, end = min(every, key=lambda s: (abs(s[0] - at), s))
    if start == at or len(every) == 1:
        return Found(start, end)
    return Found(
        start, end, f"its words stand in {len(every)} places, of which the nearest to character {at} is taken"
    )


def row(line: Line, text: str, rows: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], str]:
    """Return the row of an article that a line is about, and what a reader must know of it.

    Of rows that begin with the words of a line, as an attribution inside of another may, the one of the same length is meant.
    Raises ``Lost`` where there is none.
    """
    at = place(line, text)
    same, near = [], []
    for one in rows:
        start, end, words = span(line.kind, one)
        if start == at.start and quote(words) == quote(line.quote):
            same.append((abs(end - start - _length(line, at)), one))
        elif start < at.end and at.start < end:
            near.append((abs(start - at.start) + abs(end - at.end), quote(words)))
    if not same:
        now = f"; the row there is now {min(near)[1]!r}" if near else ""
        raise Lost(f"no row of {line.kind} consists of its words{now}")
    closest = min(distance for distance, _ in same)
    found = [one for distance, one in same if distance == closest]
    if len(found) > 1:
        raise Lost(f"{len(found)} rows of {line.kind} consist of its words")
    return found[0], at.note


def mention(line: Line, text: str) -> tuple[Mapping[str, Any], str]:
    """Return the mention of a place that a line is about, and what a reader must know of it. Raises ``Lost``."""
    at = place(line, text)
    for one in places.find(text):
        if (one.start, one.end) == (at.start, at.end):
            return one._asdict(), at.note
    raise Lost("its words are not taken for a place")


def _length(line: Line, at: Found) -> int:
    return at.end - at.start if line.start is None or line.end is None else line.end - line.start
