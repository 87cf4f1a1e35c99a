"""Compare two periods: the same numbers of both, side by side."""

import calendar
import re
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from analysis import brief, report, summary
from analysis.brief import Brief
from analysis.evidence import label
from analysis.lab.errors import LabError, plainly
from analysis.lab.results import Table

if TYPE_CHECKING:
    from analysis.lab.desk import Desk

#: What is compared: all groups of these measures.
MEASURES = (
    "attributions",
    "expert_attributions",
    "unnamed_expert_attributions",
    "threats",
    "threats_by_region",
    "threats_by_category",
)


class Compare:
    """``compare("2023", "2024-Q1")``: a period is a year, a quarter, a month, a day, or two days with two dots between."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def __call__(self, period_a: str, period_b: str, measures: tuple[str, ...] = MEASURES) -> Table:
        """Return the numbers of two periods, and the share of each period's articles in which they stand.

        Without articles enough there is no share.

        >>> desk.compare("2024-10", "2024-11", ("threats",)).frame.iloc[:, :3]
                        number  2024-10  2024-11
        0             Articles        0        1
        1  All threat mentions        0      ...
        """
        a, b = (self._opened(period) for period in (period_a, period_b))
        rows: list[list[object]] = [["Articles", len(a.read), len(b.read), None, None]]
        for measure in measures:
            if measure not in summary.MEASURES:
                raise LabError(
                    f'there is no measure "{measure}"; the measures are {", ".join(summary.MEASURES)}'
                )
            groups = {group: 0 for found in (a, b) for group in found.numbers(measure)["group"]}
            for group in groups:
                groups[group] = sum(int(found.number(measure, group)["n_rows"]) for found in (a, b))
            for group in sorted(groups, key=lambda g: (-groups[g], g)):
                pair = [found.number(measure, group) for found in (a, b)]
                shares = [_share(n, len(found.read)) for n, found in zip(pair, (a, b), strict=True)]
                rows.append([label(measure, group), *(int(n["n_rows"]) for n in pair), *shares])
        columns = [
            "number",
            period_a,
            period_b,
            f"share of articles {period_a}",
            f"share of articles {period_b}",
        ]
        if len(set(columns)) < len(columns):
            raise LabError("two different periods are needed")
        frame = pd.DataFrame(rows, columns=columns)
        few = [
            f"no share is given for {p}, of fewer than {summary.FEWEST} articles"
            for p, one in ((period_a, a), (period_b, b))
            if len(one.read) < summary.FEWEST
        ]
        return Table(f"{period_a} and {period_b}", frame, "; ".join(few), is_searchable=self._desk.is_lab)

    def _opened(self, period: str) -> Brief:
        first, last = days(period)
        values = self._desk.parameters.model_dump() | {"period_from": first, "period_to": last}
        with plainly():
            return brief.make(report.parameters(values, "compare"))


def _share(number: dict[str, object], n: int) -> float | None:
    return int(str(number["n_articles"])) / n if n >= summary.FEWEST else None


def days(period: str) -> tuple[str, str]:
    """Return the first and the last day of a period.

    >>> days("2024-Q1"), days("2024-02"), days("2024-01-01..2024-01-15")
    (('2024-01-01', '2024-03-31'), ('2024-02-01', '2024-02-29'), ('2024-01-01', '2024-01-15'))
    """
    match = re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|(\d\d)(?:-(\d\d))?))?", str(period).strip())
    try:
        if match:
            year, quarter, month, day = (int(part) if part else 0 for part in match.groups())
            first = 3 * quarter - 2 if quarter else month or 1
            until = 3 * quarter if quarter else month or 12
            end = day or calendar.monthrange(year, until)[1]
            return date(year, first, day or 1).isoformat(), date(year, until, end).isoformat()
        first_day, last_day = (date.fromisoformat(part.strip()) for part in str(period).split(".."))
    except ValueError:
        raise LabError(
            f'"{period}" is no period; write 2024, 2024-Q1, 2024-05, 2024-05-17 or 2024-05-01..2024-05-15'
        ) from None
    if first_day > last_day:
        raise LabError(f'"{period}" ends before it begins')
    return first_day.isoformat(), last_day.isoformat()
