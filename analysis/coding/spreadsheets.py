"""Sheets as spreadsheets save them: workbooks, and CSV of any delimiter and encoding of Excel's, as numbered rows of text."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from analysis.coding.errors import CodingError

#: A row: its number in the spreadsheet, and its cells by heading.
Row = tuple[int, dict[str, str]]

#: What a coding sheet may weigh, in bytes; and a workbook when it is unzipped.
MAX_BYTES, MAX_UNZIPPED = 20_000_000, 200_000_000


def rows_of_csv(path: Path) -> Iterator[Row]:
    """Yield the rows of a CSV file by the numbers that a spreadsheet gives them, whatever it is parted by, and with or without a mark."""
    if path.stat().st_size > MAX_BYTES:
        raise CodingError(
            f"{path}: {path.stat().st_size:,} bytes, more than a coding sheet has; restore the file"
        )
    text = _decoded(path.read_bytes(), path)
    head = text.partition("\n")[0]
    parted = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parted, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        for number, cells in enumerate(reader, 2):
            padded = [*cells, *[""] * len(names)]
            yield number, {name: cell.strip() for name, cell in zip(names, padded, strict=False)}
    except csv.Error as error:
        raise CodingError(
            f"{path}, line {reader.line_num}: no CSV ({error}); save the sheet again as CSV, or fill the workbook"
        ) from error


def _decoded(raw: bytes, path: Path) -> str:
    """Return the text of a file as Excel saves it: UTF-8 with or without a mark, UTF-16, or the code page of Windows in the West."""
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CodingError(
        f"{path}: neither UTF-8 nor another encoding of Excel's; save it as CSV UTF-8, or fill the workbook"
    )


def rows_of_workbook(path: Path, names: Iterable[str]) -> dict[str, list[Row]]:
    """Return the rows of those sheets of a workbook that have these names, by the numbers of the rows."""
    import openpyxl  # when there is a workbook: every command's processes would wait for it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(path) as archive:
            if path.stat().st_size > MAX_BYTES or sum(i.file_size for i in archive.infolist()) > MAX_UNZIPPED:
                raise CodingError(f"{path}: larger than a coding sheet is; restore the file")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            return {name: list(_rows(book[name])) for name in names if name in book.sheetnames}
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise CodingError(
            f"{path}: no Excel workbook ({error}); save it as .xlsx, or fill the CSV files"
        ) from error


def _rows(sheet: Any) -> Iterator[Row]:
    rows = sheet.iter_rows(values_only=True)
    heads = [_shown(cell) for cell in next(rows, ())]
    for number, cells in enumerate(rows, 2):
        yield number, dict(zip_longest(heads, map(_shown, cells), fillvalue=""))


def _shown(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()
