"""Passages: rows of a measure with the sentences that they were counted from, to read and to correct."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from analysis import schema, sharing
from analysis.evidence import excerpts, legend, marked, marks_of, place_name
from analysis.lab.errors import LabError
from analysis.show import note

if TYPE_CHECKING:
    from analysis.lab.desk import Desk


@dataclass(frozen=True)
class Row:
    """One row of a measure: ``row["speaker"]`` is a column, ``row.article`` the article it stands in."""

    table: str
    values: dict[str, Any]
    article: dict[str, Any]
    sentence: str

    def __getitem__(self, column: str) -> Any:
        if column not in self.values:
            raise LabError(f'no column "{column}" in {self.table}; there are {", ".join(self.values)}')
        return self.values[column]

    def __repr__(self) -> str:
        return f"{self.said()}: {self.sentence}"

    def said(self) -> str:
        """Return in a few words what the row says.

        For an attribution who is cited as what, for a threat which region and by whom, for a tone which and toward whom.
        """
        v = self.values
        if self.table == "attributions":
            parts = [v["speaker"] or "unnamed", v["source_type"], v["likelihood"]]
        elif self.table == "threats":
            parts = [
                v["category"].replace("_", " "), v["kind"], ", ".join(map(place_name, v["regions"])) or "no region",
                f"by {place_name(v['actor'])}" if v["actor"] else "by nobody named", v["likelihood"],
            ]  # fmt: skip
        else:
            parts = [v["target"], v["tone"], f"{v['p_' + v['tone']]:.2f}"]
        return " · ".join(part for part in parts if part != "none")


@dataclass(frozen=True)
class Passages:
    """Rows, numbered from 0, with their sentences. ``n`` counts all that there are; ``frame`` is their data frame."""

    caption: str
    frame: pd.DataFrame
    rows: list[Row]
    pieces: list[Markup]
    n: int
    remark: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, number: int) -> Row:
        try:
            return self.rows[number]
        except IndexError:
            last = f"0 to {len(self) - 1}" if self.rows else "none"
            raise LabError(f"there is no row {number}; the rows are {last}") from None

    def __repr__(self) -> str:
        lines = [f"[{i}] {row}" for i, row in enumerate(self.rows)]
        return "\n".join([self._title(), *lines, *filter(None, [self.remark])])

    def __html__(self) -> str:
        parts = [Markup("<p><strong>{}</strong></p>").format(self._title())]
        if self.pieces:
            parts += [legend(), *self.pieces]
        if self.remark:
            parts.append(note(self.remark))
        return str(Markup('<section class="evidence lab">{}</section>').format(Markup("").join(parts)))

    _repr_html_ = __html__

    def _title(self) -> str:
        shown = f"; the first {len(self):,} are shown" if len(self) < self.n else ""
        return f"{self.caption} ({self.n:,}{shown})"


def collect(desk: "Desk", caption: str, table: str, ids: list[str], n: int, remark: str = "") -> Passages:
    """Return the rows with these ids as passages: whole sentences in the lab, else of each at most 25 words."""
    opened = desk.brief
    frame = opened.rows(table, ids)
    articles = {row["article_id"]: row for row in schema.records(opened.articles)}
    texts = opened.texts(sorted(set(frame["article_id"])))
    is_whole = desk.is_lab or sharing.is_full(desk.parameters.share)
    rows, pieces = [], []
    for i, values in enumerate(schema.records(frame)):
        text, article = texts[values["article_id"]], articles[values["article_id"]]
        start = int(values["sentence_start"] if "sentence_start" in values else values["start"])
        end = int(values["sentence_end"] if "sentence_end" in values else values["end"])
        marks = sorted(set(marks_of(text, [(table, values)])))
        cut = [[(start, end)]] if is_whole else list(excerpts(text, start, end, marks))
        lines = [Markup(" … ").join(marked(text, *piece, marks) for piece in parts) for parts in cut]
        row = Row(table, values, article, text[start:end] if is_whole else sharing.excerpt(text[start:end]))
        where = " · ".join(filter(None, [article["outlet"], article["date"], article["title"], values["id"]]))
        rows.append(row)
        pieces.append(
            Markup('<article class="sentence"><p class="meta">[{}] {}</p>{}<p class="meta">{}</p></article>').format(
                i, row.said(), Markup("").join(Markup('<p class="text">{}</p>').format(line) for line in lines), where
            )
        )  # fmt: skip
    return Passages(caption, frame, rows, pieces, n, remark)
