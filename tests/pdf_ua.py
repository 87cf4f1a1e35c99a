"""The machine-checkable rules of PDF/UA-1 (ISO 14289-1:2014) that a briefing can break, by clause.

Clauses are those of the standard, as veraPDF and the Matterhorn Protocol (PDF Association, 2021) number them. What a
briefing has none of is only looked for: forms, scripts, encryption, attachments, layers, films, formulas, notes.
"""

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from pypdf import PdfReader
from pypdf.generic import ContentStream, IndirectObject

#: ISO 32000-1, 14.8.4.
STANDARD = set(
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR"
    " TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula"
    " Form".split()
)
#: What an element may hold, and where it may stand (7.2).
MAY_HOLD = {
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"}, "THead": {"TR"}, "TBody": {"TR"}, "TFoot": {"TR"}, "TR": {"TH", "TD"},
    "L": {"L", "LI", "Caption"}, "LI": {"Lbl", "LBody"}, "TOC": {"TOC", "TOCI", "Caption"},
}  # fmt: skip
MUST_BE_IN = {
    "TR": {"Table", "THead", "TBody", "TFoot"}, "THead": {"Table"}, "TBody": {"Table"}, "TFoot": {"Table"}, "TH": {"TR"},
    "TD": {"TR"}, "LI": {"L"}, "LBody": {"LI"}, "TOCI": {"TOC"},
}  # fmt: skip
PAINT = set(b"f F f* B B* b b* S s sh Do Tj TJ ' \"".split())
SHOW = {b"Tj", b"TJ", b"'", b'"'}


def broken(data: bytes) -> list[str]:
    """Return what breaks a rule, each with its clause; nothing where the document keeps all that are checked."""
    reader = PdfReader(io.BytesIO(data))
    elements = list(_elements(reader))
    return [
        *_document(reader), *_structure(elements), *_headings(elements), *_links(reader, elements), *_content(reader, elements),
        *_fonts(reader),
    ]  # fmt: skip


def _get(item: Any, key: str, default: Any = None) -> Any:
    value = item.get(key, default)
    return value.get_object() if isinstance(value, IndirectObject) else value


def _kids(item: Any) -> list[Any]:
    kids = _get(item, "/K", [])
    return list(kids) if isinstance(kids, list) else [kids]


def _elements(reader: PdfReader) -> Iterator[tuple[Any, Any]]:
    """Yield each structure element with the one that holds it, in reading order."""
    root = _get(reader.trailer["/Root"], "/StructTreeRoot", {})
    stack = [(kid, None) for kid in reversed(_kids(root))]
    while stack:
        kid, parent = stack.pop()
        item = kid.get_object()
        if isinstance(item, dict) and "/S" in item:
            yield item, parent
            stack += [(below, item) for below in reversed(_kids(item))]


def _type(item: Any) -> str:
    return str(item["/S"])[1:]


def _document(reader: PdfReader) -> Iterator[str]:
    root = reader.trailer["/Root"]
    packet = _get(root, "/Metadata")
    xmp = ElementTree.fromstring(packet.get_data()) if packet is not None else ElementTree.Element("none")
    if not any(e.text == "1" for e in xmp.iter("{http://www.aiim.org/pdfua/ns/id/}part")) and not any(
        e.get("{http://www.aiim.org/pdfua/ns/id/}part") == "1" for e in xmp.iter()
    ):
        yield "5: the metadata do not say PDF/UA-1"
    if not any("".join(e.itertext()).strip() for e in xmp.iter("{http://purl.org/dc/elements/1.1/}title")):
        yield "7.1: no title in the metadata"
    if not _get(root, "/MarkInfo", {}).get("/Marked"):
        yield "7.1: not marked as tagged"
    if _get(root, "/MarkInfo", {}).get("/Suspects"):
        yield "7.1: tags are said to be suspect"
    if not _get(root, "/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "7.1: the title is not displayed"
    if "/StructTreeRoot" not in root:
        yield "7.1: no structure tree"
    if not re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", str(root.get("/Lang", ""))):
        yield "7.2: no language of the document"
    if reader.is_encrypted:
        yield "7.16: encrypted"
    for key in ("/AcroForm", "/OCProperties", "/AA", "/OpenAction"):
        if key in root:
            yield f"7.10 to 7.15: {key}, which is not checked"
    if {"/EmbeddedFiles", "/JavaScript"} & set(_get(root, "/Names", {})):
        yield "7.11, 7.19: attachments or scripts, which are not checked"


def _structure(elements: list[tuple[Any, Any]]) -> Iterator[str]:
    for item, parent in elements:
        name, above = _type(item), _type(parent) if parent is not None else "StructTreeRoot"
        held = [
            _type(k) for k in (kid.get_object() for kid in _kids(item)) if isinstance(k, dict) and "/S" in k
        ]
        if name not in STANDARD:
            yield f"7.1: {name} is no standard type"
        if name in MAY_HOLD and (alien := set(held) - MAY_HOLD[name]):
            yield f"7.2: {name} holds {sorted(alien)}"
        if name in MUST_BE_IN and above not in MUST_BE_IN[name]:
            yield f"7.2: {name} in {above}"
        if name == "Caption" and above in ("Table", "L") and parent is not None:
            among = [_type(k.get_object()) for k in _kids(parent) if isinstance(k.get_object(), dict)]
            if "Caption" in among[1:-1]:
                yield f"7.2: a caption amid a {above}"
        if name in ("Figure", "Formula") and not (item.get("/Alt") or item.get("/ActualText")):
            yield f"7.3, 7.7: a {name} without alternative text"
        if name == "TH" and _get(item, "/A", {}).get("/Scope") not in ("/Row", "/Column", "/Both"):
            yield "7.5: a TH without scope"
        if name == "Table":
            yield from _table(item)
        if name == "Note" and "/ID" not in item:
            yield "7.9: a note without ID"


def _table(table: Any) -> Iterator[str]:
    parts = [kid.get_object() for kid in _kids(table)]
    heads, feet = (sum(_type(p) == name for p in parts) for name in ("THead", "TFoot"))
    if heads > 1 or feet > 1 or ((heads or feet) and not any(_type(p) == "TBody" for p in parts)):
        yield "7.2: a table of more than one head or foot, or without body"
    rows = [
        r
        for p in parts
        for r in ([p] if _type(p) == "TR" else [k.get_object() for k in _kids(p)])
        if _type(r) == "TR"
    ]
    taken: dict[tuple[int, int], int] = {}
    widths = []
    for y, row in enumerate(rows):
        x = 0
        for cell in (kid.get_object() for kid in _kids(row)):
            while (y, x) in taken:
                x += 1
            about = _get(cell, "/A", {})
            for down in range(int(about.get("/RowSpan", 1))):
                for right in range(int(about.get("/ColSpan", 1))):
                    if (y + down, x + right) in taken:
                        yield "7.2: cells of a table overlap"
                    taken[y + down, x + right] = 1
        widths.append(sum(1 for line, _ in taken if line == y))
    if len(set(widths)) > 1 or any(y >= len(rows) for y, _ in taken):
        yield f"7.2: rows of a table have {sorted(set(widths))} cells"


def _headings(elements: list[tuple[Any, Any]]) -> Iterator[str]:
    before = 0
    for item, _ in elements:
        if match := re.fullmatch(r"H(\d?)", _type(item)):
            if not match[1]:
                yield "7.4.4: H beside H1 to H6"
                continue
            if int(match[1]) > before + 1:
                yield f"7.4.2: H{match[1]} after H{before}" if before else f"7.4.2: begins with H{match[1]}"
            before = int(match[1])


def _links(reader: PdfReader, elements: list[tuple[Any, Any]]) -> Iterator[str]:
    held: dict[int, str] = {}
    for item, _ in elements:
        for kid in _kids(item):
            inner = kid.get_object()
            if isinstance(inner, dict) and inner.get("/Type") == "/OBJR":
                held[inner.raw_get("/Obj").idnum] = _type(item)
    for number, page in enumerate(reader.pages, start=1):
        if page.get("/Tabs") != "/S":
            yield f"7.18.3: page {number} is not tabbed in the order of its structure"
        for reference in _get(page, "/Annots", []):
            note = reference.get_object()
            if note["/Subtype"] != "/Link":
                yield f"7.18: an annotation {note['/Subtype']}, which is not checked"
            elif held.get(reference.idnum) != "Link":
                yield f"7.18.5: a link of page {number} stands in {held.get(reference.idnum)}"
            if not str(note.get("/Contents", "")).strip():
                yield f"7.18.5: a link of page {number} has no description"
            if "/StructParent" not in note:
                yield f"7.18.1: an annotation of page {number} is not in the structure tree"


def _content(reader: PdfReader, elements: list[tuple[Any, Any]]) -> Iterator[str]:
    """Whatever is painted is an artifact or tagged, and a tag leads to an element of the tree."""
    tagged = {
        (item.raw_get("/Pg").idnum, int(kid))
        for item, _ in elements
        for kid in _kids(item)
        if isinstance(kid, int)
    }
    for number, page in enumerate(reader.pages, start=1):
        yield from _stream(reader, page, number, tagged)


def _stream(reader: PdfReader, page: Any, number: int, tagged: set[tuple[int, int]]) -> Iterator[str]:
    fonts = _get(_get(page, "/Resources", {}), "/Font", {})
    inside: list[str] = []
    font: Any = None
    for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
        if operator in (b"BMC", b"BDC"):
            about = operands[1] if len(operands) > 1 else {}
            mcid = about.get("/MCID") if isinstance(about, dict) else None
            inside.append(
                "artifact" if operands[0] == "/Artifact" else "tag" if mcid is not None else "other"
            )
            if {"artifact", "tag"} <= set(inside):
                yield f"7.1: artifact and tagged content within one another on page {number}"
            if mcid is not None and (page.indirect_reference.idnum, int(mcid)) not in tagged:
                yield f"7.1: content of page {number} that no element of the tree holds"
        elif operator == b"EMC":
            inside.pop()
        elif operator == b"Tf":
            font = fonts[operands[0]].get_object()
        elif operator in PAINT and not {"artifact", "tag"} & set(inside):
            yield f"7.1: content of page {number} that is neither tagged nor an artifact"
        if operator in SHOW and font is not None and _is_undefined(operands[-1]):
            yield f"7.21.8: a character without a shape on page {number}"


def _is_undefined(shown: Any) -> bool:
    codes = b"".join(
        getattr(s, "original_bytes", b"") for s in (shown if isinstance(shown, list) else [shown])
    )
    return any(codes[i : i + 2] == b"\0\0" for i in range(0, len(codes), 2))


def _fonts(reader: PdfReader) -> Iterator[str]:
    objects = (
        reader.get_object(IndirectObject(n, 0, reader)) for n in range(1, int(reader.trailer["/Size"]))
    )
    for item in objects:
        if not isinstance(item, dict) or item.get("/Type") != "/Font" or "/DescendantFonts" not in item:
            continue
        name, inner = item["/BaseFont"], item["/DescendantFonts"][0].get_object()
        if not {"/FontFile2", "/FontFile3"} & set(_get(inner, "/FontDescriptor", {})):
            yield f"7.21.4.1: {name} is not embedded"
        if item["/Encoding"] != "/Identity-H" and re.search(
            rb"^<[0-9a-f]{4}> 0$", _get(item, "/Encoding").get_data(), re.MULTILINE
        ):
            yield f"7.21.8: a character that {name} has no shape for"
        if inner["/Subtype"] == "/CIDFontType2" and inner.get("/CIDToGIDMap") is None:
            yield f"7.21.3.2: {name} does not say which shape is which"
        if "/ToUnicode" not in item:
            yield f"7.21.7: {name} does not say which characters its shapes are"
        elif re.search(
            rb"<(0000|FEFF|FFFE)>\s*$", _get(item, "/ToUnicode").get_data(), re.IGNORECASE | re.MULTILINE
        ):
            yield f"7.21.7: a shape of {name} has no character"
