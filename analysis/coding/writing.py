"""The sheets that coders are sent: one workbook, and the same as CSV, with drop-down labels and a codebook inside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from analysis import places, schema
from analysis.coding.questions import SHEETS, Question, Sheet, meanings

#: The columns that are shown; the questions follow, and a column for remarks.
SHOWN = ["row", "date", "outlet", "title", "before", "passage", "after"]
REMARK = "remark"
OPEN, CLOSE = "[[", "]]"
WORKBOOK = "sheets.xlsx"
#: Characters of a cell; Excel allows 32,767.
LONGEST = 32_000
#: Marks with which a spreadsheet begins a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

_HOW = [
    "For the coders of this project only. The sheets hold whole sentences of the articles, since 25 words are often too few to judge by; do not pass them on.",
    "Work alone: do not talk about rows with the other coder before both have finished, and do not look up what any program says of them.",
    "Read the passage with the sentences before and after it. Fill the coloured columns from the left; the heading of each says what is asked, the drop-down what may be answered.",
    "Where the first answer is no, leave the rest of the row empty. Where there is nothing to name write none: an empty cell means that it is not coded yet.",
    "Several labels in a cell are joined by a semicolon: war; missile. In whole sentences write one label for each thing, so war; war are two.",
    "Sort and filter as you like, and write what you want to remember into the column remark; do not delete or add rows, and leave the column row as it is.",
    "Fill either the workbook or the CSV files, not both. It does not matter whether CSV is saved with commas or semicolons.",
]  # fmt: skip
_CREATED = datetime(2000, 1, 1)


def write(folder: Path, rows: Mapping[str, pd.DataFrame], regions: Sequence[str] = ()) -> None:
    """Write the workbook, a CSV file a sheet, and the codebook of a coder into ``folder``."""
    schema.write_atomically(folder / WORKBOOK, _workbook(rows, regions))
    for name, shown in rows.items():
        asked = [q.name for q in SHEETS[name].questions]
        save_csv(shown.reindex(columns=[*SHOWN, *asked, REMARK], fill_value=""), folder / f"{name}.csv")
    lines = ["# How to code", "", *(f"- {line}" for line in how(regions)), ""]
    for sheet in SHEETS.values():
        lines += [
            f"## {sheet.title} (`{sheet.name}`)",
            "",
            sheet.task,
            "",
            "| column | question or label | meaning |",
            "|---|---|---|",
        ]
        lines += [
            f"| {f'`{column}`' if column else ''} | {label} | {meaning} |"
            for column, label, meaning in _codebook(sheet)
        ]
        lines.append("")
    schema.write_atomically(folder / "codebook.md", "\n".join(lines).encode())


def how(regions: Sequence[str]) -> list[str]:
    """Return how to code; ``regions`` are those that the report is confined to."""
    if not regions:
        return list(_HOW)
    named = ", ".join(f"{places.name(place)} ({place})" for place in regions)
    return [*_HOW, f"In whole sentences count only threats to these places and what lies in them: {named}."]


def save_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV in UTF-8 with its mark, which Excel needs, and with no cell that is a formula."""
    safe = frame.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = safe[name].map(lambda text: f"'{text}" if str(text).startswith(FORMULA) else text)
    schema.write_atomically(path, safe.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))


def _codebook(sheet: Sheet) -> list[tuple[str, str, str]]:
    """Return the lines of a sheet's codebook: a question, then its labels with their meanings."""
    lines = []
    for question in sheet.questions:
        lines.append((question.name, question.text, ""))
        lines += [("", label, meaning) for label, meaning in meanings(question).items()]
    return lines


def _workbook(rows: Mapping[str, pd.DataFrame], regions: Sequence[str]) -> bytes:
    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(out, options) as book:
        book.set_properties({"title": "Coding sheets", "created": _CREATED})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        fill = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#DCE6F1"}
        )
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        cell = book.add_format(
            {"text_wrap": True, "valign": "top", "bg_color": "#F4F8FC", "border": 4, "num_format": "@"}
        )
        formats = {"head": head, "fill": fill, "plain": plain, "cell": cell}
        _list(book, "read first", ["how to code"], [(line,) for line in how(regions)], [110], formats)
        for name, shown in rows.items():
            _sheet(book, SHEETS[name], shown, formats)
        lines = [(sheet.name, *line) for sheet in SHEETS.values() for line in _codebook(sheet)]
        _list(
            book,
            "codebook",
            ["sheet", "column", "question or label", "meaning"],
            lines,
            [14, 16, 40, 90],
            formats,
        )
        known = [(place, places.name(place)) for place in places.ids()]
        _list(book, "places", ["id", "name"], known, [24, 40], formats)
    return out.getvalue()


def _list(
    book: Workbook,
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    formats: Mapping[str, Format],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for at, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, head, formats["head"])
    for down, row in enumerate(rows, 1):
        for at, text in enumerate(row):
            sheet.write_string(down, at, text, formats["plain"])


def _sheet(book: Workbook, asked: Sheet, shown: pd.DataFrame, formats: Mapping[str, Format]) -> None:
    sheet = book.add_worksheet(asked.name)
    names = [*SHOWN, *(q.name for q in asked.questions), REMARK]
    for at, (name, width) in enumerate(
        zip(names, [14, 11, 16, 24, 44, 60, 30, *[20] * len(names)], strict=False)
    ):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, name, formats["head" if name in SHOWN else "fill"])
    for down, row in enumerate(shown[SHOWN].itertuples(index=False), 1):
        for at, text in enumerate(row):
            sheet.write_string(down, at, str(text)[:LONGEST], formats["plain"])
        for at in range(len(SHOWN), len(names)):
            sheet.write_blank(down, at, None, formats["cell"])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(shown), len(names) - 1)
    for at, question in enumerate(asked.questions, len(SHOWN)):
        sheet.data_validation(
            0,
            at,
            0,
            at,
            {"validate": "any", "input_title": question.name, "input_message": question.text[:255]},
        )
        if question.labels and not question.is_list and len(shown):
            sheet.data_validation(1, at, len(shown), at, _choice(question))


def _choice(question: Question) -> dict[str, object]:
    return {
        "validate": "list", "source": list(question.labels), "input_title": question.name, "input_message": question.text[:255],
        "error_title": "No label of this column", "error_message": "Choose one from the list; the sheet codebook says what each means.",
    }  # fmt: skip
