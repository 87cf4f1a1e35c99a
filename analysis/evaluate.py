"""Score extracted spans against gold data: precision, recall and F1 with intervals."""

import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.reader import ROLES, Span, read

_Counts = tuple[int, int, int]


def load(path: Path) -> list[dict[str, Any]]:
    """Return the articles of a gold file, JSON lines, perhaps gzipped: ``text`` and ``attributions`` with span lists."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def attributions(
    gold: list[dict[str, Any]], reader: Callable[[str], Iterable[Span]] = read, seed: int = 0
) -> pd.DataFrame:
    """Return one row a role and unit: columns ``role, unit, n_articles, n_gold, precision, recall, f1, low, high``.

    Units: ``token`` (white-space words that any span of the role covers), ``exact`` (equal spans) and, for the role
    ``attribution``, ``linked`` (source and cue exact, contents overlapping by half or more of their joint words).
    Figures are means over articles that have gold or found spans, with a 95 % percentile bootstrap interval of F1 over articles,
    as in Newell, Margolin and Ruths (LREC 2018).
    """
    counts: dict[tuple[str, str], list[_Counts]] = {}
    for article in gold:
        text, wanted, got = article["text"], _wanted(article), _got(reader(article["text"]))
        for role in ROLES:
            g = [s for a in wanted for s in a[role]]
            p = [s for a in got for s in a[role]]
            counts.setdefault((role, "token"), []).append(_overlap(_words(text, g), _words(text, p)))
            counts.setdefault((role, "exact"), []).append(_overlap(set(g), set(p)))
        counts.setdefault(("attribution", "linked"), []).append(_linked(text, wanted, got))
    return pd.DataFrame([_score(role, unit, rows, seed) for (role, unit), rows in counts.items()])


_Attribution = dict[str, list[tuple[int, int]]]


def _wanted(article: dict[str, Any]) -> list[_Attribution]:
    return [{role: [(s, e) for s, e in a[role]] for role in ROLES} for a in article["attributions"]]


def _got(spans: Iterable[Span]) -> list[_Attribution]:
    links: dict[int, _Attribution] = {}
    for span in spans:
        links.setdefault(span.link, {role: [] for role in ROLES})[span.role].append((span.start, span.end))
    return list(links.values())


def _words(text: str, spans: list[tuple[int, int]]) -> set[int]:
    """Return the numbers of the white-space words that the spans touch."""
    covered = np.zeros(len(text), bool)
    for start, end in spans:
        covered[start:end] = True
    words, number, inside = set(), -1, False
    for i, char in enumerate(text):
        if char.isspace():
            inside = False
            continue
        number += not inside
        inside = True
        if covered[i]:
            words.add(number)
    return words


def _overlap(gold: set[Any], got: set[Any]) -> _Counts:
    return len(gold & got), len(gold), len(got)


def _linked(text: str, wanted: list[_Attribution], got: list[_Attribution]) -> _Counts:
    free, hits = list(got), 0
    for a in wanted:
        for b in free:
            if sorted(a["source"]) == sorted(b["source"]) and sorted(a["cue"]) == sorted(b["cue"]):
                x, y = _words(text, a["content"]), _words(text, b["content"])
                if len(x & y) * 2 >= max(1, len(x | y)):
                    free.remove(b)
                    hits += 1
                    break
    return hits, len(wanted), len(got)


def _score(role: str, unit: str, rows: list[_Counts], seed: int) -> dict[str, Any]:
    used = np.array([r for r in rows if r[1] or r[2]], float).reshape(-1, 3)
    hits, gold, got = used.T
    precision = np.divide(hits, got, out=np.zeros_like(hits), where=got > 0)
    recall = np.divide(hits, gold, out=np.zeros_like(hits), where=gold > 0)
    f1 = np.divide(2 * hits, gold + got)
    draws = (
        np.random.default_rng(seed).integers(0, len(f1), (2000, len(f1)))
        if len(f1)
        else np.zeros((1, 0), int)
    )
    low, high = np.percentile(f1[draws].mean(axis=1), [2.5, 97.5]) if len(f1) else (np.nan, np.nan)
    means = [float(v.mean()) if len(v) else np.nan for v in (precision, recall, f1)]
    return {
        "role": role, "unit": unit, "n_articles": len(f1), "n_gold": int(gold.sum()),
        "precision": means[0], "recall": means[1], "f1": means[2], "low": float(low), "high": float(high),
    }  # fmt: skip
