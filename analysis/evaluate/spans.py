"""Spans against gold spans: attributions by the protocol of PolNeAR, named entities, and the differences to read."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.evaluate import score
from analysis.evaluate.score import Counts, Key
from analysis.reader import ENTITIES, ROLES, Entity, Span, read

Place = tuple[int, int]
Attribution = dict[str, list[Place]]


class Words:
    """The white-space words of a text: tokens that systems with different tokenizers compare in."""

    def __init__(self, text: str) -> None:
        found = [m.span() for m in re.finditer(r"\S+", text)]
        self._starts, self._ends = [s for s, _ in found], [e for _, e in found]

    def of(self, spans: Iterable[Place]) -> set[int]:
        """Return the numbers of the words that the spans touch."""
        found: set[int] = set()
        for start, end in spans:
            if start < end:
                found.update(range(bisect_right(self._ends, start), bisect_left(self._starts, end)))
        return found

    def joint(self, a: Iterable[Place], b: Iterable[Place]) -> float:
        """Return the share of the joint words that are in both."""
        x, y = self.of(a), self.of(b)
        return len(x & y) / max(1, len(x | y))


def attributions(
    gold: list[dict[str, Any]],
    reader: Callable[[str], Iterable[Span]] = lambda text: read(text).spans,
    seed: int = 0,
    data: str = "",
) -> pd.DataFrame:
    """Return source, cue and content by ``token`` and ``exact`` and whole attributions ``linked``, as means over articles.

    ``gold`` are articles with ``text`` and ``attributions``, each of these with lists of ``[start, end]`` by role.
    The protocol is that of Newell, Margolin and Ruths (LREC 2018).
    """
    counts = [counted(a["text"], wanted(a["attributions"]), linked(reader(a["text"]))) for a in gold]
    return score.table(score.rows(counts, data, seed))


def wanted(gold: list[dict[str, Any]]) -> list[Attribution]:
    """Return the gold attributions of an article with their spans by role."""
    return [{role: [(s, e) for s, e in a[role]] for role in ROLES} for a in gold]


def linked(spans: Iterable[Span]) -> list[Attribution]:
    """Return the reader's spans by link and role."""
    links: dict[int, Attribution] = {}
    for span in spans:
        links.setdefault(span.link, {role: [] for role in ROLES})[span.role].append((span.start, span.end))
    return list(links.values())


def counted(text: str, gold: list[Attribution], found: list[Attribution]) -> dict[Key, Counts]:
    """Return an article's hits, gold and found, by role and unit."""
    words, counts = Words(text), dict[Key, Counts]()
    for role in ROLES:
        g, f = ([span for a in every for span in a[role]] for every in (gold, found))
        counts[role, "token"] = _shared(words.of(g), words.of(f))
        counts[role, "exact"] = _shared(set(g), set(f))

    def same(a: Attribution, b: Attribution) -> bool:
        ends = all(sorted(a[role]) == sorted(b[role]) for role in ("source", "cue"))
        return ends and words.joint(a["content"], b["content"]) >= 0.5

    counts["attribution", "linked"] = (len(score.pair(gold, found, same)), len(gold), len(found))
    return counts


def entities(
    gold: Iterable[tuple[str, list[tuple[int, int, str]]]],
    reader: Callable[[str], Iterable[Entity]] = lambda text: read(text).entities,
    seed: int = 0,
    data: str = "",
) -> pd.DataFrame:
    """Return the exact spans of named entities, all labels pooled and by label."""
    counts = []
    for text, given in gold:
        g, f = {(label, s, e) for s, e, label in given}, {tuple(entity) for entity in reader(text)}
        one: dict[Key, Counts] = {("entity", "span"): _shared(g, f)}
        for label in ENTITIES:
            one[f"entity {label}", "span"] = _shared(
                {x for x in g if x[0] == label}, {x for x in f if x[0] == label}
            )
        counts.append(one)
    return score.table(score.rows(counts, data, seed))


def _shared(gold: set[Any], found: set[Any]) -> Counts:
    return len(gold & found), len(gold), len(found)


class Difference(NamedTuple):
    """A span that is ``missed`` or ``false``, or whose ``edge`` differs; spans as text, empty where there is none."""

    article: str
    role: str
    kind: str
    gold: str
    found: str
    context: str

    def __str__(self) -> str:
        return "\n".join(
            [f"{self.article}: {self.role}, {self.kind}"]
            + [f"  {name:<7} {value or '-'}" for name, value in zip(self._fields[3:], self[3:], strict=True)]
        )


def differences(
    gold: list[dict[str, Any]], reader: Callable[[str], Iterable[Span]] = lambda text: read(text).spans
) -> list[Difference]:
    """Return every source, cue and content that differs from the gold, in order of article and role.

    A span that overlaps one of the other side is an ``edge``; a gold span is told once, with the found span it shares most with.
    """
    rows = []
    for number, article in enumerate(gold, 1):
        text, name = article["text"], str(article.get("id") or article.get("path") or number)
        every = wanted(article["attributions"]), linked(reader(text))
        for role in ROLES:
            g, f = ({span for a in side for span in a[role]} for side in every)
            here: list[tuple[Place | None, Place | None]] = []
            for span in g - f:
                other = max(sorted(f), key=lambda x: overlap(span, x), default=None)
                here.append((span, other if other and overlap(span, other) else None))
            here += [(None, x) for x in f - g if not any(overlap(x, span) for span in g)]
            rows += [
                _difference(text, name, role, a, b)
                for a, b in sorted(here, key=lambda p: p[0] or p[1] or (0, 0))
            ]
    return rows


def sample(rows: list[Difference], n: int, seed: int = 0) -> list[Difference]:
    """Return ``n`` of the rows, in their order: the same ones every time."""
    chosen = np.random.default_rng(seed).permutation(len(rows))[:n]
    return [rows[i] for i in sorted(chosen)]


def overlap(a: Place, b: Place) -> int:
    """Return how many characters two spans share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _difference(text: str, name: str, role: str, gold: Place | None, found: Place | None) -> Difference:
    start, end = gold or found or (0, 0)
    before, after = text[:start].split()[-8:], text[end:].split()[:8]
    return Difference(
        name,
        role,
        "edge" if gold and found else "missed" if gold else "false",
        " ".join(text[slice(*gold)].split()) if gold else "",
        " ".join(text[slice(*found)].split()) if found else "",
        " ".join([*before, f"[{' '.join(text[start:end].split())}]", *after]),
    )
