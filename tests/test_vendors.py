"""Exports of news archives: what each fixture holds comes out, article by article, and nothing that is announced goes missing."""

import io
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
import yaml

from analysis import lexicons
from analysis.corpus import layouts, vendors
from analysis.corpus.record import Record, Settings, Unreadable

FIXTURES = Path(__file__).parent / "fixtures" / "corpus" / "vendors"
Reader = Callable[[io.BytesIO, Settings], Iterator[Record | Unreadable]]
READERS: dict[str, Reader] = {
    ".txt": vendors.read_txt, ".rtf": vendors.read_rtf, ".html": vendors.read_html, ".docx": vendors.read_docx,
}  # fmt: skip


def read(reader: Reader, content: bytes) -> list[Record | Unreadable]:
    return list(reader(io.BytesIO(content), Settings()))


def outcome(found: list[Record | Unreadable]) -> list[str]:
    """Return each article's title, or the reason why there is none."""
    return [one.title if isinstance(one, Record) else one.reason for one in found]


def refused(reader: Reader, content: bytes) -> str:
    """Return the reason why a file as a whole is refused."""
    with pytest.raises(Unreadable) as error:
        read(reader, content)
    return error.value.reason


def as_docx(text: str) -> bytes:
    """Write a text as a DOCX, a paragraph a line; a line with ``|`` becomes a row of a table."""
    document, out = docx.Document(), io.BytesIO()
    for line in text.split("\n"):
        if "|" in line:
            table = document.add_table(1, 2)
            for cell, words in zip(table.rows[0].cells, line.split("|"), strict=True):
                cell.text = words
        else:
            document.add_paragraph(line.replace("\v", "\n"))  # which is a break inside of it
    document.save(out)
    return out.getvalue()


WHOLE = [
    (
        "nexis.txt",
        [
            Record(
                "2024-11-01", "Patrol boats close the strait for a second night", "Ann Reed", "The Harbour Post (Tallport)",
                "Two patrol boats closed the strait on Thursday night, the harbour office of Tallport said. It was the second "
                'closure within one week.\n\n"We expect a third," said Jonas Vik, an analyst at the Harbour Institute.',
                words_declared=33,
            ),
            Record(
                "2024-11-02", "Ferries wait for word from the navy", "", "The Daily Quay",
                "Ferry owners waited on Friday. Section 4 of the rules lets them sail.", words_declared=1012,
            ),
            "no title",
        ],
        "marks with numbers, wrapped lines, an edition, a correction, a highlight, a caption; no headline in the third",
    ),
    (
        "nexis-uni.txt",
        [
            Record(
                "2024-11-01", "Island keeps its radar running through the storm", "Ann Reed and Jonas Vik",
                "The Harbour Post (Tallport)",
                "The island kept its radar running on Thursday, although the storm had cut its power twice. The crew had expected "
                "no attack.\n\nBody parts of a drone lay on the shore, a fisher said.\n\nIt was the third in a month.",
                words_declared=512,
            ),
            Record(
                "2024-11-01", "Der Hafen bleibt offen", "", "Hafenbote", "Der Hafen bleibt offen, sagte die Behörde am Freitag.",
                words_declared=9,
            ),
        ],
        "two empty lines in a text (LexisNexisTools 11), a sentence that begins with Body, a head without empty lines, German",
    ),
    (
        "nexis-uni.rtf",
        [
            Record(
                "2024-11-05", "Reservists called up on the coast", "Ann Reed", "Harbour Post",
                "Reservists were called up on the coast.\n\nA third line after two empty ones.", words_declared=1204,
            ),
            Record(
                "2024-11-06", "Quay stays shut", "", "Daily Quay", "The quay stays shut until Monday.", words_declared=7
            ),
            "the article 'Lost at sea' is announced, but not in the file",
        ],
        "a cover page whose list has one title more than articles follow, no-break spaces, tables, links",
    ),
    (
        "factiva-indexed.html",
        [
            Record(
                "2024-12-29", "Deux navires au large du cap", "Mara Lund", "Le Quai",
                "Deux navires ont été vus au large du cap.\n\nLa garde côtière attend.\n\n« Nous restons prudents », dit un "
                "officier.\n\nHD\n\n2",
                words_declared=1295,
            ),
            "an article without the line that begins or ends it",
        ],
        "codes, French month and count, a table inside of the text, a page that is cut off",
    ),
    (
        "factiva-indexed.rtf",
        [
            Record(
                "2024-11-09", "Navy moves two ships north", "Ann Reed", "Harbour Post",
                "The navy moved two ships north — a “routine” step \U0001f8c9.\n\nIt gave no reason, wrote Jonas Vik.\n\nThe ships "
                "carry rockets.",
                words_declared=1204,
            ),
            Record(
                "2024-11-10", "Quay stays shut", "", "Harbour Post", "The quay stays shut until Monday.", words_declared=9
            ),
        ],
        "rows of a table, bold words, a character beyond 65,535, a link, a summary of the search at the end",
    ),
    (
        "factiva.html",
        [
            Record(
                "2024-11-09", "Minister says talks will resume", "MARA LUND", "The Daily Quay",
                "By Friday, the talks had stopped.\n\nThe minister said that they would resume at the strait.",
                words_declared=877,
            )
        ],
        "no codes: a section before the headline, a first sentence with By, the provider behind the text",
    ),
    (
        "factiva.rtf",
        [
            Record(
                "2024-11-11", "Admiral plays down the drill", "Mara Lund", "The Daily Quay",
                'The admiral played down the drill on Sunday.\n\n"We do this each year," she said.', words_declared=214,
            ),
            "no title",
        ],
        "no codes: the headline is the line in bold type; where none is, it is not guessed",
    ),
    (
        "proquest.txt",
        [
            Record(
                "2024-11-01", "Fishers report shots near the reef", "Reed, Ann", "Harbour Post",
                "Fishers reported shots near the reef on Thursday.\n\nLocation: the reef lies two miles off Tallport.\n\nTitle: a "
                'word that the council avoids.\n\n"Nobody was hurt," said Jonas Vik, a coast guard officer.',
                "http://example.org/docview/1",
            ),
            "no date where this layout has it",
            "article 3 is announced, but not in the file",
        ],
        "sentences that look like labels, a citation without text, a third article that is missing",
    ),
    (
        "proquest-newer.txt",
        [
            Record(
                "2024-11-03", "Convoy turns back at the cape", "Mara Lund", "Daily Quay",
                "The convoy turned back at the cape on Saturday.\n\nIt had been due in Tallport by Monday.",
                "http://example.org/docview/3",
            ),
            "no full text",
        ],
        "no numbers, a last piece of terms and copyright",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected", "why"), WHOLE, ids=[w[0] for w in WHOLE])
def test_each_layout_gives_its_articles(name: str, expected: list[Record | str], why: str) -> None:
    found = read(READERS[Path(name).suffix], (FIXTURES / name).read_bytes())
    assert [one if isinstance(one, Record) else one.reason for one in found] == expected, why
    assert all(one.remedy for one in found if isinstance(one, Unreadable))


RECOGNISED = [
    ("nexis.txt", "nexis"), ("nexis-uni.txt", "nexis-uni"), ("proquest.txt", "proquest"), ("proquest-newer.txt", "proquest"),
    ("factiva.html", "factiva"), ("factiva-indexed.html", "factiva-indexed"),
]  # fmt: skip
ORDINARY = [
    ("date 2024-05-06 A title\n\nBy Jo Doe\n\nSome text.", "the header line"),
    ("He read page 1 of 3 documents.\n\nLength: the pier has 512 words on it.\n", "sentences of an article"),
    ("Body\n\nEnd of Document\n", "a marker alone"),
    ("________________________________________________\n\nNotes: none\n", "a line of underscores"),
    ("<html><body><article class='article'><p>Body</p></article></body></html>", "another page"),
    ("HD\nTV sales rose in 2024.\nAN\n", "codes alone"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("name", "key"), RECOGNISED)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_vendors_file_is_told(name: str, key: str, ends: str) -> None:
    assert vendors.recognise((FIXTURES / name).read_text(encoding="utf-8").replace("\n", ends)) == key


@pytest.mark.parametrize(("text", "why"), ORDINARY, ids=[o[1] for o in ORDINARY])
def test_an_ordinary_file_is_none(text: str, why: str) -> None:
    assert vendors.recognise(text) == "", why


@pytest.mark.parametrize(("name", "key"), RECOGNISED)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_line_ends_and_encodings_change_nothing(name: str, key: str, encoding: str) -> None:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    reader = READERS[Path(name).suffix]
    assert read(reader, text.replace("\n", "\r\n").encode(encoding))[0] == read(reader, text.encode())[0]


def uni(*titles: str, cover: int | None = None, listed: tuple[str, ...] = (), marks: bool = True) -> str:
    """Return a download of Nexis Uni with these articles, and perhaps a cover page that announces more."""
    lines = []
    if cover is not None:
        lines = [
            "User Name: A. Reader",
            "Date and Time: Friday, November 22, 2024 7:11:00 PM CET",
            "Job Number: 1",
            "",
        ]
        lines += [f"Documents ({cover})" if cover != 1 else "Document (1)"]
        for i, title in enumerate(listed, 1):
            lines += [
                f"{i}. {title}",
                "Client/Matter: -None-",
                "Narrowed by:",
                "Content Type|Narrowed by",
                "News|Sources: Quay",
            ]
        lines += ["", ""]
    for title in titles:
        lines += [
            "",
            title,
            "The Daily Quay",
            "November 5, 2024 Tuesday",
            "Copyright 2024 Quay",
            "Length:\xa04 words",
        ]
        lines += ["Body", f"{title} is the text.", "", "", "A second part.", "Load-Date:\xa0November 6, 2024"]
        lines += ["End of Document"] if marks else []
    return "\n".join(lines)


MISSING = "is announced, but not in the file"
COUNTS = [
    (uni("One", "Two", cover=2, listed=("One", "Two")), ["One", "Two"], "all there"),
    (uni("One", "Two", cover=2), ["One", "Two"], "a cover page without a list"),
    (uni("One"), ["One"], "a single download has no cover page"),
    (uni("One", "One", cover=3, listed=("One", "One", "One")), ["One", "One", f"the article 'One' {MISSING}"], "the same title"),
    (uni("One", cover=3), ["One", f"article 2 {MISSING}", f"article 3 {MISSING}"], "only the count is stated"),
    (uni("Two", cover=1, listed=("One", "Two")), ["Two", f"the article 'One' {MISSING}"], "the list is longer than the count"),
    (uni("One", cover=2, listed=("One", "Two"))[:-20], ["an article without the line that begins or ends it",
        f"article 2 {MISSING}"], "the file ends within an article"),
    (uni("Other", "Two", cover=2, listed=("One", "Two")), ["an article without the line that begins or ends it", "Two"],
        "where the cover page ends cannot be told"),
    (uni(cover=2, listed=("One", "Two")), [f"the article 'One' {MISSING}", f"the article 'Two' {MISSING}"], "a list alone"),
    (uni("One", "Two", cover=2, marks=False) + "\nEnd of Document", ["two articles have run together: the line that parts them is "
        "missing"] * 2, "the line between two articles is lost"),
    (uni("1. Mai bleibt ruhig", cover=1, listed=("1. Mai bleibt ruhig",)), ["1. Mai bleibt ruhig"], "a title with a number"),
    (uni(*(f"No {i}" for i in range(100)), cover=100), [f"No {i}" for i in range(100)], "LexisNexisTools 11: 100 of 100"),
    (uni("One", cover=99_999), ["One", "99,998 articles announced, but not in the file"], "a count beyond belief"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "why"), COUNTS, ids=[c[2] for c in COUNTS])
def test_announced_is_parsed_and_rejected(text: str, expected: list[str], why: str) -> None:
    assert outcome(read(vendors.read_docx, as_docx(text))) == expected, why


def nexis(numbers: list[int], total: int, cover: str = "") -> bytes:
    articles = (
        f"{n} of {total:,} DOCUMENTS\n\nThe Daily Quay\n\nNovember 5, 2024\n\nTitle {n}\n\nLENGTH: 4 words\n\nText of {n}.\n\n"
        for n in numbers
    )
    return (cover + "".join(articles)).encode()


def titles(*numbers: int) -> list[str]:
    return [f"Title {n}" for n in numbers]


NUMBERS = [
    (nexis([1, 2, 3], 3), titles(1, 2, 3), "all there"),
    (nexis([1, 3], 3), ["Title 1", f"article 2 {MISSING}", "Title 3"], "one is missing, in its place"),
    (nexis([1], 3), ["Title 1", f"article 2 {MISSING}", f"article 3 {MISSING}"], "the end is missing"),
    (nexis([501, 502], 502), titles(501, 502), "the last part of a longer download"),
    (nexis([1, 2], 700, "Download Request: Selected Items: 1-2\n"), titles(1, 2), "the first part, as its cover page says"),
    (nexis([1, 2], 2) + nexis([1, 3], 3), [*titles(1, 2, 1), f"article 2 {MISSING}", "Title 3"], "two downloads in one file"),
    (nexis([1_001], 1_001), titles(1001), "numbers with a comma"),
    (b"The Daily Quay\n\nNovember 5, 2024\n\nX\n\nLENGTH: 4 words\n\nText.\n\n" + nexis([2], 2),
        ["an article without the line that begins or ends it", "Title 2"], "the first mark is lost"),
    (nexis([1], 999_999), ["Title 1", "999,998 articles announced, but not in the file"], "a total beyond belief"),
    (nexis([0], 0), ["Title 0"], "a number of no use"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected", "why"), NUMBERS, ids=[n[2] for n in NUMBERS])
def test_numbers_that_are_missing_are_named(content: bytes, expected: list[str], why: str) -> None:
    assert outcome(read(vendors.read_txt, content)) == expected, why


def test_an_abstract_is_no_text_and_a_broken_line_no_end() -> None:
    text = (
        uni("One").replace("Body\n", "Body\nABSTRACT\nShort.\nFULL TEXT\n").replace("One\n", "One\vmore\n", 1)
    )
    (one,) = read(vendors.read_docx, as_docx(text))
    assert isinstance(one, Record)
    assert (one.title, one.text, one.words_declared) == ("One more", "One is the text.\n\nA second part.", 4)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"word/{name}.xml", content)
    return out.getvalue()


W = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
ENTITY = (
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
)
HOSTILE = [
    (vendors.read_docx, zipped(document=b" " * 70_000_000), "70,000,000 bytes when unpacked", "0.07 MB that unzip to 70 MB"),
    (vendors.read_docx, zipped(document=ENTITY + W + b"<w:p><w:r><w:t>&b;&f;</w:t></w:r></w:p></w:body></w:document>"),
        "document type", "entities"),
    (vendors.read_docx, zipped(document=W + b"<w:x>" * 5_000), "damaged", "deep XML"),
    (vendors.read_docx, zipped(document=W), "damaged", "XML that ends early"),
    (vendors.read_docx, zipped(other=b""), "no Word document", "another archive"),
    (vendors.read_docx, b"PK\x03\x04", "damaged", "no archive"),
    (vendors.read_docx, as_docx("A letter.\n\nDear Ann, all is well."), "laid out like no export", "an ordinary document"),
    (vendors.read_rtf, b"{\\rtf1 " + b"{" * 1_000_000, "nested deeper", "a million braces"),
    (vendors.read_rtf, b"{\\rtf1 " + b"x" * 6_000_000, "6,000,007 characters", "6 MB of text"),
    (vendors.read_rtf, b"{\\rtf1 {\\fonttbl " + b"\\f1" * 300_000, "fonts", "a table of fonts that takes quadratic time"),
    (vendors.read_rtf, b"{\\rtf1 " + b"{\\field{\\*\\fldinst{" * 20 + b"HYPERLINK \"" * 50_000, "laid out", "links in cubic time"),
    (vendors.read_rtf, b"{\\rtf1 \\pict\\bin99999999 x}", "raw bytes", "a picture that swallows the rest"),
    (vendors.read_rtf, b"{\\rtf1 a}{\\rtf1 b}", "behind the end", "a second document that would be lost"),
    (vendors.read_rtf, b"{\\rtf1 \\u9999999999 }", "damaged", "no such character"),
    (vendors.read_rtf, b"Dear Ann", "no RTF", "plain text"),
    (vendors.read_html, b"<div>" * 5_000 + b"<div class='article enArticle'>x</div>", "nested deeper", "deep HTML"),
    (vendors.read_html, b"<html><body><p>A page.</p></body></html>", "no article", "an ordinary page"),
    (vendors.read_txt, b"A letter.", "laid out like no export", "ordinary text"),
    (vendors.read_txt, b"1 of 1 DOCUMENTS\n\xff", "not UTF-8", "another encoding"),
    *[(reader, b"", "", f"empty {ending}") for ending, reader in READERS.items()],
]  # fmt: skip


@pytest.mark.parametrize(("reader", "content", "reason", "why"), HOSTILE, ids=[h[3] for h in HOSTILE])
def test_what_would_cost_memory_time_or_text_is_refused(
    reader: Reader, content: bytes, reason: str, why: str
) -> None:
    start = time.process_time()
    assert reason in refused(reader, content), why
    assert time.process_time() - start < 10, why


SLOW = [
    (b"1 of 1 DOCUMENTS\n" + b" " * 2_000_000, "spaces"),
    (b"1 of 1 DOCUMENTS\n" + b"A\n" * 100_000, "short lines"),
    (b"1 of 1 DOCUMENTS\n" + b"LENGTH: 1\n\n" * 50_000, "labels"),
    (b"1 of 1 DOCUMENTS\n\nQ\n\n" + b"November 1 November 1 " * 100_000, "half a date"),
    (b"_" * 40 + b"\nFull text:\n" + b"A: b\n\n" * 60_000, "labels of no layout"),
    (b"_" * 40 + b"\n" + b"Full text: x\n" + b"1. a\n" * 100_000, "a list without end"),
]


@pytest.mark.parametrize(("content", "why"), SLOW, ids=[s[1] for s in SLOW])
def test_time_grows_with_length_alone(content: bytes, why: str) -> None:
    start = time.process_time()
    assert read(vendors.read_txt, content)
    assert time.process_time() - start < 8, why


CASES = [
    *((name, (FIXTURES / name).read_bytes()) for name, _, _ in WHOLE),
    ("uni.docx", as_docx(uni("One", "Two", cover=2))),
]


@pytest.mark.parametrize(("name", "content"), CASES, ids=[c[0] for c in CASES])
def test_damaged_bytes_give_records_or_reasons_alone(name: str, content: bytes) -> None:
    chance = random.Random(name)
    for _ in range(25):
        damaged = bytearray(content[: chance.randrange(len(content))] if chance.random() < 0.3 else content)
        for _ in range(chance.randrange(1, 8)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            found = read(READERS[Path(name).suffix], bytes(damaged))
        except Unreadable:
            continue
        assert found
        assert all(isinstance(one, Record | Unreadable) for one in found)


CUT = [
    ("nexis.txt", b"LANGUAGE: ENGLISH", 3),
    ("nexis-uni.rtf", b"1,204", 3),
    ("proquest.txt", b"Document 1 of 3", 3),
    ("factiva-indexed.rtf", b"Quay stays shut", 2),
]


@pytest.mark.parametrize(("name", "from_here", "n"), CUT, ids=[c[0] for c in CUT])
def test_a_truncated_download_says_how_much_is_missing(name: str, from_here: bytes, n: int) -> None:
    content = (FIXTURES / name).read_bytes()
    for end in range(content.rfind(from_here) + 30, len(content), 37):
        assert len(read(READERS[Path(name).suffix], content[:end])) == n, content[end - 40 : end]


def test_the_layouts_are_texts_with_sources() -> None:
    told = yaml.load((lexicons.FOLDER / "layouts.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert list(told) == list(layouts.layouts())
    for key, layout in told.items():
        assert "https://" in layout["source"], key
        assert layout["name"], key
        assert layout["date_added"], key


BROKEN = [
    ("x: {part: start, mark: '(', recognise: []}", "a pattern that is none"),
    ("x: {part: start, marks: a, recognise: []}", "a word that means nothing"),
    ("x: {part: start}", "nothing to recognise it by"),
    ("- x", "no mapping"),
]


@pytest.mark.parametrize(("text", "why"), BROKEN, ids=[b[1] for b in BROKEN])
def test_a_broken_layout_is_named(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "layouts.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"layouts\.yml"):
        layouts.layouts(tmp_path)
