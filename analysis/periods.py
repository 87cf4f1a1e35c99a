"""The weeks or months of a briefing: what was read in each, where there are gaps, and what is counted period by period."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import duckdb
import pandas as pd

from analysis import schema
from analysis.summary import JOIN, READ

#: Counts of a period: mentions, the articles and the stories that hold them.
Counts = tuple[int, int, int]


class Course(NamedTuple):
    """The weeks or months from the first article to the last, and how many articles and stories were read in each."""

    unit: str  #: *week* or *month*
    periods: list[str]
    read: list[tuple[int, int]]

    @property
    def gaps(self) -> list[str]:
        """The periods without an article."""
        return [period for period, (n, _) in zip(self.periods, self.read, strict=True) if not n]

    @property
    def last(self) -> str:
        """The last period; it has an article."""
        return self.periods[-1]


def course(connection: duckdb.DuckDBPyConnection) -> Course | None:
    """Return the course of the articles read; None where there are none."""
    rows = connection.sql(
        f"""WITH read AS ( {READ}
        )
        SELECT coalesce(week, month), week IS NOT NULL, count(*), count(DISTINCT story), min(date), max(date)
        FROM read GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    if not rows:
        return None
    by_week = bool(rows[0][1])
    read = {str(period): (int(n), int(stories)) for period, _, n, stories, _, _ in rows}
    first, last = date.fromisoformat(rows[0][4]), date.fromisoformat(rows[-1][5])
    periods = _weeks(first, last) if by_week else _months(first, last)
    return Course("week" if by_week else "month", periods, [read.get(period, (0, 0)) for period in periods])


def _weeks(first: date, last: date) -> list[str]:
    monday = first - timedelta(days=first.weekday())
    return [
        f"{d:%G-W%V}" for d in (monday + timedelta(weeks=i) for i in range((last - monday).days // 7 + 1))
    ]


def _months(first: date, last: date) -> list[str]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{i // 12:04d}-{i % 12 + 1:02d}" for i in numbers]


def counts(numbers: pd.DataFrame, periods: Sequence[str]) -> dict[str, list[Counts]]:
    """Return mentions, articles and stories period by period for each group of a measure by group and period, most mentions first."""
    found: dict[str, list[Counts]] = {}
    place = {period: i for i, period in enumerate(periods)}
    for row in schema.records(numbers):
        group, _, period = row["group"].rpartition(JOIN)
        found.setdefault(group, [(0, 0, 0)] * len(periods))[place[period]] = (
            int(row["n_rows"]), int(row["n_articles"]), int(row["n_stories"]),
        )  # fmt: skip
    return dict(sorted(found.items(), key=lambda item: (-sum(n for n, _, _ in item[1]), item[0])))
