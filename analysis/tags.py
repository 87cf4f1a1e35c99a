"""What PDF/UA-1 wants of the tags of a document, and WeasyPrint leaves out.

Header cells say what they head, what stands in the margins is an artifact, and a link says where it leads.
"""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pydyf  # type: ignore[import-untyped]


def mend(page: Element, document: Any, pdf: Any) -> None:
    """Mend the tags of a PDF that WeasyPrint has made of a page and is about to write."""
    objects = {item.reference: item for item in pdf.objects[1:]}
    root = objects[pdf.catalog["StructTreeRoot"]]
    elements: list[Any] = [
        item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/StructElem"
    ]
    for element in elements:
        if element["S"] == "/TH":
            row = objects[element["P"]]
            element["A"]["Scope"] = "/Column" if objects[row["P"]]["S"] == "/THead" else "/Row"
            element.pop("ID", None)  # no tree lists these, and each page of a table has the same
        elif element["S"] == "/TD":
            element["A"].pop("Headers", None)
        elif element["S"] == "/Link" and not any(isinstance(kid, bytes) for kid in element["K"]):
            element["S"] = "/Span"  # its target is not in the document
    in_tree = {item.reference for item in _below(root, objects)}
    pages = {reference: number for number, reference in enumerate(pdf.page_references)}
    for element in elements:
        if element.reference not in in_tree:
            for mcid in (kid for kid in element["K"] if isinstance(kid, int)):
                _make_artifact(objects[objects[element["Pg"]]["Contents"]].stream, mcid)
                objects[root["ParentTree"]]["Nums"][2 * pages[element["Pg"]] + 1][mcid] = "null"
    headings = {e.get("id"): _text(e) for e in page.iter() if e.tag in ("h2", "h3", "h4")}
    for _, target, _, box in (link for one in document.pages for link in one.links):
        if annotation := box.link_annotation:
            there = headings.get(target, "" if box.element.get("href", "").startswith("#") else target)
            said = _text(box.element)
            told = there if said in there else f"{said}: {there}" if there else said
            annotation["Contents"] = pydyf.String(told or target)


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _below(element: Any, objects: dict[bytes, Any]) -> Iterator[Any]:
    """Yield the elements in an element, at any depth."""
    stack = [element]
    while stack:
        below = [objects[kid] for kid in stack.pop().get("K", []) if isinstance(kid, bytes)]
        yield from below
        stack += below


def _make_artifact(stream: list[Any], mcid: int) -> None:
    """Make marked content of a page an artifact: a running head or a page number."""
    at = next(i for i, item in enumerate(stream) if isinstance(item, dict) and item.get("MCID") == mcid)
    stream[at - 1 : at + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
