"""The filled sheets of coders: workbooks or CSV, as spreadsheets save them, checked against the key."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.coding.drawing import ADJUDICATE, CODERS, FRAME, KEY, coder_folder
from analysis.coding.errors import CodingError
from analysis.coding.frames import ASKED, COUNTED
from analysis.coding.labels import label
from analysis.coding.questions import NO, SHEETS, Sheet
from analysis.coding.spreadsheets import Row, rows_of_csv, rows_of_workbook
from analysis.coding.writing import WORKBOOK

#: Errors that are told at once.
TOLD = 20

#: A cell that was coded: sheet, row and question.
Cell = tuple[str, str, str]
Codes = dict[Cell, str]


class Coded(NamedTuple):
    """A coding folder as it was read: the key, the counts, the codes of each coder, and what they agreed on later.

    ``passages`` are the marked passages by sheet and row, as the coders saw them.
    """

    key: pd.DataFrame
    frame: pd.DataFrame
    codes: dict[str, Codes]
    agreed: Codes
    passages: dict[tuple[str, str], str]
    warnings: list[str]


def read(folder: Path) -> Coded:
    """Read a coding folder. Raises ``CodingError`` that names every file and row that cannot be used, and what to do."""
    key = _table(
        folder / KEY,
        ["sheet", "row", "stratum", "n_frame", "n_sample", "weight", *ASKED, "tables", "version", "seed"],
    )
    frame = _table(folder / FRAME, ["sheet", "stratum", *COUNTED, "n"])
    try:
        key = key.astype({"n_frame": int, "n_sample": int, "weight": float, "seed": int})
        frame = frame.astype({"n": int})
    except ValueError as error:
        raise CodingError(
            f"{folder}: {KEY} and {FRAME} must be as code-sheet wrote them ({error}); restore them"
        ) from error
    known = {str(sheet): set(rows["row"]) for sheet, rows in key.groupby("sheet")}
    problems: list[str] = []
    warnings: list[str] = []
    codes: dict[str, Codes] = {}
    passages: dict[tuple[str, str], str] = {}
    for coder in CODERS:
        mine = folder / coder_folder(coder)
        if not mine.is_dir():
            warnings.append(f"{mine} is missing: one coder only, so that nothing can be said of agreement")
            continue
        found: Codes = {}
        book = rows_of_workbook(mine / WORKBOOK, SHEETS) if (mine / WORKBOOK).is_file() else {}
        for name in SHEETS:
            found |= _sheet(mine, SHEETS[name], book, known.get(name, set()), passages, problems, warnings)
        if found:
            codes[coder] = found
        else:
            warnings.append(f"{mine}: no cell is filled")
    agreed = _agreed(folder / ADJUDICATE, known, problems)
    if problems:
        rest = f"\n… and {len(problems) - TOLD} more" if len(problems) > TOLD else ""
        raise CodingError("\n".join(problems[:TOLD]) + rest)
    if not codes:
        raise CodingError(
            f"{folder}: nobody has filled a sheet; fill those in {coder_folder(CODERS[0])} and {coder_folder(CODERS[1])}"
        )
    return Coded(key, frame, codes, agreed, passages, warnings)


def _table(path: Path, names: list[str]) -> pd.DataFrame:
    if not path.is_file():
        raise CodingError(
            f"{path} is missing; give the folder that code-sheet wrote, with its {KEY} and {FRAME}"
        )
    rows = list(rows_of_csv(path))
    found = pd.DataFrame([row for _, row in rows], columns=list(rows[0][1]) if rows else names, dtype=str)
    if missing := [name for name in names if name not in found.columns]:
        raise CodingError(
            f"{path}: the column {', '.join(missing)} is missing; restore the file that code-sheet wrote"
        )
    return found


def _sheet(
    folder: Path,
    sheet: Sheet,
    book: Mapping[str, list[Row]],
    known: set[str],
    passages: dict[tuple[str, str], str],
    problems: list[str],
    warnings: list[str],
) -> Codes:
    """Return the codes of one sheet, from the file in which it was filled; note the passages that it shows."""
    sources = {folder / WORKBOOK: book[sheet.name]} if sheet.name in book else {}
    if (path := folder / f"{sheet.name}.csv").is_file():
        sources[path] = list(rows_of_csv(path))
    if not sources:
        problems.append(
            f"{folder}: the sheet {sheet.name} is in no file; put {WORKBOOK} or {sheet.name}.csv back"
        )
        return {}
    told: dict[Path, list[str]] = {path: [] for path in sources}
    read = {path: _codes(path, sheet, rows, known, told[path]) for path, rows in sources.items()}
    filled = [path for path in sources if read[path][0] or told[path]]
    if len(filled) > 1 and read[filled[0]] != read[filled[1]]:
        problems.append(
            f"{folder}: the sheet {sheet.name} is filled in {filled[0].name} and in {filled[1].name}, and not alike; delete one of them"
        )
        return {}
    path = (filled or list(sources))[0]
    codes, left = read[path]
    problems += told[path]
    passages.update(
        {(sheet.name, cells["row"]): cells.get("passage", "") for _, cells in sources[path] if "row" in cells}
    )
    if left and codes:
        warnings.append(
            f"{path}, {sheet.name}: {left} of {len(known)} rows are not coded completely; figures are of those that are"
        )
    elif known and not codes and not told[path]:
        warnings.append(f"{path}, {sheet.name}: not coded yet")
    return codes


def _codes(
    path: Path, sheet: Sheet, rows: list[Row], known: set[str], problems: list[str]
) -> tuple[Codes, int]:
    """Return the codes of a sheet's rows and how many rows are not coded completely; add to ``problems`` what is wrong."""
    where = f"{path}, {sheet.name}" if path.suffix != ".csv" else str(path)
    names = ["row", *(q.name for q in sheet.questions)]
    if rows and (missing := [name for name in names if name not in rows[0][1]]):
        problems.append(
            f"{where}, row 1: the column {', '.join(missing)} is missing; restore the headings as they were"
        )
        return {}, 0
    codes: Codes = {}
    seen: dict[str, int] = {}
    left = 0
    for number, cells in rows:
        row, at = cells["row"], f"{where}, row {number}"
        if not row and not any(cells.values()):
            continue
        if row not in known:
            problems.append(
                f"{at}: {row or 'an empty name'} is no row of this sample ({KEY}); it is of another sample, corpus or version: take it out"
            )
        elif row in seen:
            problems.append(f"{at}: {row} stands in row {seen[row]} too; delete one of them")
        else:
            seen[row] = number
            given = _checked(sheet, cells, at, problems)
            codes |= {(sheet.name, row, name): label for name, label in given.items()}
            left += not _is_complete(sheet, given)
    if lost := sorted(known - set(seen)):
        named = ", ".join(lost[:5]) + (" …" if len(lost) > 5 else "")
        problems.append(
            f"{where}: {len(lost)} of {len(known)} rows are missing ({named}); put them back, empty where they are not coded"
        )
    return codes, left


def _is_complete(sheet: Sheet, given: Mapping[str, str]) -> bool:
    return given.get(sheet.gate) == NO or all(q.name in given for q in sheet.questions)


def _checked(sheet: Sheet, cells: Mapping[str, str], at: str, problems: list[str]) -> dict[str, str]:
    """Return the labels of a row that is coded, by question."""
    given = {}
    for question in sheet.questions:
        if cell := cells.get(question.name) or "":
            try:
                given[question.name] = label(question, cell)
            except ValueError as error:
                problems.append(f"{at}, column {question.name}: {error}")
    if sheet.gate and given and sheet.gate not in given and not cells.get(sheet.gate):
        problems.append(
            f"{at}: {', '.join(given)} without {sheet.gate}; write yes or no into {sheet.gate}, or empty the row"
        )
        return {}
    return {sheet.gate: NO} if given.get(sheet.gate) == NO else given


def _agreed(path: Path, known: Mapping[str, set[str]], problems: list[str]) -> Codes:
    """Return what the coders agreed on for cells that they had coded differently."""
    codes: Codes = {}
    if not path.is_file():
        return codes
    for number, cells in rows_of_csv(path):
        at, name, cell = f"{path}, row {number}", cells.get("sheet", ""), cells.get("agreed", "")
        if not cell:
            continue
        asked = {q.name: q for q in SHEETS[name].questions} if name in SHEETS else {}
        row, column = cells.get("row", ""), cells.get("question", "")
        if row not in known.get(name, set()) or column not in asked:
            problems.append(
                f"{at}: {name} {row} {column} is no cell of this sample; take the row out, or restore the file and agree anew"
            )
        elif (name, row, column) in codes:
            problems.append(f"{at}: {row} {column} stands here twice; delete one of them")
        else:
            try:
                codes[name, row, column] = label(asked[column], cell)
            except ValueError as error:
                problems.append(f"{at}, column agreed: {error}")
    return codes
