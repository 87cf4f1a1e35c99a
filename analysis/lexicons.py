"""Read the lexicons: CSV files that an analyst edits, each line with its source and date."""

import csv
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

#: Where the lexicons lie; a process that is to measure with others has their folder in its environment.
ELSEWHERE = "BRIEFING_LEXICONS"
FOLDER = Path(os.environ.get(ELSEWHERE) or Path(__file__).resolve().parent.parent / "data" / "lexicons")
_ALWAYS = ("source", "date_added", "note")


class LexiconError(ValueError):
    """A lexicon that cannot be read; the message names the file, the line and the remedy."""


@cache
def read(name: str, *columns: str, folder: Path | None = None) -> tuple[dict[str, str], ...]:
    """Return the lines of ``data/lexicons/NAME.csv``, whose first column is its key.

    Raises ``LexiconError`` naming the file, the line and the remedy for a missing column, an empty or a repeated key, and for a
    file that is no CSV in UTF-8.
    """
    path = (folder or FOLDER) / f"{name}.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return tuple(_lines(path, csv.DictReader(file, strict=True), columns))
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: not in UTF-8; a spreadsheet saves it so as 'CSV UTF-8'") from error
    except csv.Error as error:
        raise LexiconError(f"{path}: {error}; see to the quotation marks") from error


def _lines(path: Path, reader: "csv.DictReader[str]", columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    if list(reader.fieldnames or []) != [*columns, *_ALWAYS]:
        raise LexiconError(f"{path}: the columns must be {', '.join([*columns, *_ALWAYS])}")
    seen: dict[str, int] = {}
    for line in reader:
        where = f"{path}, line {reader.line_num}"
        if None in line or None in line.values():
            raise LexiconError(
                f"{where}: the line has too many or too few fields; quote fields that hold a comma"
            )
        key = line[columns[0]].strip()
        if not key:
            raise LexiconError(f"{where}: {columns[0]} is empty; fill it or remove the line")
        if key in seen:
            raise LexiconError(f"{where}: {key!r} stands in line {seen[key]} too; remove one of the two")
        seen[key] = reader.line_num
        yield line
