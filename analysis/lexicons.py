"""Read the lexicons: CSV files that an analyst edits, each line with its source and date."""

import csv
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "data" / "lexicons"
_ALWAYS = ("source", "date_added", "note")


@cache
def read(name: str, *columns: str, folder: Path = FOLDER) -> tuple[dict[str, str], ...]:
    """Return the lines of ``data/lexicons/NAME.csv``, whose first column is its key.

    Raises ``ValueError`` naming the file, the line and the remedy for a missing column, an empty or a repeated key.
    """
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if list(reader.fieldnames or []) != [*columns, *_ALWAYS]:
            raise ValueError(f"{path}: the columns must be {', '.join([*columns, *_ALWAYS])}")
        lines: list[dict[str, str]] = []
        seen: dict[str, int] = {}
        for line in reader:
            where = f"{path}, line {reader.line_num}"
            if None in line or None in line.values():
                raise ValueError(
                    f"{where}: the line has too many or too few fields; quote fields that hold a comma"
                )
            key = line[columns[0]].strip()
            if not key:
                raise ValueError(f"{where}: {columns[0]} is empty; fill it or remove the line")
            if key in seen:
                raise ValueError(f"{where}: {key!r} stands in line {seen[key]} too; remove one of the two")
            seen[key] = reader.line_num
            lines.append(line)
    return tuple(lines)
