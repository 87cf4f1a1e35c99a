"""From a corpus folder to its tables: one pass over the articles, one Parquet file a table."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from analysis import attributions, cores, corpus, reader, schema, sentiment, threats, tones
from analysis.corpus import language

Tables = dict[str, pd.DataFrame]


#: Articles from which it pays to start a process a core.
MANY = 100


def build(folder: Path, *, progress: bool = False, workers: int | None = None) -> Tables:
    """Return all tables of the corpus in ``folder`` but ``summary``, by name. Raises ``corpus.CorpusError``.

    An article in another language than English is a row of ``articles`` and has none in the measures. ``workers`` is the number
    of processes, one a core without it; the tables are the same with any number.
    """
    loaded = corpus.load(folder)
    found: dict[str, list[dict[str, object]]] = {
        "attributions": [], "threats": [], "sentences": [], "tones": [],
    }  # fmt: skip
    measured = schema.records(loaded.articles[loaded.articles["language"].isin(language.READ)])
    each = cores.each(measure, measured, many=MANY, workers=workers)
    for one in tqdm(each, desc="reading", unit="article", total=len(measured), disable=not progress):
        for name, rows in one.items():
            found[name] += rows
    tables = {name: schema.table(name, rows) for name, rows in found.items()}
    tables |= {
        "articles": loaded.articles,
        "rejected": loaded.rejected,
        "speakers": attributions.speakers(tables["attributions"]),
    }
    return {name: tables[name] for name in schema.TABLES if name in tables}


def measure(article: Mapping[str, object]) -> dict[str, list[dict[str, object]]]:
    """Return the rows of ``attributions``, ``threats``, ``sentences`` and ``tones`` of one article."""
    article_id, text = str(article["article_id"]), str(article["text"])
    reading = reader.read(text)
    return {
        "attributions": attributions.rows(article_id, text, reading.spans, reading.entities),
        "threats": threats.rows(article_id, text, reading.spans),
        "sentences": sentiment.rows(article_id, text),
        "tones": tones.rows(article_id, text, reading),
    }
