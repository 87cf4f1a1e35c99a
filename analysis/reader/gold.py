"""Gold data as training documents: word pieces with the labels of every head that the corpus has labels for."""

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from analysis import lexicons, places
from analysis.corpus import header_text
from analysis.reader import labels
from analysis.reader.decode import Range
from analysis.reader.pieces import Pieces, cut

#: Label of a piece that teaches a head nothing.
IGNORED = -100
Attribution = dict[str, list[Range]]


@dataclass
class Document:
    """Pieces of a text with labels by piece (``IGNORED`` where there are none), links and tone targets by piece.

    ``links`` are ``(asker, answer, kind)``: kinds 0 cue to source, 1 content to cue, 2 content to source; an answer of -1 means
    that there is none. ``tones`` are ``(pieces of the target, index of its tone)``, ``types`` likewise of sources, ``points`` are ``(pieces of a threat mention,
    pieces at which its actor or one of its regions is named, index of labels.POINTS)``: where no piece is, there is none.
    ``soft`` holds a teacher's scores.
    """

    pieces: Pieces
    roles: np.ndarray
    entities: np.ndarray
    threats: np.ndarray
    categories: np.ndarray
    entity_weight: float = 1.0
    links: list[tuple[int, int, int]] = field(default_factory=list)
    tones: list[tuple[list[int], int]] = field(default_factory=list)
    types: list[tuple[list[int], int]] = field(default_factory=list)
    points: list[tuple[list[int], list[int], int]] = field(default_factory=list)
    soft: np.ndarray | None = None


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the records of a JSON lines file, perhaps gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _words(pieces: Pieces, start: int, end: int) -> tuple[int, int] | None:
    """Return the first and last word that the characters ``start:end`` touch, as numbers of words."""
    begin = np.flatnonzero(pieces.breaks > 0)
    last = np.append(begin[1:], len(pieces.ids)) - 1
    inside = np.flatnonzero((pieces.end[last] > start) & (pieces.start[begin] < end))
    return (int(inside[0]), int(inside[-1])) if len(inside) else None


def _labelled(pieces: Pieces, spans: Iterable[tuple[int, int, int]]) -> np.ndarray:
    """Return labels by piece for spans ``(start, end, kind)`` in characters; a span inside another one is left out."""
    begin = np.flatnonzero(pieces.breaks > 0)
    taken = np.zeros(len(begin), bool)
    found = []
    for start, end, kind in sorted(spans, key=lambda s: (s[0] - s[1], s)):
        at = _words(pieces, start, end)
        if at and not taken[at[0] : at[1] + 1].any():
            taken[at[0] : at[1] + 1] = True
            found.append((*at, kind))
    result = np.full(len(pieces.ids), IGNORED, np.int64)
    result[begin] = labels.tags(len(begin), found)
    return result


def _categories(pieces: Pieces, threats: list[tuple[int, int, str]]) -> np.ndarray:
    """Return the category of each piece that begins a word of a threat, as an index into ``labels.THREATS``."""
    begin = np.flatnonzero(pieces.breaks > 0)
    result = np.full(len(pieces.ids), IGNORED, np.int64)
    for start, end, category in sorted(threats, key=lambda t: t[0] - t[1]):
        at = _words(pieces, start, end)
        if at:
            result[begin[at[0] : at[1] + 1]] = labels.THREATS.index(category)
    return result


def document(
    text: str,
    attributions: list[Attribution] | None = None,
    entities: list[tuple[int, int, str]] | None = None,
    tones: list[tuple[int, int, str]] | None = None,
    threats: list[tuple[int, int, str]] | None = None,
    entity_weight: float = 1.0,
    points: Iterable[tuple[Range, list[Range], int]] = (),
    types: Iterable[tuple[Range, int]] = (),
) -> Document:
    """Return ``text`` with its labels; ``None`` for a head that the corpus says nothing about.

    ``points`` are the characters of threat mentions, of all places where what they point to is named, and what that is.
    """
    pieces = cut(text)
    nothing = np.full(len(pieces.ids), IGNORED, np.int64)
    begin = np.flatnonzero(pieces.breaks > 0)

    def piece(span: tuple[int, int]) -> int:
        at = _words(pieces, *span)
        return int(begin[at[0]]) if at else -1

    links = []
    for a in attributions or []:
        source, cue = (piece(a[role][0]) if a[role] else -1 for role in ("source", "cue"))
        links += [(cue, source, 0)] if cue >= 0 else []
        for content in a["content"]:
            links += [(piece(content), cue, 1), (piece(content), source, 2)]
    targets = []
    for start, end, tone in tones or []:
        at = _words(pieces, start, end)
        if at:
            targets.append((begin[at[0] : at[1] + 1].tolist(), labels.TONES.index(tone)))
    return Document(
        pieces,
        nothing if attributions is None else _labelled(
            pieces, [(s, e, k) for a in attributions for k, role in enumerate(labels.ROLES) for s, e in a[role]]
        ),
        nothing if entities is None else _labelled(
            pieces, [(s, e, labels.ENTITIES.index(label)) for s, e, label in entities]
        ),
        nothing if threats is None else _labelled(pieces, [(s, e, 0) for s, e, _ in threats]),
        _categories(pieces, threats or []),
        entity_weight,
        [link for link in links if link[0] >= 0],
        targets,
        [(begin[at[0] : at[1] + 1].tolist(), kind) for span, kind in types if (at := _words(pieces, *span))],
        [
            (begin[at[0] : at[1] + 1].tolist(), [piece(name) for name in names], kind)
            for span, names, kind in points if (at := _words(pieces, *span))
        ],
    )  # fmt: skip


_SILVER = {"PERSON": "person", "ORGANIZATION": "organisation", "LOCATION": "place"}
_UNER = {"PER": "person", "ORG": "organisation", "LOC": "place"}


def polnear(path: Path) -> list[Document]:
    """Return the articles of PolNeAR (Newell, Margolin and Ruths, LREC 2018), with machine-made entities at little weight."""
    found = []
    for one in lines(path):
        silver = one["silver_entities"]
        entities = None if silver is None else [(s, e, _SILVER[x]) for s, e, x in silver if x in _SILVER]
        found.append(document(one["text"], one["attributions"], entities, entity_weight=0.3))
    return found


def newsmtsc(path: Path, held_out: bool = False) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Return the sentences of NewsMTSC (Hamborg and Donnay, EACL 2021) with the tone toward their targets.

    Every tenth source article is held out for measuring, by a hash of its name, with all of its sentences.
    """
    name = {2: "negative", 4: "neutral", 6: "positive"}
    return [
        (one["sentence_normalized"], [(t["from"], t["to"], name[int(t["polarity"])]) for t in one["targets"]])
        for one in lines(path)
        if (zlib.crc32(_source_article(one).encode()) % 10 == 0) == held_out
    ]


def _source_article(record: dict[str, Any]) -> str:
    """Return the source article of a record: the first three parts of its id, such as *allsides_1000_401*."""
    return "_".join(str(record["primary_gid"]).split("_")[:3])


def uner(path: Path) -> list[Document]:
    """Return the documents of Universal NER's English EWT (Mayhew and others, NAACL 2024)."""
    return [document(text, entities=entities) for text, entities in uner_texts(path)]


def uner_texts(path: Path) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Yield each document's text, its sentences joined by spaces, with its entities in characters."""
    text, at = "", 0
    entities: list[tuple[int, int, str]] = []
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.startswith("# newdoc"):
                if text:
                    yield text, entities
                text, entities = "", []
            elif line.startswith("# text = "):
                at = len(text) + bool(text)
                text += (" " if text else "") + line[len("# text = ") :].strip()
            elif line.strip() and not line.startswith("#"):
                _, form, label = line.split("\t")[:3]
                start = text.index(form, at)
                at = start + len(form)
                if label.startswith("B-") and label[2:] in _UNER:
                    entities.append((start, at, _UNER[label[2:]]))
                elif label.startswith("I-") and entities:
                    entities[-1] = (entities[-1][0], at, entities[-1][2])
    if text:
        yield text, entities


def own(path: Path, texts: Path | None = None) -> list[Document]:
    """Return the project's own invented passages; those without ``text`` lie in the folder ``texts``.

    A record without ``attributions``, ``entities`` or ``threats`` teaches nothing of them.
    """
    found = []
    for one in lines(path):
        text, attributions, tones = located(one, texts)
        threats = [
            (*place(text, text.index(row["sentence"]), row["sentence"], row["text"]), row["category"])
            for row in one.get("threats", [])
        ]
        found.append(
            document(
                text,
                attributions if "attributions" in one else None,
                [(s, e, label) for s, e, label in one["entities"]] if "entities" in one else None,
                tones,
                threats if "threats" in one else None,
                types=[
                    (a["source"][0], labels.TYPES.index(row["source_type"]))
                    for row, a in zip(one.get("attributions", []), attributions, strict=True)
                    if a["source"] and "source_type" in row
                ],
                points=pointed(text, [(s, e) for s, e, _ in threats], one.get("threats", [])),
            )
        )
    return found


def pointed(
    text: str, spans: list[Range], rows: list[dict[str, Any]]
) -> Iterator[tuple[Range, list[Range], int]]:
    """Yield for each threat mention where its actor and each of its regions are named; what the text never names is left out."""
    named: dict[str, list[Range]] = {}
    for found in places.find(text):
        named.setdefault(found.id.casefold(), []).append((found.start, found.end))
    for line in lexicons.read("actors", "term", "actor"):
        for match in _whole(line["term"]).finditer(text):
            named.setdefault(line["actor"].casefold(), []).append(match.span())
    for span, row in zip(spans, rows, strict=True):
        for kind, wanted in enumerate((row["actor"].split("; "), row["regions"] or [""])):
            for one in wanted:
                if not one:
                    yield span, [], kind
                elif at := named.get(one.casefold()) or [m.span() for m in _whole(one).finditer(text)]:
                    yield span, at, kind


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<!\w){re.escape(name)}(?!\w)")


def located(
    record: dict[str, Any], texts: Path | None = None
) -> tuple[str, list[Attribution], list[tuple[int, int, str]]]:
    """Return text, attributions and tones of a record of ``data/gold``, its quoted words as characters of the text."""
    if "text" in record:
        text = record["text"]
    else:
        assert texts is not None
        text = header_text.parse((texts / record["path"]).read_text(encoding="utf-8-sig")).text
    found = []
    for row in record.get("attributions", []):
        at = text.index(row["sentence"])
        one: Attribution = {role: [] for role in labels.ROLES}
        for role in ("source", "cue"):
            if row[role]:
                one[role].append(place(text, at, row["sentence"], row[role]))
        begin = at
        for content in row["content"]:
            one["content"].append(place(text, begin, text[begin : at + len(row["sentence"])], content))
            begin = one["content"][-1][1]
        found.append(one)
    tones = []
    for row in record.get("tones", []):
        at = text.index(row["sentence"])
        tones.append((*place(text, at, row["sentence"], row["target"]), row["tone"]))
    return text, found, tones


def place(text: str, at: int, sentence: str, part: str) -> tuple[int, int]:
    """Return the characters of ``part`` in a sentence that begins at ``at``, whole words before parts of words."""
    start = sentence.find(part)
    while start >= 0:
        end = start + len(part)
        if not (sentence[start - 1 : start].isalnum() and part[0].isalnum()) and not (
            sentence[end : end + 1].isalnum() and part[-1].isalnum()
        ):
            return at + start, at + end
        start = sentence.find(part, start + 1)
    start = sentence.index(part)
    return at + start, at + start + len(part)
