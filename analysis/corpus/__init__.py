"""Read a folder of articles: what can be read becomes a row of ``articles``, all else a row of ``rejected``."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis import schema
from analysis.corpus import header_text, language
from analysis.corpus.record import Record, Unreadable

#: No article of a newspaper is longer; what is longer is a collection that needs to be cut first.
MAX_BYTES = 2_000_000


class CorpusError(Exception):
    """A corpus that cannot be read at all; the message says where and what to do."""


class Corpus(NamedTuple):
    """The two tables that loading yields; together they hold every file of the folder."""

    articles: pd.DataFrame
    rejected: pd.DataFrame


def load(folder: Path) -> Corpus:
    """Read all articles under ``folder``, in the order of their dates and paths.

    Files and folders whose names begin with a dot are not part of a corpus. Raises ``CorpusError`` where the folder is
    missing, unreadable or empty.
    """
    articles: dict[str, dict[str, str]] = {}
    rejected: list[dict[str, str]] = []
    for path, problem in _files(folder):
        name = path.relative_to(folder).as_posix().encode("utf-8", "backslashreplace").decode()
        raw = b""
        try:
            if problem:
                raise problem
            raw = _bytes(path, folder)
            row = _row(header_text.parse(_decode(raw)), name, hashlib.sha256(raw).hexdigest())
            if twin := articles.get(row["article_id"]):
                raise Unreadable(f"the same article as {twin['path']}", "remove one of the two files")
            articles[row["article_id"]] = row
        except Unreadable as error:
            digest = hashlib.sha256(raw).hexdigest() if raw else ""
            rejected.append(
                {"path": name, "reason": error.reason, "remedy": error.remedy, "sha256_raw": digest}
            )
    ordered = sorted(articles.values(), key=lambda a: (a["date"], a["path"]))
    return Corpus(
        schema.table("articles", ordered), schema.table("rejected", sorted(rejected, key=lambda r: r["path"]))
    )


def _files(folder: Path) -> Iterator[tuple[Path, Unreadable | None]]:
    """Yield every file under ``folder`` in a fixed order, and every folder that cannot be opened with its reason."""
    if not folder.is_dir():
        raise CorpusError(f"{folder}: no such folder; give the folder that holds the articles")
    failed: list[OSError] = []
    found: list[tuple[Path, Unreadable | None]] = []
    for parent, folders, files in os.walk(folder, onerror=failed.append):
        linked = sorted(d for d in folders if (Path(parent) / d).is_symlink() and not d.startswith("."))
        found += [
            (Path(parent) / d, Unreadable("a link to a folder", "copy the folder into the corpus"))
            for d in linked
        ]
        folders[:] = sorted(d for d in folders if not d.startswith(".") and d not in linked)
        found += [(Path(parent) / f, None) for f in sorted(files) if not f.startswith(".")]
    for error in failed:
        if Path(error.filename) == folder:
            raise CorpusError(
                f"{folder}: the folder cannot be opened ({error.strerror}); allow reading it: chmod u+rx"
            )
        found.append(
            (Path(error.filename), Unreadable(f"folder cannot be opened ({error.strerror})", "chmod u+rx it"))
        )
    if not found:
        raise CorpusError(f"{folder}: the folder is empty; put the articles into it, one .txt file each")
    yield from found


def _bytes(path: Path, folder: Path) -> bytes:
    try:
        inside = path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:  # a link to nothing, or to itself
        raise Unreadable(
            "a link that leads nowhere", "remove it, or copy the file into the corpus"
        ) from error
    if not inside:
        raise Unreadable("a link to a file outside the corpus", "copy the file into the corpus")
    if not path.is_file():
        raise Unreadable("no ordinary file", "save the article as a file")
    if path.suffix.lower() != ".txt":
        raise Unreadable(
            f"format {path.suffix or 'without ending'} is not read",
            "save the article as .txt with a header line",
        )
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise Unreadable(
                f"{size:,} bytes, more than an article has (limit {MAX_BYTES:,})",
                "cut it into one file an article",
            )
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(
            f"file cannot be opened ({error.strerror})", "allow reading it: chmod u+r"
        ) from error


def _decode(raw: bytes) -> str:
    if not raw.strip():
        raise Unreadable("empty file", "remove it, or save the article again")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            pass
    if b"\0" in raw:
        raise Unreadable("a binary file, not text", "save the article as plain text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}",
            "convert it, for example: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW",
        ) from error


def _row(record: Record, path: str, digest: str) -> dict[str, str]:
    identity = "\x1f".join([record.date, record.outlet, record.title, record.byline, record.text])
    article_id = hashlib.sha256(identity.encode()).hexdigest()[:16]
    spoken = language.identify(record.text)
    return {
        "article_id": article_id, "path": path, **record._asdict(), "language": spoken, "sha256_raw": digest,
    }  # fmt: skip
