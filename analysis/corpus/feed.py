"""RSS and Atom: every entry of a feed is a record; what it says of its text is all that is read, links are not followed."""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any, BinaryIO

import feedparser
from lxml import etree

from analysis.corpus import dates, markup
from analysis.corpus.record import Record, Settings, Unreadable, record

#: No feed is longer; a year's archive of one comes in several files.
MAX_BYTES = 20_000_000

_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding=[\"']([\w.:-]{1,40})[\"']")
#: What may stand before the first element. A document type with definitions of its own (``[``) is not matched.
_PROLOG = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[<>]*>)*", re.DOTALL)
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
#: An ampersand that begins none of XML's own references, and the name behind it that HTML may know.
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)(\w{1,40};)?")
_MAIL_AND_NAME = re.compile(r"\S+@\S+\s*\((.+)\)")
#: Elements that hold one line; in longer ones feedparser searches addresses in quadratic time.
_SHORT = frozenset(
    "author creator managingEditor webMaster publisher name email title pubDate date published updated".split()
)
_NAMESPACES = ("", "{http://www.w3.org/2005/Atom", "{http://purl.org/rss/1.0/", "{http://purl.org/atom/ns#")
_AGAIN = "fetch the feed again"


def read(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield every entry of a feed, in its order. Raises ``Unreadable`` where the file is no feed.

    A feed that is cut off yields its whole entries and an ``Unreadable`` for what is missing.
    """
    raw = markup.bytes_of(file, MAX_BYTES)
    declared = _DECLARED.match(raw)
    text = _body(markup.decoded(raw, declared[1].decode() if declared else ""))
    announced, tidy = _tidied(text)
    found = _parsed(tidy)
    outlet = markup.plain(str(found.feed.get("title") or ""))
    cut = _is_cut(text)
    for number, entry in enumerate(found.entries, 1):
        try:
            if cut and number == len(found.entries) and _ends_inside_an_entry(text):
                raise Unreadable("the feed is cut off inside of this entry", _AGAIN)
            yield _record(entry, outlet, settings)
        except Unreadable as error:
            yield error
    for _ in range(announced - len(found.entries)):
        yield Unreadable("an entry that the feed announces and that cannot be found", _AGAIN)
    if cut and not (found.entries and _ends_inside_an_entry(text)):
        yield Unreadable("the feed is cut off: entries may be missing", _AGAIN)


def _body(text: str) -> str:
    """Return a feed from its first element on, so that no declaration before it reaches a parser."""
    start = _PROLOG.match(text).end()  # type: ignore[union-attr]
    if text.startswith("<!DOCTYPE", start):
        raise Unreadable(
            "a document type with definitions of its own, which could expand without end or name other files",
            "fetch the feed again, or delete <!DOCTYPE … ]> from it",
        )
    if not _ROOT.match(text, start):
        raise Unreadable(
            "no RSS or Atom feed", "save the feed itself, whose first element is rss, feed or rdf:RDF"
        )
    return text[start:].rstrip()


def _is_cut(text: str) -> bool:
    root = re.match(r"<([\w:]+)", text)
    return not re.search(rf"</{root[1]}\s*>", text[-10_000:])  # type: ignore[index]


def _ends_inside_an_entry(text: str) -> bool:
    starts, ends = (
        max((m.start() for m in re.finditer(rf"<{slash}(?:\w+:)?(?:item|entry)\b", text)), default=-1)
        for slash in ("", "/")
    )
    return ends < starts


def _tidied(text: str) -> tuple[int, bytes]:
    """Return how many entries a feed announces, and the feed as well-formed XML without what no XML may hold."""
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(_referenced(text).encode(), parser)
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable(f"not XML ({str(error)[:80]})", _AGAIN) from error
    if root is None:
        raise Unreadable("not XML", _AGAIN)
    announced = 0
    for element in root.iter(etree.Element):
        space, _, name = str(element.tag).rpartition("}")
        announced += name in ("item", "entry") and space in _NAMESPACES
        if name in _SHORT and element.text:
            element.text = element.text[:1000]
    return announced, etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _referenced(text: str) -> str:
    """Return XML in which HTML's names of characters are the characters, and each other ampersand stands for itself."""
    first, *rest = text.split("<![CDATA[")
    parts = [("", "", first), *(part.partition("]]>") for part in rest)]
    known = (
        _AMPERSAND.sub(lambda m: html5.get(m[1] or "", f"&amp;{m[1] or ''}"), outside)
        for _, _, outside in parts
    )
    pairs = zip(parts, known, strict=True)
    return "<![CDATA[".join(f"{inside}{end}{outside}" for (inside, end, _), outside in pairs)


def _parsed(tidy: bytes) -> Any:
    try:
        return feedparser.parse(
            tidy,
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:  # whatever a parser that forgives much stumbles over
        raise Unreadable(f"the feed cannot be parsed ({type(error).__name__})", _AGAIN) from error


def _record(entry: Any, outlet: str, settings: Settings) -> Record:
    written = next((w for key in ("published", "created", "updated") if (w := dict.get(entry, key))), "")
    if not written:
        raise Unreadable("an entry without date", "add its pubDate or published, or leave it out")
    body = max((_text(part) for part in _bodies(entry)), key=len, default="")
    if not body:
        raise Unreadable("an entry without text", "save the page that it links to instead")
    source = entry.get("source") or {}
    return record(
        dates.day(str(written), settings.date_order),
        _text(entry.get("title_detail") or {"value": entry.get("title")}),
        ", ".join(dict.fromkeys(filter(None, map(markup.plain, _authors(entry))))),
        markup.plain(str(source.get("title") or "")) or outlet,
        body,
        url=str(entry.get("link") or ""),
    )


def _authors(entry: Any) -> list[str]:
    if named := _MAIL_AND_NAME.fullmatch(str(entry.get("author") or "").strip()):
        return [named[1]]
    names = [str(author.get("name") or "") for author in entry.get("authors") or []]
    return [name for name in names if "@" not in name]


def _bodies(entry: Any) -> list[Any]:
    """Return what may be an entry's text: its contents, or where it has none its summary."""
    contents = [
        c
        for c in entry.get("content") or []
        if str(c.get("type") or "").startswith(("text/", "application/xhtml"))
    ]
    return contents or [entry.get("summary_detail") or {"value": entry.get("summary")}]


def _text(detail: Any) -> str:
    value = str(detail.get("value") or "")
    return value if detail.get("type") == "text/plain" else markup.plain(value)
