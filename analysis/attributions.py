"""Who said what, with which authority and how surely: labelled spans in, rows of ``attributions`` and ``speakers`` out."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis import likelihood, schema
from analysis.reader import Span
from analysis.speakers import Register
from analysis.text import quotations, sentence_run, sentences


def rows(article_id: str, text: str, spans: Iterable[Span]) -> list[dict[str, Any]]:
    """Return the rows of ``attributions`` for one article, ordered by place, from the reader's labelled spans."""
    links: dict[int, list[Span]] = {}
    for span in spans:
        links.setdefault(span.link, []).append(span)
    found = sorted(links.values(), key=lambda group: min((s.start, s.end) for s in group))
    cut, quoted, people = sentences(text), quotations(text), Register(text)
    return [_row(article_id, text, i, group, cut, quoted, people) for i, group in enumerate(found, 1)]


def _row(
    article_id: str,
    text: str,
    number: int,
    group: list[Span],
    cut: list[tuple[int, int]],
    quoted: list[tuple[int, int]],
    people: Register,
) -> dict[str, Any]:
    start, end = sentence_run(cut, min(s.start for s in group), max(s.end for s in group))
    source, cue = _only(group, "source"), _only(group, "cue")
    contents = sorted((s.start, s.end) for s in group if s.role == "content")
    speaker = people.resolve(*source) if source else people.resolve(0, 0)
    estimate = likelihood.strongest(
        likelihood.of_clauses([e for s, e_ in contents for e in likelihood.find(text, s, e_)])
    )
    row: dict[str, Any] = {"article_id": article_id, "start": start, "end": end, "text": text[start:end]}
    for role, span in (("source", source), ("cue", cue)):
        row |= {
            role: text[slice(*span)] if span else None,
            f"{role}_start": span and span[0],
            f"{role}_end": span and span[1],
        }
    return row | {
        "content": [text[s:e] for s, e in contents],
        "content_start": [s for s, _ in contents],
        "content_end": [e for _, e in contents],
        "quote_type": quote_type(contents, quoted),
        **speaker._asdict(),
        "is_expert": speaker.source_type == "expert",
        "likelihood": estimate.likelihood if estimate else "none",
        "likelihood_term": text[estimate.start : estimate.end] if estimate else None,
        "id": f"{article_id}-a{number}",
    }


def _only(group: list[Span], role: str) -> tuple[int, int] | None:
    """Return the span of a role, from its first part to its last."""
    parts = [(s.start, s.end) for s in group if s.role == role]
    return (min(s for s, _ in parts), max(e for _, e in parts)) if parts else None


def quote_type(contents: list[tuple[int, int]], quoted: list[tuple[int, int]]) -> str:
    """Return ``direct``, ``mixed`` or ``indirect``: all, part or none of the contents lies inside quotation marks."""
    inside = [any(q <= s and e <= r for q, r in quoted) for s, e in contents]
    if contents and all(inside):
        return "direct"
    return "mixed" if any(q < e and s < r for s, e in contents for q, r in quoted) else "indirect"


def speakers(attributions: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``speakers``: one row for each speaker of an article, the unnamed by the words of their source."""
    known = attributions[attributions["source"].notna()]
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in schema.records(known):
        name = row["speaker"] or row["source"]
        key = (row["article_id"], name, row["source_type"])
        one = found.setdefault(
            key,
            {
                "article_id": row["article_id"], "speaker": name, "source_type": row["source_type"], "is_named": row["is_named"],
                "role": row["role"], "affiliation": row["affiliation"], "start": row["source_start"], "end": row["source_end"],
                "text": row["source"], "n_attributions": 0,
            },
        )  # fmt: skip
        one["n_attributions"] += 1
        one["role"], one["affiliation"] = one["role"] or row["role"], one["affiliation"] or row["affiliation"]
    return schema.table("speakers", found.values())
