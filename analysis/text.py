"""Canonical text and its sentences: the coordinates that every measurement is given in."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache

#: Joins that editors' tools leave behind, ``hostilities.For``: a lower-case letter, digit or closing bracket, the end of a
#: sentence, perhaps closing quotes, and a capital that begins a word. ``U.S.``, ``3.5`` and ``e.g.`` are none.
#: These patterns begin with what is rare, so that most of a text is passed over at once.
_JOIN = re.compile(r"[.!?](?<=[a-zà-ÿ\d)\]%].)[\"”’»]?(?=[“‘\"«]?[A-ZÀ-Þ](?:[a-zà-ÿ’']|\s))")
_JOIN_AFTER_QUOTE = re.compile(r"[.!?][”\"’](?=[A-ZÀ-Þ][a-zà-ÿ])")
_ADDRESS = re.compile(r"(?<!\S)\S*(?:://|www\.|@)\S*")
_STRAY_SPACE = re.compile(r" (?<=\w )(?=[,;](?:\s|$))")
_INVISIBLE = re.compile("[\u00ad\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069]")
#: The general categories Cc, Zl and Zp, but for the line feed.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]»]*$")


def canonical(raw: str) -> str:
    """Return the text that all offsets refer to.

    Unicode is composed (NFC), control and invisible characters are dropped, runs of white space become one space,
    paragraphs are parted by one empty line, joined sentences (``hostilities.For``) get their space and stray spaces
    before commas go. Typography (curly quotes, dashes, accents) stays, since it is evidence.
    The function is idempotent: ``canonical(canonical(x)) == canonical(x)``.
    """
    plain = _INVISIBLE.sub("", raw.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", plain)
    text = "\n\n".join(p for p in map(_paragraph, _blocks(_CONTROL.sub(" ", text))) if p)
    return unicodedata.normalize("NFC", text)


def _blocks(text: str) -> list[str]:
    """Cut at empty lines and after lines that end a sentence; other line breaks are mere wrapping."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if not line.strip():
            blocks.append([])
            continue
        if blocks[-1] and _SENTENCE_END.search(blocks[-1][-1].rstrip()):
            blocks.append([])
        blocks[-1].append(line)
    return [" ".join(b) for b in blocks]


def _paragraph(block: str) -> str:
    block = _STRAY_SPACE.sub("", " ".join(block.split()))

    def spaced(match: re.Match[str]) -> str:
        inside = any(m.start() < match.end() < m.end() for m in _ADDRESS.finditer(block))
        return match[0] if inside else match[0] + " "

    parted = _JOIN_AFTER_QUOTE.sub(r"\g<0> ", _JOIN.sub(spaced, block))
    return _STRAY_SPACE.sub("", " ".join(parted.split()))


_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sen rep gov gen lt col maj capt sgt cpl adm cmdr brig rev hon st ft mt vs etc no nos "
    "inc ltd co corp jan feb mar apr jun jul aug sept sep oct nov dec fig approx est e.g i.e a.m p.m cf al jr "
    "sr messrs pres amb supt".split()
)
#: Abbreviations that often do end a sentence: they break before a capitalised word that commonly begins one.
_MAYBE_LAST = frozenset("etc inc ltd co corp jr sr a.m p.m al".split())
_STARTERS = frozenset(
    "the a an this that these those it he she they we i in on at but and however meanwhile for if when while "
    "as after before his her their its there some many most one two both".split()
)
_SPACES = re.compile(r"\s*")
_NEXT_WORD = re.compile(r"\s+([\"“‘'«(\[]*)([\w’'.-]*)")
_WORD_BEFORE = re.compile(r"[\w.’'-]*$")
_BOUNDARY = re.compile(r"(?:\.{3}|[.!?…])+[\"”’'»)\]]*(?=\s+[\"“‘'«(\[]*[\wÀ-Þ])")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a canonical text as ``(start, end)`` character offsets, in order, without white space.

    Every non-blank character lies in exactly one sentence. Paragraph ends always end a sentence; abbreviations, initials
    and quotations that go on with a small letter do not.
    """
    return list(_sentences(text))


@lru_cache(maxsize=4)  # each measure of an article asks
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    spans = []
    for paragraph in re.finditer(r"\S(?:[^\n]|\n(?!\s*\n))*", text):
        start = paragraph.start()
        for match in _BOUNDARY.finditer(text, paragraph.start(), paragraph.end()):
            if _ends_sentence(text, match):
                spans.append((start, match.end()))
                start = _SPACES.match(text, match.end()).end()  # type: ignore[union-attr]
        end = paragraph.start() + len(paragraph[0].rstrip())
        if start < end:
            spans.append((start, end))
    return tuple(part for span in spans for part in _parts(text, *span))


#: No writer's sentence is longer; what is (a table, a text without full stops) is cut at a space, so that time stays linear.
_LONGEST = 3000


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        space = text.rfind(" ", start, start + _LONGEST)
        cut = space if space > start else start + _LONGEST
        yield start, cut
        start = _SPACES.match(text, cut).end()  # type: ignore[union-attr]
    if start < end:
        yield start, end


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    following = _NEXT_WORD.match(text, match.end())
    opening, word = (following[1], following[2]) if following else ("", "")
    if not opening and word[:1].islower():
        return False
    if match[0] != ".":
        return True
    before = _WORD_BEFORE.search(text, max(0, match.start() - 20), match.start())
    last = before[0].lstrip("’'") if before else ""
    key = word.lower().split("’")[0].rstrip(".")
    if re.fullmatch(r"(?:[A-Z]\.)*[A-Z]", last):  # an initial, or U.S.
        return "." in last and (bool(opening) or key in _STARTERS)
    if last.lower() in _ABBREVIATIONS:
        return last.lower() in _MAYBE_LAST and (bool(opening) or key in _STARTERS)
    return True


def sentence_run(spans: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Return the shortest run of sentences, as ``(start, end)``, that holds the characters ``start:end``."""
    before = bisect_right(spans, start, key=lambda span: span[0])
    behind = bisect_left(spans, end, key=lambda span: span[1])
    return spans[before - 1][0] if before else start, spans[behind][1] if behind < len(spans) else end


_QUOTATIONS = re.compile(
    r"“[^“”\n]*”|„[^„“”\n]*[“”]|«[^«»\n]*»|``[^`\n]*?''|\"[^\"\n]*\"|''(?=\S)[^\n]*?''"
    r"|(?<!\w)‘(?:[^‘’\n]|(?<=\w)’(?=\w))*’(?!\w)|(?<!\w)'(?=\w)(?:[^'\n]|(?<=\w)'(?=\w))*'(?!\w)"
)


def quotations(text: str) -> list[tuple[int, int]]:
    """Return the quotations of a canonical text as ``(start, end)``, quotation marks included, in order.

    Knows double and single, straight, curly and angled marks. A quotation ends with its paragraph, and where its closing
    mark is missing there is none: an odd mark never swallows the rest of the article.
    """
    return [m.span() for m in _QUOTATIONS.finditer(text)]
