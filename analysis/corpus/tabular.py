"""Tables of articles: CSV, TSV, JSON lines, Excel workbooks and Parquet, read row by row.

Cells stay the text that they are: *NA* is Namibia and *007* no number. Rows that hold nothing are none.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from analysis.corpus import columns
from analysis.corpus.columns import article, at
from analysis.corpus.decoding import MAX_BYTES
from analysis.corpus.parquet import read as read_parquet
from analysis.corpus.record import Record, Settings, Unreadable
from analysis.corpus.stream import decoded
from analysis.corpus.workbook import read as read_xlsx

__all__ = ["read_csv", "read_jsonl", "read_parquet", "read_tsv", "read_xlsx"]

#: A line of JSON may spell each character of an article in twelve (a pair of ``\\uXXXX``).
LONGEST_LINE = 12 * MAX_BYTES
_CLOSE_QUOTES = "close the quotes, and double those inside of a cell"
_QUOTE_CELLS = "put cells that hold the separator or a line break between double quotes"


def read_csv(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the articles of a CSV file with a line of column names, parted by comma, semicolon, tab or ``|``.

    Excel's ``sep=`` line and byte order mark are understood. Raises ``Unreadable`` where a column is missing or the file is
    not UTF-8 (or UTF-16 with its mark).
    """
    return _separated(file, settings, ",;\t|")


def read_tsv(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the articles of a table parted by tabs, otherwise as ``read_csv``."""
    return _separated(file, settings, "\t")


def read_jsonl(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the articles of a file with one JSON object a line; ``source.name`` is a value inside of a value.

    Lists of texts are joined; other values inside of a field are refused. Raises ``Unreadable`` for the wrong encoding.
    """
    with decoded(file, "\n") as text:
        names: list[str] = []
        chosen: dict[str, str] = {}
        number = 0
        while line := text.readline(LONGEST_LINE):
            number += 1
            where = f"line {number}"
            is_whole = len(line) < LONGEST_LINE or line.endswith("\n")
            while not is_whole and (rest := text.readline(LONGEST_LINE)):
                is_whole = rest.endswith("\n")
            if not line.strip():
                continue
            try:
                if len(line) == LONGEST_LINE:
                    raise Unreadable("longer than any article", "cut it into one line an article")
                row = _object(line)
                if list(row) != names:
                    chosen = columns.choose(row, settings, columns.REQUIRED)
                    names = list(row)
            except Unreadable as error:
                if number == 1 and line.lstrip().startswith("["):
                    raise Unreadable(
                        "a JSON list, not JSON lines", "convert it: jq -c '.[]' OLD > NEW"
                    ) from error
                yield at(where, error)
            else:
                yield article(row, chosen, settings, where)


def _object(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line, object_pairs_hook=_once, parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        detail = (
            f"{error.msg} at character {error.pos}" if isinstance(error, json.JSONDecodeError) else "too deep"
        )
        raise Unreadable(f"no JSON ({detail})", "write one JSON object a line") from error
    if not isinstance(row, dict):
        raise Unreadable(
            "JSON, but no object", 'write one object a line, such as {"date": ..., "title": ...}'
        )
    return columns.flat(row)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise Unreadable(f"the key {twice[:40]!r} stands twice", "keep one of the two")
    return found


class _Lines:
    """The lines of a table for the ``csv`` module, no record of them longer than any article."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text, self.number, self.record, self.size = text, 0, 1, 0

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(MAX_BYTES - self.size + 1):
            self.number += 1
            self.size += len(line)
            if self.size > MAX_BYTES:
                raise Unreadable(
                    "a row longer than any article, or quotes that are never closed; what follows is not read",
                    _CLOSE_QUOTES,
                )
            yield line

    def next_record(self) -> None:
        self.record, self.size = self.number + 1, 0


def _separated(file: BinaryIO, settings: Settings, separators: str) -> Iterator[Record | Unreadable]:
    csv.field_size_limit(MAX_BYTES)
    with decoded(file, "") as text:
        separator = _separator(text, settings, separators)
        lines = _Lines(text)
        rows = csv.reader(lines, delimiter=separator, strict=True)
        names: list[str] = []
        chosen: dict[str, str] = {}
        while True:
            where = f"line {lines.record}"
            problem = None
            try:
                cells = next(rows)
                if not any(cells) or (not names and _is_sep(separator.join(cells))):
                    pass
                elif not names:
                    names = [name.strip() for name in cells]
                    chosen = columns.choose(names, settings)
                elif len(cells) != len(names):
                    raise Unreadable(f"{len(cells)} cells, but {len(names)} columns", _QUOTE_CELLS)
                else:
                    yield article(dict(zip(names, cells, strict=True)), chosen, settings, where)
            except StopIteration:
                return
            except csv.Error as error:
                never = "quotes that are never closed" if "unexpected end" in str(error) else str(error)
                problem = Unreadable(never, _CLOSE_QUOTES)
            except Unreadable as error:
                problem = error
            if problem:
                if not chosen:
                    raise problem
                yield at(where, problem)
                if lines.size > MAX_BYTES:
                    return
            lines.next_record()


def _separator(text: io.TextIOWrapper, settings: Settings, separators: str) -> str:
    """Return the separator by which most of the columns that are looked for are found in the first line."""
    first = next((line for line in iter(lambda: text.readline(MAX_BYTES), "") if line.strip()), "")
    text.seek(0)
    if _is_sep(first):
        return first.strip().strip('"')[4:] or "\t"

    def fields(separator: str) -> tuple[int, int]:
        names = next(csv.reader([first.strip("\r\n")], delimiter=separator), [])
        return columns.known(names, settings), len(names)

    return max(separators, key=fields)


def _is_sep(line: str) -> bool:
    """Tell whether a line is Excel's ``sep=;`` above the columns' names."""
    return re.fullmatch(r'"?sep=[,;|\t]?"?', line.strip("\r\n")) is not None
