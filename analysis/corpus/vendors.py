"""Exports of news archives (Nexis, Nexis Uni, Factiva, ProQuest): TXT, DOCX, RTF and HTML with many articles a file.

Layouts are data, see ``layouts.yml``. Each article that a file announces, by a numbered mark, a count on its cover page or a list of
titles, comes out once: as a record, or with the reason why not.
"""

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from analysis.corpus.containers import LONGEST, docx_text, factiva_texts, rtf_text
from analysis.corpus.fields import article
from analysis.corpus.layouts import BOLD, Layout, layouts, lined, recognise
from analysis.corpus.markup import bytes_of, decoded
from analysis.corpus.parts import Part, alike, listed, parted
from analysis.corpus.record import Record, Settings, Unreadable

__all__ = ["read_docx", "read_html", "read_rtf", "read_txt", "recognise"]

#: Articles that may be announced and missing; no vendor exports more at a time.
MOST = 10_000
_AGAIN = "download it again; where another file of the corpus holds it, nothing is lost"


def read_txt(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the articles of a vendor's plain text. Raises ``Unreadable`` where it is none."""
    yield from _articles(decoded(bytes_of(file, LONGEST)), settings)


def read_docx(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the articles of a vendor's DOCX. Raises ``Unreadable`` where it is none."""
    yield from _articles(docx_text(file), settings)


def read_rtf(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the articles of a vendor's RTF. Raises ``Unreadable`` where it is none."""
    yield from _articles(rtf_text(file), settings)


def read_html(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the articles of a page that Factiva saved. Raises ``Unreadable`` where it is none."""
    texts = factiva_texts(file)
    if not texts:
        raise Unreadable("no article of Factiva in the page", "save the articles in the format HTML again")
    for text in texts:
        try:
            yield from _articles(text, settings)
        except Unreadable as error:
            yield error


def _articles(text: str, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield every article that a text announces."""
    if len(text) > LONGEST:
        raise Unreadable(f"{len(text):,} characters (limit {LONGEST:,})", "export fewer articles at a time")
    key = recognise(text)
    if not key:
        raise Unreadable(
            "laid out like no export that is read (Nexis, Nexis Uni, Factiva, ProQuest)",
            "export it again with full text and all fields, or save the articles as text with a line: date YYYY-MM-DD TITLE",
        )
    layout = layouts()[key]
    if not layout.bold:
        text = text.replace(BOLD, "")
    cover, parts = parted(lined(text).split("\n"), layout)
    if len(parts) > 10 * MOST:
        raise Unreadable(
            f"{len(parts):,} marks of articles, more than an export has", "export fewer at a time"
        )
    read = _numbered if any(part.number for part in parts) else _counted
    empty = True
    for found in read(parts, cover, layout, settings):
        empty = False
        yield found
    if empty:
        raise Unreadable("no article in the export", _AGAIN)


def _numbered(
    parts: list[Part], cover: list[str], layout: Layout, settings: Settings
) -> Iterator[Record | Unreadable]:
    """Yield the articles of numbered pieces, and for each number that is missing the reason.

    Numbers begin where the first piece has them: one download of many may hold 501 to 731. They end with the total, or with the
    last number that was chosen, as the cover page says. A number that falls begins another download in the same file. A piece without a number, such as
    one that is cut off, takes the place of one that is missing.
    """
    chosen = next((int(m[2]) for line in cover if (m := layout.match("chosen", line))), 0)
    expected = last = unplaced = 0
    for part in parts:
        if part.number:
            if part.number < expected:
                yield from _missing(expected + unplaced, last)
                expected = unplaced = 0
            last = chosen if part.number <= chosen <= part.total else part.total
            yield from _missing((expected or part.number) + unplaced, part.number - 1)
            unplaced = max(0, unplaced - (part.number - expected)) if expected else 0
            expected = part.number + 1
        elif expected:
            unplaced += 1
        yield from _read(part, layout, settings)
    yield from _missing(expected + unplaced, last)


def _missing(first: int, last: int) -> Iterator[Unreadable]:
    if last - first >= MOST:
        yield Unreadable(f"{last - first + 1:,} articles announced, but not in the file", _AGAIN)
        return
    for number in range(first, last + 1):
        yield Unreadable(f"article {number} is announced, but not in the file", _AGAIN)


def _counted(
    parts: list[Part], cover: list[str], layout: Layout, settings: Settings
) -> Iterator[Record | Unreadable]:
    """Yield the articles of pieces without numbers, and for each that the cover page announces beyond them the reason."""
    titles = listed(cover, layout)
    stated = [int(match[1]) for line in cover if (match := layout.match("counted", line))]
    seen: Counter[str] = Counter()
    count = 0
    for part in parts:
        for found in _read(part, layout, settings):
            count += 1
            seen[alike(found.title) if isinstance(found, Record) else ""] += 1
            yield found
    missing = max([*stated, len(titles)], default=0) - count
    unseen = []
    for title in titles:
        if seen[alike(title)]:
            seen[alike(title)] -= 1
        else:
            unseen.append(title)
    if 0 < missing == len(unseen) <= MOST:
        for title in unseen:
            yield Unreadable(f"the article {title[:100]!r} is announced, but not in the file", _AGAIN)
    elif missing > 0:
        yield from _missing(count + 1, count + missing)


def _read(part: Part, layout: Layout, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the article of a piece, or as many reasons as articles have run together in it."""
    run_together = sum(1 for line in part.lines if layout.match("once", line))
    if run_together > 1:
        for _ in range(min(run_together, MOST)):
            yield Unreadable("two articles have run together: the line that parts them is missing", _AGAIN)
    elif not part.is_whole:
        yield Unreadable("an article without the line that begins or ends it", _AGAIN)
    else:
        try:
            yield article(part.lines, layout, settings)
        except Unreadable as error:
            yield error
