"""Pieces of a vendor's export: what stands between the marks of its layout, apart from cover pages and lists of contents."""

import re
from itertools import pairwise
from typing import NamedTuple

from analysis.corpus.layouts import Layout


class Part(NamedTuple):
    """One piece of a file: the number that its mark gives it and of how many (0 where it has none), its lines, whether it is whole."""

    number: int
    total: int
    lines: list[str]
    is_whole: bool = True


def parted(lines: list[str], layout: Layout) -> tuple[list[str], list[Part]]:
    """Return the lines of the cover page and the pieces that are, or should be, articles."""
    cover, lines, is_found = _cover(lines, layout) if layout.part == "end" else ([], lines, True)
    marks = [i for i, line in enumerate(lines) if layout.match("mark", line)]
    edges = [*marks, len(lines)] if layout.part == "start" else [-1, *marks, len(lines)]
    pieces = [lines[a + 1 : b] for a, b in pairwise(edges)]
    if layout.part == "start":
        numbers = [layout.match("numbered", lines[i]) for i in marks]
        parts = [_numbers(n, piece) for n, piece in zip(numbers, pieces, strict=True)]
        before = lines[: edges[0]]
        is_article = any(layout.match("once", line) for line in before)
        return before, [Part(0, 0, before, is_whole=False), *parts] if is_article else parts
    if layout.part == "end":
        rest = pieces.pop()
        parts = [Part(0, 0, piece, is_whole=is_found or i > 0) for i, piece in enumerate(pieces)]
        return cover, parts if _is_apart(rest, layout) else [*parts, Part(0, 0, rest, is_whole=False)]
    parts = []
    for piece in pieces:
        if not _is_apart(piece, layout):
            number = next((m for line in piece if (m := layout.match("numbered", line))), None)
            parts.append(_numbers(number, piece))
        elif not parts:
            cover += piece
    return cover, parts


def _numbers(match: re.Match[str] | None, lines: list[str]) -> Part:
    if not match:
        return Part(0, 0, lines)
    number, total = (int(n.replace(",", "") or 0) for n in match.groups())
    return Part(number, total, lines)


def _is_apart(lines: list[str], layout: Layout) -> bool:
    """Tell whether a piece of a file is no article: empty, a list of contents, a line of copyright."""
    said = [line for line in lines if line.strip()]
    if any(layout.match("once", line) for line in said):
        return False
    if layout.part == "between" and said:
        return all(layout.match("listed", line) for line in said) or any(
            layout.match("apart", line) for line in said[:3]
        )
    if any(layout.match("apart", line) for line in said):
        return True
    return len(" ".join(said).split()) < 50 and not any(layout.label(line.strip()) for line in said)


def _cover(lines: list[str], layout: Layout) -> tuple[list[str], list[str], bool]:
    """Part the cover page from the first article, which begins with a title that the page lists; tell whether that was found."""
    stop = next((i for i, line in enumerate(lines) if layout.match("once", line)), len(lines))
    count = next((i for i, line in enumerate(lines[:stop]) if layout.match("counted", line)), None)
    if count is None:
        return [], lines, True
    titles = [alike(title) for title in listed(lines[:stop], layout)]
    start = next((i for i in range(count + 1, stop) if _is_one(alike(lines[i]), titles)), None)
    begin = start or 1 + max(i for i, line in enumerate(lines[:stop]) if layout.match("cover", line))
    return lines[:begin], lines[begin:], start is not None or not titles


def _is_one(line: str, titles: list[str]) -> bool:
    """Tell whether a line is a title, or the first line of one that goes on in the next."""
    return line in titles or any(
        min(len(line), len(t)) >= 25 and (t.startswith(line) or line.startswith(t)) for t in titles
    )


def listed(cover: list[str], layout: Layout) -> list[str]:
    """Return the titles of a table of contents, numbered from 1 on."""
    titles: list[str] = []
    for line in cover:
        if (match := layout.match("listed", line)) and match[1] == str(len(titles) + 1):
            titles.append(match[2])
    return titles


def alike(title: str) -> str:
    """Return a title as it is compared: without regard to spaces and capitals."""
    return " ".join(title.split()).casefold()
