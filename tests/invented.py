"""Briefings of a few invented rows, for tests of what is said of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis import brief, report, schema


def article(number: int, **values: Any) -> dict[str, Any]:
    """Return an English article, of *The Post* on a day of its own unless told otherwise."""
    return {
        "article_id": f"{number:016x}", "path": f"{number}.txt", "record": 1, "date": f"2024-01-{number + 1:02d}", "title": f"Title {number}",
        "byline": "Jo Doe", "outlet": "The Post", "url": "https://example.org", "text": "Words.", "n_words": 100, "words_declared": None,
        "language": "en", "sha256_raw": "", **values,
    }  # fmt: skip


def said(number: int = 0, **values: Any) -> dict[str, Any]:
    """Return what the expert Mara Voss says in an article, without a term of likelihood, unless told otherwise."""
    return {
        "article_id": f"{number:016x}", "text": "", "content": ["war"], "content_start": [0], "content_end": [9], "quote_type": "indirect",
        "speaker": "Mara Voss", "source_type": "expert", "is_expert": True, "is_named": True, "role": "an analyst", "affiliation": "",
        "likelihood": "none", **values,
    }  # fmt: skip


def threat(number: int = 0, **values: Any) -> dict[str, Any]:
    """Return a mention of a threat of war to Japan, by nobody who is named, unless told otherwise; no expert says it."""
    return {
        "article_id": f"{number:016x}", "start": 100, "end": 110, "text": "war", "category": "war", "kind": "threat", "gpr": 1, "actor": "",
        "regions": ["JP"], "is_negated": False, "likelihood": "none", "sentence_start": 100, "sentence_end": 120, **values,
    }  # fmt: skip


def tone(number: int = 0, **values: Any) -> dict[str, Any]:
    """Return a negative tone toward Russia, unless told otherwise."""
    return {
        "article_id": f"{number:016x}", "text": "Russia", "target": "Russia", "target_id": "RU", "target_type": "state", "tone": "negative",
        **values,
    }  # fmt: skip


def worded(number: int = 0, polarity: float = 0.0) -> dict[str, Any]:
    """Return a sentence."""
    return {"article_id": f"{number:016x}", "text": "Words.", "polarity": polarity, "subjectivity": 0.0}


def briefing(
    articles: Sequence[Mapping[str, Any]], stories: Sequence[Sequence[int]] = (), parameters: Mapping[str, Any] | None = None, **rows: Any
) -> brief.Brief:  # fmt: skip
    """Return the briefing of articles, of which those whose numbers stand together in ``stories`` tell one story.

    ``rows`` are those of the other tables, as lists of dicts; what a row does not say is null, and its place its number.
    """
    told = {number: group[0] for group in stories for number in group}
    numbers = [int(a["article_id"], 16) for a in articles]
    rows = {
        **rows,
        "articles": articles,
        "stories": [
            {
                "article_id": f"{n:016x}",
                "story_id": f"{told.get(n, n):016x}",
                "n_articles": sum(told.get(m, m) == told.get(n, n) for m in numbers),
            }
            for n in numbers
        ],
    }
    return brief.of(
        report.Parameters(**(parameters or {})), {name: _table(name, some) for name, some in rows.items()}
    )


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    empty = dict.fromkeys(c.name for c in schema.TABLES[name])
    numbered = [{"start": i, "end": i + 1, "id": f"{name[0]}{i}"} for i in range(len(rows))]
    return schema.table(
        name,
        [{k: v for k, v in (empty | n | dict(row)).items() if k in empty} for n, row in zip(numbered, rows, strict=True)],
    )  # fmt: skip
