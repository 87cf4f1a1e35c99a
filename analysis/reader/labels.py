"""The encoder's labels and the columns of its output, and the best allowed sequence of labels."""

import numpy as np

ROLES = ("source", "cue", "content")
ENTITIES = ("person", "organisation", "place")
TONES = ("negative", "neutral", "positive")
#: Width of the vectors whose dot product says what belongs to what.
LINK = 64

_N = 1 + 4 * 3  # outside, then begin, inside, end, single for each of three kinds
_Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

#: Columns of the encoder's output, by head.
COLUMNS: dict[str, slice] = {}
for _name, _width in (
    ("roles", _N), ("entities", _N), ("tones", 3), ("cue_asks_source", LINK), ("content_asks_cue", LINK),
    ("content_asks_source", LINK), ("source", LINK), ("cue", LINK),
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


def _allowed() -> _Floats:
    """Return 0 where one label may follow another, a large negative number where not."""
    allowed = np.full((_N, _N), -1e4, np.float32)
    closed = [0] + [1 + 4 * k + i for k in range(3) for i in (2, 3)]
    opening = [0] + [1 + 4 * k + i for k in range(3) for i in (0, 3)]
    allowed[np.ix_(closed, opening)] = 0
    for k in range(3):
        base = 1 + 4 * k
        allowed[base : base + 2, base + 1 : base + 3] = 0
    return allowed


_ALLOWED = _allowed()
_OPEN = np.array([0.0] + [-1e4 if i in (0, 1) else 0.0 for _ in range(3) for i in range(4)], np.float32)
_STARTING = np.array([0.0] + [-1e4 if i in (1, 2) else 0.0 for _ in range(3) for i in range(4)], np.float32)


def paths(scores: _Floats) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return the best allowed labels for ``scores`` (sequences x words x labels), log-probabilities up to a constant.

    Viterbi with the constraints of begin, inside, end and single (Ratinov and Roth, CoNLL 2009, on the scheme).
    """
    n, length, _ = scores.shape
    back = np.zeros((length, n, _N), np.int64)
    best = scores[:, 0] + _STARTING
    for i in range(1, length):
        reached = best[:, :, None] + _ALLOWED
        back[i] = reached.argmax(1)
        best = reached.max(1) + scores[:, i]
    found = np.zeros((n, length), np.int64)
    found[:, -1] = (best + _OPEN).argmax(1)
    for i in range(length - 1, 0, -1):
        found[:, i - 1] = back[i, np.arange(n), found[:, i]]
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
