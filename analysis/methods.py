"""How wrong the numbers may be: the scores of the measures on texts whose answers are known."""

from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis import evidence, report, schema, summary
from analysis.show import Cell, listed, note, sentence, table

SCORES = report.ROOT / "data" / "gold" / "scores.csv"
#: Data from which the reader learnt.
LEARNT = ("demo",)
_COLUMNS = ["measure", "unit", "data", "n", "precision", "recall", "f1", "low", "high"]


def read(path: Path | None = None) -> pd.DataFrame:
    """Return the scores that ``python -m analysis evaluate`` wrote; no rows where the file is missing.

    Columns: ``measure, unit, data, n, precision, recall, f1, low, high``; a measure that is scored by its accuracy alone has
    it as ``f1``. Raises ``report.ReportError`` for a file with other columns.
    """
    path = path or SCORES
    if not path.is_file():
        return pd.DataFrame(columns=_COLUMNS)
    found = pd.read_csv(
        path,
        dtype=dict.fromkeys(_COLUMNS[:3], str),
        keep_default_na=False,
        na_values={c: [""] for c in _COLUMNS[3:]},
    )
    if missing := [c for c in _COLUMNS if c not in found.columns]:
        raise report.ReportError(
            f"{path}: the column {', '.join(missing)} is missing; write the file anew: python -m analysis evaluate"
        )
    return found[_COLUMNS]


def scores(path: Path | None = None) -> Markup:
    """On which data the measures were scored, and the scores: those on data from which the reader learnt flatter, so they are left out."""
    every = read(path)
    found = every[~every["data"].isin(LEARNT)]
    if found.empty:
        return note(
            "There are no scores: the measures of this version were not compared with known answers. To do so: python -m analysis evaluate"
        )
    said = sentence(
        "Measures were scored against known answers on {data}. A score holds for texts like those it was found on.",
        data=listed(list(dict.fromkeys(found["data"]))),
    )
    heads = [
        "Measure",
        "Unit",
        "Scored on",
        "Number",
        "Precision",
        "Recall",
        "F1 or accuracy",
        "95 % interval",
    ]
    return said + table("Scores against known answers", heads, [_row(row) for row in schema.records(found)])


def _row(row: dict[str, Any]) -> list[Cell]:
    number = {c: None if pd.isna(row[c]) else float(row[c]) for c in _COLUMNS[3:]}
    span = (
        "" if number["low"] is None or number["high"] is None else f"{number['low']:.2f}–{number['high']:.2f}"
    )
    n = None if number["n"] is None else int(number["n"])
    return [
        str(row["measure"]),
        str(row["unit"]),
        str(row["data"]),
        n,
        number["precision"],
        number["recall"],
        number["f1"],
        span,
    ]


def counting(example: str = "threats_by_region") -> Markup:
    """How the numbers are counted: the query of one measure, and what the query of each other has in its place."""
    rows: list[list[Cell]] = [
        [
            evidence.TITLES[measure.name],
            *(
                Markup("<code>{}</code>").format(" ".join(part.split()))
                for part in (
                    summary.RELATIONS.get(measure.relation, measure.relation),
                    measure.condition,
                    measure.group,
                )
            ),
        ]
        for measure in summary.MEASURES.values()
    ]
    query = Markup('<pre><code class="sql">{}</code></pre>').format(summary.sql(example).strip())
    said = sentence(
        "{title} are counted by this query (DuckDB) over the tables that are delivered with the briefing; the others differ in what they "
        "count, on which condition and by what.", title=evidence.TITLES[example],
    )  # fmt: skip
    return said + query + table("What each measure counts", ["Measure", "Rows of", "Where", "By"], rows)
