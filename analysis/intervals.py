"""How far a number may move with the stories that happened to be read: bootstrap intervals over stories.

Mentions inside of an article, and the copies of a wire story, are not independent; so whole stories are drawn, with
replacement, as many as there are (a bootstrap over clusters: Davison and Hinkley 1997, section 3.8). The interval is the
bias-corrected and accelerated one (BCa: Efron 1987; Efron and Tibshirani 1993, chapter 14), which keeps its level better than
percentiles do where a few stories hold most of the mentions.

Stories with the same counts are exchangeable, and how often such stories are drawn together is multinomial as well. So kinds of
stories are drawn instead of stories: the distribution is exactly the same, and the cost does not grow with the corpus, of
which Poisson weights (Chamandy and others 2012) would be an approximation only.
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

_Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
_Ints = np.ndarray[tuple[int], np.dtype[np.int64]]

DRAWS, SEED, LEVEL = 2000, 20, 0.95
_NORMAL = NormalDist()


class Interval(NamedTuple):
    """Where a number would lie in 95 of 100 repetitions with other stories of the same sort."""

    low: float
    high: float


def of_ratio(above: _Floats, below: _Floats, stories: _Ints) -> Interval | None:
    """Return the interval of the sum of ``above`` over the sum of ``below``: one value each for every kind of story.

    ``stories`` says how many stories are of the kind. None where every draw gives the same number: that is no certainty.
    """
    n, whole, base = int(stories.sum()), float(stories @ above), float(stories @ below)
    if n < 2 or not base:
        return None
    drawn = np.random.default_rng(SEED).multinomial(n, stories / n, DRAWS)
    sums, bases = drawn @ above, drawn @ below
    ratios = sums[bases > 0] / bases[bases > 0]
    if not len(ratios) or ratios.min() == ratios.max():
        return None
    left = base - below  # without one story of the kind
    jackknife = np.divide(whole - above, left, out=np.full(len(left), whole / base), where=left > 0)
    low, high = np.quantile(ratios, _places(ratios, whole / base, jackknife, stories))
    return Interval(float(low), float(high)) if low < high else None


def of_sum(values: _Floats, stories: _Ints) -> Interval | None:
    """Return the interval of the sum of ``values`` over as many stories: one value for every kind of story."""
    found = of_ratio(values, np.ones(len(values)), stories)
    return found and Interval(*(float(stories.sum()) * bound for bound in found))


def _places(ratios: _Floats, found: float, jackknife: _Floats, stories: _Ints) -> list[float]:
    """Return the two quantiles of the draws that bound the interval (Efron 1987): the bias and the acceleration move them."""
    below = ((ratios < found).sum() + (ratios == found).sum() / 2) / len(ratios)
    edge = 0.5 / len(ratios)
    bias = _NORMAL.inv_cdf(min(max(below, edge), 1 - edge))
    apart = np.average(jackknife, weights=stories) - jackknife
    spread = float(stories @ apart**2)
    acceleration = float(stories @ apart**3) / (6 * spread**1.5) if spread else 0.0
    places = []
    for share in ((1 - LEVEL) / 2, (1 + LEVEL) / 2):
        shift = bias + _NORMAL.inv_cdf(share)
        rest = 1 - acceleration * shift
        places.append(_NORMAL.cdf(bias + shift / rest) if rest > 0 else float(share > 0.5))
    return places
