"""The PDF of a briefing, from its HTML: tagged, outlined, dated by nothing, set in fonts that packages of Python carry."""

import gc
import logging
import os
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from warnings import catch_warnings, simplefilter
from xml.etree.ElementTree import Element

import pydyf  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from analysis.tags import mend

log = logging.getLogger(__name__)

INSTALL = (
    "The PDF needs the system library Pango. Debian, Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0"
    " libharfbuzz-subset0; macOS: brew install pango; conda: conda install pango."
)
INK = "#1b2025"  # what currentColor means on paper
HIDDEN = {"counted-in"}  # classes of what the stylesheet hides on paper, where there is much of it
SVG = "{http://www.w3.org/2000/svg}"


class Face(NamedTuple):
    """One cut of a font: what a stylesheet calls it, and which package carries its file where."""

    family: str
    weight: int
    style: str
    package: str
    file: str


def _dejavu(family: str, weight: int, style: str, name: str) -> Face:
    return Face(f"DejaVu {family}", weight, style, "matplotlib", f"mpl-data/fonts/ttf/DejaVu{name}.ttf")


FACES = (
    _dejavu("Sans", 400, "normal", "Sans"),
    _dejavu("Sans", 400, "italic", "Sans-Oblique"),
    _dejavu("Sans", 700, "normal", "Sans-Bold"),
    _dejavu("Sans", 700, "italic", "Sans-BoldOblique"),
    _dejavu("Serif", 400, "normal", "Serif"),
    _dejavu("Serif", 400, "italic", "Serif-Italic"),
    _dejavu("Serif", 700, "normal", "Serif-Bold"),
    _dejavu("Serif", 700, "italic", "Serif-BoldItalic"),
    _dejavu("Sans Mono", 400, "normal", "SansMono"),
    _dejavu("Sans Mono", 700, "normal", "SansMono-Bold"),
)
#: What sets a Chinese, Japanese or Korean name; only a page that has one gets them.
FURTHER = (
    Face("Noto Sans SC", 400, "normal", "zhplot", "fonts/NotoSansSC-Regular.ttf"),
    Face("NanumGothic", 400, "normal", "koreanize_matplotlib", "fonts/NanumGothic.ttf"),
)
NO_SYSTEM_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><cachedir>{cache}</cachedir></fontconfig>
"""


class PdfUnavailable(RuntimeError):
    """The system lacks what the PDF needs; the message says what to install."""


def render_pdf(html: str, *, title: str | None = None) -> bytes:
    """Return the PDF/UA-1 of a page that ``BriefingExporter`` made.

    The same page gives the same bytes wherever the same versions of WeasyPrint and Pango run.
    A title given here takes the place of the page's own in the document's properties.
    """
    with _only_our_fonts(), _quiet("weasyprint", "fontTools"), _uncollected():
        weasyprint = _weasyprint()
        fetcher = _fetcher(weasyprint)
        page = weasyprint.HTML(string=html, url_fetcher=fetcher, media_type="print")
        _prepare(page.etree_element)
        text = "".join(page.etree_element.itertext())
        beyond = missing_characters(text, FACES[:1])
        rules = _font_faces((*FACES, *FURTHER) if beyond else FACES)
        fonts = weasyprint.text.fonts.FontConfiguration()
        faces = weasyprint.CSS(string=rules, url_fetcher=fetcher, font_config=fonts)
        document = page.render(font_config=fonts, stylesheets=[faces], pdf_variant="pdf/ua-1")
        if title is not None:
            document.metadata.title = title
        identifier = sha256(f"{document.metadata.title}\0{html}".encode()).digest()[:16]
        pdf: bytes = document.write_pdf(
            finisher=partial(_finish, page.etree_element), pdf_variant="pdf/ua-1", pdf_identifier=identifier
        )
    if missing := missing_characters("".join(beyond), FURTHER):
        log.warning("The PDF's fonts lack %s; a box stands for each. The HTML shows them.", " ".join(missing))
    return pdf


def missing_characters(text: str, faces: Sequence[Face] = (*FACES[:1], *FURTHER)) -> list[str]:
    """The characters of a text for which none of the fonts has a shape, sorted."""
    missing = {character for character in text if not character.isspace() and character.isprintable()}
    for face in faces:
        missing = missing and {character for character in missing if ord(character) not in _covered(face)}
    return sorted(missing)


@cache
def _covered(face: Face) -> frozenset[int]:
    with TTFont(_path(face), lazy=True) as font:
        return frozenset(font.getBestCmap())


def _path(face: Face) -> Path:
    """Where a face lies. Its package is not imported: two of them would set matplotlib's font."""
    spec = find_spec(face.package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the font {face.family} comes with the package {face.package}: install it")
    return Path(spec.origin).parent / face.file


def _font_faces(faces: Sequence[Face]) -> str:
    """The fonts as rules of a stylesheet: where the family asked for lacks a character, Pango takes the first that has it."""
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style};'
        f' src: url("face:{face.file}") }}'
        for face in faces
    )


@contextmanager
def _only_our_fonts() -> Iterator[None]:
    """Hide the machine's fonts and font settings while a document is made: they differ between machines."""
    before = os.environ.get("FONTCONFIG_FILE")
    with TemporaryDirectory(prefix="briefing-") as folder:
        settings = Path(folder) / "fonts.conf"
        settings.write_text(NO_SYSTEM_FONTS.format(cache=folder), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(settings)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Let errors pass and nothing else: each rule of the stylesheet that is for browsers gives a warning."""
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage while a document is made: almost all lives until its end, and the search takes an eighth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _weasyprint() -> Any:
    """Import WeasyPrint only when a PDF is asked for: it loads Pango."""
    try:
        with catch_warnings():
            simplefilter("ignore")  # that no system font is to be seen is what we want
            import weasyprint  # type: ignore[import-untyped]
            import weasyprint.text.fonts  # type: ignore[import-untyped]
    except (ImportError, OSError, AttributeError) as error:
        raise PdfUnavailable(INSTALL) from error
    return weasyprint


def _fetcher(weasyprint: Any) -> Any:
    """A fetcher that hands out the fonts above and images within the page, and nothing else."""
    faces = {f"face:{face.file}": face for face in (*FACES, *FURTHER)}

    class Fetcher(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url in faces:
                return weasyprint.urls.URLFetcherResponse(url, _path(faces[url]).read_bytes())
            return super().fetch(url, headers)

    return Fetcher(allowed_protocols=("data",), allow_redirects=False)


def _finish(page: Element, document: Any, pdf: Any) -> None:
    """Mend the tags, and compress what is drawn, once and on all cores: the writer does it twice, for the file and for its hash."""
    mend(page, document, pdf)
    streams = [one for one in pdf.objects if isinstance(one, pydyf.Stream) and one.compress]
    for stream in streams:
        stream.compress = False
    drawn = [stream.data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream") for stream in streams]
    with ThreadPoolExecutor() as pool:
        for stream, packed in zip(streams, pool.map(partial(zlib.compress, level=9), drawn), strict=True):
            stream.stream = [packed]
            stream.extra["Filter"] = "/FlateDecode"


def _prepare(page: Element) -> None:
    """What paper needs beyond the stylesheet: the charts' ink, their whole description as one text, and nothing of what it hides."""
    for parent in list(page.iter()):
        for child in [c for c in parent if HIDDEN & {*(c.get("class") or "").split()}]:
            parent.remove(child)
    for svg in page.iter(f"{SVG}svg"):
        svg.set("color", INK)
        title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
        if title is not None and description is not None and description.text:
            title.text = f"{(title.text or '').strip().rstrip('.')}. {description.text.strip()}"
