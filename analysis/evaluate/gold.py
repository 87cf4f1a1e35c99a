"""Find and read gold data, and say which file, line and remedy where it cannot be read."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from analysis import lexicons
from analysis.corpus import Unreadable
from analysis.evaluate.spans import Attribution, Place
from analysis.reader import TONES
from analysis.reader import gold as corpora

DATA = lexicons.FOLDER.parent
OWN = (DATA / "gold" / "passages.jsonl", DATA / "gold" / "demo.jsonl")
#: Gold data of others that a folder may hold, by the name of the file.
CORPORA = ("polnear-dev.jsonl.gz", "newsmtsc-train.jsonl.gz", "uner-ewt-test.iob2.gz")

_FIELDS = {
    "attributions": (
        "sentence source cue content quote_type speaker source_type is_named role affiliation likelihood"
    ),
    "threats": "sentence text category kind actor regions is_negated likelihood",
    "tones": "sentence target tone",
}
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zlib.error)


class GoldError(Exception):
    """Gold data that cannot be used; the message says where and what to do."""


class Article(NamedTuple):
    """An article of the project's own gold: its record, and where in the text its rows stand."""

    record: dict[str, Any]
    text: str
    attributions: list[Attribution]
    threats: list[Place]
    tones: list[tuple[int, int, str]]


def files(given: list[Path] | None) -> list[Path]:
    """Return the gold files to measure: the project's own, and what the folders hold; the named ones alone where only files are given."""
    found = list(OWN) if not given or any(p.is_dir() for p in given) else []
    for path in given or []:
        if not path.exists():
            raise GoldError(
                f"{path}: no such file or folder; give a gold file, or the folder of the gold corpora"
            )
        here = [path / name for name in CORPORA if (path / name).exists()] if path.is_dir() else [path]
        if not here and path.resolve() != OWN[0].parent:
            raise GoldError(
                f"{path}: the folder holds no gold corpus; put one of these into it: {', '.join(CORPORA)}"
            )
        found += here
    return list(dict.fromkeys(found))


def kind(path: Path) -> str:
    """Return what a gold file holds: ``entities``, ``tones``, ``own`` (rows with their sentence) or ``spans``."""
    if ".iob2" in path.name:
        return "entities"
    if path.name.startswith("newsmtsc"):
        return "tones"
    for _, record in _lines(path):
        if "text" not in record or "threats" in record or "tones" in record:
            return "own"
        if record["attributions"]:
            return "own" if "sentence" in record["attributions"][0] else "spans"
    return "spans"


def name(path: Path) -> str:
    """Return the name of a gold file's data in the table of scores."""
    return "newsmtsc-held-out" if path.name.startswith("newsmtsc") else path.name.split(".")[0]


def load(path: Path) -> list[dict[str, Any]]:
    """Return the articles of a gold file, JSON lines, perhaps gzipped: ``text`` and ``attributions`` with span lists."""
    found = []
    for where, record in _lines(path):
        try:
            ends = [
                e for a in record["attributions"] for role in ("source", "cue", "content") for _, e in a[role]
            ]
        except _UNREADABLE as error:
            raise GoldError(
                f"{where}: {_told(error)}; each attribution needs source, cue and content: lists of [start, end]"
            ) from error
        if max(ends, default=0) > len(record["text"]):
            raise GoldError(
                f"{where}: a span ends beyond the text; count characters from 0, the end exclusive"
            )
        found.append(record)
    return found


def own(path: Path, texts: Path = DATA / "demo") -> list[Article]:
    """Return the articles of a file of the project's own gold; those without ``text`` lie in the folder ``texts``."""
    found = []
    for where, record in _lines(path):
        for rows, fields in _FIELDS.items():
            for row in record.get(rows, []):
                if missing := [f for f in fields.split() if f not in row]:
                    raise GoldError(
                        f"{where}: {rows} without {', '.join(missing)}; write every field, empty where the text has none"
                    )
        if wrong := {t["tone"] for t in record.get("tones", [])} - {*TONES}:
            raise GoldError(
                f"{where}: unknown tone {', '.join(sorted(wrong))}; write one of {', '.join(TONES)}"
            )
        try:
            text, attributions, tones = corpora.located(record, texts)
            threats = [
                corpora.place(text, text.index(row["sentence"]), row["sentence"], row["text"])
                for row in record.get("threats", [])
            ]
        except (ValueError, KeyError, IndexError) as error:
            raise GoldError(f"{where}: {_unquoted(record, error)}") from error
        except (OSError, Unreadable) as error:
            raise GoldError(f"{where}: its article cannot be read ({error}); put it into {texts}") from error
        found.append(Article(record, text, attributions, threats, tones))
    return found


def _unquoted(record: dict[str, Any], error: Exception) -> str:
    """Return which words of a record are not in its text."""
    for rows in _FIELDS:
        for row in record.get(rows, []):
            sentence, parts = row["sentence"], [row.get(k) for k in ("source", "cue", "text", "target")]
            if sentence not in record.get("text", sentence):
                return f"the text has no sentence {sentence[:60]!r}; quote it to the character"
            for part in [*parts, *row.get("content", [])]:
                if part and part not in sentence:
                    return (
                        f"{part[:60]!r} is not in its sentence {sentence[:60]!r}; quote it to the character"
                    )
    return f"a quotation is not in the text ({_told(error)}); quote to the character, contents in order"


def spans(path: Path) -> list[dict[str, Any]]:
    """Return articles with ``text`` and ``attributions`` as spans, whether the file gives spans or quotes its sentences."""
    if kind(path) != "own":
        return load(path)
    return [
        {"id": a.record.get("id") or a.record.get("path"), "text": a.text, "attributions": a.attributions}
        for a in own(path)
    ]


def tones(path: Path, held_out: bool) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Return NewsMTSC's sentences with their targets."""
    try:
        return corpora.newsmtsc(path, held_out)
    except _UNREADABLE as error:
        raise GoldError(f"{path}: not readable as NewsMTSC ({_told(error)}); fetch it again") from error


def entities(path: Path) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Return Universal NER's documents with their entities."""
    try:
        return list(corpora.uner_texts(path))
    except _UNREADABLE as error:
        raise GoldError(
            f"{path}: not readable as Universal NER's IOB2 ({_told(error)}); fetch it again"
        ) from error


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each record of a JSON lines file with its place, *FILE, line N*."""
    opener = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opener(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"{path}, line {number}", _record(json.loads(line))
    except json.JSONDecodeError as error:
        raise GoldError(
            f"{path}, line {number}: no JSON ({error.msg} at character {error.pos}); write one object a line"
        ) from error
    except ValueError as error:
        raise GoldError(f"{path}, line {number or 1}: {error}; see data/gold/demo.jsonl") from error
    except (OSError, EOFError, zlib.error) as error:
        raise GoldError(
            f"{path}: cannot be read ({_told(error)}); fetch it again, or allow reading it"
        ) from error


def _record(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("a record must be an object")
    if not isinstance(value.get("text", value.get("path")), str) or not isinstance(
        value.get("attributions"), list
    ):
        raise ValueError("a record needs text (or path) and attributions")
    return value


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
