"""From counts by article to precision, recall and F1, with 95 % percentile bootstrap intervals over articles.

Counts are ``(hits, gold, found)``; for a macro average those of every class, one after another.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

COLUMNS = ("measure", "unit", "data", "n", "precision", "recall", "f1", "low", "high")
DRAWS = 2000

Key = tuple[str, str]
Counts = tuple[int, ...]
_Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class Unit(NamedTuple):
    """What a figure is counted in, and how the counts of the articles become one figure."""

    meaning: str
    score: Callable[[_Floats, int], dict[str, float]]


def rows(articles: list[dict[Key, Counts]], data: str, seed: int = 0) -> list[dict[str, Any]]:
    """Return one row a measure and unit, from each article's counts by ``(measure, unit)``."""
    found = []
    for measure, unit in dict.fromkeys(key for article in articles for key in article):
        given = [article.get((measure, unit)) for article in articles]
        width = max(len(c) for c in given if c is not None)
        counts = np.array([c if c is not None else (0,) * width for c in given], float)
        scored = UNITS[unit].score(counts, seed)
        found.append(
            {"measure": measure, "unit": unit, "data": data, "n": int(counts[:, 1::3].sum()), **scored}
        )
    return found


def table(found: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as the table of scores."""
    return pd.DataFrame(found, columns=list(COLUMNS))


def pair(wanted: list[Any], found: list[Any], weight: Callable[[Any, Any], float]) -> list[tuple[Any, Any]]:
    """Pair each wanted row, in order, with the free found row of the largest weight above 0, the first of equals."""
    free, pairs = list(range(len(found))), []
    for want in wanted:
        weights = {i: weight(want, found[i]) for i in free}
        best = max(free, key=lambda i: weights[i], default=None)
        if best is not None and weights[best] > 0:
            free.remove(best)
            pairs.append((want, found[best]))
    return pairs


def _ratio(above: _Floats, below: _Floats, nothing: float = 0.0) -> _Floats:
    return np.divide(above, below, out=np.full(np.shape(below), nothing), where=below > 0)


def _f1(counts: _Floats) -> _Floats:
    """Return F1 of counts in the last axis; not a number where there was nothing to find and nothing was found."""
    return _ratio(2 * counts[..., 0], counts[..., 1] + counts[..., 2], np.nan)


def _macro_f1(counts: _Floats) -> _Floats:
    """Return the mean F1 of the classes that are in the gold or were found."""
    by_class = _f1(counts.reshape(*counts.shape[:-1], -1, 3))
    known = ~np.isnan(by_class)
    return _ratio(np.where(known, by_class, 0).sum(-1), known.sum(-1).astype(float), np.nan)


def _bounds(values: _Floats) -> dict[str, float]:
    values = values[~np.isnan(values)]
    low, high = np.percentile(values, [2.5, 97.5]) if len(values) else (np.nan, np.nan)
    return {"low": float(low), "high": float(high)}


@cache
def _drawn(n: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    return np.random.default_rng(seed).integers(0, n, (DRAWS, n))


@cache
def _weights(n: int, seed: int) -> _Floats:
    """Return how often each article was drawn, a row a draw."""
    return np.array([np.bincount(draw, minlength=n) for draw in _drawn(n, seed)], float)


def means(counts: _Floats, seed: int) -> dict[str, float]:
    """Return means over the articles that have gold or found rows, as Newell, Margolin and Ruths (LREC 2018) do."""
    used = counts[(counts[:, 1] > 0) | (counts[:, 2] > 0)]
    if not len(used):
        return dict.fromkeys(("precision", "recall", "f1", "low", "high"), np.nan)
    f1 = _f1(used)
    return {
        "precision": float(_ratio(used[:, 0], used[:, 2]).mean()),
        "recall": float(_ratio(used[:, 0], used[:, 1]).mean()),
        "f1": float(f1.mean()),
        **_bounds(f1[_drawn(len(f1), seed)].mean(axis=1)),
    }


def pooled(counts: _Floats, seed: int) -> dict[str, float]:
    """Return the figures of all articles' rows taken together."""
    hits, gold, found = counts.sum(axis=0)
    empty = np.nan if not gold + found else 0.0
    return {
        "precision": hits / found if found else empty,
        "recall": hits / gold if gold else empty,
        **_only_f1(_f1)(counts, seed),
    }


def _only_f1(statistic: Callable[[_Floats], _Floats]) -> Callable[[_Floats, int], dict[str, float]]:
    def score(counts: _Floats, seed: int) -> dict[str, float]:
        return {
            "f1": float(statistic(counts.sum(axis=0))),
            **_bounds(statistic(_weights(len(counts), seed) @ counts)),
        }

    return score


#: A share of rows that are right: hits of n, with n for gold and for found, so that F1 is the share.
_share, _macro = _only_f1(_f1), _only_f1(_macro_f1)

UNITS = {
    "token": Unit("white-space words that any span of the role covers; mean over articles", means),
    "exact": Unit("spans equal to the character; mean over articles", means),
    "linked": Unit(
        "whole attributions: source and cue equal, contents sharing half of their joint words; mean over articles",
        means,
    ),
    "half": Unit(
        "rows whose words overlap by half of their joint words, with sources that touch or the same category; all rows pooled",
        pooled,
    ),
    "any": Unit("rows that overlap at all; all rows pooled", pooled),
    "matched": Unit("share that is right among the rows matched by `any`", _share),
    "ids": Unit("place ids of the rows matched by `any`; pooled", pooled),
    "all ids": Unit("place ids of all rows, those missed or false included; pooled", pooled),
    "span": Unit("spans equal to the character with the same label; pooled", pooled),
    "accuracy": Unit("share that is right", _share),
    "macro": Unit("mean F1 of the classes", _macro),
    "class": Unit("rows of the class; pooled", pooled),
    "thresholds 0": Unit("mean F1 of the classes; below 0 negative, above 0 positive", _macro),
    "thresholds tuned": Unit(
        "mean F1 of the classes, with the two thresholds that do best on the training part", _macro
    ),
}
