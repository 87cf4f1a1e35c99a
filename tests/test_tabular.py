"""Tables of articles: every row is an article or a reason; cells stay text, and nothing is cut without a word."""

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import columns, parquet, tabular, workbook
from analysis.corpus.record import Record, Settings, Unreadable
from analysis.corpus.tabular import read_csv, read_jsonl, read_parquet, read_tsv, read_xlsx

FIXTURES = Path(__file__).parent / "fixtures" / "corpus"
Read = Callable[[Any, Settings], Any]
HEAD = ("date", "title", "text")
ROW = ("2024-11-01", "A title", "Some text.")


def items(read: Read, raw: bytes | str, **settings: Any) -> list[Record | Unreadable]:
    file = io.BytesIO(raw.encode() if isinstance(raw, str) else raw)
    found = list(read(file, Settings(**settings)))
    assert not file.closed
    return found


def records(read: Read, raw: bytes | str, **settings: Any) -> list[Record]:
    found = items(read, raw, **settings)
    assert all(isinstance(item, Record) for item in found), found
    return [item for item in found if isinstance(item, Record)]


def outcome(read: Read, raw: bytes | str, **settings: Any) -> list[str]:
    """Return the titles of articles and the reasons where there is none; ``!`` before what ends a file."""
    found = []
    try:
        for item in read(io.BytesIO(raw.encode() if isinstance(raw, str) else raw), Settings(**settings)):
            found.append(item.title if isinstance(item, Record) else str(item))
    except Unreadable as error:
        found.append(f"!{error}")
    return found


def xlsx(*rows: tuple[Any, ...], **sheets: list[tuple[Any, ...]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquets(table: pa.Table, **options: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, **options)
    return file.getvalue()


def table(**values: list[Any]) -> pa.Table:
    n = len(next(iter(values.values())))
    return pa.table({name: [value] * n for name, value in zip(HEAD, ROW, strict=True)} | values)


def test_a_csv_of_excel_in_german() -> None:
    first, second = records(
        read_csv, (FIXTURES / "excel-german.csv").read_bytes(), columns={"date": "datum"}, date_order="DMY"
    )
    assert first == Record(
        "2024-11-01", 'Namibia wählt; die "Swapo" zittert', "007", "NA",
        "Am Freitag öffneten die Wahllokale.\n\n„Wir warten“, sagte Jo Doe.", "https://example.org/1", 12,
    )  # fmt: skip
    assert (second.date, second.title, second.words_declared) == ("2024-11-02", "NO", 1234)


def test_a_table_parted_by_tabs() -> None:
    first, second = records(read_tsv, (FIXTURES / "news.tsv").read_bytes())
    assert first == Record("2024-11-01", "A, title; with | signs", "Jo Doe", "The Post", "Some text.")
    assert second == Record("2024-11-02", "007", "", "NA", "Two lines: here.")


def test_json_lines_with_values_inside_of_values() -> None:
    first, second = records(read_jsonl, (FIXTURES / "news.jsonl").read_bytes())
    assert first == Record(
        "2024-11-01", "NO", "Jo Doe, Al Roe", "NA", "One.\n\n“Two,” he said.", "https://example.org/1", 4
    )
    assert second == Record("2024-11-02", "1984", "", "The Post", "A year is no number here.")


CSV = "date,title,text\n2024-11-01,A title,Some text.\n"
GOOD = '{"date": "2024-11-01", "title": "A title", "text": "Some text."}\n'
SAME = [
    (read_csv, CSV, "plain"),
    (read_csv, "\ufeff" + CSV, "a byte order mark"),
    (read_csv, "\ufeff" + CSV.replace("date", '"date"'), "a mark before quotes"),
    (read_csv, CSV.encode("utf-16"), "UTF-16 with its mark"),
    (read_csv, CSV.replace("\n", "\r\n"), "Windows line ends"),
    (read_csv, CSV.replace("\n", "\r"), "old line ends of Macs"),
    (read_csv, CSV.replace(",", ";"), "semicolons"),
    (read_csv, CSV.replace(",", "\t"), "tabs"),
    (read_csv, CSV.replace(",", "|"), "bars"),
    (read_csv, "sep=;\r\n" + CSV.replace(",", ";"), "Excel's line with the separator"),
    (read_csv, "\n\n" + CSV + "\n,,\n", "empty lines"),
    (read_csv, CSV.strip(), "no line end"),
    (read_csv, CSV.replace("title,text", " Headline ,BODY"), "other names"),
    (read_csv, "x,x," + CSV.replace("\n2", "\n1,2,2"), "columns twice that are not needed"),
    (read_csv, "," + CSV.replace("\n2", "\n0,2"), "a column without a name, as of pandas"),
    (read_csv, "published," + CSV.replace("\n2", "\nyesterday,2"), "the likelier of two columns"),
    (read_tsv, CSV.replace(",", "\t"), "TSV"),
    (read_jsonl, GOOD, "JSON lines"),
    (read_jsonl, "\ufeff\n" + GOOD.replace("\n", "\r\n"), "JSON lines with mark and empty line"),
    (read_jsonl, GOOD.encode("utf-16"), "JSON lines in UTF-16"),
    (read_xlsx, xlsx(HEAD, ROW), "a workbook"),
    (read_xlsx, xlsx((), HEAD, (), ROW, ()), "empty rows"),
    (read_xlsx, xlsx(HEAD, (*ROW, "a note")), "a note beside the table"),
    (read_xlsx, xlsx(HEAD, (date(2024, 11, 1), *ROW[1:])), "a date of Excel"),
    (read_xlsx, xlsx(HEAD, (datetime(2024, 11, 1, 23, 59), *ROW[1:])), "a date of Excel with time"),
    (read_parquet, parquets(table(date=[ROW[0]])), "Parquet"),
    (read_parquet, parquets(table(date=[date(2024, 11, 1)])), "a day in Parquet"),
    (read_parquet, parquets(table(date=[datetime(2024, 11, 1, 7, tzinfo=UTC)])), "a time in Parquet"),
    (read_parquet, parquets(table(date=pa.array([ROW[0]]).dictionary_encode())), "a dictionary in Parquet"),
    (read_parquet, parquets(table(text=[ROW[2].encode()])), "bytes in Parquet"),
]  # fmt: skip


@pytest.mark.parametrize(("read", "raw", "why"), SAME, ids=[s[2] for s in SAME])
def test_ways_to_write_the_same_row(read: Read, raw: bytes | str, why: str) -> None:
    assert records(read, raw) == [Record("2024-11-01", "A title", "", "", "Some text.")], why


@pytest.mark.parametrize(
    "value", ["NA", "NO", "007", "null", "NaN", "TRUE", "1e5", "1.10", "=1+1", "-1", "@x", "#tag"]
)
def test_a_cell_stays_the_text_that_it_is(value: str) -> None:
    row = dict(zip(HEAD, ROW, strict=True)) | {"title": value, "outlet": value}
    sources: list[tuple[Read, bytes | str]] = [
        (read_csv, f"{','.join(row)}\n{','.join(row.values())}"),
        (read_tsv, "\t".join(row) + "\n" + "\t".join(row.values())),
        (read_jsonl, json.dumps(row)),
        (read_xlsx, xlsx(tuple(row), tuple(row.values()))),
        (read_parquet, parquets(pa.table({name: [cell] for name, cell in row.items()}))),
    ]
    for read, raw in sources:
        assert [(r.title, r.outlet) for r in records(read, raw)] == [(value, value)], read


EMOJI = "😀"
TOO_LONG = "many words " * 2_978 + "so many.!"
CUT_IN_HALVES = (EMOJI * 3 + " ") * 4_681
NOT_READ: list[tuple[Read, bytes | str, list[str], str]] = [
    (read_csv, b"", ["!empty file; remove it"], "nothing"),
    (read_csv, "date,title,text\n", [], "columns without rows"),
    (read_csv, "date,title\n1,2", ["!no column for the text; the columns are: 'date', 'title'; name the column"], "a column less"),
    (read_csv, "title;story\n1;2", ["!no column for the date; the columns are: 'title', 'story'"], "two less, semicolons"),
    (read_csv, "Date,date,title,text\n", ["!2 columns have the name 'Date'; rename all but the one with the date"], "two of a name"),
    (read_csv, CSV.encode("utf-16")[2:], ["!a binary file, or UTF-16 without its mark; export the table as UTF-8"], "no mark"),
    (read_csv, CSV.encode("utf-16")[:-1], ["!not UTF-16: byte"], "half a character at the end"),
    (read_csv, (CSV + "2024-11-01,Café,x").encode("cp1252"), ["!not UTF-8: byte 0xe9 at offset 60; convert it, for example: iconv"], "windows-1252"),
    (read_csv, CSV.encode() * 40_000 + b"\xe9", ["!not UTF-8: byte 0xe9 at offset 1840000;"], "a byte far behind"),
    (read_csv, CSV + "2024-11-01,a\0b,x\n", ["A title", "line 3: column 'title' holds a NUL character"], "a NUL"),
    (read_csv, CSV + "2024-11-01,x\n" + CSV[16:], ["A title", "line 3: 2 cells, but 3 columns; put cells", "A title"], "a cell less"),
    (read_csv, CSV + "2024-11-01,x,y,z\n" + CSV[16:], ["A title", "line 3: 4 cells, but 3 columns", "A title"], "a cell more"),
    (read_csv, CSV + '2024-11-01,"x,y\n\n' + CSV[16:], ["A title", "line 3: quotes that are never closed; close"], "open quotes"),
    (read_csv, CSV + '2024-11-01,"x" y,z\n' + CSV[16:], ["A title", "line 3: ',' expected after '\"'; close", "A title"], "quotes inside"),
    (read_csv, CSV + '2024-11-01,"' + "x\n" * 1_100_000, ["A title", "line 3: a row longer than any article, or quotes"], "very open quotes"),
    (read_csv, CSV + "2024-11-01," + "x" * 2_100_000, ["A title", "line 3: a row longer than any article"], "2 MB a line"),
    (read_csv, CSV + "01/11/2024,x,y", ["A title", "line 3: date '01/11/2024' can be read as day/month or"], "no order"),
    (read_csv, CSV + "2024-11-01,,y\n2024-11-01,x,", ["A title", "line 3: no title", "line 4: no body text"], "empty cells"),
    (read_csv, CSV + f"2024-11-01,x,{TOO_LONG}", ["A title", "line 3: column 'text' holds 32,767 characters, where Excel cuts"], "cut"),
    (read_csv, CSV + "2024-11-01,#NAME?,y", ["A title", "line 3: column 'title' holds Excel's error #NAME?; mend"], "an error of Excel"),
    (read_jsonl, GOOD + "[1]\n7\n\n" + GOOD, ["A title", "line 2: JSON, but no object", "line 3: JSON, but no", "A title"], "no object"),
    (read_jsonl, "[" + GOOD + "]", ["!a JSON list, not JSON lines; convert it: jq"], "a list"),
    (read_jsonl, GOOD + '{"date": }\n' + GOOD, ["A title", "line 2: no JSON (Expecting value at character 9)", "A title"], "no JSON"),
    (read_jsonl, GOOD + "[" * 100_000, ["A title", "line 2: no JSON (too deep)"], "very deep"),
    (read_jsonl, GOOD + "9" * 5_000, ["A title", "line 2: JSON, but no object"], "a long number"),
    (read_jsonl, GOOD + '{"title": 1, "title": 2}', ["A title", "line 2: the key 'title' stands twice"], "a key twice"),
    (read_jsonl, GOOD + '{"title": "x"}', ["A title", "line 2: no column for the date; the columns are: 'title'"], "a key less"),
    (read_jsonl, GOOD.replace("A t", "\\ud83d"), ["line 1: column 'title' holds half a character (a lone surrogate) at"], "a surrogate"),
    (read_jsonl, GOOD.replace("A t", "\\u0000"), ["line 1: column 'title' holds a NUL"], "an escaped NUL"),
    (read_jsonl, GOOD.replace('"A title"', "[[1]]"), ["line 1: column 'title' holds a list, not text"], "a list of lists"),
    (read_jsonl, GOOD.replace('"A title"', '[{"a": 1}]'), ["line 1: column 'title' holds a list, not text"], "a list of objects"),
    (read_jsonl, GOOD.replace('"A title"', '{"a": 1}'), ["line 1: no column for the title; the columns are: 'date', 'text', 'title.a'"], "an object"),
    (read_jsonl, GOOD.replace("text.", "te… [+1234 chars]"), ["line 1: column 'text' holds the beginning of a text, which"], "cut by a service"),
    (read_jsonl, GOOD.replace('"A title"', "null"), ["line 1: no title"], "null"),
    (read_xlsx, b"", ["!not a whole workbook (BadZipFile)"], "nothing"),
    (read_xlsx, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, ["!a workbook with a password, or of Excel before 2007"], "old Excel"),
    (read_xlsx, xlsx(HEAD, ROW)[:-40], ["!not a whole workbook (BadZipFile)"], "half a workbook"),
    (read_xlsx, xlsx(("a", "b"), ROW), ["!sheet 'Sheet': no column for the date; the columns are: 'a', 'b'"], "no columns"),
    (read_xlsx, xlsx(HEAD, ROW, Notes=[("by", "me")], More=[HEAD, ROW]), ["A title", "sheet 'Notes': no column", "A title"], "more sheets"),
    (read_xlsx, xlsx(HEAD, (*ROW[:2], TOO_LONG)), ["sheet 'Sheet', row 2: column 'text' holds 32,767 characters, where"], "cut"),
    (read_xlsx, xlsx(HEAD, (*ROW[:2], "many words " * 4_000)), ["sheet 'Sheet', row 2: column 'text' holds 32,767 characters"], "cut by pandas"),
    (read_xlsx, xlsx(HEAD, (*ROW[:2], CUT_IN_HALVES)), ["sheet 'Sheet', row 2: column 'text' holds 32,767"], "cut, in units of UTF-16"),
    (read_xlsx, xlsx(HEAD, (*ROW[:2], TOO_LONG[1:])), ["A title"], "one less than cut"),
    (read_xlsx, xlsx(HEAD, (45_597, *ROW[1:])), ["sheet 'Sheet', row 2: date '45597' does not name a day"], "a serial number"),
    (read_xlsx, xlsx(HEAD, ("=DATE(2024,11,1)", *ROW[1:])), ["sheet 'Sheet', row 2: date '=DATE(2024,11,1)' does not"], "a formula"),
    (read_xlsx, xlsx(HEAD, (ROW[0], "#NAME?", ROW[2])), ["sheet 'Sheet', row 2: column 'title' holds Excel's error"], "an error of Excel"),
    (read_parquet, b"", ["!not a whole Parquet file (ArrowInvalid)"], "nothing"),
    (read_parquet, b"PAR1" + b"\xff" * 50 + b"PAR1", ["!not a whole Parquet file (ArrowInvalid)"], "no footer"),
    (read_parquet, parquets(pa.table({"a": [1]})), ["!no column for the date; the columns are: 'a'"], "no columns"),
    (read_parquet, parquets(table(title=[["a", "b"], ["c"]])), ["a, b", "c"], "lists of texts"),
    (read_parquet, parquets(table(title=[None, "b"])), ["row 1: no title", "b"], "null"),
    (read_parquet, parquets(table(text=[b"\xff", b"x"])), ["row 1: a value that cannot be read ('utf-8' codec", "A title"], "bytes"),
    (read_parquet, parquets(table(outlet=[{"name": "x", "n": 1}])), ["A title"], "a struct"),
]  # fmt: skip


@pytest.mark.parametrize(("read", "raw", "expected", "why"), NOT_READ, ids=[n[3] for n in NOT_READ])
def test_what_cannot_be_read_says_where_and_why(
    read: Read, raw: bytes | str, expected: list[str], why: str
) -> None:
    found = outcome(read, raw)
    assert len(found) == len(expected), found
    for got, start in zip(found, expected, strict=True):
        assert got.startswith(start), (got, why)


def test_columns_are_named_by_the_settings() -> None:
    raw = "when,what,story,source,text\n2024-11-01,A title,Some text.,https://example.org,x"
    named = {"date": "When", "title": "what", "text": "story", "url": "source"}
    (found,) = records(read_csv, raw, columns=named)
    assert found == Record("2024-11-01", "A title", "", "", "Some text.", "https://example.org")
    (reason,) = outcome(read_csv, raw, columns=named | {"byline": "who"})
    assert reason.startswith("!no column 'who'; the columns are: 'when', 'what'"), (
        "one that is asked for must be there"
    )
    (found,) = records(read_jsonl, GOOD.replace("text", "a", 1).replace('"Some', '{"b": "Some').replace(".\"", ".\"}"),
                       columns={"text": "a.b"})  # fmt: skip
    assert found.text == "Some text."
    (found,) = records(read_jsonl, GOOD, columns={"byline": "who"})
    assert found.byline == "", "a key may be left out where it is empty"


def test_an_address_as_source_is_no_outlet() -> None:
    (found,) = records(
        read_csv, CSV.replace("text\n", "text,source\n").replace(".\n", ".,https://example.org/1\n")
    )
    assert (found.outlet, found.url) == ("", "https://example.org/1")


@pytest.mark.parametrize(
    ("declared", "number"), [("1,234", 1234), ("1.234", 1234), ("812 words", 812), ("812.0", 812), ("", None), ("many", None), ("-5", None)]
)  # fmt: skip
def test_the_length_that_a_source_declares(declared: str, number: int | None) -> None:
    (found,) = records(read_jsonl, GOOD.replace("{", f'{{"words": "{declared}", '))
    assert found.words_declared == number


def test_line_ends_and_signs_that_excel_escapes() -> None:
    (found,) = records(read_xlsx, xlsx(HEAD, (*ROW[:2], "One._x000D_\n_x000D_\nTwo.")))
    assert found.text == "One.\n\nTwo."


def test_a_workbook_that_unzips_to_gigabytes_is_not_opened() -> None:
    file = io.BytesIO(xlsx(HEAD, ROW))
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/bomb.xml", "w") as member,
    ):
        for _ in range(workbook.MAX_UNZIPPED // 10_000_000 + 1):
            member.write(b" " * 10_000_000)
    assert len(file.getvalue()) < 1_000_000
    (found,) = outcome(read_xlsx, file.getvalue())
    assert "bytes when unzipped (limit 200,000,000); export the source as CSV" in found


SHEET = '<{0} xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{1}</{0}>'
TEXTS = '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'


def sheet_of(*rows: str, texts: str = "") -> bytes:
    """Return a workbook whose sheet, and texts that its cells share, are written by hand."""
    file, made = io.BytesIO(xlsx(HEAD, ROW)), io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist() if "sharedStrings" not in name}
        parts["xl/worksheets/sheet1.xml"] = SHEET.format(
            "worksheet", f"<sheetData>{''.join(rows)}</sheetData>"
        ).encode()
        parts["xl/sharedStrings.xml"] = SHEET.format("sst", texts).encode()
        if b"sharedStrings" not in parts["[Content_Types].xml"]:
            parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", TEXTS.encode())
        for name, content in parts.items():
            new.writestr(name, content)
    return made.getvalue()


def test_texts_that_cells_share_as_excel_writes_them() -> None:
    texts = "".join(f"<si><t>{text}</t></si>" for text in (*HEAD, ROW[0]))
    texts += "<si><r><t>A </t></r><r><rPr><b/></rPr><t>title</t></r></si>"
    texts += '<si><t xml:space="preserve"> Some_x000D_\ntext. </t></si>'
    first, second = ("".join(f'<c t="s"><v>{n}</v></c>' for n in row) for row in ((0, 1, 2), (3, 4, 5)))
    (found,) = records(read_xlsx, sheet_of(f"<row>{first}</row><row>{second}</row>", texts=texts))
    assert found == Record("2024-11-01", "A title", "", "", "Some text.")


def test_a_workbook_of_very_many_texts_is_not_opened() -> None:
    (found,) = outcome(read_xlsx, sheet_of(texts="<si><t>a</t></si>" * (workbook.MAX_TAGS // 4)))
    assert "cells, texts and their marks (limit 8,000,000); export the source as CSV" in found


HEADER = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEAD)
HEADER = f'<row r="1">{HEADER}</row>'
CELLS = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in ROW)
HOSTILE = [
    (f'<row r="2">{CELLS}</row><row r="10000">{CELLS}</row>', ["A title", "sheet 'Sheet', after row 9999: more rows"], "a row too far"),
    (f'<row r="9e30">{CELLS}</row>', ["sheet 'Sheet', after row 9999: more rows"], "a row without end"),
    ("".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 5000)), ["sheet 'Sheet', after row"], "wide rows"),
    (f'<row r="2">{CELLS}</row><row r="x">{CELLS}</row>', ["A title", "sheet 'Sheet', after row 2: not a whole workbook (ValueError)"], "no number"),
    (f'<row r="2">{CELLS}</row><row><c><broken', ["!not a whole workbook (ParseError)"], "broken"),
    ('<row r="2"><c t="s"><v>999</v></c></row>', ["sheet 'Sheet', after row 1: not a whole workbook (IndexError)"], "no such text"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected", "why"), HOSTILE, ids=[h[2] for h in HOSTILE])
def test_a_hostile_sheet_ends(
    rows: str, expected: list[str], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_CELLS", 5_000_000)
    monkeypatch.setattr(workbook, "MAX_ROWS", 9_999)
    found = outcome(read_xlsx, sheet_of(HEADER, rows))
    assert all(map(str.startswith, found[-len(expected) :], expected)), (found[-3:], why)


def test_a_formula_is_its_text_and_its_last_value_is_not_believed() -> None:
    cells = CELLS.replace(
        '<c t="inlineStr"><is><t>A title</t></is></c>', '<c t="str"><f>1+CMD()</f><v>evil</v></c>'
    )
    assert outcome(read_xlsx, sheet_of(HEADER, f'<row r="2">{cells}</row>')) == ["=1+CMD()"]


def test_parquet_is_read_by_the_batch_and_keeps_the_count() -> None:
    n = 327
    assert parquet.BATCH < 100
    raw = parquets(table(title=[f"t{i}" for i in range(n)]), row_group_size=100, compression="none")
    assert outcome(read_parquet, raw) == [f"t{i}" for i in range(n)]
    spoilt = bytearray(raw)
    spoilt[(at := raw.index(b"t150") - 40) : at + 400] = b"\xff" * 400
    found = outcome(read_parquet, bytes(spoilt))
    assert len(found) == n, "announced = parsed + rejected"
    assert found[:100] + found[200:] == [f"t{i}" for i in range(n) if not 100 <= i < 200], "one group spoilt"
    assert any("not a whole Parquet file" in one for one in found)


def test_a_text_longer_than_an_article_is_refused() -> None:
    (found,) = outcome(read_parquet, parquets(table(text=["x" * 2_000_001])))
    assert found.startswith("row 1: column 'text' holds 2,000,001 characters")


def test_a_line_of_json_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "LONGEST_LINE", 100)
    found = outcome(read_jsonl, GOOD + GOOD.replace("Some", "x" * 400) + GOOD)
    assert found == ["A title", "line 2: longer than any article; cut it into one line an article", "A title"]


def test_very_many_columns_take_no_time() -> None:
    keys = ", ".join(f'"k{i}": 1' for i in range(100_000))
    assert outcome(read_jsonl, GOOD.replace("}", f", {keys}}}")) == ["A title"]
    (found,) = outcome(read_jsonl, f'{{{keys}, "k0": 1}}')
    assert "the key 'k0' stands twice" in found
    (found,) = outcome(read_csv, ",".join(f"k{i}" for i in range(100_000)))
    assert "'k29' and 99970 more" in found


def test_rows_come_before_the_file_is_read_to_its_end() -> None:
    file = io.BytesIO((CSV + CSV[16:] * 100_000).encode())
    next(read_csv(file, Settings()))
    assert file.tell() < 100_000


SOURCES: list[tuple[Read, bytes]] = [
    (read_csv, (FIXTURES / "excel-german.csv").read_bytes()),
    (read_tsv, (FIXTURES / "news.tsv").read_bytes()),
    (read_jsonl, (FIXTURES / "news.jsonl").read_bytes()),
    (read_xlsx, xlsx(HEAD, ROW, (date(2024, 11, 1), 7, True), More=[HEAD, ROW])),
    (read_parquet, parquets(table(title=["a", "b", "c"], source=[{"name": "x"}] * 3))),
]


@pytest.mark.parametrize(("read", "raw"), SOURCES, ids=["csv", "tsv", "jsonl", "xlsx", "parquet"])
def test_spoilt_bytes_end_in_records_and_reasons(read: Read, raw: bytes) -> None:
    chance = random.Random(7)
    for _ in range(60):
        spoilt = bytearray(raw)
        for _ in range(chance.choice([1, 1, 3, 20])):
            spoilt[chance.randrange(len(spoilt))] = chance.choice([0, 10, 34, 44, 255, chance.randrange(256)])
        if chance.random() < 0.3:
            del spoilt[chance.randrange(len(spoilt)) :]
        outcome(read, bytes(spoilt), columns={"date": "Datum"} if b"Datum" in raw else {})


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)] * 2),
        max_size=6,
    )
)
def test_what_is_written_is_read_back(rows: list[tuple[str, str]]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(HEAD)
    writer.writerows((ROW[0], f"t{title}", f"b{body}") for title, body in rows)
    lines = [json.dumps({"date": ROW[0], "title": f"t{title}", "text": f"b{body}"}) for title, body in rows]
    expected = [columns.article({"d": ROW[0], "t": f"t{t}", "b": f"b{b}"}, {"date": "d", "title": "t", "text": "b"}, Settings()) for t, b in rows]  # fmt: skip
    assert items(read_csv, file.getvalue()) == expected
    assert not rows or items(read_jsonl, "\n".join(lines)) == expected
