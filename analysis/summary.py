"""The numbers of a briefing: one row each, with the rows of the tables that were counted for it."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import pandas as pd

from analysis import schema
from analysis.corpus import language

#: Joins the parts of a group; no speaker's name and no place id holds it.
JOIN = " | "


def key(measure: str, group: str = "") -> str:
    """Return the name of a number: readable, unique, fit for an HTML anchor."""
    plain = unicodedata.normalize("NFKD", f"{measure} {group}").encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48]
    return f"n-{slug}-{hashlib.sha256(f'{measure}{JOIN}{group}'.encode()).hexdigest()[:6]}"


def numbers(
    articles: pd.DataFrame,
    attributions: pd.DataFrame,
    threats: pd.DataFrame,
    sentences: pd.DataFrame,
    tones: pd.DataFrame,
) -> pd.DataFrame:
    """Return the table ``summary``: every count that a briefing prints, sorted by measure and group.

    Threat mentions that the text denies are counted apart, as ``threats_denied``, and in no other measure of threats.
    Articles in another language than English are in no denominator: they were not read.
    """
    articles = articles[articles["language"].isin(language.READ)]
    month = dict(zip(articles["article_id"], articles["date"].str[:7], strict=True))
    in_month = Counter(month.values())
    counted: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for measure, group, article, row in _all(month, attributions, threats, sentences, tones):
        counted.setdefault((measure, group), []).append((article, row))
    for measure in TOTALS:
        counted.setdefault((measure, ""), [])
    for measure, one in product(BY_MONTH, in_month):
        counted.setdefault((measure, one), [])
    rows = []
    for (measure, group), found in sorted(counted.items()):
        n_articles = len({article for article, _ in found})
        n_of = in_month[group] if measure in BY_MONTH else len(articles)
        rows.append(
            {
                "key": key(measure, group), "measure": measure, "group": group, "n_rows": len(found),
                "n_articles": n_articles, "n_of": n_of, "share": n_articles / n_of if n_of else None,
                "rows": [row for _, row in found],
            }
        )  # fmt: skip
    return schema.table("summary", rows)


#: Measures that are printed even where nothing was counted.
TOTALS = (
    "attributions",
    "expert_attributions",
    "unnamed_expert_attributions",
    "threats",
    "threats_denied",
    "sentences",
    "tones",
)
#: Measures by month, with the articles of the month as denominator; printed also for months without a row.
BY_MONTH = ("threats_by_month", "gpr_threats_by_month", "gpr_acts_by_month")

_Counted = tuple[str, str, str, str]


def _all(
    month: dict[str, str],
    attributions: pd.DataFrame,
    threats: pd.DataFrame,
    sentences: pd.DataFrame,
    tones: pd.DataFrame,
) -> Iterator[_Counted]:
    experts: dict[str, list[dict[str, Any]]] = {}
    for row in schema.records(attributions):
        yield from _counts(row, _of_attribution(row))
        if row["is_expert"]:
            experts.setdefault(row["article_id"], []).append(row)
    for row in schema.records(threats):
        yield from _counts(row, _of_threat(row, month[row["article_id"]], experts.get(row["article_id"], [])))
    for row in schema.records(sentences):
        yield from _counts(row, [("sentences", ""), ("sentences_by_wording", wording(row["polarity"]))])
    for row in schema.records(tones):
        yield from _counts(row, _of_tone(row))


def _counts(row: dict[str, Any], measures: Iterable[tuple[str, str]]) -> Iterator[_Counted]:
    for measure, group in measures:
        yield measure, group, row["article_id"], row["id"]


def _of_attribution(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "attributions", ""
    yield "attributions_by_source_type", row["source_type"]
    if row["speaker"]:
        yield "attributions_by_speaker", row["speaker"]
    if row["is_expert"] and row["speaker"]:
        yield "expert_attributions", ""
        yield "attributions_by_expert", row["speaker"]
        yield "likelihood_by_expert", row["speaker"] + JOIN + row["likelihood"]
    elif row["is_expert"]:
        yield "unnamed_expert_attributions", ""
    if row["is_expert"]:
        yield "expert_attributions_by_likelihood", row["likelihood"]


def _of_threat(row: dict[str, Any], month: str, experts: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    if row["is_negated"]:
        yield "threats_denied", ""
        return
    yield "threats", ""
    yield "threats_by_category", row["category"]
    yield "threats_by_kind", row["kind"]
    yield "threats_by_likelihood", row["likelihood"]
    yield "threats_by_month", month
    yield from ((f"gpr_{kind}s_by_month", month) for kind in _gpr(row))
    for actor in filter(None, row["actor"].split("; ")):
        yield "threats_by_actor", actor
    for region in row["regions"]:
        yield "threats_by_region", region
        yield "threats_by_region_and_category", region + JOIN + row["category"]
        yield "threats_by_region_and_month", region + JOIN + month
        for name in dict.fromkeys(e["speaker"] or UNNAMED for e in experts if _holds(e, row)):
            yield "expert_threats_by_region", name + JOIN + region


def _gpr(row: dict[str, Any]) -> list[str]:
    """Return ``threat`` or ``act`` after the mention's category of the Geopolitical Risk index, nothing where it has none."""
    category = row.get("gpr", {"threat": 1, "act": 6}[row["kind"]])
    return [] if pd.isna(category) else ["threat" if category <= 5 else "act"]


def _of_tone(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "tones", ""
    yield "tones_by_tone", row["tone"]
    yield "tones_by_type", row["target_type"]
    yield "mentions_by_target", row["target"]
    yield "tones_by_target", row["target"] + JOIN + row["tone"]


UNNAMED = "unnamed experts"


def _holds(attribution: dict[str, Any], threat: dict[str, Any]) -> bool:
    """Tell whether the threat is named inside what is attributed."""
    spans = zip(attribution["content_start"], attribution["content_end"], strict=True)
    return any(start <= threat["start"] and threat["end"] <= end for start, end in spans)


def wording(polarity: float) -> str:
    """Return the sign of a polarity as a word."""
    return "negative" if polarity < 0 else "positive" if polarity > 0 else "neutral"


def of(summary: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the numbers of one measure, largest first, then by group."""
    return summary[summary["measure"] == measure].sort_values(
        ["n_rows", "group"], ascending=[False, True], kind="stable"
    )


def one(summary: pd.DataFrame, measure: str, group: str = "") -> dict[str, Any]:
    """Return one number as a dict; a number that was never counted is zero, with no rows."""
    found = summary[(summary["measure"] == measure) & (summary["group"] == group)]
    if len(found):
        return dict(found.iloc[0])
    return {
        "key": key(measure, group),
        "measure": measure,
        "group": group,
        "n_rows": 0,
        "n_articles": 0,
        "rows": [],
    }


#: Mentions below which no share of them is printed: a share of three says nothing.
FEWEST = 5


def negative_shares(summary: pd.DataFrame) -> pd.DataFrame:
    """Return ``target, n, n_negative, n_neutral, n_positive, share_negative``, most mentioned first.

    The share is null where a target has fewer than ``FEWEST`` mentions.
    """
    counted = of(summary, "tones_by_target")
    parts = counted["group"].str.rsplit(JOIN, n=1, expand=True).reindex(columns=[0, 1])
    counts = (
        pd.crosstab(parts[0], parts[1], values=counted["n_rows"].astype(int), aggfunc="sum")
        .fillna(0)
        .astype(int)
    )
    found = (
        counts.reindex(columns=list(schema.TONES), fill_value=0).add_prefix("n_").rename_axis(columns=None)
    )
    found.insert(0, "n", found.sum(axis=1))
    found = (
        found.rename_axis("target")
        .reset_index()
        .sort_values(["n", "target"], ascending=[False, True], ignore_index=True)
    )
    share = found["n_negative"] / found["n"]
    return found.assign(share_negative=share.where(found["n"] >= FEWEST))


def grid(summary: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return a measure of two groups as a matrix of ``n_rows``: first part down, second across, largest sums first."""
    found = of(summary, measure)
    parts = found["group"].str.split(JOIN, n=1, expand=True, regex=False).reindex(columns=[0, 1])
    counts = (
        pd.crosstab(parts[0], parts[1], values=found["n_rows"].astype(int), aggfunc="sum")
        .fillna(0)
        .astype(int)
    )
    down = sorted(counts.index, key=lambda g: (-counts.loc[g].sum(), g))
    across = sorted(counts.columns, key=lambda g: (-counts[g].sum(), g))
    return counts.loc[down, across].rename_axis(index=None, columns=None)
