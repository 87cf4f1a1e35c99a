"""The workbook: a sheet a table, with what it is and how to cite it in front. All cells are texts, numbers or truth values."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import xlsxwriter

from analysis import schema, sharing

#: Rows of a table in its sheet. A sheet can hold 1,048,575 below its head, but programs open such workbooks in minutes or never.
MOST_ROWS = 20_000
#: Characters that a cell can hold, in UTF-16 as Excel counts them.
MOST_CHARACTERS = 32_767
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_NARROWEST, _WIDEST = 9, 60


class Workbook:
    """A workbook that is written row by row. Text is never taken for a formula, a link or a number."""

    def __init__(self, path: Path, day: datetime) -> None:
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"created": day})
        self._head = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        # Quoted, text that begins like a formula stays text also when somebody edits the cell.
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._about = self._book.add_worksheet("About")
        self._codebook()

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def table(self, name: str) -> "Sheet":
        """Return the sheet of a table, without rows yet."""
        return Sheet(self._book.add_worksheet(name), schema.arrow_schema(name), self._head, self._quoted)

    def about(self, facts: Sequence[tuple[str, str]], written: Mapping[str, Mapping[str, int]]) -> None:
        """Write the first sheet: what the briefing is, what the sheets hold, and what was cut."""
        lines = [*facts, *((f"Sheet {name}", _said(name, of)) for name, of in written.items())]
        self._about.set_column(0, 0, 22)
        self._about.set_column(1, 1, 100)
        for row, (label, text) in enumerate(lines):
            self._about.write_string(row, 0, _text(label), self._head)
            self._about.write_string(row, 1, _text(text), self._wrapped)

    def _codebook(self) -> None:
        heads = {"table": 14, "column": 18, "type": 14, "unit": 16, "meaning": 90, "shared": 40}
        sheet = self._book.add_worksheet("Codebook")
        for column, (head, width) in enumerate(heads.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, self._head)
        lines = [
            (name, column.name, str(column.type), column.unit, column.meaning, sharing.rule(name, column.name) or "as it is")
            for name, columns in schema.TABLES.items()
            for column in columns
        ]  # fmt: skip
        for row, line in enumerate(lines, start=1):
            for at, text in enumerate(line):
                sheet.write_string(row, at, text, self._wrapped)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(lines), len(heads) - 1)


class Sheet:
    """One table in its sheet: a head that stays, filters, widths after the first rows."""

    def __init__(self, sheet: Any, form: pa.Schema, head: Any, quoted: Any) -> None:
        self._sheet, self._form, self._quoted = sheet, form, quoted
        self._rows = self._left = self._cut = 0
        self._widths = [len(column) + 3 for column in form.names]
        for at, column in enumerate(form.names):
            sheet.write_string(0, at, column, head)

    def write(self, rows: pa.Table) -> None:
        """Add rows, as far as the sheet holds them."""
        fitting = rows.slice(0, max(0, MOST_ROWS - self._rows))
        self._left += len(rows) - len(fitting)
        for values in zip(*(column.to_pylist() for column in fitting.columns), strict=True):
            self._rows += 1
            for at, value in enumerate(values):
                self._write(self._rows, at, value)

    def _write(self, row: int, at: int, value: Any) -> None:
        if isinstance(value, list):
            value = "; ".join(map(str, value))
        if isinstance(value, bool):
            self._sheet.write_boolean(row, at, value)
        elif isinstance(value, str):
            text = _text(value)
            self._cut += len(text) < len(value)
            self._sheet.write_string(
                row, at, text, self._quoted if text.lstrip(" ").startswith(_STARTS) else None
            )
            if row <= 200:
                self._widths[at] = max(self._widths[at], len(text) + 1)
        elif value is not None and isfinite(value):
            self._sheet.write_number(row, at, value)

    def close(self) -> dict[str, int]:
        """Finish the sheet; return how many rows it lacks and how many of its cells were cut."""
        self._sheet.freeze_panes(1, 1)
        self._sheet.autofilter(0, 0, max(self._rows, 1), len(self._widths) - 1)
        for at, width in enumerate(self._widths):
            self._sheet.set_column(at, at, min(max(width, _NARROWEST), _WIDEST))
        return {"rows_not_in_workbook": self._left, "cells_cut_in_workbook": self._cut}


def _text(text: str) -> str:
    """Return a text as a cell can hold it."""
    if len(text) * 2 > MOST_CHARACTERS:
        text = text.encode("utf-16-le")[: 2 * MOST_CHARACTERS].decode("utf-16-le", "ignore")
    # The writer takes what stands between these tags for markup of its own and does not escape it.
    return f"{text[: MOST_CHARACTERS - 1]} " if text.startswith("<r>") and text.endswith("</r>") else text


def _said(name: str, written: Mapping[str, int]) -> str:
    rows, left, cells = written["rows"], written["rows_not_in_workbook"], written["cells_cut_in_workbook"]
    parts = [f"{rows:,} rows" if rows != 1 else "1 row"]
    if left:
        parts.append(f"only the first {rows - left:,} of them are in this workbook")
    if cells:
        parts.append(f"{cells:,} cells cut at {MOST_CHARACTERS:,} characters")
    return "; ".join(parts) + (f"; everything is in tables/{name}.parquet" if left or cells else "")
