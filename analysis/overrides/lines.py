"""The lines of ``data/overrides/*.csv``: what they say, how they are read, and which are refused."""

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from analysis import places, schema, stories

#: What may be said, by file.
ACTIONS: dict[str, tuple[str, ...]] = {
    "attributions": ("remove", "speaker", "source_type"),
    "threats": ("remove", "category", "kind", "regions", "actor"),
    "tones": ("remove", "tone"),
    "places": ("remove", "place"),
    "aliases": ("speaker",),
    "stories": ("merge", "split"),
}
KINDS = tuple(ACTIONS)
#: The files whose lines are about words of an article.
ROWS = ("attributions", "threats", "tones", "places")
#: Actions whose value may be empty: nobody, nowhere, a story of its own.
_EMPTY = ("speaker", "regions", "actor", "split")
_OF_A_ROW = (
    "article_id", "start", "end", "quote", "action", "value", "who", "when", "why", "date", "outlet", "title", "url", "path",
)  # fmt: skip
#: The columns of each file.
COLUMNS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(ROWS, _OF_A_ROW),
    "aliases": ("name", "speaker", "who", "when", "why"),
    "stories": ("article_id", "action", "with_article_id", "source", "date_added", "note"),
}
#: What columns that are named otherwise say of a line.
_FIELDS = {
    "name": "quote", "speaker": "value", "with_article_id": "value", "source": "who", "date_added": "when", "note": "why",
}  # fmt: skip


class OverrideError(ValueError):
    """A correction that cannot be read or made; the message names the file, the line and the remedy."""


class Line(NamedTuple):
    """A correction: what it is about, what it says, and who says so, when and why.

    ``quote`` are the words of the row, from the first of its spans to the last, or the first 25 of them; ``start`` and ``end``
    are where they stood. Of an alias it is the name that is replaced. The last five say which article it was.
    """

    kind: str
    number: int  #: of the line in its file, from 2; 0 where it is in none
    article_id: str = ""
    start: int | None = None
    end: int | None = None
    quote: str = ""
    action: str = ""
    value: str = ""
    who: str = ""
    when: str = ""
    why: str = ""
    date: str = ""
    outlet: str = ""
    title: str = ""
    url: str = ""
    path: str = ""

    @property
    def place(self) -> str:
        """Where the line stands: *threats.csv, line 3*."""
        return f"{self.kind}.csv" + (f", line {self.number}" if self.number else "")

    @property
    def about(self) -> tuple[object, ...]:
        """What the line is about: two lines about the same must not differ."""
        if self.kind == "stories":
            return self.kind, self.article_id
        return self.kind, self.article_id, self.start, self.end, self.quote

    def differs(self, other: "Line") -> bool:
        """Tell whether this line and another one about the same row cannot both hold."""
        if self.action == other.action:
            return self.value != other.value
        return "remove" in (self.action, other.action)


def field(column: str) -> str:
    """Return the field of ``Line`` that a column of a file holds."""
    return _FIELDS.get(column, column)


def read(folder: Path | None = None) -> tuple[Line, ...]:
    """Return all corrections of ``data/overrides``, file by file; a file that is not there has none.

    Raises ``OverrideError`` naming file, line and remedy for whatever cannot be followed.
    """
    folder = folder or stories.OVERRIDES
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in KINDS:
            raise OverrideError(
                f"{path}: no corrections are read from this file{_meant(path.stem, {kind: kind for kind in KINDS})}; its name must be one of "
                f"{', '.join(f'{kind}.csv' for kind in KINDS)}"
            )
    return tuple(line for kind in KINDS for line in of(kind, folder))


def of(kind: str, folder: Path) -> list[Line]:
    """Return the corrections of one file. Raises ``OverrideError``."""
    path = folder / f"{kind}.csv"
    found: list[Line] = []
    seen: dict[tuple[object, ...], int] = {}
    for number, cells in _cells(path, COLUMNS[kind]) if path.exists() else ():
        line = _line(kind, number, cells, f"{path}, line {number}")
        same = (*line.about, line.action, line.value)
        if same in seen:
            raise OverrideError(
                f"{path}, line {number}: the same as line {seen[same]}; remove one of the two"
            )
        seen[same] = number
        found.append(line)
    return found


def _cells(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the cells of each line. Raises ``OverrideError`` where the file has another form."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise OverrideError(
            f"{path}, line {line}: not in UTF-8; a spreadsheet saves it so as 'CSV UTF-8'"
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for row in reader:
            first, number = number + 1, reader.line_num
            if first == 1:
                _head(path, row, columns)
            elif len(row) == len(columns):
                if any(cell.strip() for cell in row):
                    yield first, {c: unescaped(cell.strip()) for c, cell in zip(columns, row, strict=True)}
            elif row:
                raise OverrideError(
                    f"{path}, line {first}: {len(row)} cells instead of {len(columns)}; quote cells that hold a comma"
                )
    except csv.Error as error:
        raise OverrideError(f"{path}, line {number + 1}: {error}; see to the quotation marks") from error
    if not number:
        raise OverrideError(f"{path}: empty; its first line must be {','.join(columns)}")


def _head(path: Path, row: list[str], columns: tuple[str, ...]) -> None:
    if tuple(cell.strip() for cell in row) == columns:
        return
    if len(row) == 1 and any(sign in row[0] for sign in ";\t"):
        raise OverrideError(
            f"{path}, line 1: the columns are parted by {'semicolons' if ';' in row[0] else 'tabs'}, as some spreadsheets save them; "
            "take the file as it was before, and add lines in the lab or with a text editor, parted by commas"
        )
    raise OverrideError(f"{path}, line 1: the columns must be {','.join(columns)}")


def _line(kind: str, number: int, cells: Mapping[str, str], where: str) -> Line:
    values: dict[str, str] = {field(column): cell for column, cell in cells.items()}
    if kind == "aliases":
        values["action"] = "speaker"
    places_in_text = {}
    for name in ("start", "end"):
        cell = values.pop(name, "")
        if cell and not re.fullmatch(r"[0-9]{1,9}", cell):
            raise OverrideError(f"{where}: {name} must be a number of characters, or empty, not {cell!r}")
        places_in_text[name] = int(cell) if cell else None
    line = Line(kind, number, **values, **places_in_text)  # type: ignore[arg-type]
    check(line, where)
    return line


_ID = re.compile(r"[0-9a-f]{16}")


def check(line: Line, where: str) -> None:
    """Raise ``OverrideError`` for a line that says nothing, or what cannot be said; ``where`` opens the message."""
    names = {field(column): column for column in COLUMNS[line.kind]}
    for name in ("quote", "who", "when", "why"):
        if name in names and not getattr(line, name).strip():
            raise OverrideError(f"{where}: {names[name]} is empty; fill it")
    if line.kind != "aliases":
        _check_id(line.article_id, f"{where}: article_id")
    _check_one(line.action, ACTIONS[line.kind], f"{where}: action")
    try:
        is_day = date.fromisoformat(line.when).isoformat() == line.when
    except ValueError:
        is_day = False
    if not is_day:
        raise OverrideError(
            f"{where}: {names['when']} must be a day as YYYY-MM-DD, not {line.when!r}; a spreadsheet may have changed it"
        )
    _check_value(line, f"{where}: {names['value']}")


def _check_value(line: Line, where: str) -> None:
    action, value = line.action, line.value
    if action == "remove":
        if value:
            raise OverrideError(f"{where} must be empty where the action is remove, not {value!r}")
    elif not value:
        if action not in _EMPTY or line.kind == "aliases":
            raise OverrideError(f"{where} is empty; say which {action.replace('_', ' ')} is right")
    elif line.kind == "stories":
        _check_id(value, where)
    elif action in _ALLOWED:
        _check_one(value, _ALLOWED[action], where)
    elif action in ("regions", "place"):
        for place in value.split("; ") if action == "regions" else [value]:
            _check_place(place, where)
    elif action == "actor":
        for part in value.split("; "):
            if re.fullmatch("[A-Z]{2}", part):
                _check_place(part, where)
    if line.kind == "aliases" and line.value == line.quote:
        raise OverrideError(f"{where}: {value!r} is its own name; remove the line")


_ALLOWED = {
    "source_type": schema.SOURCE_TYPES, "category": schema.CATEGORIES, "kind": schema.KINDS, "tone": schema.TONES,
}  # fmt: skip


def _check_id(text: str, where: str) -> None:
    if not _ID.fullmatch(text):
        raise OverrideError(
            f"{where} must be 16 hexadecimal digits, not {text!r}; a spreadsheet may have changed it"
        )


def _check_one(text: str, allowed: tuple[str, ...], where: str) -> None:
    if text not in allowed:
        raise OverrideError(
            f"{where} must be one of {', '.join(allowed)}, not {text!r}{_meant(text, {a: a for a in allowed})}"
        )


def _check_place(text: str, where: str) -> None:
    ids = places.ids()
    if text not in ids:
        known = {name: place for place in ids for name in (places.name(place), place)}
        raise OverrideError(
            f"{where} must be an id of data/lexicons/regions.csv, not {text!r}{_meant(text, known)}"
        )


def _meant(text: str, known: Mapping[str, str]) -> str:
    """Return a question about what is near to a text, in capitals or not, by the names that it is known by."""
    names = {name.lower(): meant for name, meant in known.items()}
    near = difflib.get_close_matches(text.lower(), names, 1)
    return f" (did you mean {names[near[0]]!r}?)" if near else ""


_FORMULA = re.compile(r"'*[=+\-@]")


def escaped(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescaped(cell: str) -> str:
    """Return what ``escaped`` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
