"""WARC: the HTML pages that a crawl was answered with, as members of an archive."""

import io
import re
from collections.abc import Iterator
from itertools import count
from typing import Any, BinaryIO

from analysis.corpus.record import Unreadable
from analysis.corpus.unpacking import Packed

#: Bytes of one answer as sent.
_LONGEST = 50_000_000
_AGAIN = "fetch the archive again"


def from_warc(file: BinaryIO) -> Iterator[Packed]:
    """Yield each answer with a body of HTML as a page in MHTML's form, which keeps its address and encoding.

    What else a crawl holds (requests, pictures, notes on the crawl) is no member. Raises ``Unreadable`` where fastwarc is missing.
    """
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        raise Unreadable(
            "reading WARC needs a library that is not installed", "pip install regional-threat-briefing[warc]"
        ) from error
    if not file.read(1):
        raise EOFError("an empty file")
    file.seek(0)
    number = count(1)
    for answer in ArchiveIterator(_Kept(file), record_types=WarcRecordType.response, parse_http=False):
        if answer.headers.get("WARC-Target-URI") is None:
            yield Packed(f"{next(number):06}.mht", Unreadable("an answer that is cut off", _AGAIN))
            continue
        answer.parse_http()
        if answer.is_http and "html" in (answer.http_content_type or "").lower():
            yield Packed(f"{next(number):06}.mht", _page(answer))


def _page(answer: Any) -> Iterator[bytes] | Unreadable:
    status, expected = answer.http_headers.status_code, answer.content_length
    if status != 200:
        return Unreadable(
            f"an answer of status {status}, not an article", "nothing, unless the crawl should be repeated"
        )
    if expected > _LONGEST:
        return Unreadable(f"an answer of more than {_LONGEST:,} bytes", "save the article alone")
    sent = answer.reader.read(expected)
    while len(sent) < expected and (more := answer.reader.read(expected - len(sent))):
        sent += more
    if len(sent) < expected:
        return Unreadable("an answer that is cut off", _AGAIN)
    return _saved(answer, sent)


def _saved(answer: Any, sent: bytes) -> Iterator[bytes]:
    from fastwarc.warc import ArchiveIterator

    address = re.sub(r"[^!-~]", "", answer.headers.get("WARC-Target-URI") or "")
    charset = re.sub(r"[^\w.:-]", "", answer.http_charset or "")
    stated = f'; charset="{charset}"' if charset else ""
    yield f"MIME-Version: 1.0\r\nContent-Location: {address}\r\nContent-Type: text/html{stated}\r\n\r\n".encode()
    coded = {name: answer.http_headers.get(name) for name in ("Content-Encoding", "Transfer-Encoding")}
    lines = "".join(f"{name}: {value}\r\n" for name, value in coded.items() if value)
    http = f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + sent
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    for again in ArchiveIterator(io.BytesIO(head.encode() + http + b"\r\n\r\n"), auto_decode="all"):
        while piece := again.reader.read(65_536):
            yield piece


class _Kept:
    """A file that stays open when fastwarc is done with it."""

    def __init__(self, file: BinaryIO) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell

    def close(self) -> None:
        """Leave it to who opened it."""
