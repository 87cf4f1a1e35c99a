"""Feeds: every entry is a record, with its own text and day, or rejected with a reason."""

import io
import random
from contextlib import suppress
from pathlib import Path

import pytest

from analysis.corpus import feed
from analysis.corpus.record import Record, Settings, Unreadable

FIXTURES = Path(__file__).parent / "fixtures" / "corpus"
RSS = (FIXTURES / "rss.xml").read_text(encoding="utf-8")
ATOM = (FIXTURES / "atom.xml").read_text(encoding="utf-8")
ITEM = "<item><title>T</title><pubDate>1 Nov 2024</pubDate><description>Text.</description></item>"


def read(content: str | bytes, order: str = "") -> list[Record | Unreadable]:
    raw = content.encode() if isinstance(content, str) else content
    return list(feed.read(io.BytesIO(raw), Settings(date_order=order)))


def rss(inside: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title>{inside}</channel></rss>'


def test_every_entry_of_rss_is_a_record_or_rejected() -> None:
    first, undated, bodiless, last = read(RSS)
    assert isinstance(first, Record)
    assert first[:4] == ("2024-11-01", "Convoy & bridge", "Mara Lindqvist", "Harbour Courier & Post")
    assert first.url == "https://www.harbour-courier.example/a?id=1&s=2"
    assert first.text == "A convoy crossed the Orla.\n\nMore are expected.\n\nSo says the ministry."
    assert isinstance(undated, Unreadable)
    assert undated.reason == "an entry without date"
    assert isinstance(bodiless, Unreadable)
    assert bodiless.reason == "an entry without text"
    assert isinstance(last, Record)
    assert (last.title, last.byline) == ("Orla&Co grows by 5 %", "Tobias Renn")
    assert last.text == "Profits: 5 < 6, says R&D."


def test_atom_is_dated_by_publication_and_its_content_preferred() -> None:
    first, second = read(ATOM)
    assert isinstance(first, Record)
    assert first[:4] == ("2024-11-01", "Cafés close", "Ines Korbel, Jo Marr", "Orla Weekly")
    assert (first.text, first.url) == ("One paragraph.\n\nAnother.", "https://orla.example/1")
    assert isinstance(second, Record)
    assert (second.date, second.outlet, second.text) == ("2024-11-03", "The Other Paper", "Plain <b> stays.")


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>R</title><items><rdf:Seq><rdf:li rdf:resource="a"/>'
    '</rdf:Seq></items></channel><item rdf:about="a"><title>T</title><description>Text.</description>'
    "<dc:date>2024-11-01T01:00:00+09:00</dc:date></item></rdf:RDF>"
)
OLD = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
NAMESPACED = '<x:feed xmlns:x="http://www.w3.org/2005/Atom"><x:entry><x:title>T</x:title><x:updated>2024-11-01T00:00:00Z</x:updated><x:summary>Text.</x:summary></x:entry></x:feed>'
READ = [
    (RDF, "RSS 1.0"),
    (OLD + rss(ITEM)[21:], "a document type without definitions"),
    (NAMESPACED, "Atom with a prefix"),
    (rss(ITEM.replace("1 Nov 2024", "20241101T073200Z")), "a basic ISO date"),
    ("\ufeff" + rss(ITEM), "a byte order mark"),
    (rss(ITEM.replace("Text.", "Text.\x0b")), "a character that XML forbids"),
    (rss(ITEM.replace("<description>Text.</description>", "<content:encoded>Text.</content:encoded>")), "an undeclared prefix"),
    (rss(ITEM.replace("Text.", "<![CDATA[<p>Text.</p>]]>")), "a text in CDATA"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "why"), READ, ids=[r[1] for r in READ])
def test_what_can_be_read(content: str, why: str) -> None:
    (found,) = read(content)
    assert isinstance(found, Record), found
    assert (found.date, found.title, found.text) == ("2024-11-01", "T", "Text."), why


def test_encodings_and_orders_of_dates() -> None:
    latin = rss(ITEM.replace("Text.", "Café’s.")).replace("?>", ' encoding="iso-8859-1"?>', 1)
    (found,) = read(latin.encode("windows-1252"))
    assert isinstance(found, Record)
    assert found.text == "Café’s."
    assert isinstance(read(rss(ITEM).encode("utf-16"))[0], Record)
    numeric = rss(ITEM.replace("1 Nov 2024", "01/11/2024"))
    (refused,) = read(numeric)
    assert isinstance(refused, Unreadable)
    assert "day/month" in refused.reason
    (found,) = read(numeric, "DMY")
    assert isinstance(found, Record)
    assert found.date == "2024-11-01"


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
BAD = [
    (LAUGHS + rss(ITEM)[21:], "document type", "a billion laughs"),
    ('<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(ITEM)[21:], "document type", "a file"),
    ('<!-- <rss> -->\n<!DOCTYPE rss SYSTEM "x" [<!ENTITY % p SYSTEM "http://a.example/">%p;]>' + rss(ITEM)[21:], "document type", "an address, behind a comment"),
    ('<!DOCTYPE rss SYSTEM "a>b" [<!ENTITY x "y">]>' + rss(ITEM)[21:], "no RSS or Atom", "a bracket in quotes"),
    ("+ADwAIQ-DOCTYPE rss+AD4-", "no RSS or Atom", "UTF-7"),
    ("", "empty file", "nothing"),
    ("<html><body>x</body></html>", "no RSS or Atom", "a page"),
    ("<nitf><body>x</body></nitf>", "no RSS or Atom", "another format of XML"),
    ("\x00\x01", "binary", "bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "reason", "why"), BAD, ids=[b[2] for b in BAD])
def test_what_is_no_feed_is_refused(content: str, reason: str, why: str) -> None:
    with pytest.raises(Unreadable, match=reason) as error:
        read(content)
    assert error.value.remedy, why


def test_entities_are_never_expanded() -> None:
    (found,) = read(rss(ITEM.replace("Text.", "Text &c; and &xxe; end.")))
    assert isinstance(found, Record)
    assert found.text == "Text &c; and &xxe; end."


CUT = [
    (RSS[: RSS.index("So says")], 0, "the feed is cut off inside of this entry"),
    (RSS[: RSS.index("<item>\n<title>Undated")], 1, "the feed is cut off: entries may be missing"),
    (rss(ITEM * 3).removesuffix("</channel></rss>"), 3, "the feed is cut off: entries may be missing"),
]


@pytest.mark.parametrize(("content", "whole", "reason"), CUT)
def test_a_feed_that_is_cut_off_says_so(content: str, whole: int, reason: str) -> None:
    *found, last = read(content)
    assert [type(f) for f in found] == [Record] * whole
    assert isinstance(last, Unreadable)
    assert last.reason == reason


EVIL = [
    "<x " * 50_000, "<![CDATA[" * 100_000, "<!--" * 100_000, "&x;" * 50_000, "<item>" * 50_000, "<a>" * 5_000,
    ITEM.replace("Text.", "&lt;div&gt;" * 20_000), ITEM.replace("<desc", f"<author>{'a' * 500_000}</author><desc"),
]  # fmt: skip


@pytest.mark.parametrize("inside", EVIL, ids=range(len(EVIL)))
def test_hostile_feeds_take_no_time(inside: str) -> None:
    assert all(isinstance(found, Record | Unreadable) for found in read(rss(inside)))


@pytest.mark.parametrize("whole", [RSS.encode(), ATOM.encode(), RDF.encode()], ids=["rss", "atom", "rdf"])
def test_damaged_bytes_are_records_or_rejected(whole: bytes) -> None:
    chance = random.Random(7)
    for _ in range(150):
        damaged = bytearray(whole[: chance.randrange(len(whole))] if chance.random() < 0.5 else whole)
        for _ in range(chance.randrange(9)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with suppress(Unreadable):
            assert all(isinstance(found, Record | Unreadable) for found in read(bytes(damaged)))
