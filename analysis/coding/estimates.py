"""From a coded sample to estimates for all rows, with 95 % intervals: pure functions over counts by stratum.

A corrected count is the machine's count, plus what the coders found more, minus what they found less, each weighted by the inverse of its
share that was drawn: the difference estimator of survey sampling (Särndal, Swensson and Wretman 1992), and the design-based form of
Egami, Hinck, Stewart and Wei (NeurIPS 2023). Because the probabilities of the draw are known it is right whatever the machine's errors
are. Within a stratum the rows that the machine counts and the others are weighted apart, so that where the strata are the machine's
own labels it is the estimate of Tenenbein (JASA 1970).
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Z = 1.959963984540054


class Estimate(NamedTuple):
    """A value and the ends of its 95 % interval; infinite where nothing limits it."""

    value: float
    low: float
    high: float


class Part(NamedTuple):
    """Rows of one stratum that the machine treats alike: ``n`` of ``size`` are coded, with so many ``errors``."""

    size: int
    n: int
    errors: int


class Compared(NamedTuple):
    """What the machine counts (``raw``) and how coders differ: what it ``missed`` among other rows, what is ``wrong`` in its own.

    ``by_row`` is false where a row may hold several things, as a sentence does; then what it missed is a mean a row.
    """

    raw: int
    missed: Sequence[Part]
    wrong: Sequence[Part]
    by_row: bool = True


def wilson(hits: float, n: float, size: float = math.inf) -> Estimate:
    """Return a share with its score interval (Wilson, JASA 1927), narrower where ``n`` is much of a population of ``size``."""
    if n <= 0:
        return Estimate(0.0, 0.0, 1.0)
    share = hits / n
    if n >= size:
        return Estimate(share, share, share)
    n = _effective(n, size)
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return Estimate(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def rate(events: float, n: float, size: float = math.inf) -> Estimate:
    """Return a mean count a row with the score interval of a Poisson mean; several events may fall on one row."""
    if n <= 0:
        return Estimate(0.0, 0.0, math.inf)
    mean = events / n
    if n >= size:
        return Estimate(mean, mean, mean)
    n = _effective(n, size)
    middle, half = mean + Z**2 / (2 * n), Z * math.sqrt(mean / n + Z**2 / (4 * n**2))
    return Estimate(mean, max(0.0, middle - half), middle + half)


def _effective(n: float, size: float) -> float:
    """Return the size of a sample with replacement that tells as much as ``n`` of ``size`` rows drawn without it."""
    return n if math.isinf(size) else n * (size - 1) / (size - n)


def total(parts: Iterable[tuple[float, Estimate]]) -> Estimate:
    """Return the weighted sum of independent estimates; its interval is recovered from theirs (Zou and Donner, Statistics in Medicine 2008).

    With Wilson intervals of shares this is the stratified interval of Newcombe's kind: it has a width also where no error was seen.
    """
    parts = [(weight, part) for weight, part in parts if weight]
    value = sum(weight * part.value for weight, part in parts)
    below = math.sqrt(sum((weight * (part.value - part.low)) ** 2 for weight, part in parts))
    above = math.sqrt(sum((weight * (part.high - part.value)) ** 2 for weight, part in parts))
    return Estimate(value, max(0.0, value - below), value + above)


def more(compared: Compared) -> Estimate:
    """Return how many things the machine missed."""
    limits = wilson if compared.by_row else rate
    return total((p.size, limits(p.errors, p.n, p.size)) for p in compared.missed)


def less(compared: Compared) -> Estimate:
    """Return how many things the machine counts wrongly."""
    return total((p.size, wilson(p.errors, p.n, p.size)) for p in compared.wrong)


def corrected(compared: Compared) -> Estimate:
    """Return how many things there are; the interval is that of a difference of two totals (Zou and Donner 2008)."""
    missed, wrong = more(compared), less(compared)
    value = compared.raw + missed.value - wrong.value
    low = value - math.hypot(missed.value - missed.low, wrong.high - wrong.value)
    high = value + math.hypot(missed.high - missed.value, wrong.value - wrong.low)
    return Estimate(max(0.0, value), max(0.0, low), max(0.0, high))


def precision(compared: Compared) -> Estimate | None:
    """Return the share of what the machine counts that is right; none where it counts nothing."""
    if not compared.raw:
        return None
    wrong = less(compared)
    return _within(Estimate(*(1 - end / compared.raw for end in (wrong.value, wrong.high, wrong.low))))


def recall(compared: Compared) -> Estimate | None:
    """Return the share of what is there that the machine counts, from sentences that coders read; none where nothing is there.

    The interval comes from those of the things missed and the things rightly found, by the ratio of the two (Donner and Zou,
    Statistical Methods in Medical Research 2012).
    """
    missed, wrong = more(compared), less(compared)
    found = Estimate(*(max(0.0, compared.raw - end) for end in (wrong.value, wrong.high, wrong.low)))
    if found.value + missed.value == 0:
        return None
    odds = ratio(missed, found)
    return _within(Estimate(1 / (1 + odds.value), 1 / (1 + odds.high), 1 / (1 + odds.low)))


def _root(square: float) -> float:
    return math.sqrt(max(0.0, square))


def ratio(above: Estimate, below: Estimate) -> Estimate:
    """Return the ratio of two independent estimates that are not negative; infinite ends where ``below`` may be 0."""
    a, b = above.value, below.value
    if b == 0:
        return Estimate(math.inf, 0.0, math.inf)
    if math.isinf(above.high):
        return Estimate(a / b, 0.0, math.inf)
    low_root = _root((a * b) ** 2 - above.low * below.high * (2 * a - above.low) * (2 * b - below.high))
    scale = below.high * (2 * b - below.high)
    low = (a * b - low_root) / scale if scale > 0 else 0.0
    scale = below.low * (2 * b - below.low)
    high_root = _root((a * b) ** 2 - above.high * below.low * (2 * a - above.high) * (2 * b - below.low))
    high = (a * b + high_root) / scale if scale > 0 else math.inf
    return Estimate(a / b, max(0.0, min(low, a / b)), max(high, a / b))


def weighted_share(weights: Sequence[float], hits: Sequence[bool]) -> Estimate | None:
    """Return the weighted share of hits with a Wilson interval at Kish's (1965) effective number of rows; none of no rows."""
    if not weights:
        return None
    sum_of = math.fsum(weights)
    share = math.fsum(w for w, hit in zip(weights, hits, strict=True) if hit) / sum_of
    n = sum_of**2 / math.fsum(w**2 for w in weights)
    return wilson(share * n, n)


def _within(estimate: Estimate) -> Estimate:
    return Estimate(*(min(1.0, max(0.0, end)) for end in estimate))
