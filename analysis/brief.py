"""What a notebook opens: the tables of the corpus, cut to the briefing's period and regions, and their numbers."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import __version__, places, report, schema, summary, tables
from analysis.corpus import language

CACHE = report.ROOT / "reports" / "build" / ".tables"


@dataclass(frozen=True)
class Brief:
    """The parameters of a briefing and its tables, all of them cut to its period and regions."""

    parameters: report.Parameters
    articles: pd.DataFrame  #: all in the period, also those in another language (``read``, ``unread``)
    rejected: pd.DataFrame
    attributions: pd.DataFrame
    speakers: pd.DataFrame
    threats: pd.DataFrame
    sentences: pd.DataFrame
    tones: pd.DataFrame
    summary: pd.DataFrame
    n_outside: int  #: articles of the corpus that lie outside the period
    version: str
    content_hash: str  #: SHA-256 over the raw files' hashes, of the articles read and of the rejected

    @property
    def read(self) -> pd.DataFrame:
        """The articles that are measured: all but those in another language than English."""
        return self.articles[self.articles["language"].isin(language.READ)]

    @property
    def unread(self) -> pd.DataFrame:
        """The articles in another language: kept and counted, but in no measure and no denominator."""
        return self.articles[~self.articles["language"].isin(language.READ)]

    def number(self, measure: str, group: str = "") -> dict[str, Any]:
        """Return one number of the summary, zero where nothing was counted."""
        return summary.one(self.summary, measure, group)

    def numbers(self, measure: str) -> pd.DataFrame:
        """Return all numbers of a measure, largest first."""
        return summary.of(self.summary, measure)


def start(namespace: Mapping[str, Any]) -> Brief:
    """Open the briefing that the parameters among a notebook's variables (``globals()``) define.

    Raises ``report.ReportError`` for parameters of a wrong type and ``corpus.CorpusError`` for a corpus that cannot be read.
    """
    return make(report.from_namespace(namespace))


def make(parameters: report.Parameters) -> Brief:
    """Open the briefing that ``parameters`` define; the tables are built where they are not at hand."""
    folder = (
        report.ROOT / parameters.tables if parameters.tables else prepared(report.ROOT / parameters.corpus)
    )
    found = {name: schema.read(folder, name) for name in schema.TABLES if name != "summary"}
    every = found["articles"]
    kept = every[
        (every["date"] >= parameters.period_from) & (every["date"] <= (parameters.period_to or "9999"))
    ]
    cut = {
        name: _of(found[name], kept) for name in ("attributions", "speakers", "threats", "sentences", "tones")
    }
    if parameters.regions:
        wanted = set(parameters.regions)
        hit = [
            any(wanted & {r, *places.parents(r)} for r in regions) for regions in cut["threats"]["regions"]
        ]
        cut["threats"] = cut["threats"][pd.Series(hit, index=cut["threats"].index, dtype=bool)]
    counts = summary.numbers(kept, cut["attributions"], cut["threats"], cut["sentences"], cut["tones"])
    digests = sorted([*every["sha256_raw"], *found["rejected"]["sha256_raw"]])
    return Brief(
        parameters, kept, found["rejected"], **cut, summary=counts, n_outside=len(every) - len(kept),
        version=__version__, content_hash=hashlib.sha256("\n".join(digests).encode()).hexdigest(),
    )  # fmt: skip


def _of(table: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    return table[table["article_id"].isin(set(articles["article_id"]))]


def prepared(corpus: Path, *, progress: bool = False) -> Path:
    """Return the folder with the tables of a corpus, built unless the same corpus, code and lexicons were read before."""
    folder = CACHE / fingerprint(corpus)
    if not (folder / "complete").exists():
        for name, table in tables.build(corpus, progress=progress).items():
            schema.write(table, folder, name)
        schema.write_atomically(folder / "complete", b"")
    return folder


def fingerprint(corpus: Path) -> str:
    """Return 16 hexadecimal digits that change with any file of the corpus, the code, the lexicons or the reader's weights."""
    digest = hashlib.sha256()
    sources = [
        *sorted(Path(__file__).parent.rglob("*.py")),
        *sorted((report.ROOT / "data" / "lexicons").glob("*.csv")),
        *sorted(p for p in (Path(__file__).parent / "reader" / "weights").rglob("*") if p.is_file()),
    ]
    for path in sources:
        digest.update(
            f"{path.relative_to(report.ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest()
        )
    for parent, _, files in sorted(os.walk(corpus)):
        for file in sorted(files):
            path = Path(parent) / file
            try:
                content = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b""
            except OSError as error:
                content = str(error.errno).encode()
            digest.update(os.fsencode(path.relative_to(corpus)) + b"\0" + content)
    return digest.hexdigest()[:16]
