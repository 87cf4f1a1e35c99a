"""How far two coders agree: Krippendorff's alpha, and the labels that they gave alike."""

import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple

import krippendorff
import numpy as np

_Floats = np.ndarray[Any, np.dtype[np.float64]]

#: Draws of a bootstrap.
DRAWS = 1000
#: Krippendorff (Content Analysis, 2nd ed. 2004, p. 241): rely on what reaches the first, draw tentative conclusions from the second.
RELIABLE, TENTATIVE = 0.8, 0.667


class Agreement(NamedTuple):
    """Of ``n`` rows that both coded: the share that they coded alike, and alpha, nominal, with its 95 % interval.

    Alpha is missing where all labels are the same: without variation nothing can be told from chance.
    """

    n: int
    alike: float | None
    alpha: float | None
    low: float | None
    high: float | None

    @property
    def verdict(self) -> str:
        """What the alpha allows."""
        if self.alpha is None:
            return "one label only" if self.n else "not coded by both"
        return (
            "reliable" if self.alpha >= RELIABLE
            else "tentative conclusions only" if self.alpha >= TENTATIVE
            else "not reliable"
        )  # fmt: skip


def agreement(pairs: Sequence[tuple[str, str]], seed: int = 0) -> Agreement:
    """Return how far the labels in pairs agree; the interval is a percentile bootstrap over the rows."""
    if not pairs:
        return Agreement(0, None, None, None, None)
    alike = np.array([a == b for a, b in pairs], dtype=float)
    domain = sorted({label for pair in pairs for label in pair})
    if len(domain) == 1:
        return Agreement(len(pairs), float(alike.mean()), None, None, None)
    given = np.array([[pair.count(label) for label in domain] for pair in pairs], dtype=float)
    alpha = float(krippendorff.alpha(value_counts=given.astype(int), level_of_measurement="nominal"))
    draws = np.random.default_rng(seed).multinomial(len(pairs), np.full(len(pairs), 1 / len(pairs)), DRAWS)
    low, high = np.percentile(_alphas(draws @ alike, draws @ given), [2.5, 97.5])
    return Agreement(len(pairs), float(alike.mean()), alpha, float(low), float(high))


def _alphas(alike: _Floats, given: _Floats) -> _Floats:
    """Return alphas of many samples at once, from how often both labels were the same and how often each label was given.

    The formula is Krippendorff's for two observers, nominal data and no gaps (2011, section B). Samples of one label are left out.
    """
    n = given.sum(axis=1)
    unlike_by_chance = n**2 - (given**2).sum(axis=1)
    told = unlike_by_chance > 0
    return 1 - (n - 1)[told] * (n - 2 * alike)[told] / unlike_by_chance[told]


def plain(text: str) -> str:
    """Return a text by which two wordings of one name are compared: without capitals, edges of punctuation and a leading *the*."""
    words = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split()
    joined = " ".join(words).strip(" .,;:'\"“”‘()")
    return joined.removeprefix("the ")
