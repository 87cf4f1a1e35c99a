"""PDF/UA-1: what is machine-checked of a briefing's PDF, and that the checks find what they are for."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from pdf_ua import broken
from pypdf import PdfReader, PdfWriter
from pypdf.generic import IndirectObject, NameObject
from test_exporter import html, sample

from analysis import report
from analysis.exporter import BriefingExporter
from analysis.pdf import PdfUnavailable, render_pdf
from analysis.show import table

BUILT = report.REPORTS / "build" / "article" / "briefing.pdf"
#: What has to stand within a centred Letter page: it is 17.6 mm lower than A4, and printers leave out 5 mm.
MARGIN = ((297 - 279.4) / 2 + 5) * 72 / 25.4


@pytest.fixture(scope="module")
def pdf() -> bytes:
    notebook = sample()
    rows = [[f"2024-11-{day:02}", day, "Путин said “no”"] for day in range(1, 31)] * 3  # goes over pages
    notebook.cells.append(html(f"<h2>A long table</h2>{table('Days', ['Day', 'n', 'What'], rows)}"))
    notebook.cells[-1]["id"] = "long"
    try:
        return render_pdf(BriefingExporter().from_notebook_node(notebook)[0])
    except PdfUnavailable as error:
        pytest.skip(str(error))


def test_a_page_of_everything_breaks_no_rule(pdf: bytes) -> None:
    assert broken(pdf) == []


@pytest.mark.skipif(not BUILT.exists(), reason="the briefing of the real article is not built")
def test_the_briefing_breaks_no_rule() -> None:
    assert broken(BUILT.read_bytes()) == []


def test_a_name_without_a_shape_is_found() -> None:
    page = "<!doctype html><html lang=en><head><title>x</title></head><body><h1>Kim ไทย</h1></body></html>"
    try:
        found = broken(render_pdf(page))
    except PdfUnavailable as error:
        pytest.skip(str(error))
    assert [rule.split(":")[0] for rule in found] == ["7.21.8"]


def elements(writer: PdfWriter, kind: str) -> list[Any]:
    objects = (writer.get_object(IndirectObject(n, 0, writer)) for n in range(1, len(writer._objects) + 1))
    return [
        o for o in objects if isinstance(o, dict) and o.get("/S") == kind and o.get("/Type") == "/StructElem"
    ]


def links(writer: PdfWriter) -> list[Any]:
    return [note.get_object() for page in writer.pages for note in page.get("/Annots", [])]


def untag(writer: PdfWriter) -> None:
    [stream] = [writer.pages[-1]["/Contents"].get_object()]
    stream.set_data(
        stream.get_data().replace(b"BDC", b"BDC EMC", 1).replace(b"EMC", b"", 1) + b" 0 0 9 9 re f"
    )


def without(item: Any, *keys: str) -> None:
    for key in keys:
        del item[NameObject(key)]


@pytest.mark.parametrize(
    ("clause", "breaks"),
    [
        ("5", lambda w: without(w.root_object, "/Metadata")),
        ("7.1", lambda w: without(w.root_object, "/MarkInfo")),
        ("7.1", lambda w: without(w.root_object, "/ViewerPreferences")),
        ("7.1", lambda w: elements(w, "/Span")[0].update({NameObject("/S"): NameObject("/Invented")})),
        ("7.1", untag),
        ("7.2", lambda w: without(w.root_object, "/Lang")),
        ("7.2", lambda w: elements(w, "/TR")[1]["/K"].pop()),
        ("7.2", lambda w: elements(w, "/LBody")[0].update({NameObject("/S"): NameObject("/P")})),
        ("7.3, 7.7", lambda w: without(elements(w, "/Figure")[0], "/Alt")),
        ("7.4.2", lambda w: elements(w, "/H2")[0].update({NameObject("/S"): NameObject("/H4")})),
        ("7.5", lambda w: without(elements(w, "/TH")[0]["/A"], "/Scope")),
        ("7.11, 7.19", lambda w: w.add_attachment("x.txt", b"x")),
        ("7.18.3", lambda w: without(w.pages[0], "/Tabs")),
        ("7.18.5", lambda w: without(links(w)[0], "/Contents")),
        ("7.18.5", lambda w: elements(w, "/Link")[0].update({NameObject("/S"): NameObject("/Span")})),
        ("7.18.1", lambda w: without(links(w)[0], "/StructParent")),
    ],
)  # fmt: skip
def test_a_broken_rule_is_found(pdf: bytes, clause: str, breaks: Callable[[PdfWriter], object]) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    breaks(writer)
    damaged = io.BytesIO()
    writer.write(damaged)
    assert clause in {rule.split(":")[0] for rule in broken(damaged.getvalue())}


def test_a_link_says_where_it_leads(pdf: bytes) -> None:
    said = {str(n["/Contents"]) for page in PdfReader(io.BytesIO(pdf)).pages for n in page.get("/Annots", [])}
    assert {"Bottom line", "outside: https://example.org/a"} <= said


def test_running_head_and_page_number_are_artifacts(pdf: bytes) -> None:
    for page in PdfReader(io.BytesIO(pdf)).pages[1:]:
        assert page["/Contents"].get_object().get_data().count(b"/Type /Pagination") == 2


def test_everything_stands_within_a_letter_page(pdf: bytes) -> None:
    heights: list[float] = []

    def visit(text: str, page: list[float], line: list[float], *_: Any) -> None:
        if text.strip() and page[3] < 0:  # else within a chart, which has coordinates of its own
            heights.append(line[4] * page[1] + line[5] * page[3] + page[5])

    for page in PdfReader(io.BytesIO(pdf)).pages:
        assert float(page.mediabox.height) == pytest.approx(297 * 72 / 25.4, abs=1)
        page.extract_text(visitor_text=visit)
    assert MARGIN < min(heights) < max(heights) < 297 * 72 / 25.4 - MARGIN
