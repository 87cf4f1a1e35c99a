"""What may leave the house: no more than ``EXCERPT`` words of an article in a row of words, unless the report says ``share: full``."""

import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from analysis import schema
from analysis.show import EXCERPT, clip

#: Columns that are the article itself: ``sentences`` holds each sentence in order, so excerpts of all of them would be the whole.
LEFT_OUT = {"articles": ("text",), "sentences": ("text",)}
#: Columns with words of an article, or of who published it. All others hold ids, numbers, paths or words of this project.
CUT = {
    "articles": ("title", "byline", "outlet"),
    "attributions": (
        "text", "source", "cue", "content", "speaker", "role", "affiliation", "likelihood_term",
    ),
    "speakers": ("speaker", "role", "affiliation", "text"),
    "threats": ("text", "actor"),
    "tones": ("text", "target"),
    "summary": ("group",),
}  # fmt: skip
#: Characters of ``EXCERPT`` long words: where a text does not part its words, they are the limit.
LONGEST = 12 * EXCERPT


def is_full(share: str) -> bool:
    """Tell whether the report allows whole texts."""
    return share == "full"


def excerpt(text: str) -> str:
    """Return the first words of a text, with an ellipsis where there are more."""
    is_short = len(text) < 2 * EXCERPT  # more words have more characters and spaces
    return text if is_short else _short(clip(text, EXCERPT))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 2].rstrip(" …") + " …"


def cut(name: str, rows: pa.Table, share: str) -> pa.Table:
    """Return rows of the table ``name`` as they may be shared: ``share`` is *full*, or empty for excerpts only.

    The columns and their types stay. ``LEFT_OUT`` is null, and no cell of ``CUT`` holds more than ``EXCERPT`` words; nor do the
    cells of an attribution together show more of its sentence, since they could be put together again.
    """
    if is_full(share):
        return rows
    for column in LEFT_OUT.get(name, ()):
        rows = _with(rows, column, pa.nulls(len(rows), pa.string()))
    columns = CUT.get(name, ())
    if name == "attributions":
        cells = pa.Table.from_pylist(
            [_of_sentence(row) for row in rows.select(_SENTENCE).to_pylist()], _CELLS
        )
        for column in _CELLS.names:
            rows = _with(rows, column, cells[column])
        columns = tuple(column for column in columns if column not in _CELLS.names)
    for column in columns:
        rows = _with(rows, column, _cut(rows[column]))
    return rows


_CELLS = pa.schema(
    [schema.arrow_schema("attributions").field(n) for n in ("text", "source", "cue", "content")]
)
_SENTENCE = ["start", "text", "source", "source_start", "cue", "cue_start", "content", "content_start"]


def _of_sentence(row: dict[str, Any]) -> dict[str, Any]:
    """Return the cells of an attribution cut to ``EXCERPT`` words of its sentence: its cue, its source, then its content."""
    text, offset = row["text"], row["start"]
    if len(text) <= LONGEST and len(text.split()) <= EXCERPT:
        parts = {role: row[role] and excerpt(row[role]) for role in ("cue", "source")}
        return {"text": text, "content": [excerpt(part) for part in row["content"]], **parts}
    words = [m.span() for m in re.finditer(r"\S+", text)]

    def span(part: str, at: int) -> tuple[int, int] | None:
        first = at - offset
        return (first, first + len(part)) if text[max(first, 0) :].startswith(part) and first >= 0 else None

    one = {
        role: None if row[f"{role}_start"] is None else span(row[role], row[f"{role}_start"])
        for role in ("cue", "source")
    }
    several = [span(part, at) for part, at in zip(row["content"], row["content_start"], strict=True)]
    ranked = dict.fromkeys(
        i
        for first, last in filter(None, [*one.values(), *several, (0, len(text))])
        for i, (start, end) in enumerate(words)
        if start < last and first < end
    )
    shown: list[tuple[int, int]] = []
    for i in sorted(list(ranked)[:EXCERPT]):
        if shown and shown[-1][1] == words[i - 1][1]:
            shown[-1] = (shown[-1][0], words[i][1])
        else:
            shown.append(words[i])

    def cell(part: str | None, of: tuple[int, int] | None) -> str | None:
        return _short(_pieces(text, of, shown)) if of else part and excerpt(part)

    return {
        "text": cell(text, (0, len(text))),
        "content": [cell(part, of) for part, of in zip(row["content"], several, strict=True)],
        **{role: cell(row[role], of) for role, of in one.items()},
    }


def _pieces(text: str, span: tuple[int, int], shown: Sequence[tuple[int, int]]) -> str:
    """Return what is shown of a span, given as runs of characters, with an ellipsis for each gap."""
    found, end = "", span[0]
    for first, last in shown:
        first, last = max(first, span[0]), min(last, span[1])
        if first < last:
            found += text[end:first] if not text[end:first].strip() else " … "
            found += text[first:last]
            end = last
    return (found + (" …" if text[end : span[1]].strip() else "")).strip()


def _with(rows: pa.Table, column: str, values: pa.Array) -> pa.Table:
    at = rows.schema.get_field_index(column)
    return rows.set_column(at, rows.schema.field(at), values)


def _cut(column: pa.ChunkedArray) -> pa.Array:
    column = column.combine_chunks()
    if not pc.any(_long(column)).as_py():
        return column
    return pa.array([None if v is None else excerpt(v) for v in column.to_pylist()], column.type)


def _long(texts: pa.Array) -> pa.Array:
    """Tell, with all texts at once, which may have to be cut."""
    words = pc.list_value_length(pc.utf8_split_whitespace(texts, max_splits=EXCERPT + 1))
    return pc.or_(pc.greater(words, EXCERPT), pc.greater(pc.utf8_length(texts), LONGEST))


def rule(name: str, column: str) -> str:
    """Return what a codebook says of a column's cells where whole texts may not be shared; empty where they stay as they are."""
    if column in LEFT_OUT.get(name, ()):
        return "left out unless share: full"
    if column in CUT.get(name, ()):
        return f"clipped to {EXCERPT} words unless share: full"
    return ""


def codebook() -> str:
    """Return the codebook of the tables as a briefing exports them, as Markdown."""
    lines = [
        f"- `{name}.{column.name}`: {said}."
        for name, columns in schema.TABLES.items()
        for column in columns
        if (said := rule(name, column.name))
    ]
    return "\n".join(
        [
            "# Codebook", "",
            "An empty cell is a null. Lists are JSON in CSV, and parted by `; ` in the workbook. In CSV an apostrophe stands before what a spreadsheet would take for a formula.",
            "", "## What is shared", "",
            f"Of an attribution `text`, `source`, `cue` and `content` together show {EXCERPT} words of the sentence.", "", *lines, "", "## Tables", "", schema.codebook(),
        ]
    )  # fmt: skip
