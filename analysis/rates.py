"""Whether something is told more often than before: shares of stories, compared exactly and corrected for how many are compared.

The unit is the story, since the mentions in an article and the copies of a story depend on each other.
"""

from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import duckdb
import numpy as np

from analysis.intervals import LEVEL, Interval
from analysis.summary import READ, RELATIONS

#: Stories that the last period, the ones before it, and all that name a region or category must have for a comparison.
FEWEST_STORIES = 5
#: Where chance explains a change in one of 20 lists at most, it stands out.
CHANCE = 0.05
_Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


class Rate(NamedTuple):
    """``k`` of ``n`` stories."""

    k: int
    n: int

    @property
    def share(self) -> float:
        """The part that they are; ``n`` is not zero."""
        return self.k / self.n


def p_value(last: Rate, before: Rate) -> float:
    """Return how probable shares at least as far apart are where they differ by chance alone: Fisher's exact test, two-sided.

    Of all tables with the same sums, those that are no more probable than the one found are added (Fisher 1935; Agresti 2013,
    section 3.5).
    """
    k, n = last.k + before.k, last.n + before.n
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])  # of the factorials
    some = np.arange(max(0, k - before.n), min(k, last.n) + 1)
    chances = np.exp(
        logs[last.n] - logs[some] - logs[last.n - some] + logs[before.n] - logs[k - some] - logs[before.n - k + some]
        - logs[n] + logs[k] + logs[n - k]
    )  # fmt: skip
    found = chances[last.k - some[0]]
    return float(min(1.0, chances[chances <= found * (1 + 1e-7)].sum()))


def wilson(rate: Rate) -> Interval:
    """Return the score interval of a share (Wilson 1927)."""
    z2 = _Z**2
    middle = (rate.k + z2 / 2) / (rate.n + z2)
    half = _Z * (rate.share * (1 - rate.share) / rate.n + z2 / (4 * rate.n**2)) ** 0.5 / (1 + z2 / rate.n)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def difference(last: Rate, before: Rate) -> Interval:
    """Return the interval of the difference of two shares, from their score intervals (Newcombe 1998, method 10)."""
    one, other = wilson(last), wilson(before)
    apart = last.share - before.share
    low = apart - ((last.share - one.low) ** 2 + (other.high - before.share) ** 2) ** 0.5
    high = apart + ((one.high - last.share) ** 2 + (before.share - other.low) ** 2) ** 0.5
    return Interval(low, high)


def holm(values: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number (Holm 1979): of all that stay below 0.05, one by chance in 20 such lists at most."""
    found, largest = [0.0] * len(values), 0.0
    for rank, i in enumerate(sorted(range(len(values)), key=lambda i: (values[i], i))):
        largest = max(largest, min(1.0, (len(values) - rank) * values[i]))
        found[i] = largest
    return found


class Change(NamedTuple):
    """How many stories of the last period, and of those before, name a region or hold a category of threats."""

    what: str  #: *region* or *category*
    group: str
    last: Rate
    before: Rate
    interval: Interval  #: of the difference of the two shares
    p: float  #: corrected for all comparisons that were made

    @property
    def stands_out(self) -> bool:
        """True where chance hardly explains the change."""
        return self.p < CHANCE and not self.interval.low <= 0 <= self.interval.high


#: Each story with whether it is of the period ``$last``: its first article says.
_TOLD = f"""WITH read AS ( {READ}
), told AS (SELECT story, min(coalesce(week, month)) = $last AS is_last FROM read GROUP BY story)
"""


def stories(connection: duckdb.DuckDBPyConnection, last: str) -> tuple[int, int]:
    """Return how many stories begin in the period ``last``, and how many before it."""
    query = f"{_TOLD} SELECT count(*) FILTER (is_last), count(*) FILTER (NOT is_last) FROM told"
    ((n, before),) = connection.execute(query, {"last": last}).fetchall()
    return int(n), int(before)


def changes(connection: duckdb.DuckDBPyConnection, last: str) -> list[Change]:
    """Return every comparison of the period ``last`` with those before it that the stories are enough for, the surest first.

    A story counts once, in the period of its first article, and names a region if one of its articles does.
    """
    n, before = stories(connection, last)
    if min(n, before) < FEWEST_STORIES:
        return []
    found = []
    for what, relation in (("region", RELATIONS["threatened regions"]), ("category", "threats")):
        rows = connection.execute(
            f"""{_TOLD}, named AS (SELECT DISTINCT {what}, story FROM {relation} JOIN read USING (article_id) WHERE NOT is_negated)
            SELECT {what}, count(*) FILTER (is_last), count(*) FILTER (NOT is_last)
            FROM named JOIN told USING (story) GROUP BY {what} HAVING count(*) >= {FEWEST_STORIES} ORDER BY {what}""",
            {"last": last},
        ).fetchall()
        found += [
            (what, str(group), Rate(int(k), n), Rate(int(earlier), before)) for group, k, earlier in rows
        ]
    corrected = holm([p_value(one, other) for _, _, one, other in found])
    made = [Change(*row, difference(row[2], row[3]), p) for row, p in zip(found, corrected, strict=True)]
    return sorted(made, key=lambda one: (one.p, one.what, one.group))
