"""Plain text with a header line: ``date YYYY-MM-DD TITLE``, then perhaps ``By NAME`` and ``Outlet: NAME``, then the body."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from analysis.corpus.decoding import text_of
from analysis.corpus.record import Record, Settings, Unreadable, record

_HEADER = re.compile(r"\s*date[ \t:]+(\d\S*)[ \t]*([^\n]*)\n?", re.IGNORECASE)
_BYLINE = re.compile(r"By\s+([A-ZÀ-Þ].{0,100}[^.!?:,])")  # "By Friday, the troops had left." is no byline
_OUTLET = re.compile(r"Outlet:\s*(.+)", re.IGNORECASE)


def read(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the one article of a file. Raises ``Unreadable`` where it has none."""
    yield parse(text_of(file))


def parse(text: str) -> Record:
    """Return the article in ``text``. Raises ``Unreadable`` where the header line, its date, title or the body is missing."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    header = _HEADER.match(text)
    if not header:
        raise Unreadable("no date in the first line", "begin the file with the line: date YYYY-MM-DD TITLE")
    lines = text[header.end() :].split("\n")
    byline = outlet = ""
    while lines:
        line = lines[0].strip()
        if not byline and (match := _BYLINE.fullmatch(line)):
            byline = match[1]
        elif not outlet and (match := _OUTLET.fullmatch(line)):
            outlet = match[1]
        elif line:
            break
        lines.pop(0)
    return record(header[1], header[2], byline, outlet, "\n".join(lines))
