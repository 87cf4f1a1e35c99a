"""A trial of a new line of a lexicon: what it would change, before it is saved."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from analysis import attributions, lexicons, places, reader, schema, threats, tones
from analysis import show as displaying
from analysis.lab import fresh, lexicon_lines
from analysis.lab.errors import LabError
from analysis.lab.results import Said, Table
from analysis.text import sentences
from analysis.threats import terms

if TYPE_CHECKING:
    from analysis.lab.desk import Desk

#: Articles that a trial measures at most: fewer than the readings that are kept, so that none is read twice.
TRIED = 200

_Row = Mapping[str, Any]
_Rows = dict[str, list[dict[str, Any]]]


class _Counted(NamedTuple):
    """A number that a line may change: its name, its measure and group, the table of its rows, and which of them count."""

    name: str
    measure: str
    group: str
    table: str
    counts: Callable[[_Row], bool]


@dataclass(frozen=True)
class Trial:
    """What a new line of a lexicon would change; ``save`` writes it. ``hits`` are the places where the term is found."""

    desk: "Desk"
    name: str
    line: dict[str, str]
    table: Table
    hits: list[tuple[str, int, int]]

    def examples(self, most: int = 3) -> list[str]:
        """Return sentences in which the term stands, each from another article where there are enough."""
        firsts = {hit[0]: hit for hit in reversed(self.hits)}
        chosen = [firsts[article] for article in dict.fromkeys(hit[0] for hit in self.hits)]
        chosen += [hit for hit in self.hits if hit not in chosen]
        texts = self.desk.brief.texts([article for article, _, _ in chosen[:most]])
        return [_sentence(texts[article], start, end) for article, start, end in chosen[:most]]

    def save(self, *, source: str = "own", date_added: str = "", note: str = "") -> Said:
        """Write the line into the lexicon, with its source, the day (today where it is left out) and a note.

        Raises ``LabError`` where the term has come into the file meanwhile.
        """
        day = date_added or date.today().isoformat()
        try:
            date.fromisoformat(day)
        except ValueError:
            raise LabError(f'"{day}" is no day; write it as YYYY-MM-DD') from None
        if not source.strip():
            raise LabError("a line needs a source: a book, an article, or own")
        key, *columns = lexicon_lines.COLUMNS[self.name]
        line = lexicon_lines.checked(
            self.name, self.line[key], {column: self.line[column] for column in columns}
        )
        path = lexicons.FOLDER / f"{self.name}.csv"
        always = {"source": source, "date_added": day, "note": note}
        schema.write_atomically(path, lexicon_lines.with_line(path, self.name, line | always))
        return Said(f'"{line[key]}" is in data/lexicons/{path.name}; the next question counts with it')

    def __repr__(self) -> str:
        return "\n".join([repr(self.table), *self.examples()])

    def __html__(self) -> str:
        items = Markup("").join(Markup("<li>{}</li>").format(one) for one in self.examples())
        return str(
            Markup('<div class="lab">{}<ul>{}</ul></div>').format(Markup(self.table.__html__()), items)
        )

    _repr_html_ = __html__


def of(desk: "Desk", texts: Mapping[str, str], name: str, term: str, values: Mapping[str, str]) -> Trial:
    """Measure the articles in which the term of a new line is found, without the line and with it.

    ``texts`` are the articles that are searched, by id. Raises ``LabError`` for a line that cannot be used.
    """
    line = lexicon_lines.checked(name, term, values)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "lexicons"
        shutil.copytree(lexicons.FOLDER, folder)
        (folder / f"{name}.csv").write_bytes(lexicon_lines.with_line(folder / f"{name}.csv", name, line))
        with fresh.reading(folder):
            try:
                hits = [(one, *span) for one, text in texts.items() for span in _found(name, term, text)]
            except (ValueError, re.error) as error:
                raise LabError(f'"{term}" cannot be used: {error}'.replace(f"{folder}/", "")) from None
            articles = list(dict.fromkeys(article for article, _, _ in hits))
            tried = {article: texts[article] for article in articles[:TRIED]}
            after = _measured(tried)
    before = _measured(tried)
    rows = []
    for one in _counted(name, line):
        n = int(desk.brief.number(one.measure, one.group)["n_rows"])
        change = sum(map(one.counts, after[one.table])) - sum(map(one.counts, before[one.table]))
        rows.append([one.name, n, n + change, change])
    frame = pd.DataFrame(rows, columns=["number", "n_before", "n_after", "n_change"])
    said = f"{displaying.plain(len(hits), 'place')} in {displaying.plain(len(articles), 'article')} {'has' if len(hits) == 1 else 'have'} the term"
    said += f", of which {len(tried)} were measured" if len(tried) < len(articles) else ""
    said += ". Nothing is saved until .save(source=…, note=…)." if hits else ", or a longer term wins there."
    return Trial(desk, name, line, Table(f'With "{term}" in {name}.csv', frame, said), hits)


def _found(name: str, term: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield the characters where a term of the lexicon that is read now is found in a text."""
    if name == "threats":
        yield from ((t.start, t.end) for t in terms.find_all(text, 0, len(text)) if t.line == term)
    elif name == "places":
        yield from ((p.start, p.end) for p in places.find(text) if p.text.casefold() == term.casefold())
    else:
        yield from (match.span() for match in re.finditer(rf"(?<!\w){re.escape(term)}(?!\w)", text))


def _measured(texts: Mapping[str, str]) -> _Rows:
    """Return the rows of articles that rest on lexicons, as the lexicons that are read now have them."""
    found: _Rows = {"attributions": [], "threats": [], "tones": []}
    for article, text in texts.items():
        reading = reader.read(text)
        found["attributions"] += attributions.rows(article, text, reading.spans, reading.entities, reading)
        found["threats"] += threats.rows(article, text, reading.spans, reading)
        found["tones"] += tones.rows(article, text, reading)
    return found


def _counted(name: str, line: Mapping[str, str]) -> list[_Counted]:
    """Return the numbers that a line of a lexicon is meant to change."""
    if name == "aliases":
        who = line["speaker"]
        return [_Counted(f"Attributions to {who}", "attributions_by_speaker", who, "attributions", lambda row: row["speaker"] == who)]  # fmt: skip
    if name == "places":
        place = line["id"]
        called = places.name(place)
        return [
            _Counted(f"Threat mentions for {called}", "threats_by_region", place, "threats", lambda row: not row["is_negated"] and place in row["regions"]),
            _Counted(f"Mentions of {called}", "mentions_by_target", called, "tones", lambda row: row["target_id"] == place),
        ]  # fmt: skip
    category = line["category"]
    return [
        _Counted("Threat mentions", "threats", "", "threats", lambda row: not row["is_negated"]),
        _Counted(
            f"Threat mentions of {category.replace('_', ' ')}", "threats_by_category", category, "threats",
            lambda row: not row["is_negated"] and row["category"] == category,
        ),
    ]  # fmt: skip


def _sentence(text: str, start: int, end: int) -> str:
    first, last = next((s, e) for s, e in sentences(text) if s <= start < e)
    return displaying.excerpt(text[first:last], start - first, end - first)
