"""Cut a canonical text into word pieces and windows: what the encoder sees, and the way back to characters."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tokenizers import Tokenizer

from analysis.text import quotations, sentences

WEIGHTS = Path(__file__).parent / "weights"
#: Word pieces a window, the two marks at its ends not counted.
LONGEST = 254
START, STOP = 101, 102
#: Shapes (no capital, Capital, ALL CAPITALS, miXed, with digit) times gaps before a word (none, space, paragraph).
FEATURES = 15

_STRAIGHT = str.maketrans("“”„«»‘’‚`", '"""""\'\'\'\'')
_Ints = np.ndarray[tuple[int], np.dtype[np.int64]]


class Pieces(NamedTuple):
    """Word pieces of a text: ids, features and, by piece, the characters ``start:end`` and whether a word begins there.

    ``breaks`` says what begins at a piece: 3 a paragraph, 2 a sentence, 1 a word, 0 none.
    """

    ids: _Ints
    features: _Ints
    start: _Ints
    end: _Ints
    breaks: _Ints


@cache
def _tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))


def straightened(text: str) -> str:
    """Return ``text`` with straight quotation marks, double ones around whatever stands in quotation marks.

    As long as ``text``: the encoder need not know a country's or an editor's typography, and offsets stay.
    """
    plain = list(text.translate(_STRAIGHT))
    for start, end in quotations(text):
        if text[start] in "‘'" and text[start : start + 2] != "''":
            plain[start] = plain[end - 1] = '"'
    return "".join(plain)


def cut(text: str) -> Pieces:
    """Return the word pieces of ``text``."""
    coded = _tokenizer().encode(straightened(text), add_special_tokens=False)
    ids = np.array(coded.ids, np.int64)
    offsets = np.array(coded.offsets, np.int64).reshape(-1, 2)
    words = np.array(coded.word_ids, np.int64)
    start, end = offsets[:, 0], offsets[:, 1]
    first = np.diff(words, prepend=-1) != 0
    breaks = first.astype(np.int64)
    if not len(ids):
        return Pieces(ids, ids, start, end, breaks)
    gap = _gaps(text, start) * first
    breaks[first & np.isin(start, [s for s, _ in sentences(text)])] = 2
    breaks[first & (gap == 2)] = 3
    begin = np.flatnonzero(first)
    last = np.append(begin[1:], len(ids)) - 1
    shape = np.repeat(_shapes(text, start[begin], end[last]), last - begin + 1)
    return Pieces(ids, shape * 3 + gap, start, end, breaks)


def _gaps(text: str, start: _Ints) -> _Ints:
    """Return 0, 1 or 2 for a piece that follows another at once, after white space, after a line's end or nothing."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    unique, back = np.unique(codes, return_inverse=True)
    blank = np.array([chr(c).isspace() for c in unique])[back]
    newline = codes == 10
    before = np.maximum(start - 1, 0)
    gap = np.where(blank[before], np.where(newline[before], 2, 1), 0)
    return np.where(start == 0, 2, gap).astype(np.int64)


def _shapes(text: str, start: _Ints, end: _Ints) -> _Ints:
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    unique, back = np.unique(codes, return_inverse=True)
    upper = np.array([chr(c).isupper() for c in unique])[back]
    digit = np.array([chr(c).isdigit() for c in unique])[back]
    uppers, digits = (np.concatenate([[0], np.cumsum(x)]) for x in (upper, digit))
    n, length = uppers[end] - uppers[start], end - start
    shape = np.where(
        n == 0, 0, np.where((n == 1) & upper[start], 1, np.where((n == length) & (length > 1), 2, 3))
    )
    return np.where(digits[end] > digits[start], 4, shape).astype(np.int64)


def windows(pieces: Pieces, longest: int = LONGEST, first: int | None = None) -> list[tuple[int, int]]:
    """Return windows of at most ``longest`` pieces as ``(start, end)``, in order, that cover all pieces once.

    A window ends where a paragraph does, else a sentence, else a word. ``first`` shortens the first window.
    """
    spans, start, n = [], 0, len(pieces.ids)
    while start < n:
        limit = start + (first if first and not start else longest)
        end = n if limit >= n else _last_break(pieces.breaks, start, limit)
        spans.append((start, end))
        start = end
    return spans


def _last_break(breaks: _Ints, start: int, limit: int) -> int:
    size = limit - start
    for kind, least in ((3, size // 2), (2, size // 4), (1, 1)):
        found = np.flatnonzero(breaks[start + least : limit + 1] >= kind)
        if len(found):
            return start + least + int(found[-1])
    return limit
