"""From a corpus folder to its tables: one pass over the articles, one Parquet file a table."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from analysis import attributions, corpus, reader, schema, sentiment, threats

Tables = dict[str, pd.DataFrame]


def build(folder: Path, *, progress: bool = False) -> Tables:
    """Return all tables of the corpus in ``folder`` but ``summary``, by name. Raises ``corpus.CorpusError``."""
    loaded = corpus.load(folder)
    found: dict[str, list[dict[str, object]]] = {"attributions": [], "threats": [], "sentences": []}
    for article in tqdm(
        schema.records(loaded.articles), desc="reading", unit="article", disable=not progress
    ):
        for name, rows in measure(article).items():
            found[name] += rows
    tables = {name: schema.table(name, rows) for name, rows in found.items()}
    tables |= {
        "articles": loaded.articles,
        "rejected": loaded.rejected,
        "speakers": attributions.speakers(tables["attributions"]),
    }
    return {name: tables[name] for name in schema.TABLES if name in tables}


def measure(article: Mapping[str, object]) -> dict[str, list[dict[str, object]]]:
    """Return the rows of ``attributions``, ``threats`` and ``sentences`` of one article."""
    article_id, text = str(article["article_id"]), str(article["text"])
    spans = reader.read(text)
    return {
        "attributions": attributions.rows(article_id, text, spans),
        "threats": threats.rows(article_id, text, [(s.start, s.end) for s in spans if s.role == "source"]),
        "sentences": sentiment.rows(article_id, text),
    }
