"""The scorers on cases small enough to count by hand, and what is said of gold data that cannot be used."""

import gzip
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis import evaluate
from analysis.cli import app
from analysis.evaluate import gold as golden
from analysis.evaluate import own, score, spans, tone
from analysis.reader import Entity, Span

TEXT = "Ana Ruiz said the war would end. Tom Reed denied that troops had moved."
SAID = {"source": [[0, 8]], "cue": [[9, 13]], "content": [[14, 31]]}
DENIED = {"source": [[33, 41]], "cue": [[42, 48]], "content": [[49, 70]]}
NOTHING = float("nan")


def found(*attributions: dict[str, list[list[int]]]) -> list[Span]:
    return [Span(role, s, e, i) for i, a in enumerate(attributions) for role in a for s, e in a[role]]


def edited(attribution: dict[str, list[list[int]]], **roles: list[list[int]]) -> dict[str, list[list[int]]]:
    return attribution | roles


def figures(table: pd.DataFrame, measure: str, unit: str) -> tuple[float, float, float]:
    row = table[(table["measure"] == measure) & (table["unit"] == unit)]
    return tuple(round(float(row[name].item()), 3) for name in ("precision", "recall", "f1"))  # type: ignore[return-value]


def same(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return all(x == y or (math.isnan(x) and math.isnan(y)) for x, y in zip(a, b, strict=True))


PERFECT, NONE = (1, 1, 1), (0, 0, 0)
SPANS = [
    ([SAID, DENIED], [SAID, DENIED], "source", "token", PERFECT, "all found"),
    ([SAID, DENIED], [SAID, DENIED], "attribution", "linked", PERFECT, "all found"),
    ([SAID, DENIED], [SAID], "attribution", "linked", (1, 0.5, 0.667), "half of it found"),
    ([SAID], [SAID, DENIED], "cue", "exact", (0.5, 1, 0.667), "half of what was found is right"),
    ([SAID, DENIED], [], "content", "token", NONE, "nothing found"),
    ([], [SAID], "content", "exact", NONE, "nothing to find"),
    ([], [], "source", "exact", (NOTHING,) * 3, "nothing to find and nothing found: no figure"),
    ([SAID], [edited(SAID, source=[[4, 8]])], "source", "token", (1, 0.5, 0.667), "one word of two"),
    ([SAID], [edited(SAID, source=[[4, 8]])], "source", "exact", NONE, "an edge is no exact span"),
    ([SAID], [edited(SAID, source=[[0, 7]])], "source", "token", PERFECT, "part of a word is the word"),
    ([SAID], [edited(SAID, content=[[14, 21]])], "attribution", "linked", PERFECT, "two of four words: half"),
    ([SAID], [edited(SAID, content=[[14, 17]])], "attribution", "linked", NONE, "one of four words: less than half"),
    ([SAID], [edited(SAID, cue=[])], "attribution", "linked", NONE, "without its cue it is another attribution"),
    ([SAID, DENIED], [edited(SAID, content=[[49, 70]]), edited(DENIED, content=[[14, 31]])], "attribution", "linked", NONE, "crossed links"),
    ([SAID, DENIED], [edited(SAID, content=[[49, 70]]), edited(DENIED, content=[[14, 31]])], "content", "exact", PERFECT, "crossed links have right spans"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("gold", "got", "measure", "unit", "wanted", "why"), SPANS, ids=[s[-1] for s in SPANS]
)
def test_attributions(
    gold: list[Any], got: list[Any], measure: str, unit: str, wanted: tuple[float, ...], why: str
) -> None:
    table = evaluate.attributions([{"text": TEXT, "attributions": gold}], lambda text: found(*got))
    assert same(figures(table, measure, unit), wanted), why


def test_attributions_are_means_over_articles_that_have_any() -> None:
    gold = [{"text": TEXT, "attributions": a} for a in ([SAID, DENIED], [SAID], [])]
    answers = iter([found(SAID), found(SAID), found()])
    table = evaluate.attributions(gold, lambda text: next(answers))
    assert figures(table, "cue", "exact") == (1, 0.75, 0.833)  # F1 of 2/3 and 1; pooled it were 0.8
    assert table.set_index(["measure", "unit"])["n"]["cue", "exact"] == 3


ENTITIES = [
    ([(0, 8, "person"), (9, 13, "place")], [Entity("person", 0, 8)], "entity", (1, 0.5, 0.667), "one of two"),
    ([(0, 8, "person")], [Entity("place", 0, 8)], "entity", NONE, "another label"),
    ([(0, 8, "person")], [Entity("person", 0, 7)], "entity person", NONE, "another end"),
    ([(0, 8, "person")], [Entity("person", 0, 8), Entity("place", 9, 13)], "entity place", NONE, "a false place"),
    ([(0, 8, "person")], [Entity("person", 0, 8)], "entity place", (NOTHING,) * 3, "no place at all"),
]  # fmt: skip


@pytest.mark.parametrize(("gold", "got", "measure", "wanted", "why"), ENTITIES, ids=[e[-1] for e in ENTITIES])
def test_entities(
    gold: list[Any], got: list[Entity], measure: str, wanted: tuple[float, ...], why: str
) -> None:
    assert same(figures(spans.entities([(TEXT, gold)], lambda text: got), measure, "span"), wanted), why


def test_entities_are_pooled_over_articles() -> None:
    answers = iter([[Entity("person", 0, 8)], []])
    gold = [(TEXT, [(0, 8, "person")]), (TEXT, [(0, 8, "person"), (33, 41, "person"), (9, 13, "place")])]
    assert figures(spans.entities(gold, lambda text: next(answers)), "entity", "span") == (1, 0.25, 0.4)


N, U, P = "negative", "neutral", "positive"
TONES = [
    ([N, U, P], [N, U, P], 1, 1, "all right"),
    ([N, N, U, P], [N, U, U, P], 0.75, 0.778, "F1 of 2/3, 2/3 and 1"),
    ([N, U], [N, U], 1, 1, "a tone that is nowhere does not count"),
    ([N, P], [U, U], 0, 0, "all wrong"),
]  # fmt: skip


@pytest.mark.parametrize(("gold", "got", "accuracy", "macro", "why"), TONES, ids=[t[-1] for t in TONES])
def test_tones(gold: list[str], got: list[str], accuracy: float, macro: float, why: str) -> None:
    table = tone.tones([(TEXT, [(0, 8, g) for g in gold])], lambda text, targets: got)
    assert figures(table, "tone", "accuracy")[2] == accuracy, why
    assert figures(table, "tone", "macro")[2] == macro, why


def test_each_tone_has_its_figures() -> None:
    table = tone.tones([(TEXT, [(0, 8, t) for t in (N, N, U)])], lambda text, targets: [N, U, U])
    assert figures(table, "tone negative", "class") == (1, 0.5, 0.667)
    assert table["n"].tolist() == [3, 3, 2, 1, 0]


def test_thresholds_part_the_training_data() -> None:
    low, high = tone.thresholds([-0.6, -0.2, 0.0, 0.3, 0.8], [N, U, U, U, P])
    assert -0.6 < low <= -0.2
    assert 0.3 <= high < 0.8


def test_wording_is_scored_with_and_without_tuning() -> None:
    train = [("A terrible day.", [(0, 1, N)]), ("A good day.", [(0, 1, U)]), ("The best day.", [(0, 3, P)])]
    table = tone.wording(train, [("A good day.", [(0, 1, U)])])
    assert figures(table, "wording as tone", "thresholds 0")[2] == 0
    assert figures(table, "wording as tone", "thresholds tuned")[2] == 1


LABELS = {
    "quote_type": "indirect", "speaker": "Ana Ruiz", "source_type": "expert", "is_named": True, "role": "", "affiliation": "",
    "likelihood": "none",
}  # fmt: skip
FIRST = {
    "sentence": TEXT[:32],
    "source": "Ana Ruiz",
    "cue": "said",
    "content": ["the war would end"],
    **LABELS,
}
MOVED = {
    "sentence": TEXT[33:], "text": "troops had moved", "category": "military_buildup", "kind": "act", "actor": "KP; RU",
    "regions": ["JP", "KR"], "is_negated": True, "likelihood": "none",
}  # fmt: skip
RECORD = {
    "id": "one", "text": TEXT, "attributions": [FIRST], "threats": [MOVED],
    "tones": [{"sentence": TEXT[33:], "target": "troops", "tone": N}],
}  # fmt: skip


def row(**changed: Any) -> dict[str, Any]:
    """Return the row of ``attributions`` that is right, with changes."""
    right = {
        "source": "Ana Ruiz", "source_start": 0, "source_end": 8, "cue": "said", "cue_start": 9, "cue_end": 13,
        "content_start": [14], "content_end": [31], **LABELS,
    }  # fmt: skip
    return right | changed


def threat(**changed: Any) -> dict[str, Any]:
    return {**MOVED, "start": 54, "end": 70, "actor": "RU; KP", **changed}


OWN = [
    ([row()], [threat()], "attribution", "half", PERFECT, "all found"),
    ([row(content_end=[17])], [], "attribution", "any", PERFECT, "any overlap"),
    ([row(content_end=[17])], [], "attribution", "half", NONE, "one word of four is less than half"),
    ([row(source=None, source_start=None, source_end=None)], [], "attribution", "any", NONE, "nobody for Ana Ruiz"),
    ([row(), row(source_start=33, source_end=41)], [], "attribution", "half", (0.5, 1, 0.667), "a row for another speaker"),
    ([row(source_type="official")], [], "expert attribution", "half", NONE, "an expert taken for an official"),
    ([row(source_type="official")], [], "source_type", "matched", (NOTHING, NOTHING, 0), "an expert taken for an official"),
    ([row(role=None)], [], "role", "matched", (NOTHING, NOTHING, 1), "null is empty"),
    ([row(source_start=4)], [], "source", "matched", (NOTHING, NOTHING, 0), "a part of the source"),
    ([], [], "speaker", "matched", (NOTHING,) * 3, "no row to judge"),
    ([], [threat()], "threat actor", "matched", (NOTHING, NOTHING, 1), "actors in any order"),
    ([], [threat(category="war")], "threat", "half", NONE, "another category"),
    ([], [threat(category="war")], "threat", "any", PERFECT, "another category overlaps all the same"),
    ([], [threat(start=65)], "threat", "half", NONE, "one word of three is less than half"),
    ([], [threat(start=0, end=8), threat(start=65)], "threat", "any", (0.5, 1, 0.667), "one beside the point"),
    ([], [threat(regions=["JP", "CN", "TW"])], "threat regions", "ids", (0.333, 0.5, 0.4), "one of two, two false"),
    ([], [threat(start=0, end=8)], "threat regions", "ids", (NOTHING,) * 3, "no pair, no ids"),
    ([], [threat(start=0, end=8)], "threat regions", "all ids", NONE, "ids of rows missed and false"),
]  # fmt: skip


@pytest.fixture
def gold(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes records, or broken lines as they are, into a gold file."""

    def write(*records: object, name: str = "tiny.jsonl") -> Path:
        lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
        data = "\n".join(lines).encode()
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return tmp_path / name

    return write


@pytest.mark.parametrize(
    ("attributions", "threats", "measure", "unit", "wanted", "why"),
    OWN,
    ids=[f"{o[2]}: {o[-1]}" for o in OWN],
)
def test_own_gold(
    gold: Callable[..., Path], attributions: list[Any], threats: list[Any], measure: str, unit: str, wanted: Any, why: str
) -> None:  # fmt: skip
    table = own.scores(
        golden.own(gold(RECORD)),
        lambda text: {"attributions": attributions, "threats": threats},
        lambda text, targets: [N if text[slice(*targets[0])] == "troops" else U],
    )
    assert same(figures(table, measure, unit), wanted), why
    assert figures(table, "tone", "accuracy")[2] == 1


@pytest.mark.parametrize(
    ("got", "wanted"),
    [(row(source=None, source_start=None, source_end=None), PERFECT), (row(), NONE)],
    ids=["nobody for nobody", "somebody for nobody"],
)
def test_an_implicit_source_matches_its_like(
    gold: Callable[..., Path], got: dict[str, Any], wanted: Any
) -> None:
    articles = golden.own(gold({**RECORD, "attributions": [{**FIRST, "source": None}]}))
    table = own.scores(articles, lambda text: {"attributions": [got], "threats": []}, lambda *_: [N])
    assert figures(table, "attribution", "half") == wanted


def test_the_pipeline_is_what_is_measured(gold: Callable[..., Path]) -> None:
    table = evaluate.scores(gold(RECORD))
    assert tuple(table.columns) == evaluate.COLUMNS
    assert set(table["unit"]) <= set(evaluate.UNITS)
    assert set(table["data"]) == {"tiny"}
    assert figures(table, "attribution", "any")[1] == 1


def test_intervals_are_the_same_every_time_and_hold_the_figure() -> None:
    counts = [{("threat", "any"): (i % 7, 7 + i, 9)} for i in range(30)]
    first, second = (score.rows(counts, "x")[0] for _ in range(2))
    assert first == second
    assert first["low"] < first["f1"] < first["high"]
    assert first != score.rows(counts, "x", seed=1)[0]
    assert first["f1"] == pytest.approx(2 * sum(i % 7 for i in range(30)) / (645 + 270))


def test_an_article_without_a_measure_counts_as_none_of_it() -> None:
    (row,) = score.rows([{("threat", "any"): (1, 1, 1)}, {}], "x")
    assert (row["n"], row["f1"]) == (1, 1)


def test_differences_are_told_with_their_context() -> None:
    article = {"id": "a1", "text": TEXT, "attributions": [SAID, DENIED]}
    got = found(
        edited(SAID, source=[[4, 8]], cue=[]), edited(DENIED, content=[[49, 70]], source=[[33, 41], [14, 17]])
    )
    rows = spans.differences([article], lambda text: got)
    assert [(d.role, d.kind, d.gold, d.found) for d in rows] == [
        ("source", "edge", "Ana Ruiz", "Ruiz"), ("source", "false", "", "the"), ("cue", "missed", "said", ""),
    ]  # fmt: skip
    assert rows[2].context == "Ana Ruiz [said] the war would end. Tom Reed denied that"
    assert spans.sample(rows, 2) == spans.sample(rows, 2)
    assert spans.sample(rows, 9) == rows


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


def test_the_command_prints_and_writes_the_same_table_each_time(
    gold: Callable[..., Path], tmp_path: Path
) -> None:
    path, out = gold(RECORD, name="tiny.jsonl.gz"), tmp_path / "scores.csv"
    for _ in range(2):
        done = run("--gold", path, "--out", out)
        assert done.exit_code == 0, done.output
        assert "expert attribution" in done.output
        before = out.read_bytes()
    assert out.read_bytes() == before
    assert tuple(pd.read_csv(out).columns) == evaluate.COLUMNS


def test_a_file_of_spans_is_scored_without_writing(
    gold: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate, "save", lambda *_: pytest.fail("written"))
    done = run("--gold", gold({"text": TEXT, "attributions": [SAID, DENIED]}, name="spans.jsonl"))
    assert done.exit_code == 0, done.output
    assert "linked" in done.output


def test_a_folder_is_measured_beside_the_own_gold(
    gold: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = gold({"text": TEXT, "attributions": [SAID]}, name="polnear-dev.jsonl.gz")
    tiny = gold(RECORD)
    monkeypatch.setattr(golden, "OWN", (tiny,))
    assert list(dict.fromkeys(evaluate.run([path.parent])["data"])) == ["tiny", "polnear-dev"]
    assert set(evaluate.run()["data"]) == {"tiny"}
    assert set(evaluate.run([path])["data"]) == {"polnear-dev"}


def test_scores_of_data_that_is_not_at_hand_are_not_lost(
    gold: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "scores.csv"
    out.write_text("measure,data\nsource,polnear-dev\n", encoding="utf-8")
    monkeypatch.setattr(golden, "OWN", (gold(RECORD),))
    monkeypatch.setattr(evaluate, "SCORES", out)
    done = run()
    assert "is left as it is, for it also holds polnear-dev" in done.output
    assert out.read_text(encoding="utf-8") == "measure,data\nsource,polnear-dev\n"
    assert run("--out", out).exit_code == 0
    assert set(pd.read_csv(out)["data"]) == {"tiny"}


def test_the_corpora_of_others_are_read_in_their_own_formats(gold: Callable[..., Path]) -> None:
    gold(
        "# newdoc id = a", "# text = Ana Ruiz spoke.", "1\tAna\tB-PER\t-\t-", "2\tRuiz\tI-PER\t-\t-", "3\tspoke\tO\t-\t-",
        "4\t.\tO\t-\t-", name="uner-ewt-test.iob2.gz",
    )  # fmt: skip
    said = [
        {
            "primary_gid": f"site_1_{i}_0", "sentence_normalized": "Ana Ruiz spoke.",
            "targets": [{"from": 0, "to": 8, "polarity": 4.0}],
        }
        for i in range(60)
    ]  # fmt: skip
    path = gold(*said, name="newsmtsc-train.jsonl.gz")
    assert set(evaluate.scores(path.parent / "uner-ewt-test.iob2.gz")["data"]) == {"uner-ewt-test"}
    table = evaluate.scores(path)
    assert set(table["measure"]) >= {"tone", "tone negative", "wording as tone"}
    assert 0 < table["n"].max() < 60


def test_errors_are_printed_to_read(gold: Callable[..., Path]) -> None:
    path = gold({**RECORD, "attributions": [{**FIRST, "source": None, "cue": "war", "content": ["end"]}]})
    done = run("--errors", 2, "--gold", path)
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[0].split(":")[0].endswith("differences in 1 articles")
    assert done.output.count("context") == 2
    assert done.output == run("--errors", 2, "--gold", path).output


BROKEN = [
    (["{"], r"tiny\.jsonl, line 1: no JSON .*; write one object a line", "no JSON"),
    ([RECORD, "[]"], r"line 2: a record must be an object; see data/gold/demo\.jsonl", "a list for a record"),
    ([{"text": TEXT}], r"line 1: a record needs text \(or path\) and attributions", "no attributions"),
    ([{**RECORD, "attributions": [{**FIRST, "cue": "sad"}]}], r"line 1: 'sad' is not in its sentence", "a word misquoted"),
    ([{**RECORD, "attributions": [{**FIRST, "sentence": "Ana Ruiz said the war would end!"}]}], "the text has no sentence 'Ana", "a sentence misquoted"),
    ([{**RECORD, "threats": [{"sentence": "x", "text": "x"}]}], "line 1: threats without category, kind, actor", "fields missing"),
    ([{**RECORD, "tones": [{"sentence": TEXT, "target": "Ana", "tone": "bad"}]}], "unknown tone bad; write one of negative", "an unknown tone"),
    ([{"path": "none.txt", "attributions": [], "threats": []}], r"line 1: its article cannot be read .*; put it into", "an article that is not there"),
    ([{"text": TEXT, "attributions": [{"source": [[0, 8]], "cue": []}]}], "line 1: KeyError: 'content'; each attribution needs", "spans without content"),
    ([{"text": TEXT, "attributions": [{**SAID, "content": [[14, 999]]}]}], "line 1: a span ends beyond the text", "a span beyond the text"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "message", "why"), BROKEN, ids=[b[-1] for b in BROKEN])
def test_broken_gold_is_named(gold: Callable[..., Path], records: list[Any], message: str, why: str) -> None:
    with pytest.raises(evaluate.GoldError, match=message):
        evaluate.scores(gold(*records))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("newsmtsc-train.jsonl", "not readable as NewsMTSC"),
        ("uner-ewt-test.iob2", "not readable as Universal NER"),
        ("cut.jsonl.gz", "cannot be read"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / name).write_bytes(b"# text = a\n1 b\n")
    with pytest.raises(evaluate.GoldError, match=message):
        evaluate.scores(tmp_path / name)


def test_missing_and_empty_folders_are_named(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path / "none", "no such file or folder"),
        (tmp_path, "the folder holds no gold corpus"),
    ):
        done = run("--gold", path)
        assert (done.exit_code, done.output.strip().count("\n")) == (1, 0)
        assert message in done.output
