"""Excel workbooks (XLSX) of articles: every sheet is read, a row an article, below a row with the columns' names."""

import warnings
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.escape import unescape

from analysis.corpus import columns
from analysis.corpus.columns import article, at
from analysis.corpus.record import Record, Settings, Unreadable

#: What a workbook may weigh when it is unzipped, in bytes: about forty thousand articles.
MAX_UNZIPPED = 200_000_000
#: Tags in it, on which the time to read it depends: about sixty for an article in eight columns.
MAX_TAGS = 8_000_000
#: What Excel itself allows in a sheet; and how many cells are looked at, empty ones included.
MAX_ROWS, MAX_CELLS = 1_048_576, 50_000_000
_EXPORT = "export the source as CSV, JSON lines or Parquet"


def read(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the articles of a workbook, sheet by sheet. Dates of Excel are read as days, formulas as their text.

    A sheet without the columns counts as one record that cannot be used. Raises ``Unreadable`` where no sheet has them, or where
    the file is no workbook.
    """
    _check_size(file)
    found = False
    problems: list[Unreadable] = []
    for where, rows in _sheets(file):
        sheet = _articles(rows, settings, where)
        try:
            first = next(sheet, None)
        except Unreadable as error:
            problems.append(at(where, error))
            continue
        if first:
            found = True
            yield from problems
            yield first
            yield from sheet
            problems = []
    if problems and not found:
        raise problems[0]
    yield from problems


def _articles(
    rows: Iterator[tuple[Any, ...]], settings: Settings, sheet: str
) -> Iterator[Record | Unreadable]:
    """Yield a sheet's articles; raise ``Unreadable`` before the first one where a column is missing."""
    names: list[str] = []
    chosen: dict[str, str] = {}
    number = 0
    try:
        for number, cells in enumerate(rows, start=1):
            if all(cell is None or cell == "" for cell in cells):
                continue
            where = f"{sheet}, row {number}"
            if not names:
                names = [_cell(cell).strip() if isinstance(cell, str) else str(cell or "") for cell in cells]
                chosen = columns.choose([name for name in names if name], settings)
            else:
                row = {name: _cell(cell) for name, cell in zip(names, cells, strict=False)}
                yield article(row, chosen, settings, where)
    except Unreadable as error:
        if not chosen:
            raise
        yield at(f"{sheet}, after row {number}", error)


def _cell(value: Any) -> Any:
    """Return what a cell shows; line ends are escaped in the file, and the text of some formulas lies in an object."""
    value = getattr(value, "text", value) if type(value).__name__ == "ArrayFormula" else value
    return unescape(value) if isinstance(value, str) and "_x" in value else value


def _sheets(file: BinaryIO) -> Iterator[tuple[str, Iterator[tuple[Any, ...]]]]:
    """Yield the name of each sheet and its rows, without trust in the size that the sheet says it has."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and rules that do not matter here
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
    except Exception as error:  # corrupt files make the library raise whatever there is
        raise _corrupt(error) from error
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            yield f"sheet {sheet.title!r}", _rows(sheet)
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    rows = sheet.iter_rows(values_only=True)
    cells = n = 0
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                row = next(rows, None)
        except Exception as error:  # as above
            raise _corrupt(error) from error
        if row is None:
            return
        n, cells = n + 1, cells + len(row)
        if n > MAX_ROWS or cells > MAX_CELLS:
            raise Unreadable("more rows or columns than can be read; what follows is not read", _EXPORT)
        yield row


def _corrupt(error: Exception) -> Unreadable:
    return Unreadable(f"not a whole workbook ({type(error).__name__})", "open it in Excel and save it again")


def _check_size(file: BinaryIO) -> None:
    start = file.read(8)
    file.seek(0)
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable(
            "a workbook with a password, or of Excel before 2007", "save it as .xlsx without password"
        )
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(member.file_size for member in archive.infolist())
            tags = sum(_tags(archive, member) for member in archive.infolist()) if size <= MAX_UNZIPPED else 0
    except Exception as error:  # as above: BadZipFile, zlib.error, struct.error, NotImplementedError
        raise _corrupt(error) from error
    if size > MAX_UNZIPPED:
        raise Unreadable(f"{size:,} bytes when unzipped (limit {MAX_UNZIPPED:,})", _EXPORT)
    if tags > MAX_TAGS:
        raise Unreadable(f"{tags:,} cells, texts and their marks (limit {MAX_TAGS:,})", _EXPORT)
    file.seek(0)


def _tags(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    with archive.open(member) as part:
        return sum(block.count(b"<") for block in iter(lambda: part.read(1 << 20), b""))
