"""Saved web pages: HTML, and MHTML as browsers save it. One page is one article; nothing is fetched, no clock is asked."""

import calendar
import email
import json
import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from email.message import Message
from typing import Any, BinaryIO, NamedTuple

import trafilatura
from lxml import etree, html

from analysis.corpus import markup
from analysis.corpus.page_date import DATES, day, drop
from analysis.corpus.record import Record, Settings, Unreadable, record

#: Bytes of a saved page with its pictures; characters and elements of it without pictures, styles and scripts, from where on it
#: is more than an article; characters of a script of metadata, and of all of them without their long texts.
MAX_BYTES, MAX_CHARACTERS, MAX_ELEMENTS, MAX_METADATA, MAX_NAMES = (
    50_000_000,
    2_000_000,
    20_000,
    200_000,
    20_000,
)

for _library in ("trafilatura", "htmldate"):
    logging.getLogger(_library).addHandler(
        logging.NullHandler()
    )  # what they discard is rejected here, with a reason
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,80}encoding=[\"']([\w.:-]{1,40})"
)
_MHTML = re.compile(
    rb"\s*[A-Za-z][\w-]*:[^\n]*\n(?:[^\n<]*\n)*?(?i:content-type):\s*(?i:multipart|text/html)"
)
_SAVED_FROM = re.compile(
    r"saved from url=\(\d+\)(https?://[^\s\"<>]+)|Page saved with SingleFile\s+url:\s*(https?://[^\s\"<>]+)"
)
_PICTURE = re.compile(r"data:[\w/+.;=-]{1,100},[A-Za-z0-9+/=%]{200,}")


class _Page(NamedTuple):
    """A page as saved: its HTML, and the address that the browser noted."""

    html: str
    url: str


def read(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the one article of a page. Raises ``Unreadable`` where it has no text, title or day of publication."""
    page = _page(file)
    try:
        yield _record(_tree(page.html), page.url, settings)
    except (Unreadable, GeneratorExit):
        raise
    except Exception as error:  # whatever libraries that forgive much stumble over
        raise Unreadable(
            f"the page cannot be parsed ({type(error).__name__})", "save the text of the article instead"
        ) from error


def _tree(text: str) -> html.HtmlElement:
    """Return a page's elements without pictures, styles and the scripts that are no metadata."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(_PICTURE.sub("", text).encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable("no HTML", "save the page again") from error
    drop(tree.iter("style", "svg", "template"))
    drop(
        s for s in tree.iter("script") if "json" not in s.get("type", "") or len(s.text or "") > MAX_METADATA
    )
    elements, characters = sum(1 for _ in tree.iter()), len(etree.tostring(tree))
    if elements > MAX_ELEMENTS or characters > MAX_CHARACTERS:
        raise Unreadable(
            f"{elements:,} elements, {characters:,} characters: more than a page with one article has",
            "save the article alone, for example in the browser's reading view",
        )
    return tree


def _record(tree: html.HtmlElement, url: str, settings: Settings) -> Record:
    found = trafilatura.bare_extraction(
        _with_short_metadata(tree),
        url=url or None,
        favor_precision=True,
        include_comments=False,
        with_metadata=True,
        date_extraction_params=DATES,
    )
    if found is None or isinstance(found, dict) or not found.text:
        raise Unreadable(
            "no text of an article found in the page", "save the page once it is loaded, or its text"
        )
    outlet, title = found.sitename or "", found.title or ""
    if outlet:  # "A title | The Post"
        title = re.sub(rf"\s+[|–—·-]\s+{re.escape(outlet)}\s*$", "", title)
    return record(
        day(tree, found.url or url, settings.date_order),
        title,
        ", ".join(
            name
            for part in (found.author or "").split(";")
            if (name := part.strip()) not in calendar.month_name
        ),
        outlet,
        _body(found.text, title),
        url=found.url or url,
    )


def _with_short_metadata(tree: html.HtmlElement) -> html.HtmlElement:
    """Return a copy whose JSON-LD is whole and short: of what is not, trafilatura searches names in quadratic time."""
    copy, left = deepcopy(tree), MAX_NAMES
    for script in list(copy.iter("script")):
        try:
            known = json.loads(script.text or "", strict=False, object_hook=_short)
        except (ValueError, RecursionError):
            known = None
        script.text = json.dumps(known, ensure_ascii=False)
        left -= len(script.text)
        if known is None or left < 0:
            script.drop_tree()
    return copy


def _short(known: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in known.items() if not (isinstance(value, str) and len(value) > 500)}


def _body(text: str, title: str) -> str:
    """Return an article's paragraphs without its headline, which stands in the text of most pages once more."""
    paragraphs = [part for part in text.split("\n") if part.strip()]
    if len(paragraphs) > 1 and paragraphs[0].strip().casefold() == title.strip().casefold():
        del paragraphs[0]
    return "\n\n".join(paragraphs)


def _page(file: BinaryIO) -> _Page:
    raw = markup.bytes_of(file, MAX_BYTES)
    if not _MHTML.match(raw[:20_000]):
        return _saved(raw, "", "")
    if raw.lower().count(b"multipart/") > 20:
        raise Unreadable("parts within parts, more than a saved page has", "save the page again, as HTML")
    try:
        message = email.message_from_bytes(raw)
        part = _main(message)
        body = part.get_payload(decode=True) if part else None
    except Exception as error:  # whatever the parser of messages stumbles over
        raise Unreadable(
            f"the saved page cannot be parsed ({type(error).__name__})", "save it again, as HTML"
        ) from error
    if part is None or not isinstance(body, bytes) or not body.strip():
        raise Unreadable("a saved page without HTML", "save it again, as HTML")
    url = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "")
    return _saved(body, str(part.get_content_charset() or ""), url.strip())


def _main(message: Message) -> Message | None:
    """Return the part of a saved page that is the page itself, not a frame in it."""
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    address = message.get("Snapshot-Content-Location")
    return next(
        (part for part in pages if address and part.get("Content-Location") == address),
        pages[0] if pages else None,
    )


def _saved(raw: bytes, charset: str, url: str) -> _Page:
    declared = _CHARSET.search(raw[:4096])
    text = markup.decoded(
        raw, charset or (next(filter(None, declared.groups())).decode() if declared else "")
    )
    noted = _SAVED_FROM.search(text[:4096])
    url = url or (next(filter(None, noted.groups())) if noted else "")
    return _Page(text, url if url.startswith(("http://", "https://")) else "")
