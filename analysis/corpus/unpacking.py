"""What lies in a .zip, .tar, .gz or .zst, piece by piece, with limits that are counted while unpacking."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from stat import S_ISLNK
from typing import IO, BinaryIO, NamedTuple, cast

import zstandard

from analysis.corpus.record import Unreadable

PACK_AGAIN, UNPACK = "pack the articles again", "unpack it into the folder yourself"
#: Bytes of a directory of members that are read at once: some 300,000 names.
_DIRECTORY = 32_000_000
_PIECE = 65_536
_CUT = "cut off"


class Limits(NamedTuple):
    """How much an archive may hold: bytes of a member and of all, and bytes for each byte packed, from ``small`` bytes on."""

    member: int = 2_000_000_000
    total: int = 20_000_000_000
    ratio: int = 100
    small: int = 10_000_000


class Packed(NamedTuple):
    """A member before it is unpacked: its name in the archive, and its bytes piece by piece or why they are not read."""

    name: str
    content: Iterable[bytes] | Unreadable


class Budget:
    """How much of one archive, and of those in it, was unpacked, and how much may be."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._limits, self._spent = limits, 0
        self._packed = file.seek(0, io.SEEK_END)
        file.seek(0)

    def fill(self, out: IO[bytes], pieces: Iterable[bytes]) -> None:
        """Write a member and go back to its start. Raises ``Unreadable`` as soon as a limit is passed."""
        limits, size = self._limits, 0
        for piece in pieces:
            size += len(piece)
            self._spent += len(piece)
            if size > limits.member:
                raise Unreadable(f"a member of more than {limits.member:,} bytes", UNPACK)
            if self._spent > max(limits.small, limits.ratio * self._packed):
                raise Unreadable(
                    f"the archive unpacks to more than {limits.ratio} times its size",
                    f"if you trust it, {UNPACK}",
                )
            if self._spent > limits.total:
                raise Unreadable(f"the archive unpacks to more than {limits.total:,} bytes", UNPACK)
            out.write(piece)
        out.seek(0)


class _Reads(io.BufferedIOBase):
    """A file of which no more is read at once than an honest directory or header is long."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._end = file.seek(0, io.SEEK_END)
        file.seek(0)

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = max(0, self._end - self._file.tell())
        if min(size, self._end - self._file.tell()) > _DIRECTORY:
            raise Unreadable("a directory of more members than an archive may have", UNPACK)
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def from_zip(file: BinaryIO) -> Iterator[Packed]:
    """Yield the members of a ZIP archive."""
    with zipfile.ZipFile(cast(IO[bytes], _Reads(file))) as archive:
        for info in archive.infolist():
            if not info.is_dir() or info.file_size:
                yield Packed(info.orig_filename, _refused(info) or _zipped(archive, info))


def _refused(info: zipfile.ZipInfo) -> Unreadable | None:
    if info.flag_bits & 0x1:
        return Unreadable("an encrypted member", f"{UNPACK}, with its password")
    if S_ISLNK(info.external_attr >> 16):
        return Unreadable("a link instead of a file", "pack the file that it leads to")
    if info.is_dir():
        return Unreadable("a folder that holds bytes", PACK_AGAIN)
    if info.compress_type not in (
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    ):  # the others unpack without bound at once
        return Unreadable("packed in a way other than deflate", UNPACK)
    return None


def _zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as member:
        yield from _whole(member, info.file_size)


def from_tar(file: BinaryIO) -> Iterator[Packed]:
    """Yield the members of a TAR archive."""
    with tarfile.open(fileobj=cast(IO[bytes], _Reads(file)), mode="r:") as archive:
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # it would keep them all
            if info.issym() or info.islnk():
                yield Packed(
                    info.name, Unreadable("a link instead of a file", "pack the file that it leads to")
                )
            elif not info.isdir():
                whole = info.isreg() and not info.issparse()
                yield Packed(
                    info.name, _tarred(archive, info) if whole else Unreadable("no ordinary file", PACK_AGAIN)
                )
        file.seek(archive.offset)
        if file.read(512).strip(b"\0") or file.tell() < archive.offset + 512:  # a tar ends with zeros
            raise EOFError(_CUT)


def _tarred(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    member = archive.extractfile(info)
    assert member
    with member:
        yield from _whole(member, info.size)


def _whole(member: IO[bytes], size: int) -> Iterator[bytes]:
    while piece := member.read(_PIECE):
        size -= len(piece)
        yield piece
    if size:
        raise EOFError(_CUT)


def from_gz(file: BinaryIO) -> Iterator[bytes]:
    """Yield what is packed in a gzip file."""
    with gzip.GzipFile(fileobj=file, mode="rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def from_zst(file: BinaryIO) -> Iterator[bytes]:
    """Yield what is packed in a Zstandard file, frame by frame; a piece read is short, since it can grow 30,000 times."""
    decoder, frame = zstandard.ZstdDecompressor(max_window_size=2**27), None
    while piece := file.read(1024):
        while piece:
            frame = frame or decoder.decompressobj()
            yield frame.decompress(piece)
            piece = frame.unused_data if frame.eof else b""
            frame = None if frame.eof else frame
    if frame:
        raise EOFError(_CUT)
