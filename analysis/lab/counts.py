"""Tables of the briefing's numbers, each number a link to its evidence where the briefing is built."""

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from analysis import schema
from analysis.evidence import place_name
from analysis.lab.results import Table
from analysis.show import number

if TYPE_CHECKING:
    from analysis.lab.desk import Desk


def table(
    desk: "Desk", measure: str, caption: str, column: str, unit: str, most: int | None = None, more: pd.DataFrame | None = None
) -> Table:  # fmt: skip
    """Return a measure as a table, largest first: the group, its rows (named by ``unit``), articles and stories.

    ``more`` has further columns by group. What is left out beyond ``most`` rows is said below the table.
    """
    every = desk.brief.numbers(measure)
    found = every if most is None else every.head(most)
    frame = pd.DataFrame(
        {column: [place_name(group).replace("_", " ") for group in found["group"]]}
        | {f"n_{unit}": found["n_rows"].tolist(), "n_articles": found["n_articles"].tolist(), "n_stories": found["n_stories"].tolist()}
    )  # fmt: skip
    if more is not None:
        joined = more.reindex(list(found["group"])).fillna("")
        for i, name in enumerate(joined.columns, 1):
            frame.insert(i, name, joined[name].tolist())
    left = len(every) - len(found)
    remark = f"{left:,} more with fewer {unit} each." if left > 0 else ""
    linked: list[Markup] = [number(row) for row in schema.records(found)]
    return Table(caption, frame, remark, {f"n_{unit}": linked}, desk.is_lab)
