"""Numbers: each measure on a few rows, against a count in plain Python, and the queries as they are printed."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import schema, summary

READ = ("en", "")
ARTICLES = [
    ("b", "2024-01-01", "en"), ("a", "2024-03-04", "en"), ("c", "2024-03-04", ""), ("k", "2024-02-02", "ko"),
]  # fmt: skip
#: ``a`` and ``c`` are copies; ``b`` has no row in ``stories``.
STORIES = [("a", "a"), ("c", "a"), ("k", "k")]


def tables(
    articles: list[tuple[str, str, str]] = ARTICLES,
    stories: list[tuple[str, str]] = STORIES,
    **rows: list[dict[str, Any]],
) -> dict[str, pd.DataFrame]:
    """Return the tables; articles are (id, date, language), stories (article, story), other rows what a test needs of them.

    A row without an id is named after its article and its number in the list.
    """
    every = [
        {"article_id": a, "path": a, "record": 0, "date": date, "language": code}
        for a, date, code in articles
    ]
    told = [{"article_id": a, "story_id": story, "n_articles": 1} for a, story in stories]
    found = {"articles": every, "stories": told}
    for name in ("attributions", "threats", "sentences", "tones"):
        found[name] = [
            {"start": i, "end": i + 1, "id": f"{row['article_id']}-{i}", **row}
            for i, row in enumerate(rows.get(name, []))
        ]
    return {
        name: schema.table(name, [dict.fromkeys(c.name for c in schema.TABLES[name]) | row for row in some])
        for name, some in found.items()
    }


def said(article: str = "a", **values: Any) -> dict[str, Any]:
    """Return an attribution: to the expert Mara Voss, with content from 0 to 9, unless told otherwise."""
    return {
        "article_id": article, "source_type": "expert", "speaker": "Mara Voss", "is_expert": True, "likelihood": "likely", "content": [],
        "content_start": [0], "content_end": [9], **values,
    }  # fmt: skip


def threat(article: str = "a", **values: Any) -> dict[str, Any]:
    """Return a threat mention, without actor and region unless told otherwise."""
    return {
        "article_id": article, "category": "war", "kind": "threat", "gpr": 1, "actor": "", "regions": [], "is_negated": False,
        "likelihood": "none", **values,
    }  # fmt: skip


def tone(article: str = "a", **values: Any) -> dict[str, Any]:
    """Return a tone: negative toward Russia, unless told otherwise."""
    return {"article_id": article, "target": "Russia", "target_type": "state", "tone": "negative", **values}


def counts(frames: dict[str, pd.DataFrame], measure: str) -> list[tuple[str, int]]:
    """Return the groups of a measure and their numbers of rows, in order."""
    query = summary.connect(frames).sql(summary.sql(measure))
    return query.select('"group"', "n_rows").fetchall()


UNNAMED = said(speaker="")
OFFICIAL = said(speaker="Bo Lee", is_expert=False, source_type="official", likelihood="none")
TWO = [said(content_start=[0, 20], content_end=[9, 30]), UNNAMED]
CASES: list[tuple[str, dict[str, list[dict[str, Any]]], dict[str, int], str]] = [
    ("attributions", {}, {"": 0}, "zero is printed"),
    ("attributions", {"attributions": [said(), OFFICIAL, UNNAMED]}, {"": 3}, "all"),
    ("attributions_by_source_type", {"attributions": [said(), OFFICIAL, UNNAMED]}, {"expert": 2, "official": 1}, "types"),
    ("attributions_by_speaker", {"attributions": [said(), OFFICIAL, UNNAMED]}, {"Bo Lee": 1, "Mara Voss": 1}, "named only"),
    ("attributions_by_expert", {"attributions": [said(), OFFICIAL, UNNAMED]}, {"Mara Voss": 1}, "named experts only"),
    ("expert_attributions", {"attributions": [said(), OFFICIAL, UNNAMED]}, {"": 1}, "named experts only"),
    ("expert_attributions", {"attributions": [OFFICIAL]}, {"": 0}, "no expert"),
    ("unnamed_expert_attributions", {"attributions": [said(), OFFICIAL, UNNAMED]}, {"": 1}, "unnamed experts"),
    ("likelihood_by_expert", {"attributions": [said(), said(), UNNAMED]}, {"Mara Voss | likely": 2}, "named experts only"),
    ("expert_attributions_by_likelihood", {"attributions": [said(), OFFICIAL, UNNAMED]}, {"likely": 2}, "unnamed experts too"),
    ("threats", {"threats": [threat(), threat(is_negated=True)]}, {"": 1}, "denied threats are not threats"),
    ("threats_denied", {"threats": [threat(), threat(is_negated=True)]}, {"": 1}, "denied"),
    ("threats_denied", {"threats": [threat()]}, {"": 0}, "none denied"),
    ("threats_by_category", {"threats": [threat(), threat(category="terror", is_negated=True)]}, {"war": 1}, "not the denied"),
    ("threats_by_kind", {"threats": [threat(), threat(kind="act"), threat(kind="act")]}, {"act": 2, "threat": 1}, "kinds"),
    ("threats_by_likelihood", {"threats": [threat(likelihood="likely")]}, {"likely": 1}, "likelihood"),
    ("threats_by_month", {"threats": [threat()]}, {"2024-01": 0, "2024-03": 1}, "a month without rows; none of another language"),
    ("gpr_threats_by_month", {"threats": [threat(gpr=5, kind="act"), threat(gpr=6)]}, {"2024-01": 0, "2024-03": 1}, "the index decides"),
    ("gpr_acts_by_month", {"threats": [threat(gpr=6), threat(gpr=None, kind="act")]}, {"2024-01": 0, "2024-03": 1}, "no category, no count"),
    ("threats_by_actor", {"threats": [threat(actor="RU; KP"), threat(actor="RU"), threat()]}, {"KP": 1, "RU": 2}, "several actors, none"),
    ("threats_by_region", {"threats": [threat(regions=["UA", "JP"]), threat(regions=["UA"]), threat()]}, {"JP": 1, "UA": 2}, "several regions, none"),
    ("threats_by_region", {"threats": [threat(regions=["UA"], is_negated=True)]}, {}, "denied"),
    ("threats_by_region_and_category", {"threats": [threat(regions=["UA", "JP"])]}, {"JP | war": 1, "UA | war": 1}, "two groups"),
    ("threats_by_region_and_month", {"threats": [threat(regions=["UA"]), threat("b", regions=["UA"])]}, {"UA | 2024-01": 1, "UA | 2024-03": 1}, "months"),
    ("threats_by_category_and_month", {"threats": [threat(), threat("b", is_negated=True)]}, {"war | 2024-03": 1}, "months, not the denied"),
    ("threats_by_region_and_week", {"threats": [threat(regions=["UA"]), threat("b", regions=["UA"])]}, {"UA | 2024-W01": 1, "UA | 2024-W10": 1}, "weeks"),
    ("threats_by_category_and_week", {"threats": [threat(), threat("b"), threat("k")]}, {"war | 2024-W01": 1, "war | 2024-W10": 1}, "weeks"),
    ("expert_threats_by_region", {"attributions": [said(), said()], "threats": [threat(regions=["UA"])]}, {"Mara Voss | UA": 1}, "an expert once a mention"),
    ("expert_threats_by_region", {"attributions": TWO, "threats": [threat(regions=["UA"], start=9, end=20)]}, {}, "between two spans"),
    ("expert_threats_by_region", {"attributions": TWO, "threats": [threat(regions=["UA"], start=20, end=30)]}, {"Mara Voss | UA": 1}, "the second span, to its edges"),
    ("expert_threats_by_region", {"attributions": TWO, "threats": [threat(regions=["UA"])]}, {"Mara Voss | UA": 1, "unnamed experts | UA": 1}, "named and unnamed"),
    ("expert_threats_by_region", {"attributions": [said("b"), OFFICIAL], "threats": [threat(regions=["UA"])]}, {}, "another article; no expert"),
    ("sentences", {"sentences": [{"article_id": "a", "polarity": 0.0}]}, {"": 1}, "all"),
    ("sentences_by_wording", {"sentences": [{"article_id": "a", "polarity": p} for p in (-0.1, 0.0, 0.1, 1.0)]}, {"negative": 1, "neutral": 1, "positive": 2}, "signs"),
    ("tones", {"tones": [tone(), tone()]}, {"": 2}, "all"),
    ("tones", {"tones": [tone("k"), tone("elsewhere")]}, {"": 0}, "neither another language nor an article that is not there"),
    ("tones_by_tone", {"tones": [tone(), tone(tone="positive")]}, {"negative": 1, "positive": 1}, "tones"),
    ("tones_by_type", {"tones": [tone(), tone(target_type="person")]}, {"person": 1, "state": 1}, "types"),
    ("mentions_by_target", {"tones": [tone(), tone(tone="positive"), tone(target="Ōe O'Neill")]}, {"Russia": 2, "Ōe O'Neill": 1}, "any name, ordered by code point"),
    ("tones_by_target", {"tones": [tone(), tone(), tone(tone="positive")]}, {"Russia | negative": 2, "Russia | positive": 1}, "two groups"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "rows", "expected", "why"), CASES, ids=[f"{c[0]}: {c[3]}" for c in CASES]
)
def test_a_measure(
    measure: str, rows: dict[str, list[dict[str, Any]]], expected: dict[str, int], why: str
) -> None:
    assert counts(tables(**rows), measure) == list(expected.items()), why


def test_every_measure_has_a_case() -> None:
    assert {case[0] for case in CASES} == set(summary.MEASURES)


#: articles (a and c are copies, b stands alone) with a tone -> n_rows, n_articles, n_stories
COPIES = [
    ("", (0, 0, 0)),
    ("a", (1, 1, 1)),
    ("ac", (2, 2, 1)),
    ("aab", (3, 2, 2)),
    ("abc", (3, 3, 2)),
    ("k", (0, 0, 0)),
]


@pytest.mark.parametrize(("where", "expected"), COPIES, ids=[c[0] or "none" for c in COPIES])
def test_articles_and_stories(where: str, expected: tuple[int, int, int]) -> None:
    found = summary.numbers(summary.connect(tables(tones=[tone(article) for article in where])))
    (row,) = schema.records(summary.of(found, "tones"))
    assert (row["n_rows"], row["n_articles"], row["n_stories"]) == expected
    assert (row["n_of"], row["n_of_stories"], row["share"]) == (3, 2, expected[1] / 3)


def test_a_month_has_its_own_denominator() -> None:
    found = summary.of(summary.numbers(summary.connect(tables(threats=[threat()]))), "threats_by_month")
    cells = found[["group", "n_of", "n_of_stories", "share"]].to_numpy().tolist()
    assert cells == [["2024-03", 2, 1, 0.5], ["2024-01", 1, 1, 0.0]]


@pytest.mark.parametrize("articles", [[], [("k", "2024-02-02", "ko")]])
def test_where_nothing_was_read_there_is_no_share(articles: list[tuple[str, str, str]]) -> None:
    found = summary.numbers(summary.connect(tables(articles)))
    assert sorted(found["measure"]) == sorted(m.name for m in summary.MEASURES.values() if m.group == "''")
    assert found["share"].isna().all()
    assert found["rows"].tolist() == [[]] * len(found)
    assert found[["n_rows", "n_stories", "n_of", "n_of_stories"]].to_numpy().sum() == 0


def test_ids_stand_in_the_order_of_articles_and_places() -> None:
    rows = [
        tone("a", start=5, end=6, id="a-n10"), tone("a", start=5, end=6, id="a-n9"), tone("a", start=1, end=2, id="a-n11"),
        tone("c", start=0, end=1, id="c-n1"), tone("b", start=7, end=8, id="b-n1"),
    ]  # fmt: skip
    connection = summary.connect(tables(tones=rows))
    order = ["b-n1", "a-n11", "a-n9", "a-n10", "c-n1"]
    for most in (None, 0, 1, 3, 5, 9):
        (row,) = schema.records(summary.of(summary.numbers(connection, most), "tones"))
        assert (row["rows"], row["n_rows"], row["n_articles"]) == (order[:most], 5, 3), most


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    """A connection to a corpus in which every measure counts a row."""
    return summary.connect(tables(
        attributions=[said(), UNNAMED], threats=[threat(regions=["UA"], actor="RU"), threat(is_negated=True), threat(gpr=7)],
        tones=[tone()], sentences=[{"article_id": "b", "polarity": -0.5}],
    ))  # fmt: skip


@pytest.fixture(scope="module")
def numbers(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return summary.numbers(connection)


@pytest.mark.parametrize("measure", summary.MEASURES)
def test_a_query_runs_as_it_is_printed(
    connection: duckdb.DuckDBPyConnection, numbers: pd.DataFrame, measure: str
) -> None:
    names = ["group", "n_rows", "n_articles", "n_stories", "n_of", "n_of_stories", "share", "rows"]
    query = connection.sql(summary.sql(measure))
    assert query.columns == names
    mine = numbers.loc[numbers["measure"] == measure, names]
    assert query.fetchall() == [tuple(row) for row in mine.itertuples(index=False)]
    assert mine["n_rows"].sum() > 0


def test_of_files_only_the_columns_that_count_are_read(tmp_path: Path) -> None:
    frames = tables(
        attributions=[said()],
        threats=[threat(regions=["UA"])],
        sentences=[{"article_id": "b", "polarity": 1.0}],
        tones=[tone()],
    )
    connection = duckdb.connect()
    for name, frame in frames.items():
        path = schema.write(frame, tmp_path, name)
        kept = ", ".join(
            f'"{c.name}"' for c in schema.TABLES[name] if c.name not in ("text", "title", "content")
        )
        connection.execute(f"CREATE VIEW {name} AS SELECT {kept} FROM read_parquet(['{path}'])")
    assert summary.numbers(connection).equals(summary.numbers(summary.connect(frames)))


def test_a_missing_table_is_an_error() -> None:
    with pytest.raises(KeyError, match="stories"):
        summary.connect({name: frame for name, frame in tables().items() if name != "stories"})


WEEKS = [
    ("2024-12-30", "2025-W01", "the last days of a year are in the first week of the next"),
    ("2021-01-03", "2020-W53", "the first days of a year are in the last week of the one before"),
    ("2024-11-03", "2024-W44", "a Sunday ends its week"),
]


@pytest.mark.parametrize(("date", "week", "why"), WEEKS, ids=[w[2] for w in WEEKS])
def test_a_week_is_that_of_iso_8601(date: str, week: str, why: str) -> None:
    connection = summary.connect(tables([("a", date, "en")], threats=[threat(regions=["UA"])]))
    assert summary.by_week(connection).to_numpy().tolist() == [["UA", week, 1, 1]], why


def test_mentions_by_region_and_week() -> None:
    mentions = [
        threat("a", regions=["UA", "JP"]), threat("a", regions=["UA"]), threat("c", regions=["UA"]), threat("b", regions=["UA"]),
        threat("b", regions=["UA"], is_negated=True), threat("k", regions=["UA"]), threat("a"),
    ]  # fmt: skip
    found = summary.by_week(summary.connect(tables(threats=mentions)))
    assert list(found.columns) == ["region", "week", "n_rows", "n_articles"]
    assert found.to_numpy().tolist() == [
        ["JP", "2024-W10", 1, 1],
        ["UA", "2024-W01", 1, 1],
        ["UA", "2024-W10", 3, 2],
    ]
    assert summary.by_week(summary.connect(tables())).empty


def recount(frames: dict[str, pd.DataFrame]) -> dict[tuple[str, str], list[str]]:
    """Return the ids of each number, counted row by row: the definitions once more, without SQL."""
    read = {
        a["article_id"]: a["date"][:7]
        for a in sorted(schema.records(frames["articles"]), key=lambda a: (a["date"], a["path"], a["record"]))
        if a["language"] in READ
    }
    found: dict[tuple[str, str], list[str]] = {
        (m.name, ""): [] for m in summary.MEASURES.values() if m.group == "''"
    }
    found |= {
        (m.name, month): []
        for m in summary.MEASURES.values()
        if m.group == "month"
        for month in read.values()
    }
    number = {article: i for i, article in enumerate(read)}
    for name, groups in (
        ("attributions", _said),
        ("threats", _threat),
        ("sentences", _sentence),
        ("tones", _tone),
    ):
        rows = [row for row in schema.records(frames[name]) if row["article_id"] in read]
        for row in sorted(
            rows, key=lambda r: (number[r["article_id"]], r["start"], r["end"], len(r["id"]), r["id"])
        ):
            for measure, *group in groups(row, read[row["article_id"]], frames):
                found.setdefault((measure, " | ".join(group)), []).append(row["id"])
    return found


def weeks(frames: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Return the ISO week of each article that is read; none where they lie 26 weeks apart or more."""
    rows = [a for a in schema.records(frames["articles"]) if a["language"] in READ]
    days = {a["article_id"]: date.fromisoformat(a["date"]) for a in rows}
    if not days or max(days.values()) - min(days.values()) >= timedelta(weeks=26):
        return {}
    return {a: f"{day.isocalendar()[0]}-W{day.isocalendar()[1]:02d}" for a, day in days.items()}


_Groups = Iterator[tuple[str, ...]]


def _said(row: dict[str, Any], month: str, frames: dict[str, pd.DataFrame]) -> _Groups:
    yield ("attributions",)
    yield "attributions_by_source_type", row["source_type"]
    if row["speaker"]:
        yield "attributions_by_speaker", row["speaker"]
    if row["is_expert"]:
        yield "expert_attributions_by_likelihood", row["likelihood"]
        yield ("expert_attributions" if row["speaker"] else "unnamed_expert_attributions",)
    if row["is_expert"] and row["speaker"]:
        yield "attributions_by_expert", row["speaker"]
        yield "likelihood_by_expert", row["speaker"], row["likelihood"]


def _threat(row: dict[str, Any], month: str, frames: dict[str, pd.DataFrame]) -> _Groups:
    if row["is_negated"]:
        yield ("threats_denied",)
        return
    yield ("threats",)
    yield from ((f"threats_by_{name}", row[name]) for name in ("category", "kind", "likelihood"))
    yield "threats_by_month", month
    if not pd.isna(row["gpr"]):
        yield "gpr_threats_by_month" if row["gpr"] <= 5 else "gpr_acts_by_month", month
    yield from (("threats_by_actor", actor) for actor in row["actor"].split("; ") if actor)
    experts = {
        one["speaker"] or "unnamed experts"
        for one in schema.records(frames["attributions"])
        if one["is_expert"] and one["article_id"] == row["article_id"]
        for start, end in zip(one["content_start"], one["content_end"], strict=True)
        if start <= row["start"] and row["end"] <= end
    }
    week = weeks(frames).get(row["article_id"])
    yield "threats_by_category_and_month", row["category"], month
    if week:
        yield "threats_by_category_and_week", row["category"], week
        yield from (("threats_by_region_and_week", region, week) for region in row["regions"])
    for region in row["regions"]:
        yield "threats_by_region", region
        yield "threats_by_region_and_category", region, row["category"]
        yield "threats_by_region_and_month", region, month
        yield from (("expert_threats_by_region", expert, region) for expert in experts)


def _sentence(row: dict[str, Any], month: str, frames: dict[str, pd.DataFrame]) -> _Groups:
    yield ("sentences",)
    yield (
        "sentences_by_wording",
        "negative" if row["polarity"] < 0 else "positive" if row["polarity"] else "neutral",
    )


def _tone(row: dict[str, Any], month: str, frames: dict[str, pd.DataFrame]) -> _Groups:
    yield ("tones",)
    yield "tones_by_tone", row["tone"]
    yield "tones_by_type", row["target_type"]
    yield "mentions_by_target", row["target"]
    yield "tones_by_target", row["target"], row["tone"]


_IDS = st.sampled_from("abcdef")
_DATES = st.sampled_from(
    ["2023-12-31", "2024-01-01", "2024-03-04", "2024-06-30"]
)  # the first and the last lie 26 weeks apart
_NAMES = st.sampled_from(["", "Mara Voss", "Ōe", "a'b\"c", "Z"])
_SPANS = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted)
_CORPORA = st.builds(
    tables,
    st.lists(st.tuples(_IDS, _DATES, st.sampled_from(["en", "", "ko"])), unique_by=lambda a: a[0]),
    st.lists(st.tuples(_IDS, _IDS), unique_by=lambda s: s[0]),
    attributions=st.lists(st.builds(
        lambda article, speaker, expert, spans: said(
            article, speaker=speaker, is_expert=expert, content_start=[s for s, _ in spans], content_end=[e for _, e in spans]
        ), _IDS, _NAMES, st.booleans(), st.lists(_SPANS, max_size=2),
    ), max_size=6),
    threats=st.lists(st.builds(
        lambda article, span, denied, regions, actor, gpr: threat(
            article, start=span[0], end=span[1], is_negated=denied, regions=regions, actor=actor, gpr=gpr
        ), _IDS, _SPANS, st.booleans(), st.lists(st.sampled_from(["UA", "JP", "NA"]), unique=True),
        st.sampled_from(["", "RU", "RU; KP"]), st.sampled_from([None, 1, 5, 6, 8]),
    ), max_size=8),
    sentences=st.lists(st.builds(
        lambda article, polarity: {"article_id": article, "polarity": polarity}, _IDS, st.sampled_from([-1.0, -0.0, 0.0, 0.3])
    ), max_size=4),
    tones=st.lists(st.builds(
        lambda article, name: tone(article, target=name or "Russia", tone="neutral"), _IDS, _NAMES
    ), max_size=12),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(_CORPORA, st.sampled_from([None, 1, 2]), st.sampled_from([1, 2, 4]))
def test_sql_counts_as_python_does(frames: dict[str, pd.DataFrame], most: int | None, threads: int) -> None:
    connection = summary.connect(frames)
    connection.execute(f"SET threads = {threads}")
    found = summary.numbers(connection, most)
    expected = dict(sorted(recount(frames).items()))
    assert list(zip(found["measure"], found["group"], strict=True)) == list(expected)
    assert found["key"].tolist() == [summary.key(*number) for number in expected]
    story = dict(zip(frames["stories"]["article_id"], frames["stories"]["story_id"], strict=True))
    articles = frames["articles"][frames["articles"]["language"].isin(READ)]
    for row, (number, ids) in zip(schema.records(found), expected.items(), strict=True):
        within = {one.split("-")[0] for one in ids}
        by_month = summary.MEASURES[number[0]].group == "month"
        of = set(
            articles[articles["date"].str[:7] == number[1]]["article_id"]
            if by_month
            else articles["article_id"]
        )
        assert row["rows"] == ids[:most]
        assert (row["n_rows"], row["n_articles"], row["n_of"]) == (len(ids), len(within), len(of))
        assert (row["n_stories"], row["n_of_stories"]) == tuple(
            len({story.get(a, a) for a in s}) for s in (within, of)
        )
        assert row["share"] == len(within) / len(of) if of else pd.isna(row["share"])
