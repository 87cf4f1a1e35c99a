"""Markdown with front matter: the text is what a reader of the page reads, the values are texts."""

import io
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import markdown
from analysis.corpus.record import Record, Settings, Unreadable

CLIPPING = (Path(__file__).parent / "fixtures" / "corpus" / "clipping.md").read_bytes()


def read(raw: bytes | str, **settings: Any) -> Record | Unreadable:
    try:
        (item,) = markdown.read(
            io.BytesIO(raw.encode() if isinstance(raw, str) else raw), Settings(**settings)
        )
    except Unreadable as error:
        return error
    return item


def test_a_clipping() -> None:
    found = read(CLIPPING)
    assert isinstance(found, Record), found
    assert found[:4] == ("2024-11-01", "Talks: what is next?", "Jo Doe, Al Roe", "")
    assert found.url == "https://example.org/talks"
    assert found.text.split("\n\n") == [
        "Talks",
        "The minister met her colleague in Oslo on 3. May.",
        "“We will not wait,” she said.",
        "“Nor will we,” he replied.",
        "1914. War broke out.",
        "1915. It ended.",
        "First point, x = 1 &amp; 2",
        "Second point & last",
        "A detail",
        "code stays",
        "Side Dead",
        "A 12",
        "Set apart.",
        "By telephone.",
    ]


PLAIN = [
    ("a *b* **c** ***d*** _e_ ~~f~~", "a b c d e f", "emphasis"),
    ("snake_case 2*3*4 5 * 6", "snake_case 234 5 * 6", "stars between figures are emphasis"),
    (
        "[a](http://x) <https://x.y> [b][r] [sic] [...]\n\n[r]: http://r",
        "a https://x.y b [sic] [...]",
        "links",
    ),
    ("[x](javascript:alert(1))", "x", "only the words of a link"),
    ("![alt](a.png) text", " text", "pictures"),
    ("Title\n=====\n\n## Second ##\n#no heading", "Title\n\nSecond\n\n#no heading", "headings"),
    ("> a\nb\n\n> > c", "a b\n\nc", "quotations"),
    ("one  \ntwo\\\nthree\nfour", "one\ntwo\nthree four", "line breaks"),
    ("- a\n- b\n\n  c\n* d", "a\n\nb\n\nc\n\nd", "lists"),
    ("1. a\n2. b", "a\n\nb", "numbers of a list"),
    ("2024. A year.", "2024. A year.", "a year is no number of a list"),
    ("- [x] done", "[x] done", "tasks"),
    ("`a *b*` and\n\n    c *d*\n\n```\ne *f*\n```", "a *b* and\n\nc *d*\n\ne *f*\n", "code"),
    ("a <b onclick=x>c</b> &amp; &lt; d\\*", "a c & < d*", "HTML in a line"),
    ("<p>a &eacute;</p>\n<style>x</style>", "a é", "HTML on its own"),
    ("<!-- not seen -->\n\nseen", "seen", "a comment"),
    ("a\n\n---\n\nb\n\n***\n\nc", "a\n\nb\n\nc", "rules"),
    ("“Curly,” ‘single’ – dash…", "“Curly,” ‘single’ – dash…", "typography is evidence"),
]


@pytest.mark.parametrize(("text", "expected", "why"), PLAIN, ids=[p[2] for p in PLAIN])
def test_markdown_as_plain_text(text: str, expected: str, why: str) -> None:
    assert markdown.plain(text) == expected, why


FRONT = "date: 2024-11-01\ntitle: A title\n"
BODY = "\nSome text.\n"


def article(front: str = FRONT, body: str = BODY) -> str:
    return f"---\n{front}---\n{body}"


SAME = [
    (article(), "plain"),
    ("\ufeff" + article(), "a byte order mark"),
    ("\n\n" + article(), "empty lines above"),
    (article().replace("\n", "\r\n"), "Windows line ends"),
    (article().encode("utf-16"), "UTF-16 with its mark"),
    (article().replace("\n---\n\n", "\n...\n"), "dots at the end"),
    (article("Published: 2024-11-01T23:59:00-05:00\nHeadline: 'A title'\n"), "other names, time zone"),
    (article('date: "November 1, 2024"\ntitle: >\n  A\n  title\n'), "a folded text"),
    (article(FRONT + "text: no\nbody: no\ntags: [a, [b]]\nx: {y: {z: 1}}\n"), "values that are not needed"),
    (article(FRONT + "cover: !!python/object/apply:os.system ['exit']\n"), "a tag is no code"),
    (article(body="Some\ntext."), "wrapped lines"),
]


@pytest.mark.parametrize(("raw", "why"), SAME, ids=[s[1] for s in SAME])
def test_ways_to_write_the_same_article(raw: bytes | str, why: str) -> None:
    assert read(raw) == Record("2024-11-01", "A title", "", "", "Some text."), why


@pytest.mark.parametrize("value", ["NA", "NO", "no", "null", "~x", "007", "1.10", "0x1F", "true", "12:30:00"])
def test_values_are_texts(value: str) -> None:
    found = read(article(f"date: 2024-11-01\ntitle: {value}\noutlet: {value}\n"))
    assert isinstance(found, Record)
    assert (found.title, found.outlet) == (value, value)


def test_names_may_be_set() -> None:
    raw = article("when: 01/11/2024\nwhat: A title\nwho:\n  name: Jo Doe\n")
    found = read(raw, columns={"date": "when", "title": "what", "byline": "who.name"}, date_order="DMY")
    assert found == Record("2024-11-01", "A title", "Jo Doe", "", "Some text.")


BOMB = "a: &a [x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
)
NOT_READ = [
    (b"", "empty file", "save", "nothing"),
    ("# Title\n\nText.", "no front matter", "begin the file with front matter", "no front matter"),
    ("---\ndate: 2024-11-01\n\nText.", "no front matter", "a line ---", "front matter without end"),
    ("---\n---\nText.", "front matter without lines", "a line ---", "empty front matter"),
    (article("just words\n"), "front matter without lines", "a line ---", "words"),
    (article("title: A title\n"), "no date", "YYYY-MM-DD", "no date"),
    (article("date: 2024-11-01\n"), "no title", "headline", "no title"),
    (article(body="![only a picture](x)"), "no body text", "save", "no text"),
    (article("date: 01/11/2024\ntitle: A\n"), "day/month or as month/day", "DMY or MDY", "which order"),
    (article("date: 2024-11-01\ntitle: A: B\n"), "no YAML (mapping values", 'title: "A: B"', "a colon"),
    (article(FRONT + "title: B\n"), "the key 'title' stands twice", "", "a key twice"),
    (article(FRONT + "Title: B\n"), "2 columns have the name 'title'", "rename", "a key twice in other letters"),
    (article(FRONT + "[a, b]: c\n"), "a key that is no text", "", "a list as key"),
    (article(BOMB + FRONT), "an alias", "", "a bomb of aliases"),
    (article("date: 2024-11-01\ntitle: &a [*a]\n"), "an alias", "", "a list inside of itself"),
    (article("a: " + "[" * 5000 + "\n"), "front matter is no YAML", "", "very deep"),
    (article("a: " + "x" * 20_000 + "\n"), "front matter of 20,", "", "very long front matter"),
    (article("date: 2024-11-01\ntitle: [[a]]\n"), "column 'title' holds a list", "plain text", "a list of lists"),
    (article("date: 2024-11-01\ntitle: {a: b}\n"), "no title", "", "a mapping"),
    (article('date: 2024-11-01\ntitle: "\\ud800"\n'), "half a character", "UTF-8", "a surrogate"),
    (article('date: 2024-11-01\ntitle: "\\0"\n'), "NUL", "", "an escaped NUL"),
    (article(body="x\0"), "binary", "", "a NUL"),
    (article(body="Café").encode("cp1252"), "not UTF-8: byte 0xe9", "iconv", "windows-1252"),
    (article(body="x y " * 70_000), "more than an article in Markdown has", "cut it", "too long"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "reason", "remedy", "why"), NOT_READ, ids=[n[3] for n in NOT_READ])
def test_what_cannot_be_read_says_why(raw: bytes | str, reason: str, remedy: str, why: str) -> None:
    found = read(raw)
    assert isinstance(found, Unreadable), (found, why)
    assert reason in found.reason
    assert remedy in found.remedy


@pytest.mark.parametrize(
    "text", ["[", "*a ", "![", "> ", "- ", "`", "[a](", "<a", "|a", "[^1]", "&", "1. ", "_a*"]
)
def test_hostile_markdown_ends(text: str) -> None:
    markdown.plain(text * (15_000 // len(text)))
    markdown.plain(f"{text}\n" * 2_000)


def test_spoilt_bytes_end_in_an_article_or_a_reason() -> None:
    chance = random.Random(7)
    for _ in range(300):
        spoilt = bytearray(CLIPPING)
        for _ in range(chance.choice([1, 3, 20])):
            spoilt[chance.randrange(len(spoilt))] = chance.choice(
                [10, 32, *b"[]`*>-:&!#|", chance.randrange(256)]
            )
        if chance.random() < 0.3:
            del spoilt[chance.randrange(len(spoilt)) :]
        assert isinstance(read(bytes(spoilt)), Record | Unreadable)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_ends_in_an_article_or_a_reason(front: str, body: str) -> None:
    raw = f"---\n{FRONT}{front}\n---\n{body}".encode("utf-8", "replace")
    assert isinstance(read(raw), Record | Unreadable)


_LETTERS = st.text("abcXYZäé“”’,? ", min_size=1, max_size=40).filter(
    lambda t: t.strip() == t and "  " not in t
)


@given(st.lists(_LETTERS, min_size=1, max_size=5))
def test_words_without_marks_stay_as_they_are(paragraphs: list[str]) -> None:
    assert markdown.plain("\n\n".join(paragraphs)).split("\n\n") == paragraphs
