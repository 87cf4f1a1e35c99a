"""Which states, cities and regions a text names, each as one place id.

The lexicon is two tables that analysts edit: `regions.csv` (what an id means, which wider regions contain it)
and `places.csv` (terms that name an id). The longest term wins, so *South Sudan* is never *Sudan*.
Terms of kind `none` are longer names that hide a place (*Michael Jordan*, *Washington Post*). A term's
`context` names rules (rows of kind `rule`, joined by `;`): regular expressions for the surrounding text, with
`~` in the term's place, that veto the mention. What this is not: it resolves no coordinates, keeps one sense
for a term wherever no rule objects, and treats a language (*speaks Russian*) or a street like the place.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis import lexicons

PLACE_KINDS = ("state", "demonym", "capital", "city", "region")
WINDOW = 150  # characters on each side that a context rule sees
UPPER = 4  # letters from which a term also counts in capitals: SEOUL, not US for Us
_WORD = re.compile(r"\w+")
_GAP = r"(?= |\n) *\n? *"  # a space, or one line break; a blank line separates names
_PLAIN = str.maketrans("’ʼ‘‑‐–\t\r\u00a0\u202f\u2009", "'''---     ")  # one character for one: offsets hold


class Place(NamedTuple):
    """A place that a text names: `text` is the text's slice, `id` is one of `regions.csv`, `kind` one of PLACE_KINDS."""

    start: int
    end: int
    text: str
    id: str
    kind: str


@dataclass(frozen=True, eq=False)  # each its own key: what was found belongs to it
class Lexicon:
    """The checked tables and what `find` needs of them."""

    regions: pd.DataFrame  # indexed by id
    terms: pd.DataFrame  # places.csv without its rules
    rules: dict[str, re.Pattern[str]]  # name → pattern that vetoes a mention
    patterns: dict[
        str, str
    ]  # first word → the terms that begin with it, longest first, as a regular expression
    senses: dict[str, tuple[str, str, tuple[str, ...]]]  # term → id, kind, names of its rules


@cache
def lexicon(folder: Path | None = None) -> Lexicon:
    """Read and check the two tables in `folder`, or in `lexicons.FOLDER`, once for each folder.

    Raises ValueError with file, line and remedy for an empty or duplicate term, an id or rule that is not
    defined, an unknown kind, and a rule that is no regular expression.
    """
    folder = folder or lexicons.FOLDER
    regions_file, places_file = folder / "regions.csv", folder / "places.csv"
    regions, places = _read(regions_file, "id"), _read(places_file, "term")
    known = set(regions["id"])
    for line, row in _rows(regions):
        if row["kind"] not in ("state", "region"):
            raise _error(regions_file, line, f"kind {row['kind']!r} is unknown: write state or region")
        for parent in _split(row["parents"]):
            if parent not in known:
                raise _error(regions_file, line, f"parent {parent!r} has no row: add one or correct the id")
    is_rule = places["kind"] == "rule"
    rules = {}
    for line, row in _rows(places[is_rule]):
        try:
            rules[row["term"]] = re.compile(row["context"])
        except re.error as error:
            message = f"correct the regular expression of {row['term']!r}: {error}"
            raise _error(places_file, line, message) from error
    for line, row in _rows(places[~is_rule]):
        if row["kind"] not in (*PLACE_KINDS, "none"):
            raise _error(places_file, line, f"kind {row['kind']!r} is unknown: use one of {PLACE_KINDS}")
        if row["kind"] != "none" and row["id"] not in known:
            raise _error(places_file, line, f"id {row['id']!r} is not in regions.csv: add or correct it")
        for rule in _split(row["context"]):
            if rule not in rules:
                raise _error(places_file, line, f"context {rule!r} has no row of kind rule: add one")
    terms = places[~is_rule]
    senses: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for term, place, label, context in terms[["term", "id", "kind", "context"]].to_numpy():
        senses[term] = (place, label, _split(context))
    for term in list(senses):
        if len(term) >= UPPER:
            senses.setdefault(term.upper(), senses[term])
    by_word: defaultdict[str, list[str]] = defaultdict(list)
    for term in sorted(senses, key=len, reverse=True):
        by_word[_WORD.findall(term)[0]].append(re.escape(term).replace(r"\ ", _GAP))
    patterns = {word: f"(?:{'|'.join(found)})(?!\\w)" for word, found in by_word.items()}
    return Lexicon(regions.set_index("id"), terms, rules, patterns, senses)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)  # when it is first asked for: a text begins few of the terms


def find(text: str, folder: Path | None = None) -> list[Place]:
    """Return the places that `text` names, sorted by start, never overlapping.

    Offsets are string indices, end exclusive. Possessive endings are left out.
    """
    lex = lexicon(folder) if folder else lexicon()
    return _find(text, lex) if len(text) < _LONG else list(_kept(text, lex))


_LONG = 300  # characters from which a text is an article: several measures ask


@lru_cache(maxsize=4)
def _kept(text: str, lex: Lexicon) -> list[Place]:
    return _find(text, lex)


def _find(text: str, lex: Lexicon) -> list[Place]:
    plain, after = text.translate(_PLAIN), 0
    found: list[Place] = []
    for word in _WORD.finditer(plain):
        pattern = lex.patterns.get(word[0])
        if pattern is None or word.start() < after:
            continue
        match = _compiled(pattern).match(plain, word.start())
        if not match:
            continue
        start, after = match.span()
        place, label, rules = lex.senses[" ".join(match[0].split())]
        if label != "none" and not (rules and _vetoed(plain, start, after, lex, rules)):
            found.append(Place(start, after, text[start:after], place, label))
    return found


@cache
def name(place: str) -> str:
    """Return the English short name of a place id: *South Korea* for KR. Raises KeyError for no id."""
    return str(lexicon().regions.loc[place, "name"])


@cache
def kind(place: str) -> str:
    """Return `state` or `region`. Raises KeyError for an unknown id."""
    return str(lexicon().regions.loc[place, "kind"])


@cache
def parents(place: str) -> tuple[str, ...]:
    """Return the ids of all wider regions that contain the place. Raises KeyError for an unknown id."""
    return _split(str(lexicon().regions.loc[place, "parents"]))


def ids() -> list[str]:
    """Return every place id, sorted."""
    return list(lexicon().regions.index)


def _vetoed(plain: str, start: int, end: int, lex: Lexicon, rules: tuple[str, ...]) -> bool:
    before, behind = plain[max(0, start - WINDOW) : start], plain[end : end + WINDOW]
    around = "~".join(re.sub(r"[\s~]+", " ", side) for side in (before, behind))
    return any(lex.rules[rule].search(around) for rule in rules)


def _read(file: Path, key: str) -> pd.DataFrame:
    table = pd.read_csv(file, dtype=str, keep_default_na=False)  # the id NA is Namibia
    table.index = table.index + 2  # the line in the file: the header is line 1
    for line, value in table[key].items():
        if value != " ".join(value.split()) or not _WORD.match(value):
            raise _error(file, line, f"{key} {value!r} is empty or has stray signs: write or delete it")
    for line, value in table.loc[table.duplicated(key), key].items():
        raise _error(file, line, f"{key} {value!r} is there twice: keep one row")
    return table


def _rows(table: pd.DataFrame) -> Iterator[tuple[object, dict[str, str]]]:
    for line, values in zip(table.index, table.to_numpy(), strict=True):
        yield line, dict(zip(table.columns, values, strict=True))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


def _error(file: Path, line: object, message: str) -> lexicons.LexiconError:
    return lexicons.LexiconError(f"{file}, line {line}: {message}.")
