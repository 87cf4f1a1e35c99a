"""Passages with a target in JSON lines, each with ``text`` and the ``start`` and ``end`` of the target in it."""

import json
from pathlib import Path
from typing import NamedTuple

from analysis.corpus import CorpusError


class Target(NamedTuple):
    """A passage and the characters ``text[start:end]`` that name whom or what a tone is asked for."""

    text: str
    start: int
    end: int


def load(path: Path) -> list[Target]:
    """Return the passages of a file in JSON lines, in order; other fields of a line are left aside.

    Raises ``CorpusError`` naming file, line and remedy for the first line that cannot be used.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{path}: the file cannot be opened ({error.strerror}); give a file in JSON lines"
        ) from error
    lines = raw.removeprefix(b"\xef\xbb\xbf").rstrip().split(b"\n")
    if lines == [b""]:
        raise CorpusError(f"{path}: the file is empty; write one JSON object a line: {_EXAMPLE}")
    return [_target(line, f"{path}, line {number}") for number, line in enumerate(lines, 1)]


_EXAMPLE = '{"text": "Moscow warned Kyiv.", "start": 0, "end": 6}'
_FIELDS = {"text": (str, "a text"), "start": (int, "a whole number"), "end": (int, "a whole number")}


def _target(line: bytes, where: str) -> Target:
    try:
        given = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise CorpusError(f"{where}: not UTF-8; save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{where}: not JSON; write one object a line: {_EXAMPLE}") from error
    if not isinstance(given, dict):
        raise CorpusError(f"{where}: no JSON object; write one object a line: {_EXAMPLE}")
    for name, (kind, words) in _FIELDS.items():
        if name not in given:
            raise CorpusError(f"{where}: the field {name!r} is missing; write: {_EXAMPLE}")
        if not isinstance(given[name], kind) or isinstance(given[name], bool):
            raise CorpusError(f"{where}: the field {name!r} must be {words}; write: {_EXAMPLE}")
    found = Target(given["text"], given["start"], given["end"])
    try:
        found.text.encode()
    except UnicodeEncodeError as error:
        raise CorpusError(
            f"{where}: the text holds half a character (a lone surrogate); write the whole character"
        ) from error
    if not 0 <= found.start <= found.end <= len(found.text):
        raise CorpusError(
            f"{where}: start {found.start} and end {found.end} lie outside the text, which has {len(found.text)} characters; "
            "count characters from 0, end exclusive"
        )
    if not found.text[found.start : found.end].strip():
        raise CorpusError(
            f"{where}: the target is empty; give the start and end of the words that name it, end exclusive"
        )
    return found
