"""Runs of an article's words in files of any kind that a build holds: what the rule on sharing must never let out."""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet as pq
import tinyhtml5
import yaml
from pypdf import PdfReader
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, IndirectObject, TextStringObject

MOST = 25
_INDEXED = 24


def pieces(text: str) -> list[str]:
    """Runs of letters and digits: line ends, hyphens, ligatures and quotation marks make no difference."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


class Runs:
    """All runs of one word more than may be shared, of articles' bodies."""

    def __init__(self, bodies: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for body in bodies:
            words = ["".join(found) for found in map(pieces, body.split()) if found]
            for i in range(len(words) - MOST):
                run = "".join(words[i : i + MOST + 1])
                self._by_start.setdefault(run[:_INDEXED], []).append(run)

    def __len__(self) -> int:
        return sum(map(len, self._by_start.values()))

    def within(self, text: str) -> list[str]:
        """Return the runs that a text holds."""
        found = pieces(text)
        flat, ends = "".join(found), list(accumulate(map(len, found)))
        starts, whole = [0, *ends[:-1]], set(ends)
        return [
            run
            for i in starts
            for run in self._by_start.get(flat[i : i + _INDEXED], [])
            if flat.startswith(run, i) and i + len(run) in whole
        ]


def leaks(folder: Path, bodies: Iterable[str]) -> dict[str, str]:
    """Return, by place, the first run that is too long, of every file of a folder, hidden ones too."""
    runs = Runs(bodies)
    assert len(runs), "the articles are too short to leak"
    found = {}
    _done.clear()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        for where, text in texts(path.relative_to(folder).as_posix(), path.read_bytes()):
            if leaked := runs.within(text):
                found[where] = leaked[0]
    return found


_done: set[str] = set()


def texts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """Yield everything that a file says, with the place where it says it. Raises ``KeyError`` for an unknown kind of file."""
    yield name, name
    if (digest := sha256(data).hexdigest()) in _done:  # the archive holds all files again
        return
    _done.add(digest)
    kind = Path(name).suffix or Path(name).name
    for where, text in READERS[kind](data):
        yield f"{name}: {where}" if where else name, text


Said = Iterator[tuple[str, str]]


def _plain(data: bytes) -> Said:
    yield "", data.decode("utf-8")


def _html(data: bytes) -> Said:
    root = tinyhtml5.parse(data.decode("utf-8"), namespace_html_elements=False)
    yield "text", "\n".join(root.itertext())
    for element in root.iter():
        for key, value in element.attrib.items():
            yield f"attribute {key}", value


def _xml(data: bytes) -> Said:
    root = ElementTree.fromstring(data)
    yield "text", "\n".join(root.itertext())
    for element in root.iter():
        for key, value in element.attrib.items():
            yield f"attribute {key}", value


def _pdf(data: bytes) -> Said:
    reader = PdfReader(io.BytesIO(data))
    pages = [page.extract_text() for page in reader.pages]
    for number, text in enumerate(pages, start=1):
        yield f"page {number}", text
    yield "all pages", "\n".join(pages)
    for number in range(1, int(reader.trailer["/Size"])):  # metadata, outline, alternative texts
        for text in _strings(reader.get_object(number)):
            yield f"object {number}", text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, TextStringObject):
        yield str(value)
    elif isinstance(value, ByteStringObject):
        yield value.decode("latin-1")
    elif isinstance(value, DictionaryObject):
        for inner in dict.values(value):
            yield from () if isinstance(inner, IndirectObject) else _strings(inner)
    elif isinstance(value, ArrayObject):
        for inner in list.__iter__(value):
            yield from () if isinstance(inner, IndirectObject) else _strings(inner)


def _zip(data: bytes) -> Said:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield "comment", archive.comment.decode()
        for member in archive.namelist():
            yield from texts(member, archive.read(member))


def _csv(data: bytes) -> Said:
    text = data.decode("utf-8")
    yield "", text
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            yield f"cell of {row[0][:20]}", cell


def _parquet(data: bytes) -> Said:
    file = pq.ParquetFile(io.BytesIO(data))
    yield "metadata", str(file.metadata.metadata)
    table = file.read()
    for name in table.column_names:
        for value in table[name].to_pylist():
            yield (
                f"column {name}",
                "\n".join(value)
                if isinstance(value, list) and value and isinstance(value[0], str)
                else str(value),
            )


def _json(data: bytes) -> Said:
    yield "", "\n".join(_values(json.loads(data)))


def _yaml(data: bytes) -> Said:
    yield "", "\n".join(_values(yaml.safe_load(data)))


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [part for pair in value.items() for part in pair]
    if isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    else:
        yield str(value)


READERS = {
    ".html": _html, ".svg": _xml, ".xml": _xml, ".rels": _xml, ".pdf": _pdf, ".zip": _zip, ".xlsx": _zip, ".csv": _csv,
    ".parquet": _parquet, ".json": _json, ".ipynb": _json, ".cff": _yaml, ".bib": _plain, ".md": _plain, ".txt": _plain,
    ".yml": _yaml, ".built": _plain,
}  # fmt: skip
