"""Saved pages: one article each, dated only by what the page states in one way, or rejected with a reason."""

import io
import random
import socket
from datetime import datetime
from pathlib import Path

import pytest

from analysis.corpus import page
from analysis.corpus.record import Record, Settings, Unreadable

FIXTURES = Path(__file__).parent / "fixtures" / "corpus"
BODY = (
    "<p>The ministry in Veskar said on Friday that the convoy had crossed the river, and that further units would follow.</p>"
    "<p>Officials in the capital declined to comment on the report, which several witnesses had confirmed by noon.</p>"
)


def html(head: str = "", before: str = "", after: str = "", title: str = "Convoy crosses") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body><article>"
        f"<h1>{title}</h1>{before}{BODY}</article>{after}<footer>© 2019 Courier</footer></body></html>"
    )


def read(content: str | bytes, order: str = "") -> Record | Unreadable:
    raw = content.encode() if isinstance(content, str) else content
    try:
        (found,) = page.read(io.BytesIO(raw), Settings(date_order=order))
        return found
    except Unreadable as error:
        return error


def test_a_saved_page_is_an_article_with_its_paragraphs() -> None:
    found = read((FIXTURES / "page.html").read_bytes())
    assert isinstance(found, Record)
    assert found[:4] == (
        "2024-11-01",
        "Convoy crosses the Orla",
        "Mara Lindqvist, Tobias Renn",
        "Harbour Courier",
    )
    assert found.url == "https://www.harbour-courier.example/a/convoy"
    paragraphs = found.text.split("\n\n")
    assert len(paragraphs) == 3
    assert paragraphs[0].startswith("A convoy of forty lorries")
    assert paragraphs[1].startswith("“We have no reason")
    assert not {"Most read", "Home", "All rights reserved"} & set(found.text.split("\n"))


def test_the_page_in_an_mhtml_file_is_read_and_not_its_frames() -> None:
    found = read((FIXTURES / "page.mht").read_bytes())
    assert isinstance(found, Record)
    assert (found.date, found.title, found.outlet) == ("2024-11-04", "Ferry fares rise", "Harbour Courier")
    assert found.url == "https://www.harbour-courier.example/a/ferry"
    assert "port’s council" in found.text
    assert "cafés" in found.text
    assert "boat" not in found.text


MODIFIED = '<meta property="article:modified_time" content="2024-11-03T10:00:00Z">'
DATED = [
    ('<meta property="article:published_time" content="2024-11-01T23:30:00-05:00">', "", "", "its own time zone"),
    (f'{MODIFIED}<meta property="article:published_time" content="2024-11-01">', "", "", "published, not modified"),
    (f'{MODIFIED}<script type="application/ld+json">{{"datePublished": "2024-11-01"}}</script>', "", "", "JSON-LD behind a change"),
    ('<script type="application/ld+json">{"datePublished": "2024-11-01",}</script>', "", "", "JSON-LD that is not quite JSON"),
    ('<meta name="date" content="20241101T073200Z">', "", "", "a basic ISO date"),
    ('<link rel="canonical" href="https://a.example/2024/11/01/convoy">', "", "", "the address"),
    ("", '<div class="date">1 November 2024</div>', "", "the month's name"),
    ("", '<p class="byline">By Jo Doe, November 1st, 2024</p>', "", "the month's name first"),
    ("", '<div class="date">01/11/2024</div>', "DMY", "numerals with an order"),
    ("", '<div class="date">11/01/2024</div>', "MDY", "numerals in the other order"),
    ("", '<time datetime="2024-11-01T10:00">Friday</time>', "", "a time element"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "before", "order", "why"), DATED, ids=[d[3] for d in DATED])
def test_the_day_of_publication(head: str, before: str, order: str, why: str) -> None:
    found = read(html(head, before, after='<section><time datetime="2001-01-01">old</time></section>'), order)
    assert isinstance(found, Record), found
    assert found.date == "2024-11-01", why


def test_a_page_that_states_only_its_last_change_is_dated_by_it() -> None:
    found = read(html(MODIFIED))
    assert isinstance(found, Record)
    assert found.date == "2024-11-03"


UNDATED = [
    (html(), "no day of publication", "a year of copyright is no date"),
    (html(title="What happened on 7 October 2023"), "no day of publication", "nor is a day in the headline"),
    (html(after="<aside><p class='date'>7 October 2023</p></aside>"), "no day of publication", "nor another article's"),
    (html('<meta name="date" content="2024-11">'), "no day of publication", "a month is no day"),
    (html("", '<div class="date">01/11/2024</div>'), "day/month or as month/day", "numerals in no order"),
    (html('<meta name="date" content="1899-11-01">'), "no day of publication", "a day before there was a web"),
    ("<!-- Page saved with SingleFile url: https://a.example/ saved date: 2024-11-09 10:00:00 -->" + html(), "no day of publication", "the day it was saved"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "reason", "why"), UNDATED, ids=[u[2] for u in UNDATED])
def test_no_day_is_guessed(content: str, reason: str, why: str) -> None:
    found = read(content)
    assert isinstance(found, Unreadable), found
    assert reason in found.reason
    assert found.remedy


@pytest.mark.parametrize("today", [datetime(2024, 11, 5), datetime(2031, 2, 7)])
def test_nothing_depends_on_today(monkeypatch: pytest.MonkeyPatch, today: datetime) -> None:
    """dateutil completes ``2024-11`` by the day of today: here to one that the text happens to state."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return today

    monkeypatch.setattr("dateutil.parser._parser.datetime.datetime", Clock)
    found = read(html('<meta name="date" content="2024-11">', "<p>The talks of 5 November 2024 failed.</p>"))
    assert isinstance(found, Unreadable)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def refuse(*where: object, **_: object) -> None:
        tried.append(where)
        raise OSError("no network here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for content in (
        "http://a.example/",
        "https://a.example/x.html\n",
        html('<base href="http://a.example/">'),
    ):
        read(content)
    xhtml = '<!DOCTYPE html SYSTEM "http://a.example/x.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    found = read(xhtml + html('<meta name="date" content="2024-11-01">', "<p>&x;</p>"))
    assert "root:" not in str(found)
    assert tried == []


BAD = [
    (b"", "empty file", "an empty file"),
    (b"\x89PNG\r\n\0\0\0", "a binary file", "an image"),
    (b"just words", "no day", "no HTML"),
    (b"<html><body></body></html>", "no text", "an empty page"),
    (b"<html><head><title>T</title></head><body><div id=app></div><script>run()</script></body></html>", "no text", "a page that scripts would fill"),
    (html().replace("utf-8", "x").encode("utf-16-le"), "a binary file", "UTF-16 without mark"),
    (b"<html><body><p>caf\xe9</p></body></html>", "not UTF-8", "no encoding declared"),
    (b"<meta charset=idna><body><p>caf\xe9</p>", "not UTF-8 nor idna", "an encoding that is none"),
    (b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", "no day", "a message without HTML"),
    (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x--\n", "without HTML", "MHTML without parts"),
    (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n" + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 3000, "parts within parts", "parts in parts"),
    (html('<meta name="date" content="2024-11-01">', "<i>a</i>" * 30_000).encode(), "elements", "too many elements"),
    (html('<meta name="date" content="2024-11-01">', "word " * 600_000).encode(), "elements", "too long a text"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "reason", "why"), BAD, ids=[b[2] for b in BAD])
def test_what_is_no_article_is_rejected(content: bytes, reason: str, why: str) -> None:
    found = read(content)
    assert isinstance(found, Unreadable), found
    assert reason in found.reason, why
    assert found.remedy


def test_the_declared_encoding_counts_and_pictures_do_not() -> None:
    head = '<meta name="date" content="2024-11-01">'
    content = html(head, "<p>The café’s owner spoke to witnesses for an hour.</p>")
    found = read(content.replace("utf-8", "iso-8859-1").encode("windows-1252"))
    assert isinstance(found, Record)
    assert "café’s" in found.text
    picture = f'<img src="data:image/png;base64,{"A" * 4_000_000}">'
    assert read(html(head, picture)) == read(html(head))


JSON = ['"author":"', '"Person" ', '"publisher":', "[" * 100, '{"a":']


@pytest.mark.parametrize("bad", JSON)
def test_hostile_metadata_take_no_time(bad: str) -> None:
    script = f'<script type="application/ld+json">{{"@type":"Article",{(bad * 50_000)[:150_000]}</script>'
    assert isinstance(read(html(f'<meta name="date" content="2024-11-01">{script * 3}')), Record)


@pytest.mark.parametrize("name", ["page.html", "page.mht"])
def test_damaged_bytes_are_an_article_or_rejected(name: str) -> None:
    whole, chance = (FIXTURES / name).read_bytes(), random.Random(7)
    for _ in range(60):
        damaged = bytearray(whole[: chance.randrange(len(whole))] if chance.random() < 0.5 else whole)
        for _ in range(chance.randrange(9)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert isinstance(read(bytes(damaged)), Record | Unreadable)
