"""The project's own gold: whole rows, from who is cited and in what role to which regions are threatened, through the pipeline."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis import measure as pipeline
from analysis import reader, schema
from analysis.evaluate import score, spans, tone
from analysis.evaluate.gold import Article
from analysis.evaluate.score import Counts, Key
from analysis.evaluate.spans import Attribution, Place, Words, overlap

Row = dict[str, Any]
#: Columns of an attribution and of a threat whose values must be equal.
LABELS = ("speaker", "source_type", "is_named", "quote_type", "role", "affiliation", "likelihood")
THREAT_LABELS = ("category", "kind", "actor", "is_negated", "likelihood")


def measured(text: str) -> dict[str, list[Row]]:
    """Return the rows that the pipeline finds in a text."""
    article = {c.name: "" for c in schema.TABLES["articles"]} | {"article_id": "gold", "text": text}
    return {name: [dict(r) for r in rows] for name, rows in pipeline.measure(article).items()}


def scores(
    gold: list[Article],
    measure: Callable[[str], dict[str, list[Row]]] = measured,
    judge: Callable[[str, list[Place]], list[str]] | None = None,
    seed: int = 0,
    data: str = "",
) -> pd.DataFrame:
    """Return the scores of attributions, threats and tones of the project's own gold.

    ``measure`` takes a text and returns rows of ``attributions`` and ``threats``; ``judge`` takes a text and targets and
    returns tones. Without them they are the pipeline and the reader.
    """
    judge = judge or tone.read_tones
    counts = []
    for article in gold:
        found = measure(article.text)
        one = _attributions(article, found["attributions"]) | _threats(article, found["threats"])
        if article.tones:
            given = judge(article.text, [(s, e) for s, e, _ in article.tones])
            one |= tone.counted([t for *_, t in article.tones], given)
        counts.append(one)
    return score.table(score.rows(counts, data, seed))


def _attributions(article: Article, found: list[Row]) -> dict[Key, Counts]:
    words = Words(article.text)
    gold = list(zip(article.record["attributions"], article.attributions, strict=True))
    mine = [(row, _spans(row)) for row in found]

    def touch(want: tuple[Row, Attribution], got: tuple[Row, Attribution]) -> float:
        said = any(overlap(a, b) for a in want[1]["content"] for b in got[1]["content"])
        return said and (not want[1]["source"] or _touch(want[1]["source"], got[1]["source"]))

    def half(want: tuple[Row, Attribution], got: tuple[Row, Attribution]) -> float:
        a, b = want[1], got[1]
        by = _touch(a["source"], b["source"]) or not (a["source"] or b["source"])
        joint = words.joint(a["content"], b["content"])
        return joint if by and joint >= 0.5 else 0.0

    counts = spans.counted(article.text, article.attributions, [s for _, s in mine])
    pairs = score.pair(gold, mine, touch)
    counts["attribution", "any"] = (len(pairs), len(gold), len(mine))
    counts["attribution", "half"] = (len(score.pair(gold, mine, half)), len(gold), len(mine))
    expert, mine_expert = ([x for x in rows if x[0]["source_type"] == "expert"] for rows in (gold, mine))
    hits = len(score.pair(expert, mine_expert, half))
    counts["expert attribution", "half"] = (hits, len(expert), len(mine_expert))
    for role in reader.ROLES:
        counts[role, "matched"] = _share([sorted(w[role]) == sorted(g[role]) for (_, w), (_, g) in pairs])
    for name in LABELS:
        counts[name, "matched"] = _share([_same(w[name], g[name]) for (w, _), (g, _) in pairs])
    return counts


def _spans(row: Row) -> Attribution:
    """Return the spans of a row of ``attributions`` by role."""
    found = {
        role: [(row[f"{role}_start"], row[f"{role}_end"])] if row[role] is not None else []
        for role in ("source", "cue")
    }
    return found | {"content": list(zip(row["content_start"], row["content_end"], strict=True))}


def _touch(a: list[Place], b: list[Place]) -> bool:
    return any(overlap(x, y) for x in a for y in b)


def _threats(article: Article, found: list[Row]) -> dict[Key, Counts]:
    words = Words(article.text)
    gold = list(zip(article.record.get("threats", []), article.threats, strict=True))
    mine = [(row, (row["start"], row["end"])) for row in found]

    def half(want: tuple[Row, Place], got: tuple[Row, Place]) -> float:
        joint = words.joint([want[1]], [got[1]])
        return joint if joint >= 0.5 and want[0]["category"] == got[0]["category"] else 0.0

    pairs = score.pair(gold, mine, lambda want, got: overlap(want[1], got[1]))
    counts: dict[Key, Counts] = {
        ("threat", "any"): (len(pairs), len(gold), len(mine)),
        ("threat", "half"): (len(score.pair(gold, mine, half)), len(gold), len(mine)),
    }
    for name in THREAT_LABELS:
        counts[f"threat {name}", "matched"] = _share([_same(w[name], g[name]) for (w, _), (g, _) in pairs])
    ids = [({*w["regions"]}, {*g["regions"]}) for (w, _), (g, _) in pairs]
    both = sum(len(w & g) for w, g in ids)
    counts["threat regions", "ids"] = (both, sum(len(w) for w, _ in ids), sum(len(g) for _, g in ids))
    every = [sum(len({*row["regions"]}) for row, _ in rows) for rows in (gold, mine)]
    counts["threat regions", "all ids"] = (both, *every)
    return counts


def _same(gold: Any, found: Any) -> bool:
    """Tell whether two values are equal; names joined by ``; `` in any order, and nothing is nothing."""
    if isinstance(gold, str) and isinstance(found, str):
        return sorted(gold.split("; ")) == sorted(found.split("; "))
    return (gold or None) == (found or None)


def _share(right: list[bool]) -> Counts:
    return sum(right), len(right), len(right)
