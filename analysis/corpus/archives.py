"""Archives: what a .zip, .tar, .gz, .zst or .warc holds, one member at a time, as if it lay in the folder.

Nothing is written under a name that an archive gives: a member is an anonymous temporary file. Every member yields something, its
bytes or the reason why they are not read; folders and hidden files are no members, as in a folder.
"""

import re
from collections.abc import Generator, Iterator
from contextlib import closing
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from analysis.corpus.record import Unreadable
from analysis.corpus.unpacking import (
    PACK_AGAIN,
    UNPACK,
    Budget,
    Limits,
    Packed,
    from_gz,
    from_tar,
    from_zip,
    from_zst,
)
from analysis.corpus.warc import from_warc

LIMITS = Limits()
#: Archives within an archive that are opened: one in it, and one in that.
DEPTH = 2
#: Bytes of a member that stay in memory; a larger one goes to a temporary file without name.
_IN_MEMORY = 8_000_000
_STREAMS = {".gz": "", ".tgz": ".tar", ".zst": "", ".tzst": ".tar"}
_WARC = (".warc", ".warc.gz")
_ENDINGS = (".zip", ".tar", ".warc", *_STREAMS)

Member = tuple[str, BinaryIO | Unreadable]


def is_archive(name: str) -> bool:
    """Return whether a file of this name is opened to read what it holds."""
    return name.lower().endswith(_ENDINGS)


def members(file: BinaryIO, name: str, limits: Limits = LIMITS) -> Iterator[Member]:
    """Yield the members of an archive as ``(path, file)``, or with the reason why one is not read.

    Each file is closed as soon as the next is asked for. A path begins with ``name``; backslashes in it are read as the slashes
    that they mean, and what cannot be printed is written as its number. Archives in the archive are opened, two deep. Raises
    ``Unreadable`` where ``file`` is no archive of the kind that its name says.
    """
    yield from _opened(file, name, name, Budget(file, limits), 0)


def _opened(file: BinaryIO, name: str, path: str, budget: Budget, depth: int) -> Iterator[Member]:
    seen: set[str] = set()
    try:
        with closing(_packed(file, name)) as packed:
            for member in packed:
                if _is_hidden(member.name):
                    continue
                inner = _shown(member.name)
                problem = _problem(member, inner in seen)
                seen.add(inner)
                within = path if _is_stream(name) and is_archive(inner) else f"{path}/{inner}"
                if problem:
                    yield within, problem
                else:
                    yield from _unpacked(member, inner, within, budget, depth)
    except Exception as error:  # whatever a library stumbles over in bytes that are no archive
        remedy = f"{PACK_AGAIN}, or fetch the archive again"
        if not seen:
            raise (
                error
                if isinstance(error, Unreadable)
                else Unreadable(f"no such archive ({_said(error)})", remedy)
            ) from error
        yield path, Unreadable(f"the archive is damaged, members may be missing ({_said(error)})", remedy)


def _is_stream(name: str) -> bool:
    return name.lower().endswith(tuple(_STREAMS)) and not name.lower().endswith(_WARC)


def _packed(file: BinaryIO, name: str) -> Generator[Packed, None, None]:
    if name.lower().endswith(_WARC):
        yield from from_warc(file)
    elif _is_stream(name):
        stem, _, ending = name.rpartition(".")
        content = from_gz(file) if ending.lower().endswith("gz") else from_zst(file)
        yield Packed(stem.rpartition("/")[2] + _STREAMS[f".{ending.lower()}"], content)
    else:
        yield from from_zip(file) if name.lower().endswith(".zip") else from_tar(file)


def _unpacked(member: Packed, inner: str, path: str, budget: Budget, depth: int) -> Iterator[Member]:
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
        out = cast(BinaryIO, spooled)
        try:
            if is_archive(inner) and depth == DEPTH:
                raise Unreadable(f"an archive within {DEPTH + 1} archives", UNPACK)
            budget.fill(out, cast(Iterator[bytes], member.content))
            if not is_archive(inner):
                yield path, out
                return
            number = 0
            for number, found in enumerate(_opened(out, inner, path, budget, depth + 1), 1):  # noqa: B007
                yield found
            if not number:
                raise Unreadable("an archive without files", "remove it, or pack it again")
        except Unreadable as error:
            yield path, error
        except Exception as error:  # whatever a library stumbles over in damaged bytes
            yield path, Unreadable(f"a member that is damaged or cut off ({_said(error)})", PACK_AGAIN)


def _is_hidden(name: str) -> bool:
    """Return whether a name, or a folder in it, begins with a dot, or is what macOS adds to a zip; such files are no part of a corpus."""
    parts = name.replace("\\", "/").split("/")
    return ".." not in parts and (
        parts[0] == "__MACOSX" or any(p.startswith(".") and p != "." for p in parts)
    )


def _problem(member: Packed, again: bool) -> Unreadable | None:
    """Return why a member is not read: what the archive says of it, or its name, which may lead out of any folder."""
    name = member.name.replace("\\", "/")
    parts = name.split("/")
    if isinstance(member.content, Unreadable):
        return member.content
    if "\0" in name or not name.strip("/."):
        return Unreadable("a name that no file can have", PACK_AGAIN)
    if name.startswith("/") or ".." in parts or re.match("[A-Za-z]:", name):
        return Unreadable("a name that leads out of the archive", PACK_AGAIN)
    return Unreadable("a second member of that name", PACK_AGAIN) if again else None


def _shown(name: str) -> str:
    parts = (part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
    shown = "/".join(parts).encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in shown) or "?"


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__
