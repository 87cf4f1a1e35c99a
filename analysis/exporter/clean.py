"""What may appear in a page: an allow-list over a standard HTML parser.

Article text is escaped where it enters the notebook; this is the second lock.
In what :func:`serialise` writes, each ``<`` begins a tag of the lists below and each attribute is one of
theirs, so a browser that reads the page differently from the parser still finds nothing else in it.
"""

import re
from html import escape
from xml.etree.ElementTree import Element

import tinyhtml5  # type: ignore[import-untyped]

SVG = "{http://www.w3.org/2000/svg}"
DEEPEST = 50  # nesting beyond this is flattened to text: layout engines recurse


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HTML_TAGS = _words(
    "a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt"
    " em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q rp rt ruby s"
    " samp section small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr"
)
SVG_TAGS = _words(
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan title desc clipPath"
    " linearGradient radialGradient stop pattern marker image"
)
VOID = _words("br col hr img wbr")
# These go with all that is in them; any other unknown element goes, and its content stays.
DROPPED = _words(
    "applet audio base canvas datalist embed frame frameset head iframe link math meta noembed noframes"
    " noscript object plaintext script select style template textarea title video xmp"
    " animate animateMotion animateTransform foreignObject metadata set"
)

EVERYWHERE = _words("class id lang dir title role tabindex")
HTML_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "details": {"open"},
    "time": {"datetime"},
    "del": {"datetime"},
    "ins": {"datetime"},
}
SVG_ATTRIBUTES = _words(
    "clip-path clip-rule clipPathUnits color cx cy d dominant-baseline dx dy fill fill-opacity fill-rule"
    " font-family font-size font-style font-weight fx fy gradientTransform gradientUnits height href"
    " letter-spacing marker-end marker-mid marker-start markerHeight markerUnits markerWidth offset opacity"
    " orient patternContentUnits patternTransform patternUnits points preserveAspectRatio r refX refY rotate"
    " rx ry shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap"
    " stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor transform version viewBox"
    " width x x1 x2 y y1 y2"
)
IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")
LOCAL = re.compile(r"""url\(\s*["']?(#[\w.:-]+)["']?\s*\)""")
LINKS = _words("http: https: mailto:")
FONT = re.compile(r"(?:(italic|oblique)\s+)?(?:(bold|\d{3})\s+)?([\d.]+(?:px|pt|em))\s+(.+)")


def parse(markup: str) -> Element:
    """Return the allowed part of a piece of HTML, as the children of a nameless ``div``."""
    document = tinyhtml5.parse(f"<!doctype html><body>{markup}", namespace_html_elements=False)
    root = Element("div")
    body = document.find("body")
    if body is not None:  # a frameset replaces it
        _copy_children(body, root, depth=0)
    return root


def _copy_children(source: Element, target: Element, depth: int) -> None:
    _append_text(target, source.text)
    for child in source:
        name = str(child.tag).removeprefix(SVG) if isinstance(child.tag, str) else ""
        in_svg = name != child.tag
        allowed = name in (SVG_TAGS if in_svg else HTML_TAGS)
        if depth > DEEPEST or (allowed and in_svg and name in ("title", "desc")):
            text = "".join(child.itertext()) if allowed else ""
            child[:], child.text = [], text
        if allowed:
            copy = Element(child.tag, _attributes(child, name, in_svg))
            if not (name in ("img", "image") and not {"src", "href"} & set(copy.attrib)):
                target.append(copy)
                if name not in VOID:
                    _copy_children(child, copy, depth + 1)
        elif name and name not in DROPPED and not name.startswith("{"):
            _copy_children(child, target, depth + 1)
        _append_text(target, child.tail)


def _append_text(target: Element, text: str | None) -> None:
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def _attributes(element: Element, name: str, in_svg: bool) -> dict[str, str]:
    given = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    if in_svg:
        given |= _declarations(given.pop("style", ""))
    elif name in ("td", "th") and re.fullmatch(r"\s*text-align:\s*right;?\s*", given.get("style", "")):
        given["class"] = f"{given.get('class', '')} num".strip()  # how Markdown aligns a column
    allowed = EVERYWHERE | (SVG_ATTRIBUTES if in_svg else HTML_ATTRIBUTES.get(name, frozenset()))
    kept = {}
    for key, value in given.items():
        checked = _checked(key, value, name, in_svg) if key in allowed or _is_aria(key) else None
        if checked is not None:
            kept[key] = checked
    return kept


def _is_aria(key: str) -> bool:
    return re.fullmatch(r"aria-[a-z]+", key) is not None


def _checked(key: str, value: str, name: str, in_svg: bool) -> str | None:
    """The value if it is harmless, else None."""
    if key == "tabindex":
        return value if value in ("0", "-1") else None
    if key in ("id", "headers"):
        return value if value.strip() else None
    if name in ("img", "image") and key in ("src", "href"):
        compact = re.sub(r"\s+", "", value)
        return compact if IMAGE.fullmatch(compact) else None
    if key == "href":
        target = re.sub(r"[\x00-\x20\x7f-\xa0]", "", value)
        scheme = re.match(r"[^/?#]*:", target)
        safe = target.startswith("#") if in_svg else not scheme or scheme[0].lower() in LINKS
        return target if safe else None
    if in_svg and key not in EVERYWHERE and not _is_aria(key):
        local = LOCAL.fullmatch(value.strip()) or "url" not in value.lower()
        return value if local and "\\" not in value else None
    return value


def _declarations(style: str) -> dict[str, str]:
    """The declarations of an SVG style attribute as attributes, which no policy has to allow."""
    pairs = (part.partition(":")[::2] for part in style.split(";"))
    found = {key.strip().lower(): value.strip() for key, value in pairs if value.strip()}
    if font := FONT.fullmatch(found.pop("font", "")):
        names = ("font-style", "font-weight", "font-size", "font-family")
        found.update({key: value for key, value in zip(names, font.groups(), strict=True) if value})
    return found


def serialise(element: Element) -> str:
    """HTML of an element and what is in it, without its tail."""
    name = element.tag.removeprefix(SVG)
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in element.attrib.items())
    if name in VOID and name == element.tag:
        return f"<{name}{attributes}>"
    inner = contents(element)
    if name != element.tag and not inner:
        return f"<{name}{attributes}/>"
    newline = "\n" if name == "pre" and inner.startswith("\n") else ""  # the first one after <pre> is ignored
    return f"<{name}{attributes}>{newline}{inner}</{name}>"


def contents(element: Element) -> str:
    """HTML of what is in an element."""
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        parts += [serialise(child), escape(child.tail or "", quote=False)]
    return "".join(parts)
