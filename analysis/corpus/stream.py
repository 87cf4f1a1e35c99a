"""A text file of any size as a stream of characters, after a look at all of its bytes."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from analysis.corpus.record import Unreadable


@contextmanager
def decoded(file: BinaryIO, newline: str) -> Iterator[io.TextIOWrapper]:
    """Give a file as text, checked to its end to be UTF-8, or UTF-16 with its mark; the file stays open behind it."""
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline=newline)
    try:
        yield text
    finally:
        text.detach()


def _encoding(file: BinaryIO) -> str:
    file.seek(0)
    start = file.read(2)
    file.seek(0)
    if not start:
        raise Unreadable("empty file", "remove it, or export the table again")
    encoding = "utf-16" if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    if b"\0" in start:
        raise Unreadable("a binary file, or UTF-16 without its mark", "export the table as UTF-8")
    decoder = codecs.getincrementaldecoder(encoding)()
    offset, block = 0, start
    while block:
        block = file.read(1 << 20)
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            name = encoding.removesuffix("-sig").upper()
            byte = f"byte 0x{error.object[error.start]:02x} at offset {offset - pending + error.start}"
            raise Unreadable(
                f"not {name}: {byte}", "convert it, for example: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"
            ) from error
        offset += len(block)
    return encoding
