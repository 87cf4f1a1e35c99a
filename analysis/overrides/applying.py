"""Put corrections between what was measured and what is counted: the relations of a connection, corrected."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import duckdb
import pandas as pd

from analysis import attributions, places
from analysis.overrides import articles, changes, matching, names
from analysis.overrides.lines import ACTIONS, ROWS, Line, read
from analysis.overrides.relations import TABLES, Relations

Row = changes.Row
#: What stands for the rows of a table, by id: the row as it becomes, or none. Of speakers, all rows of an article.
_New = dict[str, dict[str, list[Row]]]


class Outcome(NamedTuple):
    """What became of a line: its status, the id of its row, how many rows it changed, and what a reader must know.

    A line that was ``applied`` or ``followed`` (to an article whose text has changed) holds; one that is ``stale`` or
    ``contradictory`` changes nothing.
    """

    line: Line
    status: str
    row: str = ""
    n_rows: int = 0
    note: str = ""


class Applied(NamedTuple):
    """What became of all lines, in the order of their files."""

    outcomes: tuple[Outcome, ...] = ()

    def of(self, *statuses: str) -> list[Outcome]:
        """Return those of some statuses."""
        return [one for one in self.outcomes if one.status in statuses]

    def table(self) -> pd.DataFrame:
        """Return one row a line: its fields, ``status``, ``row``, ``n_rows`` and ``note``."""
        columns = [*Line._fields, *Outcome._fields[1:]]
        return pd.DataFrame([[*one.line, *one[1:]] for one in self.outcomes], columns=columns)


class _Meant(NamedTuple):
    """A line with what it is about: an article and a row of it; of ``places``, the mention in its text."""

    line: Line
    article: Mapping[str, Any]
    row: Mapping[str, Any]
    status: str
    note: str

    @property
    def about(self) -> tuple[object, ...]:
        return self.line.kind, self.article["article_id"], self.row["start"], self.row.get("id")


def apply(
    connection: duckdb.DuckDBPyConnection, lines: Sequence[Line] | None = None, *, prefix: str = ""
) -> Applied:
    """Replace the relations ``attributions, speakers, threats, tones`` by corrected ones, and tell what became of each line.

    Relations, and ``articles`` with them, are named as in ``analysis.schema`` after a ``prefix``; one that is not there is left
    out. Lines are those of ``data/overrides`` unless they are given. What was measured stays as ``measured_attributions`` and so
    on, and a second call starts from there: so it makes no difference, unless the lines do.

    Corrections of places come first, then those of rows, then aliases. Raises ``OverrideError``.
    """
    given = tuple(dict.fromkeys(read() if lines is None else lines))
    relations = Relations(connection, prefix)
    if not given:
        return Applied()
    told = {line: Outcome(line, "stale") for line in given}
    meant = _meant(relations, [line for line in given if line.kind in ROWS], told)
    agreed = _agreed(meant, told)
    new = _by_place(relations, [one for one in agreed if one.line.kind == "places"], told)
    _by_row(relations, [one for one in agreed if one.line.kind != "places"], new, told)
    for name, rows in new.items():
        relations.change(name, rows)
    renamed = names.apply(relations, [line for line in given if line.kind == "aliases"])
    told |= {line: Outcome(line, *found) for line, found in renamed.items()}
    told |= _stories(relations, [line for line in given if line.kind == "stories"])
    relations.finish()
    return Applied(tuple(told[line] for line in given))


def _meant(relations: Relations, lines: Sequence[Line], told: dict[Line, Outcome]) -> list[_Meant]:
    """Return the lines that are about something that is there, and tell of the others why they are stale."""
    found = articles.find(relations.connection, f"{relations.prefix}articles", lines)
    ids: dict[str, set[str]] = {}
    for line in lines:
        ids.setdefault(line.kind, set()).update(article["article_id"] for article in found[line])
    measured = {kind: _by_article(relations.measured(kind, some)) for kind, some in ids.items()}
    meant = []
    for line in lines:
        here, lost = [], "its article is gone"
        for article in found[line]:
            try:
                here.append(_of_article(line, article, measured[line.kind]))
            except matching.Lost as error:
                lost = str(error)
        if len(here) == 1:
            meant.append(here[0])
        else:
            told[line] = Outcome(line, "stale", note=f"{len(here)} articles have its words" if here else lost)
    return meant


def _of_article(line: Line, article: articles.Article, measured: Mapping[str, list[Row]]) -> _Meant:
    """Return a line with what it is about in an article. Raises ``matching.Lost``."""
    about, text = article["article_id"], article["text"]
    row, note = (
        matching.mention(line, text)
        if line.kind == "places"
        else matching.row(line, text, measured.get(about, []))
    )
    return _Meant(line, article, row, "applied" if about == line.article_id else "followed", note)


def _by_article(found: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in sorted(found, key=lambda row: (row["article_id"], row["start"], len(row["id"]), row["id"])):
        grouped.setdefault(row["article_id"], []).append(row)
    return grouped


def _agreed(meant: Sequence[_Meant], told: dict[Line, Outcome]) -> list[_Meant]:
    """Return the lines that no other line contradicts, and tell of those that one does."""
    about: dict[tuple[object, ...], list[_Meant]] = {}
    for one in meant:
        about.setdefault(one.about, []).append(one)
    agreed = []
    for one in meant:
        others = [other.line for other in about[one.about] if one.line.differs(other.line)]
        if not others:
            agreed.append(one)
            continue
        said = "; ".join(f"{other.place} says {other.action} {other.value}".strip() for other in others)
        told[one.line] = Outcome(
            one.line, "contradictory", str(one.row["id"]), 0, f"{said}; remove one of them"
        )
    return agreed


def _by_place(relations: Relations, meant: Sequence[_Meant], told: dict[Line, Outcome]) -> _New:
    """Return the tones and threats that rest on corrected mentions of places, as they become.

    A threat rests on a mention in its own sentence, and keeps a place that the sentence names elsewhere too.
    """
    new: _New = {name: {} for name in TABLES}
    n_rows = dict.fromkeys((one.line for one in meant), 0)
    group: dict[str, list[_Meant]] = {}
    for one in meant:
        group.setdefault(one.article["article_id"], []).append(one)
    measured = {name: _by_article(relations.measured(name, group)) for name in ("tones", "threats")}
    for article, some in group.items():
        at = {one.row["start"]: one for one in some}
        for row in measured["tones"].get(article, []):
            if (mention := at.get(row["start"])) and row["target_id"] == mention.row["id"]:
                after = changes.of_tone(row, mention.line.value)
                new["tones"][row["id"]] = [after] if after else []
                n_rows[mention.line] += 1
        named = places.find(some[0].article["text"])
        for row in measured["threats"].get(article, []):
            inside = [p for p in named if row["sentence_start"] <= p.start < row["sentence_end"]]
            lines: dict[str, list[Line]] = {}
            for old in sorted({p.id for p in inside} & {*row["regions"], *row["actor"].split("; ")}):
                mentions = [p.start for p in inside if p.id == old]
                if all(start in at for start in mentions):
                    lines[old] = [at[start].line for start in mentions]
            if lines:
                values = {old: [line.value for line in of if line.value] for old, of in lines.items()}
                new["threats"][row["id"]] = [changes.of_threat(row, values)]
            for line in (one for of in lines.values() for one in of):
                n_rows[line] += 1
    for one in meant:
        n, note = n_rows[one.line], one.note
        if n:
            told[one.line] = Outcome(one.line, one.status, "", n, note)
        else:
            told[one.line] = Outcome(one.line, "stale", note="no tone and no threat rests on it alone")
    return new


def _by_row(relations: Relations, meant: Sequence[_Meant], new: _New, told: dict[Line, Outcome]) -> None:
    """Put the rows that lines are about into ``new``, as they become.

    A source type that a line gives outweighs the one that follows from who the speaker is.
    """
    spoken = {one.article["article_id"] for one in meant if one.line.kind == "attributions"}
    others = _by_article(relations.measured("attributions", spoken))
    for one in sorted(meant, key=lambda one: ACTIONS[one.line.kind].index(one.line.action)):
        line, row, article = one.line, str(one.row["id"]), str(one.article["article_id"])
        before = new[line.kind].get(row, [dict(one.row)])
        if not before and line.action != "remove":
            told[line] = Outcome(line, "stale", row, 0, "a line of places.csv takes the row away")
            continue
        after = [found for r in before if (found := changes.changed(r, line, others.get(article, [])))]
        new[line.kind][row] = after
        note = "; ".join(filter(None, [one.note, "it is so without the line" if after == before else ""]))
        told[line] = Outcome(line, one.status, row, 1, note)
    for article in sorted(spoken):
        said = [
            row for measured in others[article] for row in new["attributions"].get(measured["id"], [measured])
        ]
        rows = attributions.speakers(said)
        new["speakers"][article] = [{**row, "file_row_number": i} for i, row in enumerate(rows)]


def _stories(relations: Relations, lines: Sequence[Line]) -> dict[Line, Outcome]:
    """Tell which corrections of stories name an article that is gone; the others were followed when the corpus was loaded."""
    ids = {one for line in lines for one in (line.article_id, line.value) if one}
    there = articles.there(relations.connection, f"{relations.prefix}articles", ids)
    found = {}
    for line in lines:
        gone = [one for one in (line.article_id, line.value) if one and one not in there]
        found[line] = (
            Outcome(line, "stale", note=f"there is no article {' and no '.join(gone)}")
            if gone
            else Outcome(line, "applied", n_rows=1)
        )
    return found
