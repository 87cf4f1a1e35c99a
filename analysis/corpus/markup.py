"""Marked-up text as text: bytes in the encoding that they are in, and HTML reduced to its paragraphs."""

import re
from typing import BinaryIO

from lxml import etree, html

from analysis.corpus.record import Unreadable

#: Encodings that a page or feed may declare: plain ones, since some that Python knows take quadratic time.
_ENCODING = re.compile(
    r"(?:us-)?ascii|(?:x-)?(?:iso[-_]?8859|windows|cp)[-_]?\d{1,4}|latin-?1|utf-16(?:[lb]e)?|koi8-[ru]|mac(?:roman|intosh)"
    r"|gb2312|gbk|gb18030|big5|shift[-_]jis|euc[-_](?:jp|kr)",
    re.IGNORECASE,
)
_LATIN = re.compile(r"(?:us-)?ascii|iso[-_]?8859[-_]?1|latin-?1", re.IGNORECASE)
#: Elements that end a paragraph, and those that hold no words of the text.
_BLOCKS = frozenset(
    "address article aside blockquote center dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p "
    "pre section table td th tr ul".split()
)
_LESS = re.compile(r"<(?![A-Za-z/!?])")  # "5 < 6" opens no element
_NO_TEXT = frozenset(
    "audio button canvas figcaption iframe noscript object script style svg template video".split()
)


def bytes_of(file: BinaryIO, limit: int) -> bytes:
    """Return a file's bytes. Raises ``Unreadable`` where it is empty, or longer than ``limit``."""
    raw = file.read(limit + 1)
    if len(raw) > limit:
        raise Unreadable(
            f"more than {limit:,} bytes, the limit for files of this kind", "cut it into smaller files"
        )
    if not raw.strip():
        raise Unreadable("empty file", "remove it, or save it again")
    return raw


def decoded(raw: bytes, declared: str = "") -> str:
    """Return bytes as text: UTF-16 with its mark or UTF-8 where they are that, else in the encoding that is declared.

    Raises ``Unreadable`` where they are neither, so that no letter is guessed.
    """
    try:
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return raw.decode("utf-16")
        if b"\0" not in raw:
            return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = declared.strip()
    try:
        if not _ENCODING.fullmatch(declared) or (b"\0" in raw and "16" not in declared):
            raise LookupError(declared)
        return raw.decode(
            "windows-1252" if _LATIN.fullmatch(declared) else declared.lower().removeprefix("x-")
        )
    except (LookupError, UnicodeDecodeError) as error:
        if b"\0" in raw:
            raise Unreadable("a binary file, not text", "save it again as a page or a feed") from error
        stated = (
            f" nor {declared[:40]}, as it declares" if declared else ", and it declares no other encoding"
        )
        raise Unreadable(
            f"not UTF-8{stated}", "convert it, for example: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW"
        ) from error


def plain(fragment: str) -> str:
    """Return the words of a piece of HTML, its paragraphs parted by empty lines; text without markup stays as it is."""
    if "<" not in fragment and "&" not in fragment:
        return fragment
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(f"<body>{_LESS.sub('&lt;', fragment)}".encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return ""
    words: list[str] = []
    silent = None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if silent is None and event == "start":
            if element.tag in _NO_TEXT:
                silent = element
                continue
            words.append("\n\n" if element.tag in _BLOCKS else "\n" if element.tag == "br" else "")
            words.append(element.text if element.tag == "pre" else _line(element.text))
        elif event == "end" and silent in (None, element):
            silent = None
            words += ["\n\n" if element.tag in _BLOCKS else "", _line(element.tail)]
    return "".join(words).strip()


def _line(text: str | None) -> str:
    """Return text with its line breaks as spaces, which is what they are in HTML."""
    return re.sub(r"\s+", " ", text) if text else ""
