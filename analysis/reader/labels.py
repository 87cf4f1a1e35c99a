"""The encoder's labels and the columns of its output, and the best allowed sequence of labels."""

from functools import cache

import numpy as np

# The weights have a column for each, in this order.
from analysis.schema import CATEGORIES as THREATS
from analysis.schema import SOURCE_TYPES as TYPES
from analysis.schema import TONES

__all__ = [
    "COLUMNS",
    "ENTITIES",
    "LINK",
    "POINT",
    "POINTS",
    "ROLES",
    "THREATS",
    "TONES",
    "TYPES",
    "WIDTH",
    "paths",
    "runs",
    "tags",
]

ROLES = ("source", "cue", "content")
ENTITIES = ("person", "organisation", "place")
#: What a threat mention points to: who threatens and what is threatened.
POINTS = ("actor", "region")
#: Width of the vectors whose dot product says what belongs to what, and of those that say who threatens and what is threatened.
LINK, POINT = 64, 32

_Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

#: Columns of the encoder's output, by head. Those of spans (roles, entities, threats): outside, then begin, inside, end, single
#: for each kind.
COLUMNS: dict[str, slice] = {}
for _name, _width in (
    ("roles", 1 + 4 * len(ROLES)), ("entities", 1 + 4 * len(ENTITIES)), ("tones", len(TONES)), ("threats", 1 + 4),
    ("threat_asks_actor", POINT), ("threat_asks_region", POINT), ("actor", POINT), ("region", POINT), ("categories", len(THREATS)), ("types", len(TYPES)), ("cue_asks_source", LINK), ("content_asks_cue", LINK), ("content_asks_source", LINK),
    ("source", LINK), ("cue", LINK),
):  # fmt: skip
    _at = max((s.stop for s in COLUMNS.values()), default=0)
    COLUMNS[_name] = slice(_at, _at + _width)
WIDTH = max(s.stop for s in COLUMNS.values())


def tags(n: int, spans: list[tuple[int, int, int]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the labels of ``n`` words with the spans ``(first word, last word, kind)``."""
    labels = np.zeros(n, np.int64)
    for first, last, kind in spans:
        base = 1 + 4 * kind
        if first == last:
            labels[first] = base + 3
        else:
            labels[first], labels[last] = base, base + 2
            labels[first + 1 : last] = base + 1
    return labels


@cache
def _grammar(n: int) -> tuple[_Floats, _Floats, _Floats]:
    """Return what is added to each of ``n`` labels after each other one, at the start and at the end: 0 or a large negative number."""
    kinds = range((n - 1) // 4)
    after, start, end = np.full((n, n), -1e4, np.float32), np.zeros(n, np.float32), np.zeros(n, np.float32)
    closed = [0] + [1 + 4 * k + i for k in kinds for i in (2, 3)]
    opening = [0] + [1 + 4 * k + i for k in kinds for i in (0, 3)]
    after[np.ix_(closed, opening)] = 0
    for k in kinds:
        base = 1 + 4 * k
        after[base : base + 2, base + 1 : base + 3] = 0
        start[base + 1 : base + 3] = end[base : base + 2] = -1e4
    return after, start, end


def paths(scores: _Floats) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return the best allowed labels for ``scores`` (sequences x words x labels), log-probabilities up to a constant.

    Viterbi with the constraints of begin, inside, end and single (Ratinov and Roth, CoNLL 2009, on the scheme).
    """
    after, start, end = _grammar(scores.shape[2])
    found = scores.argmax(2)
    is_allowed = (after[found[:, :-1], found[:, 1:]] == 0).all(1) & (
        start[found[:, 0]] + end[found[:, -1]] == 0
    )
    searched = np.flatnonzero(~is_allowed)  # where the best label of each word is allowed, no path is better
    if not len(searched):
        return found
    scores = scores[searched]
    n, length, labels = scores.shape
    back = np.zeros((length, n, labels), np.int64)
    best = scores[:, 0] + start
    for i in range(1, length):
        reached = best[:, :, None] + after
        back[i] = reached.argmax(1)
        best = reached.max(1) + scores[:, i]
    path = (best + end).argmax(1)
    found[searched, -1] = path
    for i in range(length - 1, 0, -1):
        path = back[i, np.arange(n), path]
        found[searched, i - 1] = path
    return found


def runs(path: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[tuple[int, int, int]]:
    """Return the spans ``(first word, last word, kind)`` of a sequence of labels: what ``tags`` was given."""
    found, first = [], 0
    for i in np.flatnonzero(path):
        kind, place = divmod(int(path[i]) - 1, 4)
        if place in (0, 3):
            first = int(i)
        if place in (2, 3):
            found.append((first, int(i), kind))
    return found
