"""HTML for notebooks and briefing: escaped text, numbers that link to their evidence, tables, and what a cell displays."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from IPython.display import HTML
from markupsafe import Markup, escape

Cell = str | int | float | Markup | None

#: Words of an article that are shown where its sentence is not the evidence itself.
EXCERPT = 25


def number(row: Mapping[str, Any]) -> Markup:
    """Return the count of a row of ``summary`` as a link to its evidence; zero has none."""
    n = int(row["n_rows"])
    return Markup('<a class="n" href="#{}">{}</a>').format(row["key"], n) if n else Markup("0")


def count(row: Mapping[str, Any], singular: str, plural: str | None = None) -> Markup:
    """Return a linked count with its noun in the right number: *1 article*, *2 articles*, *no articles*."""
    n = int(row["n_rows"])
    noun = singular if n == 1 else plural or singular + "s"
    return Markup("{} {}").format(number(row) if n else "no", noun)


def plain(n: int, singular: str, plural: str | None = None) -> str:
    """Return a count of what has no rows of its own, such as articles, with its noun in the right number."""
    return (
        f"{n:,} {singular if n == 1 else plural or singular + 's'}" if n else f"no {plural or singular + 's'}"
    )


def listed(parts: Sequence[Any], *, empty: str = "none") -> Markup:
    """Join parts as prose does: *a*, *a and b*, *a, b and c*."""
    if not parts:
        return Markup(escape(empty))
    *first, last = parts
    return Markup("{} and {}").format(Markup(", ").join(first), last) if first else Markup(escape(last))


def sentence(text: str, **values: Any) -> Markup:
    """Return a paragraph from a pattern with named parts; every part is escaped unless it is markup already."""
    return Markup("<p>{}</p>").format(Markup(text).format(**values))


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Markup:
    """Return a table; numbers are set right, the first column heads its row. Without rows, a note says so."""
    cells = list(rows)
    if not cells:
        return note(f"{caption}: none.")
    body = [_row(row) for row in cells]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(
            Markup(' class="num"') if i and any(_is_number(row[i]) for row in cells) else "", h
        )
        for i, h in enumerate(heads)
    )
    return Markup(
        '<table class="data"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(caption, head, Markup("").join(body))


def _row(row: Sequence[Cell]) -> Markup:
    first, *rest = row
    cells = [Markup('<th scope="row">{}</th>').format(_dated(first)), *map(_cell, rest)]
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _is_number(value: Cell) -> bool:
    return isinstance(value, (int, float)) or (
        isinstance(value, Markup) and (value == "0" or value.startswith('<a class="n"'))
    )


def _cell(value: Cell) -> Markup:
    if isinstance(value, float):
        return Markup('<td class="num">{:.2f}</td>').format(value)
    if _is_number(value):
        return Markup('<td class="num">{}</td>').format(value)
    return Markup("<td>{}</td>").format("" if value is None else _dated(value))


def _dated(value: Cell) -> Cell:
    """Return a day, week or month as the page knows it: it is never broken over two lines."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-(\d\d(-\d\d)?|W\d\d)", value, re.ASCII):
        return Markup('<time datetime="{0}">{0}</time>').format(value)
    return value


def clip(text: str, most: int = EXCERPT) -> str:
    """Return the first words of a text, with an ellipsis where there are more."""
    words = text.split()
    return text if len(words) <= most else " ".join(words[:most]) + " …"


def window(text: str, start: int, end: int, most: int = EXCERPT) -> tuple[int, int]:
    """Return the characters of the words around ``text[start:end]``: ``most`` words, or those of the span if it has more."""
    words = [m.span() for m in re.finditer(r"\S+", text)]
    first = next((i for i, (_, e) in enumerate(words) if e > start), 0)
    last = next((i for i, (_, e) in enumerate(words) if e >= end), len(words) - 1) if end > start else first
    spare = max(0, most - (last - first + 1))
    first = max(0, min(first - spare // 2, len(words) - most))
    last = min(len(words) - 1, max(last, first + most - 1))
    return (words[first][0], words[last][1]) if words else (start, end)


def excerpt(text: str, start: int, end: int) -> str:
    """Return the words around ``text[start:end]``, with an ellipsis where there are more."""
    first, last = window(text, start, end)
    return ("… " if text[:first].strip() else "") + text[first:last] + (" …" if text[last:].strip() else "")


def note(text: str) -> Markup:
    """Return a remark in small print."""
    return Markup('<p class="note">{}</p>').format(text)


def first_of(n: int, most: int, what: str, name: str) -> Markup:
    """Return a remark that a list shows the first ``most`` of ``n``, and which table holds all; nothing where it shows all."""
    if n <= most:
        return Markup("")
    return note(f"The first {most} of {n:,} {what}; all of them are in the table {name}.")


def caveat(text: str) -> Markup:
    """Return a warning that a reader must not miss."""
    return Markup('<p class="caveat">{}</p>').format(text)


def show(*parts: Markup) -> HTML:
    """Display sentences, charts and tables, one below the other, as the result of a notebook cell."""
    return HTML("\n".join(str(part) for part in parts if part))
