"""Text of DOCX, RTF and Factiva's HTML, one paragraph a block, within bounds of size and depth: what is larger or nested deeper is refused."""

import re
import zipfile
import zlib
from typing import BinaryIO

from lxml import etree, html
from striprtf.striprtf import rtf_to_text

from analysis.corpus.layouts import BOLD
from analysis.corpus.markup import bytes_of, decoded, plain
from analysis.corpus.record import Unreadable

#: Characters of a text, bytes of a file, of the XML in it and of RTF without pictures; the largest exports have a third of it.
LONGEST, LARGEST, LARGEST_XML, LARGEST_RTF = 16_000_000, 100_000_000, 64_000_000, 5_000_000
DEEPEST = 200
_AGAIN = "download it again"
_SMALLER = "export fewer articles at a time"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _T = f"{_W}p", f"{_W}t"
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


class _Paragraphs:
    """Collects the paragraphs of a Word document while it is parsed, so that no tree of it is ever in memory."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.open: list[list[str]] = []
        self.in_text = False

    def start(self, tag: str, attributes: object) -> None:
        if tag == _P:
            self.open.append([])
        elif tag in _CHARACTERS and self.open:
            self.open[-1].append(_CHARACTERS[tag])
        self.in_text = tag == _T

    def data(self, text: str) -> None:
        if self.in_text and self.open:
            self.open[-1].append(text)

    def end(self, tag: str) -> None:
        self.in_text = False
        if tag == _P:
            self.done.append("".join(self.open.pop()))

    def doctype(self, *names: object) -> None:
        raise Unreadable("a DOCX file with a document type, which Word never writes", _AGAIN)

    def close(self) -> list[str]:
        return self.done


def docx_text(file: BinaryIO) -> str:
    """Return the paragraphs of a DOCX, those of tables among them, parted by empty lines. Raises ``Unreadable``."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = [i for i in archive.infolist() if re.fullmatch(r"word/document\d*\.xml", i.filename)]
            if not parts:
                raise Unreadable("no Word document in the file", _AGAIN)
            if parts[0].file_size > LARGEST_XML:
                size = f"{parts[0].file_size:,} bytes when unpacked (limit {LARGEST_XML:,})"
                raise Unreadable(size, _SMALLER)
            parser = etree.XMLParser(
                target=_Paragraphs(), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
            )
            with archive.open(parts[0]) as part:
                while chunk := part.read(100_000):
                    parser.feed(chunk)
            return "\n\n".join(parser.close())
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("a damaged DOCX file, or one with a password", _AGAIN) from error
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable(f"a damaged DOCX file ({error})"[:200], _AGAIN) from error


_PICTURE = re.compile(r"[0-9a-fA-F\r\n]{256,}")
_CODEPAGE = re.compile(r"\\ansicpg(\d{1,5})")
_BRACE = re.compile(r"\\[\\{}]|[{}]")
_IS_BOLD = re.compile(r"(?<!\\)\\b(?![a-zA-Z0-9-]) ?")


def rtf_text(file: BinaryIO) -> str:
    """Return the paragraphs of an RTF file parted by empty lines, cells of a row parted by ``|``. Raises ``Unreadable``."""
    raw = bytes_of(file, LARGEST)
    if not raw.lstrip().startswith(b"{\\rtf"):
        raise Unreadable("no RTF file", _AGAIN)
    codepage = _CODEPAGE.search(raw[:2_000].decode("latin-1"))
    try:
        text = raw.decode(f"cp{codepage[1]}" if codepage else "cp1252", errors="replace")
    except LookupError:
        text = raw.decode("cp1252", errors="replace")
    text = _checked(_PICTURE.sub("", text))
    # Addresses of links are no text, and striprtf takes cubic time to find them.
    text = _IS_BOLD.sub(rf"\\b {BOLD}", text.replace("\\fldinst", "\\fldpriv"))
    try:
        bare = rtf_to_text(text, errors="replace")
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise Unreadable(f"a damaged RTF file ({error})"[:200], _AGAIN) from error
    bare = bare.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    bare = re.sub(r"[ \t]*\n[ \t]*\|", "|", bare)
    return re.sub(r"[| \t]*\n", "\n\n", bare.rstrip("| \t"))


def _checked(text: str) -> str:
    """Return RTF whose braces, pictures and table of fonts are such that no text is lost and no time wasted."""
    if len(text) > LARGEST_RTF:
        raise Unreadable(f"{len(text):,} characters of RTF (limit {LARGEST_RTF:,})", _SMALLER)
    if re.search(r"\\bin\d", text):
        raise Unreadable("pictures as raw bytes in the RTF", "save it again without pictures, or as DOCX")
    depth, fonts = 0, -1
    start = text.find("\\fonttbl")
    for brace in _BRACE.finditer(text):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth > DEEPEST:
            raise Unreadable(f"groups nested deeper than {DEEPEST} in the RTF", _AGAIN)
        if brace[0] == "}" and fonts < 0 <= start < brace.start() and depth <= 1:
            fonts = brace.end()
        if depth == 0 and brace[0] == "}":
            if text[brace.end() :].strip(" \t\r\n\0"):
                raise Unreadable("text behind the end of the RTF document", _AGAIN)
            break
    if start >= 0:
        end = fonts if fonts >= 0 else len(text)
        table = text[start:end].replace("}", "}\n")
        if len(table) > 500_000 or max(map(len, table.splitlines())) > 2_000:
            raise Unreadable("a table of fonts too large", _AGAIN)
        text = text[:start] + table + text[end:]
    return text


_ARTICLE = re.compile(r"(?:^|\s)[a-z]{2,4}Article(?:\s|$)")
_CODE = re.compile(r"[A-Z]{2,3}")
_ACCESSION = re.compile(r"\w+ [A-Za-z0-9]{15,40}")


def factiva_texts(file: BinaryIO) -> list[str]:
    """Return the text of each article of a page that Factiva saved, in the form of its RTF. Raises ``Unreadable``."""
    text = decoded(bytes_of(file, LONGEST))
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable("no HTML page", _AGAIN) from error
    if any("depth" in error.message.lower() for error in parser.error_log):
        raise Unreadable("elements nested deeper than 256 in the page", _AGAIN)
    return [_article(div) for div in tree.iter("div") if _ARTICLE.search(div.get("class", ""))]


def _article(div: html.HtmlElement) -> str:
    table = next(div.iter("table"), None)
    rows = [r.findall("td") for r in div.iter("tr") if next(r.iterancestors("table"), None) is table]
    coded = [(_words(r[0]), r[1]) for r in rows if len(r) == 2 and _CODE.fullmatch(_words(r[0]))]
    if any(code == "HD" for code, _ in coded):
        return "\n\n".join(f"{code}|{_paragraphs_of(value)}" for code, value in coded)
    for span in div.xpath(".//*[contains(@class, 'Headline')]"):
        bold = html.Element("b")
        bold.text = BOLD
        span.addprevious(bold)
    # Behind the text stands who provided it, in a paragraph without a class.
    for last in div.xpath(
        ".//p[contains(@class, 'articleParagraph')][last()]/following-sibling::p[not(@class)]"
    ):
        if not _ACCESSION.fullmatch(_words(last)):
            last.clear()
    return _paragraphs_of(div)


def _paragraphs_of(element: html.HtmlElement) -> str:
    return plain(html.tostring(element, encoding="unicode", with_tail=False)).replace("\xa0", " ")


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().replace("\xa0", " ").split())
