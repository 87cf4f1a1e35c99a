"""The files of a corpus: a folder, one file or a glob, in a fixed order, each with its bytes' hash or the reason why it has none."""

import glob
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from analysis.corpus.record import Unreadable


class CorpusError(Exception):
    """A corpus that cannot be read at all; the message says where and what to do."""


class Source(NamedTuple):
    """One file: where it lies, its name inside the corpus, and what is wrong with it, if anything is."""

    path: Path
    name: str
    problem: Unreadable | None = None


class Mark(NamedTuple):
    """What is known of a file's bytes: SHA-256, their number, and the file's own time (seconds since 1970)."""

    sha256: str
    bytes: int
    modified: int


def sources(corpus: Path) -> list[Source]:
    """Return every file of a corpus in the order of their names.

    ``corpus`` is a folder, a file, or a glob such as ``exports/*.csv``. Files and folders whose names begin with a dot are not
    part of it. Raises ``CorpusError`` where it is missing, unreadable or empty.
    """
    if corpus.is_file():
        return [Source(corpus, corpus.name)]
    if glob.has_magic(str(corpus)) and not corpus.exists():
        root = _base(corpus)
        found = sorted(p for p in root.glob(str(corpus.relative_to(root))) if not p.name.startswith("."))
        if not found:
            raise CorpusError(f"{corpus}: no file has such a name; check the folder and the pattern")
        real = root.resolve()
        return [_checked(path, root, real) for path in found if path.is_symlink() or not path.is_dir()]
    if not corpus.is_dir():
        raise CorpusError(f"{corpus}: no such folder; give the folder that holds the articles")
    return list(_walk(corpus))


def _base(corpus: Path) -> Path:
    """Return the folder that names inside a corpus are relative to."""
    if corpus.is_dir():
        return corpus
    if corpus.is_file():
        return corpus.parent
    parts = corpus.parts
    n = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    return Path(*parts[:n])


def _walk(folder: Path) -> Iterator[Source]:
    failed: list[OSError] = []
    found: list[Source] = []
    real = folder.resolve()
    for parent, folders, files in os.walk(folder, onerror=failed.append):
        linked = sorted(d for d in folders if (Path(parent) / d).is_symlink() and not d.startswith("."))
        problem = Unreadable("a link to a folder", "copy the folder into the corpus")
        found += [Source(Path(parent) / d, _name(Path(parent) / d, folder), problem) for d in linked]
        folders[:] = sorted(d for d in folders if not d.startswith(".") and d not in linked)
        found += [_checked(Path(parent) / f, folder, real) for f in sorted(files) if not f.startswith(".")]
    for error in failed:
        path = Path(error.filename)
        if path == folder:
            raise CorpusError(
                f"{folder}: the folder cannot be opened ({error.strerror}); allow reading it: chmod u+rx"
            )
        problem = Unreadable(f"folder cannot be opened ({error.strerror})", "chmod u+rx it")
        found.append(Source(path, _name(path, folder), problem))
    if not found:
        raise CorpusError(f"{folder}: the folder is empty; put the articles into it")
    return iter(found)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix().encode("utf-8", "backslashreplace").decode()


def _checked(path: Path, folder: Path, real: Path) -> Source:
    name, problem = _name(path, folder), None
    try:
        if not path.resolve(strict=True).is_relative_to(real):
            problem = Unreadable("a link to a file outside the corpus", "copy the file into the corpus")
        elif not path.is_file():
            problem = Unreadable("no ordinary file", "save the article as a file")
    except (OSError, RuntimeError):  # a link to nothing, or to itself
        problem = Unreadable("a link that leads nowhere", "remove it, or copy the file into the corpus")
    return Source(path, name, problem)


def opened(path: Path) -> BinaryIO:
    """Open a file for reading; raise ``Unreadable`` where that is not allowed."""
    try:
        return path.open("rb")
    except OSError as error:
        raise Unreadable(
            f"file cannot be opened ({error.strerror})", "allow reading it: chmod u+r"
        ) from error


def mark(file: BinaryIO) -> Mark:
    """Return what is known of an open file's bytes, and go back to its start."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    about = os.fstat(file.fileno())
    file.seek(0)
    return Mark(digest, about.st_size, int(about.st_mtime))
