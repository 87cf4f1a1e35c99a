"""From cleaned pieces to a page: cover, contents, unique ids, tables and charts that can be reached."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from analysis.exporter.clean import LOCAL, SVG, contents, parse, serialise
from analysis.exporter.scripts import mark
from analysis.ids import free, slug

RESERVED = ("briefing", "contents")  # ids of the template
REFERRING = ("aria-labelledby", "aria-describedby")


@dataclass
class Heading:
    """One line of the contents."""

    id: str
    text: str
    below: "list[Heading]" = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """The parts of the page, as HTML that may be printed as it is; the headings' texts are plain."""

    cover: str
    body: str
    headings: list[Heading]
    warnings: list[str]


def lay_out(fragments: Iterable[str], *, title: str, subtitle: str, words: Mapping[str, str]) -> Page:
    """Clean the pieces and put them together."""
    body = Element("div")
    for fragment in fragments:
        piece = parse(fragment)
        if (piece.text or "").strip() and len(body) == 0:
            body.text = piece.text
        elif len(body):
            body[-1].tail = (body[-1].tail or "") + "\n" + (piece.text or "")
        body.extend(piece)
    cover = _take_cover(body, title, subtitle)
    page = Element("div")
    page.extend((cover, body))
    mark(page)
    parents = {child: parent for parent in page.iter() for child in parent}
    _describe_charts(page, parents, words)
    _frame_tables(page, parents, words)
    targets: dict[str, Element] = dict.fromkeys(RESERVED, page)
    warnings = [*_make_ids_unique(page, targets), *_nameless_charts(page, words)]
    headings = _outline(page, targets)
    warnings += _cut_dead_links(page, targets)
    cover.tail = None
    return Page(serialise(cover), contents(body).strip(), headings, warnings)


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _has_class(element: Element, name: str) -> bool:
    return name in element.get("class", "").split()


def _take_cover(body: Element, title: str, subtitle: str) -> Element:
    """Move the cover out of the body, or make one; it holds the page's only h1."""
    covers = [element for element in body if element.tag == "header" and _has_class(element, "cover")]
    cover = covers[0] if covers else Element("header", {"class": "cover"})
    if covers:
        body.remove(cover)
    mains = [element for root in (cover, body) for element in root.iter("h1")]
    for surplus in mains[1:]:
        surplus.tag = "h2"
    if not mains or mains[0] not in list(cover.iter("h1")):
        main = Element("h1")
        main.text = title
        if mains:
            main[:], main.text = mains[0][:], mains[0].text
            parent = next(element for element in body.iter() if mains[0] in list(element))
            parent.remove(mains[0])
        cover.insert(1 if len(cover) and _has_class(cover[0], "kicker") else 0, main)
    if not covers and subtitle:
        line = Element("p", {"class": "subtitle"})
        line.text = subtitle
        cover.append(line)
    return cover


def _wrap(element: Element, parents: dict[Element, Element], wrapper: Element) -> None:
    parent = parents[element]
    parent[list(parent).index(element)] = wrapper
    wrapper.tail, element.tail = element.tail, None
    wrapper.append(element)
    parents[wrapper], parents[element] = parent, wrapper


def _describe_charts(page: Element, parents: dict[Element, Element], words: Mapping[str, str]) -> None:
    """Each chart is one image with a name, in a figure; its ids are its own."""
    outermost = [svg for svg in page.iter(f"{SVG}svg") if not parents[svg].tag.startswith(SVG)]
    for number, svg in enumerate(outermost, start=1):
        svg.attrib.setdefault("role", "img")
        svg.attrib.setdefault("fill", "currentColor")  # text that names no colour is legible in the dark too
        if svg.find(f"{SVG}title") is None:
            name = Element(f"{SVG}title")
            name.text = svg.get("aria-label") or words["chart"]
            svg.insert(0, name)
        if parents[svg] is page or parents[parents[svg]] is page:
            _wrap(svg, parents, Element("figure", {"class": "chart"}))
        _prefix_ids(svg, parents[svg], f"chart-{number}-")
        name_of_frame = f"{words['chart']} {number}"
        frame = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": name_of_frame}
        _wrap(svg, parents, Element("div", frame))


def _prefix_ids(svg: Element, figure: Element, prefix: str) -> None:
    """Charts from one library share ids: keep those that are referred to, and make them this chart's own."""
    own = {element.attrib["id"] for element in svg.iter() if "id" in element.attrib}
    used: set[str] = set()

    def renamed(name: str) -> str:
        used.add(name)
        return prefix + name if name in own else name

    for element in (figure, *svg.iter()):
        for key, value in element.attrib.items():
            if key == "href" and value.startswith("#"):
                element.set(key, f"#{renamed(value[1:])}")
            elif key in REFERRING:
                element.set(key, " ".join(renamed(name) for name in value.split()))
            elif reference := LOCAL.fullmatch(value.strip()):
                element.set(key, f"url(#{renamed(reference[1][1:])})")
    for element in svg.iter():
        if (name := element.attrib.pop("id", None)) in used:
            element.set("id", f"{prefix}{name}")


def _nameless_charts(page: Element, words: Mapping[str, str]) -> Iterator[str]:
    for name in page.iter(f"{SVG}title"):
        if _text(name) in ("", words["chart"]):
            yield "a chart has no <title>: nobody who cannot see it learns what it says"


def _frame_tables(page: Element, parents: dict[Element, Element], words: Mapping[str, str]) -> None:
    """A wide table scrolls by itself, by touch and by key, and its header cells say what they head."""
    for number, table in enumerate(list(page.iter("table")), start=1):
        if not _has_class(parents[table], "table"):
            _wrap(table, parents, Element("div", {"class": "table"}))
        if "class" not in table.attrib:
            table.set("class", "data")
        caption = table.find("caption")
        name = _text(caption) if caption is not None else f"{words['table']} {number}"
        frame = parents[table]
        for key, value in (("tabindex", "0"), ("role", "region"), ("aria-label", name)):
            frame.attrib.setdefault(key, value)
        for cell in (cell for head in table.iter("thead") for cell in head.iter("th")):
            cell.attrib.setdefault("scope", "col")


def _make_ids_unique(page: Element, targets: dict[str, Element]) -> Iterator[str]:
    for element in page.iter():
        if "id" in element.attrib:
            wanted = re.sub(r"\s+", "-", element.attrib["id"].strip())
            name = free(wanted, targets)
            if name != wanted:
                yield f"the id {wanted} is taken; its second place is called {name}"
            element.set("id", name)
            targets[name] = element


def _outline(page: Element, targets: dict[str, Element]) -> list[Heading]:
    """Give each heading an id and return the second- and third-level ones."""
    top: list[Heading] = []
    for element in page.iter():
        if element.tag not in ("h2", "h3", "h4"):
            continue
        if "id" not in element.attrib:
            element.set("id", slug(_text(element), targets))
            targets[element.attrib["id"]] = element
        if element.tag != "h4":
            siblings = top[-1].below if element.tag == "h3" and top else top
            siblings.append(Heading(element.attrib["id"], _text(element)))
    return top


def _cut_dead_links(page: Element, targets: Mapping[str, Element]) -> Iterator[str]:
    for link in page.iter("a"):
        href = link.get("href", "")
        if href.startswith("#") and href[1:] not in targets:
            del link.attrib["href"]
            yield f"a link leads to {href}, which is not on the page; its text stays"
        elif re.match(r"(https?:)?//", href):
            link.set("rel", "noopener noreferrer")
