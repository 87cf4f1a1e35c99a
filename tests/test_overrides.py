"""Corrections by hand: which row a line is about, what it changes, what is refused, and what a briefing says of it."""

import csv
import io
import re
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from analysis import brief, briefing, corrections, overrides, report, schema, stories, summary
from analysis.cli import app
from analysis.overrides import Applied, Line, Outcome, OverrideError
from analysis.overrides.lines import COLUMNS

HERE, THERE, OTHER, GONE = "a" * 16, "b" * 16, "c" * 16, "d" * 16
TEXT = (
    "Georgia spoke of a war on Friday. “A strike is likely,” said Mara Voss, an expert. "
    "Bo Lee, a minister, said that a strike is near. He said that Georgia and Japan fear a war. "
    "Georgia, the state in America, sent peaches to Japan. Voss and Lee said talks would go on."
)
BY = {"who": "A. Reader", "when": "2024-11-05", "why": "read it"}


def at(words: str, nth: int = 1, text: str = TEXT) -> tuple[int, int]:
    """Return where words stand in a text for the nth time."""
    start = [m.start() for m in re.finditer(re.escape(words), text)][nth - 1]
    return start, start + len(words)


def sentence(start: int, text: str = TEXT) -> tuple[int, int]:
    """Return the sentence that holds a character."""
    first = max((m.end() for m in re.finditer(r"[.”] (?=[A-Z“])", text[:start])), default=0)
    rest = re.search(r"\.(?= |$)", text[start:])
    return first, start + rest.end() if rest else len(text)


def said(
    n: int, source: str | None, cue: str, content: str, speaker: str, kind: str = "expert", **more: Any
) -> dict[str, Any]:
    """Return an attribution of the article."""
    start, end = sentence(at(content)[0])
    spans: dict[str, Any] = {}
    for role, words in (("source", source), ("cue", cue)):
        first = TEXT.index(words, start) if words else None
        spans |= {role: words, f"{role}_start": first, f"{role}_end": first and first + len(words or "")}
    return {
        "article_id": HERE, "start": start, "end": end, "text": TEXT[start:end], **spans, "content": [content],
        "content_start": [at(content)[0]], "content_end": [at(content)[1]], "quote_type": "indirect", "speaker": speaker,
        "source_type": kind, "is_expert": kind == "expert", "is_named": bool(speaker), "role": "", "affiliation": "",
        "likelihood": "none", "id": f"{HERE}-a{n}", **more,
    }  # fmt: skip


def threat(n: int, words: str, nth: int, **more: Any) -> dict[str, Any]:
    """Return a threat mention of the article: a war that is feared, by nobody, against nobody."""
    start, end = at(words, nth)
    first, last = sentence(start)
    return {
        "article_id": HERE, "start": start, "end": end, "text": words, "category": "war", "kind": "threat", "gpr": 1, "actor": "",
        "regions": [], "is_negated": False, "likelihood": "none", "sentence_start": first, "sentence_end": last,
        "id": f"{HERE}-t{n}", **more,
    }  # fmt: skip


def tone(n: int, words: str, nth: int, target: str, place: str = "", **more: Any) -> dict[str, Any]:
    """Return a neutral tone of the article toward a state, or toward a person where no place is given."""
    start, end = at(words, nth)
    return {
        "article_id": HERE, "start": start, "end": end, "text": words, "target": target, "target_id": place,
        "target_type": "state" if place else "person", "tone": "neutral", "p_negative": 0.2, "p_neutral": 0.5, "p_positive": 0.3,
        "sentence_start": sentence(start)[0], "sentence_end": sentence(start)[1], "id": f"{HERE}-n{n}", **more,
    }  # fmt: skip


ROWS: dict[str, list[dict[str, Any]]] = {
    "attributions": [
        said(1, "Mara Voss, an expert", "said", "“A strike is likely,”", "Mara Voss", role="an expert", affiliation="a school"),
        said(2, "Bo Lee, a minister,", "said", "that a strike is near", "Bo Lee", "official", role="a minister"),
        said(3, "He", "said", "that Georgia and Japan fear a war", "Bo Lee", "official", role="a minister"),
        said(4, "Voss and Lee", "said", "talks would go on", "Mara Voss; Bo Lee"),
    ],
    "threats": [
        threat(1, "a war", 1, regions=["GE"], actor="RU"),
        threat(2, "A strike", 1, kind="act", gpr=7),
        threat(3, "a strike", 1),
        threat(4, "a war", 2, regions=["GE", "JP"], actor="GE; the rebels"),
    ],
    "tones": [
        tone(1, "Georgia", 1, "Georgia", "GE"), tone(2, "Mara Voss", 1, "Mara Voss"), tone(3, "Georgia", 2, "Georgia", "GE"),
        tone(4, "Japan", 1, "Japan", "JP"), tone(5, "Georgia", 3, "Georgia", "GE"), tone(6, "Lee", 2, "Lee"),
    ],
}  # fmt: skip
ARTICLE = {
    "article_id": HERE, "path": "a.txt", "record": 1, "date": "2024-03-04", "title": "A title", "byline": "", "outlet": "The Times",
    "url": "https://example.org/a", "text": TEXT, "language": "en", "n_words": 9, "sha256_raw": "",
}  # fmt: skip


def table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return schema.table(name, [dict.fromkeys(c.name for c in schema.TABLES[name]) | row for row in rows])


def speakers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from analysis import attributions

    return attributions.speakers(rows)


def frames(
    articles: list[dict[str, Any]] | None = None, rows: dict[str, list[dict[str, Any]]] = ROWS
) -> dict[str, pd.DataFrame]:
    every = [ARTICLE] if articles is None else articles
    told = [{"article_id": a["article_id"], "story_id": a["article_id"], "n_articles": 1} for a in every]
    given = {
        **rows,
        "articles": every,
        "stories": told,
        "speakers": speakers(rows["attributions"]),
        "sentences": [],
    }
    return {name: table(name, some) for name, some in given.items()}


def connect(data: dict[str, pd.DataFrame] | None = None, prefix: str = "") -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, frame in (data or frames()).items():
        rows = pa.Table.from_pandas(frame, schema.arrow_schema(name), preserve_index=False)
        connection.register(f"{prefix}{name}", rows)
    return connection


def rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    order = "article_id, speaker, source_type" if name == "speakers" else "id"
    return list(connection.sql(f"SELECT * FROM {name} ORDER BY {order}").to_arrow_table().to_pylist())


def everything(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    return {name: rows(connection, name) for name in ("attributions", "speakers", "threats", "tones")}


def counted(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """Return every number of the summary that is not zero."""
    found = summary.numbers(connection)
    return {(m, g): n for m, g, n in zip(found["measure"], found["group"], found["n_rows"], strict=True) if n}


def line(kind: str, of: dict[str, Any], action: str, value: str = "", number: int = 0, **more: Any) -> Line:
    """Return the line that ``add`` would write."""
    from analysis.overrides.writing import _line

    return _line(kind, of, action, value, ARTICLE)._replace(**{"number": number, **BY, **more})


A, T, N = (ROWS[name] for name in ("attributions", "threats", "tones"))
#: A place where a text names it.
PLACE = {"article_id": HERE, "start": at("Georgia", 3)[0], "end": at("Georgia", 3)[1], "text": "Georgia"}


def test_all_is_as_measured_without_lines() -> None:
    connection = connect()
    before, numbers = everything(connection), counted(connection)
    assert overrides.apply(connection, []) == Applied()
    assert everything(connection) == before
    assert counted(connection) == numbers


CASES: list[tuple[str, dict[str, Any], str, str, dict[str, Any] | None, str]] = [
    ("threats", T[0], "remove", "", None, "no threat mention"),
    ("threats", T[0], "category", "terror", {"category": "terror", "gpr": 5}, "the index follows the category"),
    ("threats", T[0], "kind", "act", {"kind": "act", "gpr": 7}, "and the kind"),
    ("threats", T[0], "category", "coercion", {"category": "coercion", "gpr": None}, "which may have none"),
    ("threats", T[0], "regions", "JP; korean-peninsula", {"regions": ["JP", "korean-peninsula"]}, "several regions"),
    ("threats", T[0], "regions", "", {"regions": []}, "no region"),
    ("threats", T[0], "actor", "the rebels", {"actor": "the rebels"}, "an actor that is no state"),
    ("threats", T[0], "actor", "", {"actor": ""}, "no actor"),
    ("attributions", A[1], "remove", "", None, "no attribution"),
    ("attributions", A[1], "source_type", "expert", {"source_type": "expert", "is_expert": True}, "an expert"),
    ("attributions", A[0], "source_type", "witness", {"source_type": "witness", "is_expert": False}, "no expert"),
    (
        "attributions", A[2], "speaker", "Mara Voss",
        {"speaker": "Mara Voss", "source_type": "expert", "is_expert": True, "role": "an expert", "affiliation": "a school"},
        "who speaks elsewhere in the article is the same there",
    ),
    ("attributions", A[2], "speaker", "Ann Poe", {"speaker": "Ann Poe", "role": ""}, "who does not has no known role"),
    ("attributions", A[2], "speaker", "", {"speaker": "", "is_named": False, "role": ""}, "nobody"),
    ("tones", N[1], "remove", "", None, "no mention of the target"),
    ("tones", N[1], "tone", "positive", {"tone": "positive", "p_positive": 1.0, "p_neutral": 0.0, "p_negative": 0.0}, "a tone"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "of", "action", "value", "wanted", "why"), CASES, ids=[f"{c[0]}, {c[5]}" for c in CASES]
)
def test_a_line_changes_its_row_and_no_other(
    kind: str, of: dict[str, Any], action: str, value: str, wanted: dict[str, Any] | None, why: str
) -> None:
    connection = connect()
    before = everything(connection)
    (one,) = overrides.apply(connection, [line(kind, of, action, value)]).outcomes
    assert (one.status, one.row, one.n_rows) == ("applied", of["id"], 1)
    after = everything(connection)
    changed = [row | (wanted or {}) if row["id"] == of["id"] else row for row in before[kind]]
    assert after[kind] == [row for row in changed if wanted is not None or row["id"] != of["id"]], why
    said_now = sorted(speakers(after["attributions"]), key=lambda row: (row["speaker"], row["source_type"]))
    assert after["speakers"] == said_now, "the speakers are those of the attributions"
    for name in {"threats", "tones", "attributions"} - {kind}:
        assert after[name] == before[name]


COUNTS: list[tuple[list[Line], dict[tuple[str, str], int], str]] = [
    (
        [line("threats", T[0], "remove")],
        {("threats", ""): -1, ("threats_by_category", "war"): -1, ("threats_by_kind", "threat"): -1, ("threats_by_region", "GE"): -1,
         ("threats_by_actor", "RU"): -1, ("threats_by_likelihood", "none"): -1, ("threats_by_month", "2024-03"): -1,
         ("gpr_threats_by_month", "2024-03"): -1, ("threats_by_region_and_category", "GE | war"): -1,
         ("threats_by_region_and_month", "GE | 2024-03"): -1, ("threats_by_region_and_week", "GE | 2024-W10"): -1,
         ("threats_by_category_and_month", "war | 2024-03"): -1, ("threats_by_category_and_week", "war | 2024-W10"): -1},
        "a mention less",
    ),
    (
        [line("threats", T[2], "category", "nuclear")],
        {("threats_by_category", "war"): -1, ("threats_by_category", "nuclear"): 1,
         ("threats_by_category_and_month", "war | 2024-03"): -1, ("threats_by_category_and_month", "nuclear | 2024-03"): 1,
         ("threats_by_category_and_week", "war | 2024-W10"): -1, ("threats_by_category_and_week", "nuclear | 2024-W10"): 1},
        "another category, of the same side of the index",
    ),
    (
        [line("attributions", A[1], "source_type", "expert")],
        {("attributions_by_source_type", "official"): -1, ("attributions_by_source_type", "expert"): 1, ("expert_attributions", ""): 1,
         ("attributions_by_expert", "Bo Lee"): 1, ("likelihood_by_expert", "Bo Lee | none"): 1,
         ("expert_attributions_by_likelihood", "none"): 1},
        "an expert more",
    ),
    (
        [line("tones", N[0], "tone", "negative"), line("tones", N[1], "remove")],
        {("tones", ""): -1, ("tones_by_tone", "neutral"): -2, ("tones_by_tone", "negative"): 1, ("tones_by_type", "person"): -1,
         ("mentions_by_target", "Mara Voss"): -1, ("tones_by_target", "Mara Voss | neutral"): -1,
         ("tones_by_target", "Georgia | neutral"): -1, ("tones_by_target", "Georgia | negative"): 1},
        "a tone and a mention",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "wanted", "why"), COUNTS, ids=[c[2] for c in COUNTS])
def test_the_counts_change_by_what_the_lines_say(
    lines: list[Line], wanted: dict[tuple[str, str], int], why: str
) -> None:
    connection = connect()
    before = counted(connection)
    overrides.apply(connection, lines)
    after = counted(connection)
    moved = {key: after.get(key, 0) - before.get(key, 0) for key in before.keys() | after.keys()}
    assert {key: n for key, n in moved.items() if n} == wanted, why


POOL = [
    *(line("threats", row, "remove") for row in T), *(line("threats", row, "category", c) for row in T for c in ("terror", "war")),
    *(line("threats", row, "regions", "JP") for row in T[:2]), *(line("attributions", row, "remove") for row in A),
    *(line("attributions", row, "speaker", s) for row in A for s in ("Mara Voss", "Ann Poe")),
    *(line("attributions", row, "source_type", "media") for row in A), *(line("tones", row, "tone", "negative") for row in N),
    *(line("tones", row, "remove") for row in N), line("places", PLACE, "remove"), line("places", PLACE, "place", "US"),
    line("aliases", {"speaker": "Bo Lee"}, "speaker", "Robert Lee"), line("aliases", {"speaker": "Lee"}, "speaker", "Robert Lee"),
]  # fmt: skip
SOME = st.lists(st.sampled_from(range(len(POOL))), unique=True, max_size=12)


@pytest.fixture(scope="module")
def open_one() -> duckdb.DuckDBPyConnection:
    return connect()


@settings(max_examples=12, deadline=None)
@given(SOME, st.randoms())
def test_any_lines(open_one: duckdb.DuckDBPyConnection, numbers: list[int], chance: Any) -> None:
    lines = [POOL[i]._replace(number=i + 2) for i in numbers]
    connection = open_one
    before = everything(connection)
    applied = overrides.apply(connection, lines)
    after = everything(connection)
    assert [one.line for one in applied.outcomes] == lines, "every line is told of"
    assert overrides.apply(connection, lines) == applied
    assert everything(connection) == after, "twice is once"

    mixed = chance.sample(lines, len(lines))
    again = overrides.apply(connection, mixed)
    assert everything(connection) == after, "their order does not matter"
    statuses = {one.line: one.status for one in applied.outcomes}
    assert {one.line: one.status for one in again.outcomes} == statuses

    for kind in ("threats", "attributions", "tones"):
        held = [one for one in applied.of("applied") if one.line.kind == kind]
        gone = {one.row for one in held if one.line.action == "remove"}
        by_place = sum(one.line.kind == "places" for one in applied.of("applied"))
        n = len(before[kind]) - len(gone)
        assert len(after[kind]) in ((n, n - by_place) if kind == "tones" else (n,))
        for one in held:
            if one.line.action not in ("remove", "regions", "speaker"):
                (row,) = [row for row in after[kind] if row["id"] == one.row]
                assert row[one.line.action] == one.line.value
    assert overrides.apply(connection, []) == Applied()
    assert everything(connection) == before, "all can be taken back"


def changed_article(
    text: str = "New first words. " + TEXT, **more: Any
) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Return the article as it was corrected, under another id, and its rows where they now stand."""
    by = text.index(TEXT[100:150]) - 100 if TEXT[100:150] in text else 0
    moved = {
        name: [
            {
                k: THERE if k == "article_id" else v.replace(HERE, THERE) if k == "id" else
                [i + by for i in v] if k.endswith(("_start", "_end")) and isinstance(v, list) else
                v + by if (k in ("start", "end") or k.endswith(("_start", "_end"))) and v is not None else v
                for k, v in row.items()
            }
            for row in some
        ]
        for name, some in ROWS.items()
    }  # fmt: skip
    return {**ARTICLE, "article_id": THERE, "text": text, **more}, moved


FOLLOWED: list[tuple[dict[str, Any], str, str, str]] = [
    ({}, "followed", "", "the text begins with more words"),
    ({"title": "Another"}, "followed", "", "the title has changed too: the address is the same"),
    ({"url": ""}, "followed", "", "no address: the title, day and outlet are the same"),
    ({"url": "https://example.org/b", "title": "Another"}, "followed", "", "only the file is the same"),
    ({"url": "", "title": "Another", "path": "b.txt"}, "stale", "its article is gone", "nothing is the same"),
    ({"url": "", "outlet": "The Sun", "path": "b.txt"}, "stale", "its article is gone", "a copy in another outlet"),
    ({"text": TEXT.replace("a war", "a quarrel")}, "stale", "its words are not in the article", "the words are gone"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "status", "note", "why"), FOLLOWED, ids=[f[3] for f in FOLLOWED])
def test_a_line_follows_a_corrected_text(more: dict[str, Any], status: str, note: str, why: str) -> None:
    article, moved = changed_article(**more)
    connection = connect(frames([article], moved))
    (one,) = overrides.apply(connection, [line("threats", T[3], "remove")]).outcomes
    assert (one.status, one.note.partition(";")[0][: len(note)]) == (status, note), why
    left = [row["id"][-2:] for row in rows(connection, "threats")]
    assert left == (["t1", "t2", "t3"] if status == "followed" else ["t1", "t2", "t3", "t4"])


def test_a_line_of_an_article_that_is_there_goes_nowhere_else() -> None:
    article, moved = changed_article()
    both = {name: [*ROWS[name], *moved[name]] for name in ROWS}
    connection = connect(frames([ARTICLE, article], both))
    (one,) = overrides.apply(connection, [line("threats", T[3], "remove")]).outcomes
    assert (one.status, one.row) == ("applied", T[3]["id"])


def test_a_line_that_two_articles_may_be_meant_by_is_stale() -> None:
    article, moved = changed_article()
    twin = {**article, "article_id": OTHER, "path": "c.txt"}
    both = {
        name: [*some, *(r | {"article_id": OTHER, "id": r["id"].replace(THERE, OTHER)} for r in some)]
        for name, some in moved.items()
    }
    connection = connect(frames([article, twin], both))
    (one,) = overrides.apply(connection, [line("threats", T[0], "remove")]).outcomes
    assert (one.status, one.note) == ("stale", "2 articles have its words")


def test_a_file_of_many_articles_says_nothing_of_one() -> None:
    article, moved = changed_article(url="", title="Another")
    connection = connect(
        frames(
            [article, {**ARTICLE, "article_id": OTHER, "title": "Else", "url": "", "text": "Else."}], moved
        )
    )
    (one,) = overrides.apply(connection, [line("threats", T[0], "remove")]).outcomes
    assert (one.status, one.note) == ("stale", "its article is gone")


PLACED: list[tuple[dict[str, Any], str, str, str, str]] = [
    ({}, "applied", "t1", "", "as it was"),
    ({"start": None, "end": None}, "stale", "", "stand in 2 places", "no place is given, and there are two"),
    ({"start": 3, "end": 8}, "applied", "t1", "stand in 2 places, of which the nearest to character 3", "near the first"),
    ({"start": 150, "end": 155}, "applied", "t4", "of which the nearest to character 150", "near the second"),
    ({"quote": "a  war "}, "applied", "t1", "", "other white space"),
    ({"quote": "war"}, "stale", "", "no row of threats consists of its words; the row there is now 'a war'", "a part of the row"),
    ({"quote": "a war on Friday"}, "stale", "", "the row there is now 'a war'", "more than the row"),
    ({"quote": "peaches"}, "stale", "", "no row of threats consists of its words", "words without a row"),
    ({"quote": "a wa"}, "stale", "", "", "the beginning of the words"),
    ({"quote": "tanks"}, "stale", "", "its words are not in the article", "other words"),
    ({"article_id": GONE, "date": "", "title": "", "outlet": "", "url": "", "path": ""}, "stale", "", "its article is gone", "gone"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "status", "row", "note", "why"), PLACED, ids=[p[4] for p in PLACED])
def test_the_words_and_their_place(more: dict[str, Any], status: str, row: str, note: str, why: str) -> None:
    (one,) = overrides.apply(connect(), [line("threats", T[0], "remove", **more)]).outcomes
    assert (one.status, one.row[-2:]) == (status, row), why
    assert note in one.note


def test_a_row_that_is_not_measured_any_more_is_not_found_elsewhere() -> None:
    """The words stand there as before, without a row; the same words further on are another row."""
    connection = connect(frames(rows={**ROWS, "threats": T[1:]}))
    (one,) = overrides.apply(connection, [line("threats", T[0], "remove")]).outcomes
    assert one.status == "stale"
    assert len(rows(connection, "threats")) == 3


def test_of_attributions_that_begin_with_the_same_words_the_one_of_the_same_length_is_meant() -> None:
    inner = said(5, None, "said", "that a strike is near", "", "other")
    words = "that a strike is near. He said that Georgia and Japan fear a war"
    outer = inner | {
        "id": f"{HERE}-a6",
        "content": [words],
        "content_start": [at(words)[0]],
        "content_end": [at(words)[1]],
    }
    cue_last = {
        "cue_start": at("fear")[0],
        "cue_end": at("fear")[1],
        "cue": "fear",
        "text": TEXT[outer["start"] :],
        "end": len(TEXT),
    }
    pair = [inner | {"cue": None, "cue_start": None, "cue_end": None}, outer | cue_last]
    for of in pair:
        connection = connect(frames(rows={**ROWS, "attributions": [*A, *pair]}))
        (one,) = overrides.apply(connection, [line("attributions", of, "remove")]).outcomes
        assert one.row == of["id"]


CONTRADICTORY: list[tuple[list[Line], list[str], str]] = [
    ([line("threats", T[0], "remove", number=2), line("threats", T[0], "kind", "act", number=3)], ["contradictory"] * 2, "not one, and one"),
    ([line("threats", T[0], "category", c, number=i) for i, c in enumerate(("terror", "nuclear"), 2)], ["contradictory"] * 2, "two categories"),
    ([line("threats", T[0], "category", "terror"), line("threats", T[0], "kind", "act")], ["applied"] * 2, "two columns"),
    ([line("threats", T[0], "category", "terror"), line("threats", T[3], "category", "war")], ["applied"] * 2, "two rows"),
    ([line("threats", T[0], "remove", number=2), line("threats", T[0], "remove", number=3, start=3)], ["applied"] * 2, "twice the same"),
    (
        [line("attributions", A[1], "source_type", "media"), line("attributions", A[1], "speaker", "Mara Voss")],
        ["applied"] * 2, "a type that is given outweighs that of the speaker",
    ),
    ([line("places", PLACE, "remove", number=2), line("places", PLACE, "place", "US", number=3)], ["contradictory"] * 2, "no place and a place"),
    ([line("places", PLACE, "remove"), line("tones", N[4], "tone", "positive")], ["applied", "stale"], "a tone toward what is no place"),
    ([line("places", PLACE, "remove"), line("tones", N[4], "remove")], ["applied"] * 2, "both take the row away"),
    ([line("places", PLACE, "place", "US"), line("tones", N[4], "tone", "positive")], ["applied"] * 2, "another place, and the tone toward it"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "wanted", "why"), CONTRADICTORY, ids=[c[2] for c in CONTRADICTORY])
def test_lines_about_the_same_row(lines: list[Line], wanted: list[str], why: str) -> None:
    connection = connect()
    before = everything(connection)
    applied = overrides.apply(connection, lines)
    assert [one.status for one in applied.outcomes] == wanted, why
    if wanted == ["contradictory"] * 2:
        assert everything(connection) == before
        first, second = applied.outcomes
        assert lines[1].place in first.note
        assert lines[0].place in second.note
    if why.startswith("a type"):
        assert {"speaker": "Mara Voss", "source_type": "media", "is_expert": False}.items() <= rows(
            connection, "attributions"
        )[1].items()


def mention(nth: int) -> dict[str, Any]:
    start, end = at("Georgia", nth)
    return {"article_id": HERE, "start": start, "end": end, "text": "Georgia"}


PLACES: list[tuple[list[Line], dict[str, Any], str]] = [
    ([line("places", mention(1), "remove")], {"n1": None, "t1": ([], "RU")}, "no place: neither target nor region"),
    ([line("places", mention(1), "place", "US")], {"n1": "US", "t1": (["US"], "RU")}, "another state"),
    ([line("places", mention(1), "place", "europe")], {"n1": None, "t1": (["europe"], "RU")}, "a region, which no tone is toward"),
    ([line("places", mention(2), "place", "JP")], {"n3": "JP", "t4": (["JP"], "JP; the rebels")}, "one that is there already"),
    ([line("places", mention(3), "place", "US")], {"n5": "US"}, "a sentence without a threat"),
    (
        [line("places", mention(2), "place", "JP"), line("places", mention(1), "place", "US")],
        {"n3": "JP", "t4": (["JP"], "JP; the rebels"), "n1": "US", "t1": (["US"], "RU")}, "two mentions",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "wanted", "why"), PLACES, ids=[p[2] for p in PLACES])
def test_places(lines: list[Line], wanted: dict[str, Any], why: str) -> None:
    connection = connect()
    tones = {row["id"][-2:]: row["target_id"] for row in N}
    threats = {row["id"][-2:]: (row["regions"], row["actor"]) for row in T}
    applied = overrides.apply(connection, lines)
    assert {one.status for one in applied.outcomes} == {"applied"}
    found = {row["id"][-2:]: row["target_id"] for row in rows(connection, "tones")}
    found_threats = {row["id"][-2:]: (row["regions"], row["actor"]) for row in rows(connection, "threats")}
    assert {**dict.fromkeys(tones), **found} == {k: wanted.get(k, v) for k, v in tones.items()}, why
    assert found_threats == {k: wanted.get(k, v) for k, v in threats.items()}, why


def test_a_place_that_its_sentence_names_elsewhere_too_stays() -> None:
    text = TEXT.replace("Georgia and Japan fear", "Georgia, not Georgia, may fear")
    article = {**ARTICLE, "text": text}
    start = text.index("Georgia, not")
    moved = [
        r
        | {
            "start": text.index("a war", 150),
            "end": text.index("a war", 150) + 5,
            "sentence_end": r["sentence_end"] + 8,
        }
        for r in T[3:]
    ]
    data = frames([article], {"attributions": [], "threats": moved, "tones": []})
    mentions = [
        line("places", mention(2) | {"start": s, "end": s + 7}, "place", "US") for s in (start, start + 13)
    ]
    connection = connect(data)
    (one,) = overrides.apply(connection, mentions[:1]).outcomes
    assert (one.status, one.note) == ("stale", "no tone and no threat rests on it alone")
    assert rows(connection, "threats")[0]["regions"] == ["GE", "JP"]
    both = overrides.apply(connection, mentions)
    assert [one.status for one in both.outcomes] == ["applied", "applied"]
    assert rows(connection, "threats")[0]["regions"] == ["US", "JP"]


def test_words_that_are_no_place_any_more() -> None:
    (one,) = overrides.apply(connect(), [line("places", mention(1) | {"text": "peaches"}, "remove")]).outcomes
    assert (one.status, one.note) == ("stale", "its words are not taken for a place")


def alias(name: str, value: str, number: int = 2) -> Line:
    return line("aliases", {"speaker": name}, "speaker", value, number)


ALIASES: list[tuple[list[Line], list[str], dict[str, int], str]] = [
    ([], [], {"Mara Voss": 1, "Bo Lee": 2, "Mara Voss; Bo Lee": 1}, "as measured"),
    ([alias("Bo Lee", "Robert Lee")], ["applied"], {"Mara Voss": 1, "Robert Lee": 2, "Mara Voss; Robert Lee": 1}, "also where two speak"),
    ([alias("Bo Lee", "Mara Voss")], ["applied"], {"Mara Voss": 4}, "one person under two names"),
    ([alias("Bo Lee", "B"), alias("B", "C", 3)], ["applied", "stale"], {"Mara Voss": 1, "C": 2, "Mara Voss; C": 1}, "an alias of an alias"),
    ([alias("Bo Lee", "B"), alias("B", "Bo Lee", 3)], ["contradictory"] * 2, {"Mara Voss": 1, "Bo Lee": 2, "Mara Voss; Bo Lee": 1}, "a circle"),
    ([alias("Bo Lee", "B"), alias("Bo Lee", "C", 3)], ["contradictory"] * 2, {"Mara Voss": 1, "Bo Lee": 2, "Mara Voss; Bo Lee": 1}, "two names"),
    ([alias("Bo", "B")], ["stale"], {"Mara Voss": 1, "Bo Lee": 2, "Mara Voss; Bo Lee": 1}, "a part of a name is no name"),
    ([alias("Bo Lee", "D'Arcy \"; x")], ["applied"], {"Mara Voss": 1, "D'Arcy \"; x": 2, "Mara Voss; D'Arcy \"; x": 1}, "any sign"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "statuses", "wanted", "why"), ALIASES, ids=[a[3] for a in ALIASES])
def test_aliases(lines: list[Line], statuses: list[str], wanted: dict[str, int], why: str) -> None:
    connection = connect()
    applied = overrides.apply(connection, lines)
    assert [one.status for one in applied.outcomes] == statuses, why
    found = [row["speaker"] for row in rows(connection, "attributions")]
    assert {name: found.count(name) for name in found} == wanted
    if why != "one person under two names":
        shown = {row["speaker"]: row["n_attributions"] for row in rows(connection, "speakers")}
        assert shown == wanted
        return
    (expert, official) = rows(connection, "speakers")
    assert [expert["n_attributions"], official["n_attributions"]] == [2, 2], (
        "a row a type of source, as when it is measured"
    )
    assert (expert["role"], expert["start"], official["role"]) == (
        "an expert",
        A[0]["source_start"],
        "a minister",
    )


def test_an_alias_renames_targets_but_no_state() -> None:
    connection = connect()
    applied = overrides.apply(connection, [alias("Lee", "Bo Lee"), alias("Georgia", "Tbilisi", 3)])
    assert [(one.status, one.n_rows) for one in applied.outcomes] == [("applied", 1), ("stale", 0)]
    assert [row["target"] for row in rows(connection, "tones")][-1] == "Bo Lee"


def test_an_alias_holds_for_corrected_rows() -> None:
    connection = connect()
    overrides.apply(connection, [line("attributions", A[0], "speaker", "B. Lee"), alias("B. Lee", "Bo Lee")])
    assert rows(connection, "attributions")[0]["speaker"] == "Bo Lee"


def test_stories_are_told_of() -> None:
    lines = [
        Line("stories", i, a, action="merge", value=b, **BY)
        for i, (a, b) in enumerate([(HERE, HERE), (HERE, GONE), (GONE, OTHER)], 2)
    ]
    found = overrides.apply(connect(), lines).outcomes
    assert [one.status for one in found] == ["applied", "stale", "stale"]
    assert found[2].note == f"there is no article {GONE} and no {OTHER}"


HEAD = ",".join(COLUMNS["threats"]) + "\n"
GOOD = f"{HERE},19,24,a war,category,terror,A. Reader,2024-11-05,a bomb,2024-03-04,The Times,A title,,a.txt\n"


def cell(column: str, value: str, text: str = GOOD) -> str:
    cells = next(csv.reader([text]))
    cells[COLUMNS["threats"].index(column)] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return HEAD + out.getvalue()


BAD: list[tuple[bytes | str, str, str]] = [
    (HEAD + GOOD + GOOD, r"threats\.csv, line 3: the same as line 2; remove one of the two", "a line twice"),
    (cell("action", "categorie"), r"line 2: action must be one of remove, category.*did you mean 'category'\?", "an unknown action"),
    (cell("action", "speaker"), "action must be one of remove", "an action of another file"),
    (cell("value", "terorr"), r"value must be one of war, .*did you mean 'terror'\?", "an unknown label"),
    (cell("value", ""), "value is empty; say which category is right", "no label"),
    (cell("value", "JP", HEAD and GOOD.replace("category", "remove")), "value must be empty where the action is remove", "a value of nothing"),
    (cell("value", "Jp", GOOD.replace("category", "regions")), r"an id of data/lexicons/regions\.csv, not 'Jp' \(did you mean 'JP'", "an unknown place"),
    (cell("value", "Japan", GOOD.replace("category", "regions")), "did you mean 'JP'", "the name of a place"),
    (cell("value", "JP;KR", GOOD.replace("category", "regions")), "not 'JP;KR'", "places not joined as they must be"),
    (cell("value", "XX", GOOD.replace("category", "actor")), "an id of data/lexicons/regions", "an actor that looks like a state"),
    (cell("who", " "), "line 2: who is empty; fill it", "nobody says so"),
    (cell("why", ""), "line 2: why is empty; fill it", "no reason"),
    (cell("quote", ""), "line 2: quote is empty", "no words"),
    (cell("when", "01.11.2024"), r"line 2: when must be a day as YYYY-MM-DD, not '01\.11\.2024'; a spreadsheet", "a German day"),
    (cell("when", "11/1/2024"), "when must be a day as YYYY-MM-DD", "an American day"),
    (cell("when", "20241101"), "when must be a day as YYYY-MM-DD", "a day without hyphens"),
    (cell("when", "2024-13-01"), "when must be a day", "a month that there is not"),
    (cell("when", ""), "when is empty", "no day"),
    (cell("start", "1,234"), "start must be a number of characters, or empty, not '1,234'", "a number as a spreadsheet writes it"),
    (cell("start", "-1"), "start must be a number", "a negative number"),
    (cell("article_id", "1.2E+15"), r"article_id must be 16 hexadecimal digits, not '1\.2E\+15'; a spreadsheet", "an id as a number"),
    ((HEAD + GOOD).replace(",", ";"), "line 1: the columns are parted by semicolons", "semicolons"),
    ((HEAD + GOOD).replace(",", "\t"), "line 1: the columns are parted by tabs", "tabs"),
    (HEAD + GOOD.replace("a bomb", "a bomb, they say"), "line 2: 15 cells instead of 14; quote cells that hold a comma", "a comma"),
    (HEAD + GOOD.replace("a bomb", '"a bomb" '), "line 2: .*see to the quotation marks", "text after a quotation mark"),
    ("article_id,quote\n", "line 1: the columns must be article_id,start", "other columns"),
    ("", r"threats\.csv: empty", "an empty file"),
    ((HEAD + GOOD.replace("Reader", "Müller")).encode("cp1252"), "line 2: not in UTF-8", "another encoding"),
    ((HEAD + GOOD).encode("utf-16"), "line 1: not in UTF-8", "what spreadsheets call Unicode"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "why"), BAD, ids=[b[2] for b in BAD])
def test_bad_files_are_refused(tmp_path: Path, text: bytes | str, told: str, why: str) -> None:
    raw = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "threats.csv").write_bytes(raw)
    with pytest.raises(OverrideError, match=told):
        overrides.read(tmp_path)
    with pytest.raises(OverrideError):
        overrides.add("threats", T[1], "remove", **BY, folder=tmp_path)
    assert (tmp_path / "threats.csv").read_bytes() == raw, "nothing is added to a bad file"


FINE: list[tuple[bytes, str]] = [
    ((HEAD + GOOD).encode("utf-8-sig"), "a mark of byte order"),
    ((HEAD + GOOD).replace("\n", "\r\n").encode(), "line ends of Windows"),
    ((HEAD + "\n" + GOOD + ",,,,,,,,,,,,,\n\n").encode(), "empty lines"),
    ((HEAD + GOOD).rstrip("\n").encode(), "no last line end"),
    ((HEAD + GOOD.replace("a bomb", '"a bomb,\nin a market"')).encode(), "a cell of two lines"),
]


@pytest.mark.parametrize(("raw", "why"), FINE, ids=[f[1] for f in FINE])
def test_what_editors_leave_is_read_added_to_and_taken_back(tmp_path: Path, raw: bytes, why: str) -> None:
    path = tmp_path / "threats.csv"
    path.write_bytes(raw)
    (one,) = overrides.read(tmp_path)
    assert (one.article_id, one.start, one.value, one.when) == (HERE, 19, "terror", "2024-11-05"), why
    new = overrides.add("threats", T[1], "remove", **BY, folder=tmp_path)
    assert overrides.read(tmp_path) == (one, new)
    assert path.read_bytes().startswith(raw)
    overrides.undo(new, folder=tmp_path)
    assert overrides.read(tmp_path) == (one,)
    assert path.read_bytes().rstrip() == raw.rstrip()
    overrides.undo(one, folder=tmp_path)
    assert overrides.read(tmp_path) == ()


def test_a_file_of_another_name_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "threat.csv").write_text(HEAD + GOOD)
    with pytest.raises(
        OverrideError, match=r"no corrections are read from this file \(did you mean 'threats'"
    ):
        overrides.read(tmp_path)


def test_nothing_is_there(tmp_path: Path) -> None:
    assert overrides.read(tmp_path) == overrides.read(tmp_path / "none") == ()


def test_the_files_of_the_project_are_read() -> None:
    assert {path.stem for path in stories.OVERRIDES.glob("*.csv")} == set(overrides.KINDS)
    overrides.read()


ADDED: list[tuple[str, dict[str, Any], str, Any, str]] = [
    ("threats", T[0], "regions", ["JP", "KR"], "JP; KR"), ("attributions", A[0], "speaker", "Ann Poe", "Ann Poe"),
    ("attributions", pd.Series(A[0]), "remove", "", ""), ("tones", N[0], "tone", "negative", "negative"),
    ("places", PLACE, "place", "US", "US"), ("aliases", {"speaker": "Bo Lee"}, "speaker", "B. Lee", "B. Lee"),
    ("stories", {"article_id": HERE}, "split", "", ""), ("stories", {"article_id": HERE}, "merge", GONE, GONE),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "of", "action", "value", "read"), ADDED)
def test_a_line_is_added_once_and_holds(
    tmp_path: Path, kind: str, of: Any, action: str, value: Any, read: str
) -> None:
    done = overrides.add(kind, of, action, value, **BY, article=ARTICLE, folder=tmp_path)
    assert (done.number, done.action, done.value, done.who, done.why) == (
        2,
        action,
        read,
        "A. Reader",
        "read it",
    )
    assert (
        overrides.add(kind, of, action, value, who="B", when="2024-12-01", why="too", folder=tmp_path) == done
    )
    assert overrides.read(tmp_path) == (done,)
    if kind not in ("stories",):
        assert [one.status for one in overrides.apply(connect(), overrides.read(tmp_path)).outcomes] == [
            "applied"
        ]


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("threat", {}, "there are no corrections of 'threat'; there are those of attributions, threats"),
    ("threats", {"action": "tone"}, r"threats\.csv: action must be one of"),
    ("threats", {"value": "peace"}, "value must be one of"),
    ("threats", {"who": " "}, "who is empty"),
    ("threats", {"why": ""}, "why is empty"),
    ("threats", {"when": "yesterday"}, "when must be a day as YYYY-MM-DD"),
    ("threats", {"value": "nuclear"}, r"threats\.csv, line 2 says category terror of the same row; take that line back first"),
    ("threats", {"action": "remove", "value": ""}, "line 2 says category terror of the same row"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "more", "told"), REFUSED, ids=[r[2][:40] for r in REFUSED])
def test_what_cannot_be_said_is_not_added(tmp_path: Path, kind: str, more: dict[str, str], told: str) -> None:
    overrides.add("threats", T[0], "category", "terror", **BY, folder=tmp_path)
    before = (tmp_path / "threats.csv").read_bytes()
    with pytest.raises(OverrideError, match=told):
        overrides.add(kind, T[0], **{"action": "category", "value": "terror", **BY, **more}, folder=tmp_path)  # type: ignore[arg-type]
    assert (tmp_path / "threats.csv").read_bytes() == before


def test_a_story_is_corrected_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overrides.add("stories", {"article_id": HERE}, "merge", GONE, **BY, folder=tmp_path)
    with pytest.raises(OverrideError, match="line 2 says merge"):
        overrides.add("stories", {"article_id": HERE}, "split", **BY, folder=tmp_path)
    monkeypatch.setattr(stories, "OVERRIDES", tmp_path)
    assert stories.corrections() == (stories.Correction(HERE, "merge", GONE),), (
        "the loader reads what is written"
    )


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(["", "=1+1", "@x", "'=x", "''+1", "-", "'", '"', ","]))
def test_any_text_comes_back_and_is_no_formula(
    tmp_path_factory: pytest.TempPathFactory, who: str, why: str, front: str
) -> None:
    folder = tmp_path_factory.mktemp("overrides")
    who, why = f"{front}{who}x", f"{front}y{why}"
    new = overrides.add(
        "aliases",
        {"speaker": f"{front}n"},
        "speaker",
        f"{front}v",
        who=who,
        when="2024-01-01",
        why=why,
        folder=folder,
    )
    assert overrides.read(folder) == (new,)
    assert (new.quote, new.value) == (f"{front}n", f"{front}v")
    flat = ["".join(c for c in text.split() if c) for text in (new.who, new.why)]
    assert flat == [
        "".join(c if c.isprintable() else " " for c in text).replace("\u3000", " ").replace(" ", "")
        for text in (who, why)
    ]
    for cells in csv.reader(io.StringIO((folder / "aliases.csv").read_text(encoding="utf-8"))):
        assert not any(c.startswith(("=", "+", "-", "@", "\t", "\r")) for c in cells)


def test_lines_are_taken_back_in_any_order(tmp_path: Path) -> None:
    added = [overrides.add("threats", row, "remove", **BY, folder=tmp_path) for row in T]
    for one in (added[1], added[0], added[3]):
        overrides.undo(one, folder=tmp_path)
    assert [one.quote for one in overrides.read(tmp_path)] == [T[2]["text"]]


def test_a_line_that_is_not_there_cannot_be_taken_back(tmp_path: Path) -> None:
    one = overrides.add("threats", T[0], "remove", **BY, folder=tmp_path)
    overrides.undo(one, folder=tmp_path)
    with pytest.raises(OverrideError, match=r"threats\.csv, line 2: the line is not there any more"):
        overrides.undo(one, folder=tmp_path)


def _write(folder: Path, n: int) -> None:
    for i in range(10):
        overrides.add("aliases", {"speaker": f"name {n} {i}"}, "speaker", "one", **BY, folder=folder)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_two_writers_at_once_lose_nothing(
    tmp_path: Path, pool: type[ThreadPoolExecutor | ProcessPoolExecutor]
) -> None:
    with pool(2) as executor:
        for done in [executor.submit(_write, tmp_path, n) for n in range(2)]:
            done.result()
    assert len(overrides.read(tmp_path)) == 20
    assert [path.name for path in tmp_path.iterdir()] == ["aliases.csv"]


def became(*statuses: str) -> Applied:
    return Applied(
        tuple(Outcome(line("threats", T[0], "remove", number=i), s) for i, s in enumerate(statuses, 2))
    )


SAID = [
    ([], "No row was corrected by hand."),
    (["applied"], "1 correction was made by hand; it is applied."),
    (["stale"], "1 correction was made by hand; it is stale, so not applied."),
    (
        ["followed"],
        "1 correction was made by hand; it is applied to an article whose text has changed since.",
    ),
    (["applied", "stale"], "2 corrections were made by hand: 1 is applied and 1 is stale, so not applied."),
    (["contradictory"] * 2, "2 corrections were made by hand: 2 contradict others, so are not applied."),
    (
        ["applied", "applied", "followed", "followed", "stale", "stale"],
        "6 corrections were made by hand: 2 are applied, 2 are applied to articles whose text has changed since "
        "and 2 are stale, so not applied.",
    ),
    (["applied"] * 1200, "1,200 corrections were made by hand: 1,200 are applied."),
]


@pytest.mark.parametrize(("statuses", "wanted"), SAID, ids=[s[1] for s in SAID])
def test_sentences(statuses: list[str], wanted: str) -> None:
    assert corrections.said(became(*statuses)) == f"<p>{wanted}</p>"


WHAT = [
    (line("threats", T[0], "remove"), "no threat mention"),
    (line("places", PLACE, "remove"), "not this place"),
    (line("threats", T[0], "regions", "JP; KR"), "regions: Japan, South Korea"),
    (line("threats", T[0], "regions"), "regions: none"),
    (line("attributions", A[0], "source_type", "media"), "source type: media"),
    (alias("Bo Lee", "B. Lee"), "speaker: B. Lee"),
    (Line("stories", 2, HERE, action="split"), "a story of its own"),
    (Line("stories", 2, HERE, action="merge", value=GONE), f"one story with {GONE}"),
]


@pytest.mark.parametrize(("one", "wanted"), WHAT, ids=[w[1] for w in WHAT])
def test_what_a_line_says(one: Line, wanted: str) -> None:
    assert corrections.what(one) == wanted


def test_the_table_is_escaped_and_short() -> None:
    bad = "<script>alert(1)</script>"
    words = " ".join(f"w{i}" for i in range(40))
    one = Outcome(
        line("threats", T[0], "actor", bad, who=bad, why=f"{bad} {words}", quote=bad), "stale", note=bad
    )
    html = corrections.corrections_table(Applied((one,)))
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 5
    assert "w24" not in html
    assert "w39" in corrections.corrections_table(Applied((one,)), whole=True)


def test_a_long_table_says_how_long() -> None:
    html = corrections.corrections_table(became(*["applied"] * 300))
    assert html.count("<tr>") == 201
    assert "The first 200 of 300 corrections." in html


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of corrections, empty."""
    found = tmp_path / "overrides"
    found.mkdir()
    monkeypatch.setattr(stories, "OVERRIDES", found)
    return found


def test_a_briefing_counts_what_is_corrected(folder: Path) -> None:
    asked = report.parameters({"regions": ["JP"]})
    assert brief.of(asked, frames()).number("threats")["n_rows"] == 1
    overrides.add("threats", T[1], "regions", "JP", **BY, article=ARTICLE)
    overrides.add("threats", T[0] | {"text": "a flood"}, "remove", **BY, article=ARTICLE)
    found = brief.of(asked, frames())
    assert found.number("threats")["n_rows"] == 2, "a mention that lies in the regions once it is corrected"
    html = corrections.section(found)
    assert "2 corrections were made by hand: 1 is applied and 1 is stale, so not applied." in html
    assert '<p class="caveat">1 correction is not applied; the table says why.</p>' in html
    assert "threats.csv, line 2" in html
    assert f'<a href="#e-{T[1]["id"]}">A strike</a>' in html, "to the sentence, where it is shown"
    assert f"#e-{T[0]['id']}" not in html
    outside = report.parameters({"period_from": "2024-05-01"})
    assert brief.of(outside, frames()).overrides.of("applied"), "an article outside the period is there"


def test_a_bad_file_stops_a_briefing_plainly(folder: Path) -> None:
    (folder / "threats.csv").write_text(cell("when", "1.11.2024"))
    with pytest.raises(report.ReportError, match=r"threats\.csv, line 2: when must be a day"):
        brief.of(report.parameters({}), frames())


def test_a_briefing_is_built_anew_where_a_correction_changed(folder: Path) -> None:
    path = report.REPORTS / "article.yml"
    wanted = report.load(path)
    out = folder.parent / "out"
    before = briefing._fingerprint(path, wanted, out)
    one = overrides.add("threats", T[0], "remove", **BY)
    after = briefing._fingerprint(path, wanted, out)
    assert after != before
    overrides.undo(one)
    assert briefing._fingerprint(path, wanted, out) not in (before, after), "an empty file is there now"


def test_tables_are_as_measured_unless_asked(folder: Path, tmp_path: Path) -> None:
    def run(*more: str) -> tuple[Path, str]:
        out = tmp_path / f"out{len(more)}"
        asked = [
            "tables",
            "--corpus",
            str(report.ROOT / "data" / "corpus"),
            "--out",
            str(out),
            "--store",
            str(tmp_path / "store"),
        ]
        done = CliRunner().invoke(app, [*asked, *more])
        assert done.exit_code == 0, done.output
        return out, done.stderr

    measured, _ = run()
    threats, said_rows = (schema.read(measured, name) for name in ("threats", "attributions"))
    article = schema.records(schema.read(measured, "articles"))[0]
    first, second = schema.records(threats)[:2]
    overrides.add("threats", first, "remove", **BY, article=article)
    overrides.add("threats", second | {"text": "a flood"}, "remove", **BY, article=article)
    for row in schema.records(said_rows):
        if row["speaker"] == "Oliver Jia":
            overrides.add("attributions", row, "speaker", "O. Jia", **BY, article=article)
    corrected, told = run("--overrides")
    assert "not applied: threats.csv, line 3: its words are not in the article" in told
    assert schema.read(corrected, "threats")["id"].tolist() == threats["id"].tolist()[1:]
    assert "Oliver Jia" not in set(schema.read(corrected, "speakers")["speaker"])
    numbers = schema.read(corrected, "summary").set_index("key")["n_rows"]
    assert numbers[summary.key("attributions_by_expert", "O. Jia")] > 0
    assert (
        numbers[summary.key("threats")]
        == schema.read(measured, "summary").set_index("key")["n_rows"][summary.key("threats")] - 1
    )
    (folder / "threat.csv").write_text("")
    done = CliRunner().invoke(
        app, ["tables", "--corpus", "nowhere", "--out", str(tmp_path / "no"), "--overrides"]
    )
    assert done.exit_code == 1
    assert "error: " in done.stderr
    assert "threat.csv: no corrections are read from this file" in done.stderr, "before anything is measured"
    again, _ = run()
    assert schema.read(again, "threats").equals(threats)
