"""The lines of the lexicons that the lab works on: what they are, whether a new one can be used, and where it goes."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from analysis import lexicons, places, schema
from analysis.lab.errors import LabError, suggestion
from analysis.threats import terms

#: The lexicons with their own columns, of which the first is the key, and what a column is where it is left out.
COLUMNS = {
    "threats": ("term", "category", "kind", "part"),
    "places": ("term", "id", "kind", "context"),
    "aliases": ("alias", "speaker", "source_type", "affiliation"),
}
_DEFAULTS = {
    "threats": {"kind": "", "part": "event"},
    "places": {"kind": "city", "context": ""},
    "aliases": {"affiliation": ""},
}
#: By what the lines of a lexicon are ordered, where they are.
_ORDER = {"places": ("id", "kind", "term")}
ALWAYS = ("source", "date_added", "note")


def of(name: str) -> dict[str, dict[str, str]]:
    """Return the lines of a lexicon by their keys, each with its line in the file. Raises ``LabError`` for another name."""
    if name not in COLUMNS:
        near = suggestion(name, COLUMNS) or ";"
        raise LabError(f'the lab works on no lexicon "{name}"{near} There are {", ".join(COLUMNS)}')
    with (lexicons.FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        reading = csv.DictReader(file)
        return {line[COLUMNS[name][0]]: {**line, "line": str(reading.line_num)} for line in reading}


def checked(name: str, term: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return a new line of a lexicon. Raises ``LabError`` that says what would have worked."""
    there = of(name)
    key, *columns = COLUMNS[name]
    for given in values:
        if given not in columns:
            near = suggestion(given, columns) or ";"
            raise LabError(f'{name}.csv has no column "{given}"{near} It has {", ".join(columns)}')
    if term != " ".join(term.split()) or not terms.WORD.search(term):
        raise LabError(f'"{term}" is no term: it is empty or has stray blanks')
    if term in there:
        raise LabError(f'"{term}" is in {name}.csv already, line {there[term]["line"]}')
    line = {key: term, **_DEFAULTS[name], **values}
    for column in columns:
        if column not in line:
            raise LabError(f"{column} is missing: try_term({name!r}, {term!r}, {column}=…)")
        allowed = _allowed(name, column)
        if allowed and line[column] not in allowed:
            some = suggestion(line[column], allowed) or f"; one of {', '.join(filter(None, allowed[:12]))}"
            raise LabError(f'no {column} "{line[column]}"{some}')
    return {column: line[column] for column in COLUMNS[name]}


def _allowed(name: str, column: str) -> tuple[str, ...]:
    """Return what may stand in a column; nothing where anything may."""
    kinds = ("", *schema.KINDS) if name == "threats" else (*places.PLACE_KINDS, "none")
    known = {"part": terms.PARTS, "source_type": schema.SOURCE_TYPES, "kind": kinds}
    known |= {"category": (*schema.CATEGORIES, "none"), "id": tuple(places.ids())}
    return known.get(column, ())


def hides(name: str, line: Mapping[str, str]) -> bool:
    """Tell whether a line is there to hide longer phrases, or is a rule, and counts nothing itself."""
    return line.get("category", line.get("kind")) == "none" or (name == "places" and line["kind"] == "rule")


def with_line(path: Path, name: str, line: Mapping[str, str]) -> bytes:
    """Return a lexicon's file with one more line: where its order wants it, else at the end. Nothing else is changed.

    Raises ``LabError`` for a file whose columns are not the lexicon's, as when a spreadsheet saved it with semicolons.
    """
    data = path.read_bytes()
    text = data.decode("utf-8-sig")
    columns = [*COLUMNS[name], *ALWAYS]
    reading = csv.DictReader(io.StringIO(text, newline=""))
    if list(reading.fieldnames or []) != columns:
        raise LabError(f"{path.name}: the columns must be {', '.join(columns)}, parted by commas")
    new = {**dict.fromkeys(ALWAYS, ""), **line}
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow([new[column] for column in columns])
    lines = text.splitlines(keepends=True)
    lines[-1] = lines[-1].rstrip("\r\n") + "\n"
    order, at, before = _ORDER.get(name, ()), len(lines), reading.line_num
    for row in reading:
        if [row[column] for column in order] > [new[column] for column in order]:
            at = before
            break
        before = reading.line_num
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    return mark + "".join([*lines[:at], out.getvalue(), *lines[at:]]).encode()
