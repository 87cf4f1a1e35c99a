"""Read the lexicons: CSV files that an analyst edits, each line with its source and date."""

import csv
import os
import re
from collections.abc import Iterator, Mapping
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


#: Where a term may begin: at no part of a word.
_FIRST = re.compile(r"(?<![\w-])\w+")


def by_first_word(name: str, spelt: Mapping[str, str], ahead: str) -> dict[str, re.Pattern[str]]:
    """Return by the first word, in small letters, a pattern of the terms that begin with it, the longest first.

    ``spelt`` holds the terms of the lexicon ``name``, each as a regular expression; ``ahead`` is what must follow. A pattern of all
    terms would be tried at every word. Raises ``LexiconError`` for a term that begins with no word.
    """
    found: dict[str, list[str]] = {}
    for term in sorted(spelt, key=lambda t: (-len(t), t)):
        first = _FIRST.match(term.lower())
        if not first:
            raise LexiconError(
                f"{name}.csv: {term!r} does not begin with a letter or digit; write its first word"
            )
        found.setdefault(first[0], []).append(spelt[term])
    return {first: re.compile(f"(?:{'|'.join(terms)}){ahead}") for first, terms in found.items()}


def matches(
    patterns: Mapping[str, re.Pattern[str]], text: str, start: int, end: int
) -> Iterator[re.Match[str]]:
    """Yield the terms of ``by_first_word`` in ``text[start:end]``, in order, without overlaps."""
    after = start
    for word in _FIRST.finditer(text, start, end):
        pattern = patterns.get(word[0].lower())
        if pattern and word.start() >= after and (match := pattern.match(text, word.start(), end)):
            after = match.end()
            yield match


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
