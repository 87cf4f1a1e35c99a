"""Tone toward a target against gold, and how little the wording of its sentence says about it."""

from collections.abc import Callable
from itertools import combinations_with_replacement

import numpy as np
import pandas as pd
from textblob import TextBlob

from analysis.evaluate import score
from analysis.evaluate.score import Counts, Key
from analysis.reader import TONES, read

#: A text and its targets: start, end and tone.
Passage = tuple[str, list[tuple[int, int, str]]]
_GRID = [round(i / 20, 2) for i in range(-20, 21)]


def tones(
    gold: list[Passage],
    judge: Callable[[str, list[tuple[int, int]]], list[str]] | None = None,
    seed: int = 0,
    data: str = "",
) -> pd.DataFrame:
    """Return accuracy, macro-F1 and the figures of each tone, with intervals over the passages.

    ``judge`` takes a text and the characters of its targets and returns their tones; without one it is the reader.
    """
    judge = judge or read_tones
    counts = [
        counted([t for *_, t in given], judge(text, [(s, e) for s, e, _ in given])) for text, given in gold
    ]
    return score.table(score.rows(counts, data, seed))


def read_tones(text: str, targets: list[tuple[int, int]]) -> list[str]:
    """Return the reader's tone toward each target."""
    return [t.tone for t in read(text).tones(targets)]


def counted(gold: list[str], found: list[str]) -> dict[Key, Counts]:
    """Return an article's counts from the right tone of each target and the one found."""
    right = sum(g == f for g, f in zip(gold, found, strict=True))
    classes = [
        (sum(g == f == tone for g, f in zip(gold, found, strict=True)), gold.count(tone), found.count(tone))
        for tone in TONES
    ]
    return {
        ("tone", "accuracy"): (right, len(gold), len(gold)),
        ("tone", "macro"): tuple(n for one in classes for n in one),
        **{(f"tone {tone}", "class"): c for tone, c in zip(TONES, classes, strict=True)},
    }


def wording(train: list[Passage], gold: list[Passage], seed: int = 0, data: str = "") -> pd.DataFrame:
    """Return macro-F1 of TextBlob's polarity taken for tone: with both thresholds at 0, and at the best two for ``train``."""
    counts: list[dict[Key, Counts]] = [{} for _ in gold]
    low, high = thresholds([_polarity(t) for t, g in train for _ in g], [x for _, g in train for *_, x in g])
    for unit, cut in (("thresholds 0", (0.0, 0.0)), ("thresholds tuned", (low, high))):
        for one, (text, given) in zip(counts, gold, strict=True):
            found = [_tone(_polarity(text), *cut)] * len(given)
            one["wording as tone", unit] = counted([t for *_, t in given], found)["tone", "macro"]
    return score.table(score.rows(counts, data, seed))


def _polarity(text: str) -> float:
    return float(TextBlob(text).sentiment.polarity)


def _tone(polarity: float, low: float, high: float) -> str:
    return "negative" if polarity < low else "positive" if polarity > high else "neutral"


def thresholds(polarities: list[float], gold: list[str]) -> tuple[float, float]:
    """Return the thresholds, in steps of 0.05, with the highest macro-F1: below the first negative, above the second positive."""
    values, right = np.array(polarities), np.array([TONES.index(t) for t in gold])

    def macro(cut: tuple[float, float]) -> float:
        found = 1 - (values < cut[0]) + (values > cut[1])
        sides = [(right == i, found == i) for i in range(len(TONES))]
        return float(np.mean([2 * (g & f).sum() / max(1, g.sum() + f.sum()) for g, f in sides]))

    return max(combinations_with_replacement(_GRID, 2), key=macro)
