"""Validation by people: the draw, the sheets, what is wrong with filled ones, agreement, and estimates against a known truth."""

import csv
import json
import math
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from typer.testing import CliRunner

from analysis import brief, coding, report, schema
from analysis.cli import app
from analysis.coding import agreement, estimates, frames
from analysis.coding.estimates import Compared, Part
from analysis.coding.labels import label
from analysis.coding.questions import SHEETS

# --- a corpus whose truth is known ---------------------------------------------------------------------------------------

WORDS = {"war": "battle", "missile": "launch", "terror": "bomb"}
#: What the machine makes of the true category: false labels, misses (none), and threats that are none.
MACHINE = {
    "war": {"war": 0.8, "missile": 0.1, "none": 0.1},
    "missile": {"missile": 0.55, "war": 0.3, "none": 0.15},
    "terror": {"terror": 0.6, "war": 0.2, "none": 0.2},
    "none": {"none": 0.85, "war": 0.1, "terror": 0.05},
}
SHARES = {"war": 0.12, "missile": 0.12, "terror": 0.06, "none": 0.70}


def chosen(draw: random.Random, shares: dict[str, float]) -> str:
    return draw.choices(list(shares), list(shares.values()))[0]


class World:
    """Sixty articles of forty sentences, each with one threat or none: what is there, and what the machine found."""

    def __init__(self, n: int = 60, title: str = "Title", regions: list[str] | None = None) -> None:
        draw = random.Random(7)
        columns = {name: {c.name: None for c in schema.TABLES[name]} for name in schema.TABLES}
        self.truth: dict[str, str] = {}  # by sentence and by threat
        self.data: dict[str, list[dict[str, object]]] = {"articles": [], "sentences": [], "threats": []}
        for i in range(n):
            one, text = f"{i:016x}", ""
            for j in range(40):
                true = chosen(draw, SHARES)
                found = chosen(draw, MACHINE[true])
                sentence = f"The {WORDS.get(true, 'meeting')} number {j} came on day {i}."
                start = len(text) + (1 if text else 0)
                text = f"{text} {sentence}".strip()
                span = {"article_id": one, "start": start, "end": start + len(sentence), "text": sentence}
                self.data["sentences"].append(
                    {**span, "polarity": 0.0, "subjectivity": 0.0, "id": f"{one}-s{j}"}
                )
                self.truth[f"{one}-s{j}"] = true
                if found != "none":
                    place = {
                        "sentence_start": start,
                        "sentence_end": span["end"],
                        "start": start + 4,
                        "end": start + 9,
                    }
                    self.data["threats"].append({
                        **columns["threats"], **span, **place, "category": found, "kind": "act", "regions": ["JP"], "actor": "",
                        "is_negated": False, "likelihood": "none", "id": f"{one}-t{j}",
                    })  # fmt: skip
                    self.truth[f"{one}-t{j}"] = true
            blank = {c.name: "" for c in schema.TABLES["articles"]}
            self.data["articles"].append({
                **blank, "article_id": one, "date": "2024-01-01", "title": title, "outlet": "=1+1", "language": "en", "text": text,
                "record": 0, "n_words": 400, "words_declared": None,
            })  # fmt: skip
        tables = {name: schema.table(name, rows) for name, rows in self.data.items()}
        self.brief = brief.of(report.Parameters(regions=regions or []), tables)

    def n_true(self, category: str) -> int:
        return sum(v == category for k, v in self.truth.items() if "-s" in k)

    def n_true_found(self, category: str) -> int:
        return sum(v == category for k, v in self.truth.items() if "-t" in k)

    def answers(self, row: dict[str, str]) -> dict[str, str]:
        """Return what a coder without fault writes into a row of the key."""
        true = self.truth[row["id"]]
        if row["sheet"] == "sentences":
            return {"attributions": "none", "threats": true}
        if true == "none":
            return {"is_threat": "no"}
        return {"is_threat": "yes", "is_denied": "no", "category": true, "kind": "act", "regions": "JP"}


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def drawn(world: World) -> coding.Sample:
    return coding.draw(world.brief, 60, 1)


Fault = Callable[[str, dict[str, str]], dict[str, str]]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rewrite(
    path: Path, rows: list[dict[str, str]], delimiter: str = ",", encoding: str = "utf-8-sig"
) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def fill(
    world: World, folder: Path, coders: str = "ab", fault: Fault = lambda coder, answers: answers
) -> None:
    """Fill the CSV files of coders as the truth has it, with the faults that ``fault`` makes."""
    key = {row["row"]: row for row in rows_of(folder / "key.csv")}
    for coder in coders:
        for sheet in SHEETS:
            path = folder / f"coder-{coder}" / f"{sheet}.csv"
            if rows := rows_of(path):
                rewrite(path, [row | fault(coder, world.answers(key[row["row"]])) for row in rows])


@pytest.fixture(scope="module")
def ready(world: World, drawn: coding.Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ready") / "c"
    coding.save(drawn, folder)
    return folder


@pytest.fixture
def empty(ready: Path, tmp_path: Path) -> Path:
    """A folder as coders get it."""
    return Path(shutil.copytree(ready, tmp_path / "c"))


@pytest.fixture
def filled(world: World, empty: Path) -> Path:
    """A folder that two coders filled without fault."""
    fill(world, empty)
    return empty


# --- the draw -----------------------------------------------------------------------------------------------------------


@given(
    st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 500), max_size=8),
    st.integers(1, 300),
)
def test_the_draw_is_spread_over_all_strata(sizes: dict[str, int], n: int) -> None:
    wanted = frames.allocate(sizes, n)
    assert wanted.keys() == sizes.keys()
    assert all(min(2, size) <= wanted[stratum] <= size for stratum, size in sizes.items())
    floor = sum(min(2, size) for size in sizes.values())
    assert sum(wanted.values()) == max(floor, min(n, sum(sizes.values())))


def test_the_weights_add_up_to_all_rows(world: World, drawn: coding.Sample) -> None:
    assert drawn.key.groupby("sheet")["weight"].sum().round(6).to_dict() == {
        "sentences": len(world.data["sentences"]), "threats": len(world.data["threats"]),
    }  # fmt: skip
    assert drawn.key["sheet"].value_counts().to_dict() == {"sentences": 60, "threats": 60}
    assert drawn.frame.groupby("sheet")["n"].sum().to_dict() == {
        "sentences": 2400,
        "threats": len(world.data["threats"]),
    }


def test_every_row_of_a_stratum_is_as_likely_as_any_other(world: World) -> None:
    seen = Counter(
        one
        for seed in range(60)
        for one in frames.draw(world.brief.connection, "threats", {"war": 30}, seed)["id"]
    )
    size = sum(row["category"] == "war" for row in world.data["threats"])
    expected = 60 * 30 / size
    chi = sum((seen[row["id"]] - expected) ** 2 for row in world.data["threats"] if row["category"] == "war")
    chi /= expected * (1 - 30 / size)
    assert abs(chi - size) < 4 * math.sqrt(2 * size)  # chi-square of about so many degrees of freedom


def test_the_same_seed_draws_the_same_and_another_draws_others(world: World, drawn: coding.Sample) -> None:
    assert coding.draw(world.brief, 60, 1).key.equals(drawn.key)
    other = coding.draw(world.brief, 60, 2).key
    assert set(other["row"]).isdisjoint(drawn.key["row"])
    assert set(other["id"]) != set(drawn.key["id"])


def test_the_sheets_are_blind_and_in_an_order_of_their_own(drawn: coding.Sample, empty: Path) -> None:
    sheets = {coder: rows_of(empty / f"coder-{coder}" / "threats.csv") for coder in "ab"}
    orders = {coder: [row["row"] for row in rows] for coder, rows in sheets.items()}
    assert orders["a"] != orders["b"]
    assert (
        sorted(orders["a"])
        == sorted(orders["b"])
        == sorted(drawn.key.loc[drawn.key["sheet"] == "threats", "row"])
    )
    for row in sheets["a"]:
        assert [row[name] for name in ("is_threat", "is_denied", "category", "kind", "regions")] == [""] * 5
        assert "[[" in row["passage"]
        assert "]]" in row["passage"]
    assert not {"stratum", "weight", "id", "article_id"} & set(sheets["a"][0])
    assert {path.name for path in empty.iterdir()} == {
        "coder-a",
        "coder-b",
        "key.csv",
        "frame.csv",
    }
    strata = drawn.key.set_index("row")["stratum"]
    runs = sum(strata[a] == strata[b] for a, b in zip(orders["a"], orders["a"][1:], strict=False))
    assert runs < len(orders["a"]) * 0.7  # not sorted by what the machine says


def test_the_workbook_has_drop_downs_a_codebook_and_no_formula(drawn: coding.Sample, tmp_path: Path) -> None:
    coding.save(drawn, tmp_path / "c", ["JP"])
    book = openpyxl.load_workbook(tmp_path / "c" / "coder-a" / "sheets.xlsx")
    assert book.sheetnames == [
        "read first",
        "attributions",
        "threats",
        "tones",
        "sentences",
        "codebook",
        "places",
    ]
    sheet = book["threats"]
    assert sheet.freeze_panes == "B2"
    lists = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"}
    assert lists["J2:J61"].strip('"').split(",") == list(schema.CATEGORIES)
    assert sheet["C2"].value == "=1+1"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert rows_of(tmp_path / "c" / "coder-a" / "threats.csv")[0]["outlet"] == "'=1+1"
    meanings = {row[2] for row in book["codebook"].iter_rows(values_only=True)}
    assert {*schema.CATEGORIES, *schema.SOURCE_TYPES, *schema.LIKELIHOODS, *schema.TONES} <= meanings
    said = " ".join(str(row[0]) for row in book["read first"].iter_rows(values_only=True))
    assert "do not pass them on" in said
    assert "count only threats to these places and what lies in them: Japan (JP)" in said


def test_two_draws_give_the_same_bytes(drawn: coding.Sample, tmp_path: Path) -> None:
    for name in "cd":
        coding.save(drawn, tmp_path / name)
    first, second = (
        {p.relative_to(tmp_path / n): p.read_bytes() for p in sorted((tmp_path / n).rglob("*.*"))}
        for n in "cd"
    )
    assert first == second


def test_filled_sheets_are_never_overwritten(filled: Path, drawn: coding.Sample) -> None:
    with pytest.raises(
        coding.CodingError, match=r"holds key\.csv already, .*; give another folder with --out"
    ):
        coding.save(drawn, filled)


def test_without_rows_there_is_nothing_to_code() -> None:
    with pytest.raises(coding.CodingError, match="no row to code"):
        coding.draw(brief.of(report.Parameters(), {}))


# --- filled sheets --------------------------------------------------------------------------------------------------------

Rows = list[dict[str, str]]


def labelled(**cells: str) -> Callable[[Rows], Rows]:
    return lambda rows: [rows[0] | cells, *rows[1:]]


WRONG: list[tuple[str, Callable[[Rows], Rows], str]] = [
    ("a wrong label", labelled(is_threat="yes", category="wra"), r"coder-a/threats\.csv, row 2, column category: 'wra' is no label; did you mean war\?"),
    ("neither yes nor no", labelled(is_threat="perhaps"), r"row 2, column is_threat: 'perhaps' is no label; allowed: yes, no"),
    ("an unknown place", labelled(is_threat="yes", regions="JP; Narnia"), r"column regions: 'Narnia' is no label.*the ids and names of the sheet places"),
    ("a missing row", lambda rows: rows[1:], r"threats\.csv: 1 of 60 rows are missing \(th-\w+\); put them back, empty where they are not coded"),
    ("a row twice", lambda rows: [*rows, rows[0]], r"row 62: th-\w+ stands in row 2 too; delete one of them"),
    ("a row of another sample", labelled(row="th-0123456789"), r"row 2: th-0123456789 is no row of this sample.*another sample, corpus or version"),
    ("a row without its name", labelled(row=""), "row 2: an empty name is no row of this sample"),
    ("a label without the gate", labelled(is_threat="", category="war"), "row 2: .*category.* without is_threat; write yes or no into is_threat, or empty the row"),
    ("a heading lost", lambda rows: [{k: v for k, v in row.items() if k != "kind"} for row in rows], "row 1: the column kind is missing; restore the headings"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "spoil", "message"), WRONG, ids=[w[0] for w in WRONG])
def test_a_mistake_is_named_with_its_remedy(
    filled: Path, why: str, spoil: Callable[[Rows], Rows], message: str
) -> None:
    path = filled / "coder-a" / "threats.csv"
    rewrite(path, spoil(rows_of(path)))
    with pytest.raises(coding.CodingError, match=message):
        coding.score(filled)
    assert not (filled / "scores.csv").exists(), why


def test_sheets_of_another_corpus_are_refused(world: World, filled: Path, tmp_path: Path) -> None:
    coding.save(coding.draw(World(20).brief, 60), tmp_path / "other")
    (tmp_path / "other" / "coder-a" / "threats.csv").replace(filled / "coder-a" / "threats.csv")
    with pytest.raises(coding.CodingError, match=r"is no row of this sample(.|\n)*and \d+ more"):
        coding.score(filled)


@pytest.mark.parametrize("name", ["key.csv", "frame.csv"])
def test_a_lost_key_is_named(filled: Path, name: str) -> None:
    (filled / name).unlink()
    with pytest.raises(coding.CodingError, match=f"{name} is missing; give the folder that code-sheet wrote"):
        coding.score(filled)


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(";", "utf-8-sig"), (",", "utf-8"), ("\t", "utf-16"), (";", "cp1252")]
)
def test_csv_is_read_as_spreadsheets_save_it(filled: Path, delimiter: str, encoding: str) -> None:
    expected = coding.score(filled).gold
    for path in filled.rglob("coder-*/*.csv"):
        if rows := rows_of(path):
            rewrite(path, rows, delimiter, encoding)
    assert coding.score(filled).gold == expected


def test_a_filled_workbook_counts_and_two_that_differ_are_refused(
    world: World, ready: Path, filled: Path, tmp_path: Path
) -> None:
    expected = coding.score(filled).gold
    shutil.copytree(ready, tmp_path / "w")
    key = {row["row"]: row for row in rows_of(tmp_path / "w" / "key.csv")}
    for coder in "ab":
        path = tmp_path / "w" / f"coder-{coder}" / "sheets.xlsx"
        book = openpyxl.load_workbook(path)
        for sheet in (book[name] for name in SHEETS):
            heads = [cell.value for cell in sheet[1]]
            for row in sheet.iter_rows(min_row=2):
                for name, answer in world.answers(key[row[0].value]).items():
                    row[heads.index(name)].value = answer.upper()
        book.save(path)
    assert coding.score(tmp_path / "w").gold == expected
    fill(
        world,
        tmp_path / "w",
        "a",
        lambda coder, answers: answers | {"kind": "threat"} if answers.get("kind") else answers,
    )
    with pytest.raises(
        coding.CodingError,
        match=r"the sheet threats is filled in sheets\.xlsx and in threats\.csv, and not alike",
    ):
        coding.score(tmp_path / "w")


def test_a_file_that_is_no_workbook_is_named(filled: Path) -> None:
    (filled / "coder-b" / "sheets.xlsx").write_bytes(b"PK nonsense")
    with pytest.raises(coding.CodingError, match=r"coder-b/sheets\.xlsx: no Excel workbook"):
        coding.score(filled)


def test_sheets_that_nobody_filled_are_an_error(empty: Path) -> None:
    with pytest.raises(
        coding.CodingError, match="nobody has filled a sheet; fill those in coder-a and coder-b"
    ):
        coding.score(empty)


def test_partial_coding_is_scored_with_a_warning(filled: Path) -> None:
    path = filled / "coder-a" / "threats.csv"
    blank = dict.fromkeys([q.name for q in SHEETS["threats"].questions], "")
    rewrite(path, [row | blank if i < 20 else row for i, row in enumerate(rows_of(path))])
    found = coding.score(filled)
    assert any("20 of 60 rows are not coded completely" in warning for warning in found.coded.warnings)
    assert found.agreements["threats", "is_threat"].n == 40
    assert next(c for c in found.counts if (c.measure, c.group) == ("threats", "")).n == 40


def test_one_coder_alone_is_scored_without_agreement(world: World, empty: Path) -> None:
    fill(world, empty, "a")
    found = coding.score(empty)
    assert found.agreements["threats", "category"].n == 0
    assert any("coder-b: no cell is filled" in warning for warning in found.coded.warnings)
    assert "nothing is known of agreement" in coding.report(found)
    assert found.counts == coding.score(empty).counts


CELLS = [
    ("threats", "category", "Military Buildup", "military_buildup", "capitals and spaces do not matter"),
    ("threats", "is_threat", "Y", "yes", "a letter for yes"),
    ("threats", "regions", "South Korea, jp;JP", "JP; KR", "names, ids, twice the same"),
    ("threats", "regions", "None", "none", "no place"),
    ("threats", "regions", "NO", "NO", "Norway"),
    ("sentences", "threats", "war;war; missile", "missile; war; war", "two of a sort are two"),
    ("attributions", "speaker", "NONE", "none", "nobody"),
    ("attributions", "speaker", "Oliver Jia", "Oliver Jia", "a name stays"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "question", "cell", "meant", "why"), CELLS, ids=[c[4] for c in CELLS])
def test_what_is_written_is_taken_for_a_label(
    sheet: str, question: str, cell: str, meant: str, why: str
) -> None:
    assert label(SHEETS[sheet].question(question), cell) == meant, why


# --- agreement, gold, adjudication --------------------------------------------------------------------------------------

#: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): sections A and B, two observers.
PUBLISHED = [
    ("0100000010", "1110010000", 0.095),
    ("aabbdcccedda", "babbbccceddd", 0.692),
]


@pytest.mark.parametrize(("one", "other", "alpha"), PUBLISHED)
def test_alpha_is_as_published(one: str, other: str, alpha: float) -> None:
    found = agreement.agreement(list(zip(one, other, strict=True)))
    assert found.alpha == pytest.approx(alpha, abs=5e-4)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.alpha <= found.high


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=30))
def test_the_formula_of_the_bootstrap_is_that_of_the_package(pairs: list[tuple[str, str]]) -> None:
    found = agreement.agreement(pairs)
    alike = np.array([sum(a == b for a, b in pairs)], dtype=float)
    labels = Counter(label for pair in pairs for label in pair)
    by_formula = agreement._alphas(alike, np.array([list(labels.values())], dtype=float))
    assert list(by_formula) == ([] if found.alpha is None else [pytest.approx(found.alpha)])


VERDICTS = [
    ([("a", "a"), ("b", "b")] * 20, "reliable"),
    ([("a", "a")] * 9 + [("b", "b")] * 9 + [("a", "b")] * 2 + [("b", "a")] * 2, "not reliable"),
    ([("a", "a")] * 9 + [("b", "b")] * 9 + [("a", "b"), ("b", "a")], "reliable"),
    ([("a", "a")] * 9 + [("b", "b")] * 9 + [("a", "b"), ("b", "a"), ("b", "a")], "tentative conclusions only"),
    ([("a", "a")] * 20, "one label only"),
    ([], "not coded by both"),
]  # fmt: skip


@pytest.mark.parametrize(("pairs", "verdict"), VERDICTS)
def test_the_verdict_is_krippendorffs(pairs: list[tuple[str, str]], verdict: str) -> None:
    assert agreement.agreement(pairs).verdict == verdict


def disagree(coder: str, answers: dict[str, str]) -> dict[str, str]:
    return (
        answers | {"category": "coercion"}
        if coder == "b" and answers.get("category") == "missile"
        else answers
    )


def test_what_coders_gave_differently_is_listed_decided_and_kept(world: World, empty: Path) -> None:
    fill(world, empty, fault=disagree)
    first = coding.score(empty)
    coding.tell(first, empty)
    listed = rows_of(empty / "adjudicate.csv")
    assert {(r["question"], r["coder_a"], r["coder_b"], r["agreed"]) for r in listed} == {
        ("category", "missile", "coercion", "")
    }
    assert all("[[" in row["passage"] for row in listed)
    assert first.shares["threats"] == (60, 60 - len(listed))
    assert "undecided and their rows left out; these are the harder ones" in coding.report(first)
    rewrite(empty / "adjudicate.csv", [row | {"agreed": "missile"} for row in listed], ";")
    second = coding.score(empty)
    assert second.shares["threats"] == (60, 60)
    assert "what they agreed on afterwards" in coding.report(second)
    coding.tell(second, empty)
    assert {row["agreed"] for row in rows_of(empty / "adjudicate.csv")} == {"missile"}
    assert second.agreements == first.agreements  # what was agreed on later is no agreement


def test_an_agreed_label_that_is_none_is_named(world: World, empty: Path) -> None:
    fill(world, empty, fault=disagree)
    coding.tell(coding.score(empty), empty)
    listed = rows_of(empty / "adjudicate.csv")
    rewrite(
        empty / "adjudicate.csv",
        [listed[0] | {"agreed": "rocket"}, listed[1] | {"row": "th-x", "agreed": "war"}],
    )
    with pytest.raises(
        coding.CodingError,
        match=r"row 2, column agreed: 'rocket' is no label(.|\n)*row 3: threats th-x category is no cell",
    ):
        coding.score(empty)


def test_where_one_says_it_is_none_all_questions_of_the_row_are_listed(filled: Path) -> None:
    path = filled / "coder-b" / "threats.csv"
    rows = rows_of(path)
    at = next(i for i, row in enumerate(rows) if row["is_threat"] == "yes")
    rows[at] |= {"is_threat": "no", "category": "", "kind": "", "regions": "", "is_denied": ""}
    rewrite(path, rows)
    listed = coding.score(filled).disagreements
    assert list(listed["question"]) == ["is_threat", "is_denied", "category", "kind", "regions"]
    assert set(listed["row"]) == {rows[at]["row"]}


# --- estimates ------------------------------------------------------------------------------------------------------------


def test_wilson_is_as_published() -> None:
    found = estimates.wilson(81, 263)  # Newcombe, Statistics in Medicine 1998, table I
    assert (found.low, found.high) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))
    assert estimates.wilson(0, 20) == (0.0, 0.0, pytest.approx(0.1611, abs=5e-5))


PARTS = st.lists(st.tuples(st.integers(1, 400), st.integers(0, 40), st.integers(0, 40)), max_size=4)


def parts_of(numbers: list[tuple[int, int, int]]) -> list[Part]:
    return [Part(size, min(n, size), min(errors, n, size)) for size, n, errors in numbers]


@given(PARTS, PARTS, st.booleans())
def test_an_estimate_lies_in_its_interval(
    missed: list[tuple[int, int, int]], wrong: list[tuple[int, int, int]], by_row: bool
) -> None:
    raw = sum(size for size, _, _ in wrong)
    compared = Compared(raw, parts_of(missed), parts_of(wrong), by_row)
    precision = estimates.precision(compared)
    for found in (estimates.corrected(compared), precision, estimates.recall(compared)):
        assert found is None or 0 <= found.low <= found.value + 1e-9 <= found.high + 2e-9
    assert precision is None or precision.high <= 1


@given(PARTS, PARTS)
def test_where_all_is_coded_nothing_is_uncertain(
    missed: list[tuple[int, int, int]], wrong: list[tuple[int, int, int]]
) -> None:
    parts = [[part._replace(size=part.n) for part in parts_of(given) if part.n] for given in (missed, wrong)]
    raw = sum(part.size for part in parts[1])
    truth = raw + sum(p.errors for p in parts[0]) - sum(p.errors for p in parts[1])
    found = estimates.corrected(Compared(raw, *parts))
    assert found == (pytest.approx(truth), pytest.approx(truth), pytest.approx(truth))


def test_no_error_seen_is_not_no_error() -> None:
    found = estimates.corrected(Compared(1000, [Part(500, 30, 0)], [Part(1000, 30, 0)]))
    assert found.value == 1000
    assert found.low < 900
    assert found.high > 1040
    recall = estimates.recall(Compared(1000, [Part(9000, 60, 0)], [Part(1000, 40, 0)], by_row=False))
    assert recall is not None
    assert (recall.value, recall.high) == (1.0, 1.0)
    assert recall.low < 0.75  # three in sixty of nine thousand may be missed


def test_a_stratum_that_nobody_coded_leaves_all_open() -> None:
    assert estimates.corrected(Compared(100, [], [Part(100, 0, 0)])) == (100, 0, 100)
    assert estimates.corrected(Compared(100, [Part(50, 0, 0)], [], by_row=False)).high == math.inf


#: How many rows have which label of the machine (down) and which true one (across, the last: none of them), and how many are coded.
POPULATIONS = [
    ([[800, 60, 40, 100], [50, 300, 20, 30], [10, 5, 60, 25]], [50, 32, 18]),
    ([[150, 3, 2, 0], [3, 40, 0, 2], [1, 1, 7, 1]], [40, 20, 6]),
]


@pytest.mark.parametrize(("population", "coded"), POPULATIONS)
def test_the_interval_of_a_corrected_count_covers_the_truth(
    population: list[list[int]], coded: list[int]
) -> None:
    draw, reps = np.random.default_rng(3), 400
    counts, kinds = np.array(population), range(len(population))
    sizes, truth = counts.sum(axis=1), counts.sum(axis=0)
    covered, values = np.zeros(len(kinds)), np.zeros(len(kinds))
    for _ in range(reps):
        sample = [draw.multivariate_hypergeometric(counts[h], coded[h]) for h in kinds]
        for k in kinds:
            missed = [Part(int(sizes[h]), coded[h], int(sample[h][k])) for h in kinds if h != k]
            wrong = [Part(int(sizes[k]), coded[k], int(coded[k] - sample[k][k]))]
            found = estimates.corrected(Compared(int(sizes[k]), missed, wrong))
            covered[k] += found.low <= truth[k] <= found.high
            values[k] += found.value
    assert (covered / reps > 0.92).all()
    assert values / reps == pytest.approx(truth[: len(kinds)], rel=0.05)  # right on average


def test_corrected_counts_cover_the_truth_where_raw_ones_do_not(world: World, tmp_path: Path) -> None:
    covered: Counter[str] = Counter()
    missed_by_raw = set()
    seeds = range(4)
    for seed in seeds:
        folder = tmp_path / str(seed)
        coding.save(coding.draw(world.brief, 120, seed), folder)
        fill(world, folder, "a")
        for count in coding.score(folder).counts:
            if count.measure != "threats_by_category" or count.group not in WORDS:
                continue
            assert count.raw == world.brief.number(count.measure, count.group)["n_rows"]
            assert count.corrected
            assert count.there
            found, there = world.n_true_found(count.group), world.n_true(count.group)
            covered["found"] += count.corrected.low <= found <= count.corrected.high
            covered["there"] += count.there.low <= there <= count.there.high
            if not count.corrected.low <= count.raw <= count.corrected.high:
                missed_by_raw.add(count.group)
            true = [
                r for r in world.data["threats"] if world.truth[str(r["id"])] == r["category"] == count.group
            ]
            assert count.precision
            assert count.recall
            covered["precision"] += count.precision.low <= len(true) / count.raw <= count.precision.high
            covered["recall"] += count.recall.low <= len(true) / there <= count.recall.high
    assert min(covered.values()) >= 0.85 * 3 * len(seeds), covered
    assert missed_by_raw >= {"war", "terror"}


def coded(opened: brief.Brief, folder: Path) -> brief.Brief:
    """Return a briefing whose coding sheets lie in a folder."""
    return replace(opened, parameters=opened.parameters.model_copy(update={"coded": str(folder)}))


# --- what is told ---------------------------------------------------------------------------------------------------------


def test_the_section_corrects_the_counts_that_were_coded(world: World, filled: Path) -> None:
    page = coding.section(coded(world.brief, filled))
    assert isinstance(page, Markup)
    assert "Two coders were given 120 rows (60 of threats, 60 of sentences)" in page
    assert "Krippendorff&#39;s alpha" in page
    assert f'href="#{world.brief.number("threats_by_category", "war")["key"]}"' in page
    assert "by the coders&#39; judgement about" in page
    assert "drawn from other rows" not in page


def test_the_section_corrects_no_count_of_other_rows(filled: Path) -> None:
    page = coding.section(coded(World(20).brief, filled))
    assert "drawn from other rows than this briefing counts" in page
    assert "judgement about" not in page
    row = next(r for r in str(page).split("<tr>") if "Threat mentions by category: war" in r)
    assert row.count("<td></td>") == 2  # no corrected count, and none with what was missed


def test_no_word_of_an_article_is_in_what_is_told(tmp_path: Path) -> None:
    hostile = World(30, title="<script>alert(1)</script>")
    coding.save(coding.draw(hostile.brief, 40), tmp_path / "c")
    fill(hostile, tmp_path / "c")
    found = coding.score(tmp_path / "c")
    for text in (
        coding.section(coded(hostile.brief, tmp_path / "c")),
        coding.report(found),
        coding.as_json(found),
    ):
        assert "<script>" not in text
        assert "battle" not in text


def test_without_sheets_the_section_says_how_to_draw_them(world: World) -> None:
    assert "python -m analysis code-sheet" in coding.section(world.brief)


def test_regions_of_the_report_confine_what_is_drawn() -> None:
    assert "threats" not in set(coding.draw(World(10, regions=["VE"]).brief, 30).key["sheet"])
    assert "threats" in set(coding.draw(World(10, regions=["JP"]).brief, 30).key["sheet"])


def test_the_files_that_scores_rest_on_are_named(filled: Path) -> None:
    read = {p for p in filled.rglob("*.*") if p.name != "codebook.md"}
    assert read <= set(coding.files(filled))


def test_the_commands_draw_score_and_fail_plainly(tmp_path: Path) -> None:
    run = CliRunner().invoke
    done = run(app, ["code-sheet", "article", "--out", str(tmp_path / "c"), "--n", "10"])
    assert done.exit_code == 0, done.output
    assert f"10 sentences to code in {tmp_path / 'c'}" in done.output
    again = run(app, ["code-sheet", "article", "--out", str(tmp_path / "c")])
    assert (again.exit_code, "give another folder with --out" in again.output) == (1, True)
    assert "nobody has filled a sheet" in run(app, ["score-sheet", str(tmp_path / "c")]).output
    for coder in "ab":
        path = tmp_path / "c" / f"coder-{coder}" / "tones.csv"
        rewrite(path, [row | {"is_target": "yes", "tone": "neutral"} for row in rows_of(path)])
    scored = run(app, ["score-sheet", str(tmp_path / "c"), "--json"])
    assert scored.exit_code == 0, scored.output
    figures = json.loads(scored.stdout)["figures"]
    assert {f["figure"] for f in figures if f["item"] == "tones"} == {"raw", "precision", "corrected"}
    table = pd.read_csv(tmp_path / "c" / "scores.csv", keep_default_na=False)
    assert list(table.columns) == ["sheet", "item", "group", "figure", "n", "value", "low", "high"]
    assert len(table) == len(figures)
    assert (tmp_path / "c" / "report.md").is_file()
    assert run(app, ["code-sheet", "nope", "--out", str(tmp_path / "x")]).exit_code == 1
