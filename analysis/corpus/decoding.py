"""Bytes of a text file as text, or the reason why not."""

from typing import BinaryIO

from analysis.corpus.record import Unreadable

#: No article of a newspaper is longer; what is longer is a collection that needs to be cut first.
MAX_BYTES = 2_000_000


def text_of(file: BinaryIO, limit: int = MAX_BYTES) -> str:
    """Return a text file's content: UTF-8, or UTF-16 with its mark. Raises ``Unreadable`` naming the byte that is neither."""
    raw = file.read(limit + 1)
    if len(raw) > limit:
        size = limit + 1 + len(file.read(100_000_000))
        raise Unreadable(
            f"{size:,} bytes, more than an article has (limit {limit:,})", "cut it into one file an article"
        )
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
