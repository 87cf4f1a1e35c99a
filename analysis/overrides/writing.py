"""Write a correction, and take one back: one writer at a time, the file whole at any moment."""

import csv
import fcntl
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import schema, stories
from analysis.overrides import lines, matching
from analysis.overrides.lines import COLUMNS, KINDS, Line, OverrideError


def add(
    kind: str,
    row: Mapping[str, Any],
    action: str,
    value: str | Sequence[str] = "",
    *,
    who: str,
    when: str,
    why: str,
    article: Mapping[str, Any] | None = None,
    folder: Path | None = None,
) -> Line:
    """Append a correction of a row to ``data/overrides/KIND.csv`` and return its line.

    ``kind``, ``action`` and ``value`` are those of the package's docstring; ``when`` is a day as YYYY-MM-DD. ``article`` is the
    row of ``articles``: without it the line does not find the article again when its text is corrected. A line that is there
    already is returned as it is. Raises ``OverrideError`` for what cannot be said, and where another line about the row says
    otherwise.
    """
    if kind not in KINDS:
        raise OverrideError(f"there are no corrections of {kind!r}; there are those of {', '.join(KINDS)}")
    line = _line(kind, row, action, value, article or {})
    line = line._replace(who=_flat(who), when=_flat(when), why=_flat(why))
    lines.check(line, line.place)
    folder = folder or stories.OVERRIDES
    with _alone(folder):
        there = lines.of(kind, folder)
        for other in there:
            if other.about != line.about:
                continue
            if (other.action, other.value) == (line.action, line.value):
                return other
            if other.differs(line) or kind == "stories":
                raise OverrideError(
                    f"{other.place} says {_said(other)} of the same row; take that line back first"
                )
        path = folder / f"{kind}.csv"
        old = path.read_bytes() if path.exists() else _csv(COLUMNS[kind])
        new = old + (b"" if old.endswith(b"\n") else b"\n") + _csv(_row(line))
        schema.write_atomically(path, new)
        return lines.of(kind, folder)[-1]


def undo(line: Line, *, folder: Path | None = None) -> None:
    """Delete the line of a correction, wherever it now stands in its file. Raises ``OverrideError`` where it is not there."""
    folder = folder or stories.OVERRIDES
    with _alone(folder):
        there = lines.of(line.kind, folder)
        number = next((one.number for one in there if one._replace(number=line.number) == line), 0)
        if not number:
            raise OverrideError(f"{line.place}: the line is not there any more, or says something else")
        path = folder / f"{line.kind}.csv"
        every = path.read_bytes().splitlines(keepends=True)
        until = min((one.number for one in there if one.number > number), default=len(every) + 1)
        schema.write_atomically(path, b"".join(every[: number - 1] + every[until - 1 :]))


def _line(
    kind: str, row: Mapping[str, Any], action: str, value: str | Sequence[str], article: Mapping[str, Any]
) -> Line:
    said = _flat(value if isinstance(value, str) else "; ".join(value))
    if kind == "aliases":
        return Line(kind, 0, quote=_flat(row["speaker"]), action=action, value=said)
    about = str(row["article_id"])
    if kind == "stories":
        return Line(kind, 0, about, action=action, value=said)
    start, end, words = matching.span(kind, row)
    known = {name: _flat(article.get(name)) for name in ("date", "outlet", "title", "url", "path")}
    return Line(kind, 0, about, start, end, matching.quote(words), action, said, **known)


def _said(line: Line) -> str:
    return f"{line.action} {line.value}".strip()


def _flat(text: Any) -> str:
    """Return a text on one line, without signs that a file of lines cannot hold."""
    if text is None or text is pd.NA:
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def _row(line: Line) -> list[str]:
    values = (getattr(line, lines.field(column)) for column in COLUMNS[line.kind])
    return [lines.escaped("" if value is None else str(value)) for value in values]


def _csv(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other writers waiting; the system ends the lock with the process, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
