"""What a notebook opens: the tables of the corpus, cut to the briefing's period and regions, and their numbers."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import __version__, places, report, schema, summary, tables
from analysis.corpus import language

STORE = tables.Store(report.ROOT / "reports" / "build" / ".tables")


@dataclass(frozen=True)
class Brief:
    """The parameters of a briefing and its tables, all of them cut to its period and regions."""

    parameters: report.Parameters
    articles: pd.DataFrame  #: all in the period, also those in another language (``read``, ``unread``)
    rejected: pd.DataFrame
    duplicates: pd.DataFrame
    attributions: pd.DataFrame
    speakers: pd.DataFrame
    threats: pd.DataFrame
    sentences: pd.DataFrame
    tones: pd.DataFrame
    stories: pd.DataFrame
    summary: pd.DataFrame
    n_articles: int  #: articles of the corpus, in the period or not
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

    @property
    def told(self) -> pd.DataFrame:
        """``article_id, story_id, n`` of the articles that are measured; ``n`` of them tell the story."""
        mine = self.stories[self.stories["article_id"].isin(set(self.read["article_id"]))]
        return mine[["article_id", "story_id"]].assign(
            n=mine.groupby("story_id")["story_id"].transform("size").astype(int)
        )

    @property
    def n_stories(self) -> int:
        """How many stories the articles that are measured tell: copies of a story count once."""
        return int(self.told["story_id"].nunique())

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
    read = opened(parameters)
    found = {name: read(name) for name in schema.TABLES if name != "summary"}
    every = found["articles"]
    kept = every[
        (every["date"] >= parameters.period_from) & (every["date"] <= (parameters.period_to or "9999"))
    ]
    cut = {
        name: _of(found[name], kept)
        for name in ("attributions", "speakers", "threats", "sentences", "tones", "stories")
    }
    if parameters.regions:
        wanted = set(parameters.regions)
        hit = [
            any(wanted & {r, *places.parents(r)} for r in regions) for regions in cut["threats"]["regions"]
        ]
        cut["threats"] = cut["threats"][pd.Series(hit, index=cut["threats"].index, dtype=bool)]
    with summary.connect(
        {"articles": kept, **{name: cut[name] for name in summary.TABLES[1:]}}
    ) as connection:
        counts = summary.numbers(connection)
    digests = sorted([*every["sha256_raw"], *found["rejected"]["sha256_raw"]])
    return Brief(
        parameters, kept, found["rejected"], found["duplicates"], **cut, summary=counts, n_articles=len(every),
        n_outside=len(every) - len(kept), version=__version__, content_hash=hashlib.sha256("\n".join(digests).encode()).hexdigest(),
    )  # fmt: skip


def opened(parameters: report.Parameters) -> Callable[[str], pd.DataFrame]:
    """Return what reads a table by its name: from the folder of ready tables, or from the corpus, which is measured if need be."""
    folder = report.ROOT / parameters.tables
    if parameters.tables and not (folder / "loaded.json").exists():
        return lambda name: schema.read(folder, name)
    if parameters.tables:
        return tables.Corpus(tables.Store(folder.parent.parent), folder).read
    return prepared(parameters).read


def prepared(parameters: report.Parameters, *, progress: bool = False) -> tables.Corpus:
    """Return the corpus of a briefing, loaded and measured: what was done before is not done again."""
    corpus = STORE.load(report.ROOT / parameters.corpus, parameters.settings, progress=progress)
    corpus.measure(progress=progress)
    return corpus


def _of(table: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    return table[table["article_id"].isin(set(articles["article_id"]))]
