"""From the encoder's scores to spans: the best allowed labels, then which source, cue and contents belong together."""

from typing import NamedTuple

import numpy as np

from analysis.reader.labels import COLUMNS, ENTITIES, POINT, POINTS, ROLES, THREATS, TONES, TYPES, paths, runs
from analysis.reader.pieces import Pieces

Range = tuple[int, int]
_Scores = np.ndarray[tuple[int, int], np.dtype[np.float32]]
_Row = np.ndarray[tuple[int], np.dtype[np.float32]]
_Halves = np.ndarray[tuple[int, int], np.dtype[np.float16]]
#: Added to the score of *no label*: below 0 finds more spans, above 0 fewer. Chosen on the data that the model card scores.
BIAS = {"roles": -0.4, "entities": 0.5, "threats": 0.0}


class Span(NamedTuple):
    """A labelled stretch of an article's canonical text. Spans of one attribution share their ``link``.

    ``p`` is the mean probability, over its words, that a word has this role at all; None where the reader was not asked.
    """

    role: str
    start: int
    end: int
    link: int
    p: float | None = None


class Entity(NamedTuple):
    """A named person, organisation or place in an article's canonical text."""

    label: str
    start: int
    end: int


class Threat(NamedTuple):
    """A phrase of an article's canonical text that tells of danger, with one of ``THREATS`` as its category."""

    category: str
    start: int
    end: int


class Danger(NamedTuple):
    """How probable it is that words belong to a threat mention: the likeliest of them, and their mean."""

    likeliest: float
    mean: float


class Scored(NamedTuple):
    """What the encoder said of a text: a row a piece, a row a window for its opening mark, and the windows' pieces."""

    pieces: Pieces
    scores: _Scores
    marks: _Scores
    windows: list[tuple[int, int]]


class Words(NamedTuple):
    """What is asked of a text after decoding, by word: its first piece's characters, its danger, its scores of ``TONES`` and ``TYPES``.

    ``points`` are the vectors whose products say what a threat points to, asking for each of ``POINTS``, then answering, and
    ``marks`` those of the windows' opening marks; ``window`` is the number of the window in which a word stands.
    """

    start: np.ndarray[tuple[int], np.dtype[np.int32]]
    end: np.ndarray[tuple[int], np.dtype[np.int32]]
    danger: np.ndarray[tuple[int], np.dtype[np.float32]]
    tones: _Scores
    window: np.ndarray[tuple[int], np.dtype[np.int32]]
    points: np.ndarray[tuple[int, int], np.dtype[np.float16]]
    marks: np.ndarray[tuple[int, int], np.dtype[np.float16]]
    types: np.ndarray[tuple[int, int], np.dtype[np.float16]]

    def at(self, start: int, end: int) -> slice:
        """Return which words touch the characters ``start:end``; they stand in order."""
        first = int(self.end.searchsorted(start, "right"))
        return slice(first, max(first, int(self.start.searchsorted(end))))


class _Found(NamedTuple):
    """A span of a head in pieces: kind, first piece, end of the last word's pieces, window."""

    kind: int
    first: int
    end: int
    window: int


def _spans(scored: Scored, head: str) -> list[_Found]:
    pieces, scores, _, windows = scored
    words = [s + np.flatnonzero(pieces.breaks[s:e] > 0) for s, e in windows]
    if not words:
        return []
    table = np.zeros((len(words), max(map(len, words)), COLUMNS[head].stop - COLUMNS[head].start), np.float32)
    table[:, :, 1:] = -1e4
    for i, at in enumerate(words):
        table[i, : len(at)] = scores[at, COLUMNS[head]]
        table[i, : len(at), 0] += BIAS[head]
    found = []
    for i, (path, at) in enumerate(zip(paths(table), words, strict=True)):
        ends = np.append(at[1:], windows[i][1])
        found += [_Found(kind, int(at[a]), int(ends[b]), i) for a, b, kind in runs(path)]
    return found


def _begins(pieces: Pieces, f: _Found) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the pieces at which the words of a span begin."""
    return f.first + np.flatnonzero(pieces.breaks[f.first : f.end] > 0)


def entities(scored: Scored) -> list[Entity]:
    """Return the named entities of a text, in order; none overlaps another.

    A name has one label throughout a text, the one that its mentions together make likeliest (one sense per discourse: Gale,
    Church and Yarowsky 1992).
    """
    start, end = scored.pieces.start, scored.pieces.end
    found = _spans(scored, "entities")
    names = [scored.pieces.ids[f.first : f.end].tobytes() for f in found]
    likely = np.log(_kinds(scored, "entities") + 1e-6)
    votes: dict[bytes, _Row] = {}
    for f, name in zip(found, names, strict=True):
        votes[name] = votes.get(name, 0) + likely[_begins(scored.pieces, f)].mean(0)
    return [
        Entity(ENTITIES[votes[name].argmax()], int(start[f.first]), int(end[f.end - 1]))
        for f, name in zip(found, names, strict=True)
    ]


def threats(scored: Scored) -> list[Threat]:
    """Return the threat mentions of a text, in order; none overlaps another. The category is the best over all of its words."""
    start, end = scored.pieces.start, scored.pieces.end
    found = []
    for f in _spans(scored, "threats"):
        scores = scored.scores[_begins(scored.pieces, f), COLUMNS["categories"]]
        category = int((scores - np.logaddexp.reduce(scores, 1, keepdims=True)).sum(0).argmax())
        found.append(Threat(THREATS[category], int(start[f.first]), int(end[f.end - 1])))
    return found


def words(scored: Scored) -> Words:
    """Return what ``danger``, ``tones`` and ``pointed`` rest on, a small part of the scores."""
    pieces, scores = scored.pieces, scored.scores[:, COLUMNS["threats"]]
    outside = np.exp(scores[:, 0] - np.logaddexp.reduce(scores, 1)) if len(scores) else scores[:, 0]
    at = np.flatnonzero(pieces.breaks > 0)
    return Words(
        pieces.start[at].astype(np.int32),
        pieces.end[at].astype(np.int32),
        1 - outside[at],
        scored.scores[at, COLUMNS["tones"]],
        (np.searchsorted([start for start, _ in scored.windows], at, side="right") - 1).astype(np.int32),
        scored.scores[at, _POINTING].astype(np.float16),
        scored.marks[:, _POINTING].astype(np.float16),
        scored.scores[at, COLUMNS["types"]].astype(np.float16),
    )


_POINTING = slice(COLUMNS[f"threat_asks_{POINTS[0]}"].start, COLUMNS[POINTS[-1]].stop)


def danger(words: Words, spans: list[tuple[int, int]]) -> list[Danger]:
    """Return how probable it is that the words of characters ``(start, end)`` belong to a threat mention."""
    found = []
    for start, end in spans:
        inside = words.danger[words.at(start, end)]
        found.append(Danger(float(inside.max()), float(inside.mean())) if len(inside) else Danger(0.0, 0.0))
    return found


def pointed(
    words: Words, spans: list[Range], to: str, names: list[Range]
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return how probable it is that each threat mention of ``spans`` points to each of ``names``, and last, that it points to nothing.

    ``to`` is one of ``labels.POINTS``; all are given as characters ``(start, end)``. A name outside the mention's window has 0.
    """
    found = np.zeros((len(spans), len(names) + 1), np.float32)
    asks, answers = (
        slice(POINT * i, POINT * (i + 1)) for i in (POINTS.index(to), len(POINTS) + POINTS.index(to))
    )
    at = words.end.searchsorted([start for start, _ in names], "right")
    by_window: dict[int, list[tuple[int, slice]]] = {}
    for row, span in enumerate(spans):
        asking = words.at(*span)
        if asking.start == asking.stop:
            found[row, -1] = 1
        else:
            by_window.setdefault(int(words.window[asking.start]), []).append((row, asking))
    for window, rows in by_window.items():
        first, last = words.window.searchsorted((window, window + 1))
        wanted = np.stack(
            [words.points[a.start : min(a.stop, last), asks].mean(0, dtype=np.float32) for _, a in rows]
        )
        match = np.append(
            words.points[first:last, answers], words.marks[window : window + 1, answers], axis=0
        )
        scores = wanted @ match.astype(np.float32).T
        p = np.exp(scores - scores.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        is_near = (at >= first) & (at < last)
        for (row, _), probable in zip(rows, p, strict=True):
            found[row, -1] = probable[-1]
            found[row, :-1][is_near] = probable[at[is_near] - first]
    return found


def _best(scored: Scored, asker: _Found, asks: str, answers: str, choice: list[_Found]) -> _Found | None:
    """Return the answer of ``choice`` that the asker points to, or None where it points to the window's opening mark."""
    wanted = scored.scores[asker.first, COLUMNS[asks]]
    near = [c for c in choice if c.window == asker.window]
    if not near:
        return None
    keys = np.vstack(
        [
            scored.marks[asker.window, COLUMNS[answers]],
            scored.scores[[c.first for c in near], COLUMNS[answers]],
        ]
    )
    best = int((keys @ wanted).argmax())
    return near[best - 1] if best else None


def attributions(scored: Scored) -> list[Span]:
    """Return the spans of all attributions, ordered by link and place; every link has at least one content."""
    found = _spans(scored, "roles")
    sources, cues, contents = ([f for f in found if f.kind == k] for k in range(len(ROLES)))
    groups: dict[_Found, tuple[_Found | None, _Found | None, list[_Found]]] = {}
    for content in contents:
        cue = _best(scored, content, "content_asks_cue", "cue", cues)
        if cue:
            source = _best(scored, cue, "cue_asks_source", "source", sources)
        else:
            source = _best(scored, content, "content_asks_source", "source", sources)
        key = cue or source or content
        groups.setdefault(key, (source, cue, []))[2].append(content)
    start, end = scored.pieces.start, scored.pieces.end
    probable = _kinds(scored, "roles")

    def sure(role: str, f: _Found) -> float:
        return float(probable[_begins(scored.pieces, f), ROLES.index(role)].mean())

    rows = []
    for source, cue, parts in groups.values():
        row = [("content", part) for part in parts]
        row += [("source", source)] if source else []
        row += [("cue", cue)] if cue else []
        rows.append(
            sorted((int(start[f.first]), int(end[f.end - 1]), role, sure(role, f)) for role, f in row)
        )
    return [Span(role, s, e, i, p) for i, row in enumerate(sorted(rows)) for s, e, role, p in row]


def _kinds(scored: Scored, head: str) -> _Scores:
    """Return the probability of each kind of a head of spans for every piece, whatever its place in a span; a row a piece."""
    scores = scored.scores[:, COLUMNS[head]]
    grown = np.exp(scores - scores.max(1, keepdims=True))
    return (grown / grown.sum(1, keepdims=True))[:, 1:].reshape(len(scores), scores.shape[1] // 4, 4).sum(2)


def tones(words: Words, targets: list[tuple[int, int]]) -> _Scores:
    """Return the probability of each of ``TONES`` toward targets given as characters ``(start, end)``: a row a target.

    A target without a word (no piece begins or goes on there) is neutral.
    """
    nothing = np.eye(len(TONES), dtype=np.float32)[TONES.index("neutral")]
    return _shares(words, words.tones, targets, nothing)


def types(words: Words, sources: list[tuple[int, int]]) -> _Scores:
    """Return the probability of each of ``TYPES`` of sources given as characters ``(start, end)``: a row a source."""
    return _shares(words, words.types, sources, np.full(len(TYPES), 1 / len(TYPES), np.float32))


def _shares(words: Words, scores: _Scores | _Halves, spans: list[Range], nothing: _Row) -> _Scores:
    """Return the probabilities that the mean scores of each span's words are; ``nothing`` for a span without a word."""
    found = np.tile(nothing, (len(spans), 1))
    for i, span in enumerate(spans):
        at = words.at(*span)
        if at.start < at.stop:
            mean = scores[at].mean(0, dtype=np.float32)
            grown = np.exp(mean - mean.max())
            found[i] = grown / grown.sum()
    return found
