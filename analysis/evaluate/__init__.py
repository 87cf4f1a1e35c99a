"""Measure everything on gold data: attributions, threats, entities and tones, with intervals, in one table."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis import schema
from analysis.evaluate import gold, own, spans, tone
from analysis.evaluate.gold import DATA, GoldError, load
from analysis.evaluate.score import COLUMNS, UNITS
from analysis.evaluate.spans import attributions

__all__ = [
    "COLUMNS",
    "SCORES",
    "UNITS",
    "GoldError",
    "attributions",
    "errors",
    "left_out",
    "load",
    "run",
    "save",
    "scores",
]

#: Where the briefing's methods page finds the scores.
SCORES = DATA / "gold" / "scores.csv"


def run(given: list[Path] | None = None, tell: Callable[[str], None] = lambda line: None) -> pd.DataFrame:
    """Return the scores on the project's own gold, and on the corpora in the folders ``given``; of files alone where only files are.

    Raises ``GoldError`` where there is none or a file cannot be read.
    """
    found = []
    for path in gold.files(given):
        tell(f"measuring {gold.name(path)}")
        found.append(scores(path))
    return pd.concat(found, ignore_index=True)


def scores(path: Path) -> pd.DataFrame:
    """Return the scores on one gold file; of NewsMTSC, on the tenth of it that is held out."""
    kind, data = gold.kind(path), gold.name(path)
    if kind == "entities":
        return spans.entities(gold.entities(path), data=data)
    if kind == "own":
        return own.scores(gold.own(path), data=data)
    if kind == "spans":
        return attributions(load(path), data=data)
    held_out = gold.tones(path, held_out=True)
    wording = tone.wording(gold.tones(path, held_out=False), held_out, data=data)
    return pd.concat([tone.tones(held_out, data=data), wording], ignore_index=True)


def save(table: pd.DataFrame, path: Path) -> None:
    """Write a table of scores as CSV, with four decimals."""
    text = table.to_csv(index=False, float_format="%.4f", lineterminator="\n")
    schema.write_atomically(path, text.encode())


def left_out(table: pd.DataFrame, path: Path) -> list[str]:
    """Return the data that the scores in ``path`` hold and ``table`` does not."""
    if not path.exists():
        return []
    return sorted({*pd.read_csv(path)["data"]} - {*table["data"]})


def errors(given: list[Path] | None, n: int) -> str:
    """Return ``n`` of the reader's differences from gold attributions, to read; of the demonstration corpus where nothing is given.

    The held-out passages are read only where their file is named, so that they stay a test.
    """
    named = given or [gold.OWN[1]]
    paths = [p for p in gold.files(named) if p in named or p not in gold.OWN]
    articles = [a for p in paths if gold.kind(p) in ("own", "spans") for a in gold.spans(p)]
    every = spans.differences(articles)
    told = [sum(d.kind == kind for d in every) for kind in ("missed", "false", "edge")]
    head = f"{len(every)} differences in {len(articles)} articles: {told[0]} missed, {told[1]} false, {told[2]} edges"
    return "\n\n".join([head, *map(str, spans.sample(every, n))])
