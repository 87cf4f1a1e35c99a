"""From filled sheets to scores: agreement, precision, recall, and counts corrected for the machine's errors."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis import schema
from analysis.coding import estimates
from analysis.coding.agreement import Agreement, agreement, plain
from analysis.coding.estimates import Compared, Estimate, Part
from analysis.coding.frames import columns
from analysis.coding.questions import SHEETS, YES, Question, Sheet
from analysis.coding.reading import Coded, Codes, read

#: Name of a row that is none of what its sheet is about, in a confusion.
NONE_OF_IT = "not one"


class Judged(NamedTuple):
    """How the machine's label for a question agrees with the gold, among rows that are what their sheet is about."""

    sheet: str
    question: str
    n: int
    right: Estimate | None


class Count(NamedTuple):
    """One number of the briefing, and what coders say of it.

    ``precision`` and ``corrected`` come from rows that the machine found, ``n`` of which are coded; ``recall`` and ``there`` from whole
    sentences, where the sample has them, in which coders found ``n_there``.
    """

    measure: str
    group: str
    raw: int
    n: int
    n_there: int
    precision: Estimate | None
    corrected: Estimate | None
    recall: Estimate | None
    there: Estimate | None


class Scores(NamedTuple):
    """Everything that a coding folder tells. ``shares`` are, by sheet, the coded rows and those of them that have a gold."""

    coded: Coded
    agreements: dict[tuple[str, str], Agreement]
    gold: Codes
    shares: dict[str, tuple[int, int]]
    judged: list[Judged]
    counts: list[Count]
    confusion: pd.DataFrame
    disagreements: pd.DataFrame


def score(folder: Path) -> Scores:
    """Return the scores of a coding folder. Raises ``CodingError``."""
    coded = read(folder)
    gold = gold_of(coded)
    return Scores(
        coded,
        {(sheet.name, q.name): agreement(_pairs(coded, sheet, q)) for sheet in SHEETS.values() for q in sheet.questions},
        gold,
        {name: _share(coded, gold, sheet) for name, sheet in SHEETS.items()},
        judged(coded, gold),
        counts(coded, gold),
        confusion(coded, gold),
        disagreements(coded),
    )  # fmt: skip


def gold_of(coded: Coded) -> Codes:
    """Return the gold: what all coders gave alike, or one coder alone gave, and above it what was agreed on later."""
    every = list(coded.codes.values())
    alike = {
        cell: label for cell, label in every[0].items()
        if all(cell in codes and _same(cell, label, codes[cell]) for codes in every[1:])
    }  # fmt: skip
    return alike | coded.agreed


def _same(cell: tuple[str, str, str], one: str, other: str) -> bool:
    return _compared(SHEETS[cell[0]].question(cell[2]), one) == _compared(
        SHEETS[cell[0]].question(cell[2]), other
    )


def _compared(question: Question, label: str) -> str:
    return label if question.labels else plain(label)


def _pairs(coded: Coded, sheet: Sheet, question: Question) -> list[tuple[str, str]]:
    """Return the labels of both coders for a question, row by row, where both answered it."""
    if len(coded.codes) < 2:
        return []
    one, other = coded.codes.values()
    cells = [
        cell for cell in sorted(one) if cell[0] == sheet.name and cell[2] == question.name and cell in other
    ]
    return [(_compared(question, one[cell]), _compared(question, other[cell])) for cell in cells]


def _share(coded: Coded, gold: Codes, sheet: Sheet) -> tuple[int, int]:
    """Return how many rows of a sheet any coder coded, and how many of them have a gold for all that the sheet counts."""
    rows = {row for codes in coded.codes.values() for name, row, _ in codes if name == sheet.name}
    return len(rows), sum(
        all(_groups(sheet, m, _of(gold, sheet, row)) is not None for m in sheet.counted) for row in rows
    )


def _of(codes: Codes, sheet: Sheet, row: str) -> dict[str, str]:
    return {
        q.name: codes[sheet.name, row, q.name] for q in sheet.questions if (sheet.name, row, q.name) in codes
    }


def _groups(sheet: Sheet, measure: str, labels: Mapping[str, str]) -> Counter[str] | None:
    """Return how often a row counts in each group of a measure; none where it is not coded far enough to tell."""
    try:
        return Counter(sheet.counted[measure](labels))
    except KeyError:
        return None


def _rows(coded: Coded, sheet: Sheet) -> list[dict[str, Any]]:
    return schema.records(coded.key[coded.key["sheet"] == sheet.name])


def judged(coded: Coded, gold: Codes) -> list[Judged]:
    """Return the share of labels that are right, question by question, weighted to all rows that are what their sheet is about.

    The weight of a row is its stratum's size by the rows of it that are coded.
    """
    found = []
    for sheet in (s for s in SHEETS.values() if s.gate):
        rows = _rows(coded, sheet)
        answered = Counter(r["stratum"] for r in rows if (sheet.name, r["row"], sheet.gate) in gold)
        for question in sheet.questions:
            weights, hits = [], []
            for row in rows:
                cell = (sheet.name, row["row"], question.name)
                if cell in gold and (question.name == sheet.gate or gold.get((*cell[:2], sheet.gate)) == YES):
                    weights.append(float(row["n_frame"]) / answered[row["stratum"]])
                    hits.append(_compared(question, gold[cell]) == _compared(question, row[question.name]))
            found.append(
                Judged(sheet.name, question.name, len(hits), estimates.weighted_share(weights, hits))
            )
    return found


class _Counted(NamedTuple):
    """A group: how coders differ from the machine, of how many rows, and how many things the machine and they found in them."""

    compared: Compared
    n_rows: int
    n_machine: int
    n_gold: int


def counts(coded: Coded, gold: Codes) -> list[Count]:
    """Return every number that the sample bears on, by measure and group."""
    rows: dict[tuple[str, str], _Counted] = {}
    sentences: dict[tuple[str, str], _Counted] = {}
    for sheet in SHEETS.values():
        for measure in sheet.counted:
            (sentences if sheet.of_lists else rows).update(_compare(sheet, measure, coded, gold))
    found = []
    for measure, group in sorted(rows | sentences):
        one, whole = rows.get((measure, group)), sentences.get((measure, group))
        found.append(
            Count(
                measure, group, one.compared.raw if one else 0, one.n_machine if one else 0, whole.n_gold if whole else 0,
                estimates.precision(one.compared) if one and one.n_machine else None,
                estimates.corrected(one.compared) if one and one.n_rows else None,
                estimates.recall(whole.compared) if whole and whole.n_rows else None,
                estimates.corrected(whole.compared) if whole and whole.n_rows else None,
            )
        )  # fmt: skip
    return found


def _compare(
    sheet: Sheet, measure: str, coded: Coded, gold: Codes
) -> Iterator[tuple[tuple[str, str], _Counted]]:
    """Yield the groups of a measure with the coded rows of each stratum, compared with the machine's labels."""
    size: Counter[str] = Counter()
    n: Counter[str] = Counter()
    raw, machine, people, plus, minus = (defaultdict[str, Counter[str]](Counter) for _ in range(5))
    for row in schema.records(coded.frame[coded.frame["sheet"] == sheet.name]):
        size[row["stratum"]] += row["n"]
        for group, times in (_groups(sheet, measure, row) or Counter()).items():
            raw[row["stratum"]][group] += times * row["n"]
    for row in _rows(coded, sheet):
        h = row["stratum"]
        there, found = _groups(sheet, measure, _of(gold, sheet, row["row"])), _groups(sheet, measure, row)
        if there is not None and found is not None:
            n[h] += 1
            machine[h] += found
            people[h] += there
            plus[h] += there - found
            minus[h] += found - there
    for group in sorted({g for some in (*raw.values(), *people.values()) for g in some}):
        others = {h: (0, 0) if sheet.of_lists else (raw[h][group], machine[h][group]) for h in size}
        missed = [Part(size[h] - others[h][0], n[h] - others[h][1], plus[h][group]) for h in sorted(size)]
        wrong = [Part(raw[h][group], machine[h][group], minus[h][group]) for h in sorted(size)]
        compared = Compared(sum(raw[h][group] for h in size), missed, wrong, not sheet.of_lists)
        held = (sum(some[h][group] for h in size) for some in (machine, people))
        yield (measure, group), _Counted(compared, n.total(), *held)


def confusion(coded: Coded, gold: Codes) -> pd.DataFrame:
    """Return ``sheet, question, machine, gold, n``: how often coded rows with one label of the machine have which in the gold."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    for sheet in (s for s in SHEETS.values() if s.gate):
        for row in _rows(coded, sheet):
            labels = _of(gold, sheet, row["row"])
            for name in columns(sheet.name):
                if labels.get(sheet.gate) == YES and name in labels:
                    found[sheet.name, name, row[name], labels[name]] += 1
                elif sheet.gate in labels and labels[sheet.gate] != YES:
                    found[
                        sheet.name, name, row[name], labels[sheet.gate] if name == sheet.gate else NONE_OF_IT
                    ] += 1
    rows = [(*cell, n) for cell, n in sorted(found.items())]
    return pd.DataFrame(rows, columns=["sheet", "question", "machine", "gold", "n"])


def disagreements(coded: Coded) -> pd.DataFrame:
    """Return ``sheet, row, passage, question, coder_a, coder_b, agreed``: what two coders gave not alike, with what they agreed on.

    Where one says that a row is what its sheet is about and the other that it is not, all questions of the row are listed.
    """
    names = ["sheet", "row", "passage", "question", "coder_a", "coder_b", "agreed"]
    if len(coded.codes) < 2:
        return pd.DataFrame(columns=names)
    one, other = coded.codes.values()
    found = []
    for sheet in SHEETS.values():
        for row in sorted({r for name, r, _ in (*one, *other) if name == sheet.name}):
            a, b = _of(one, sheet, row), _of(other, sheet, row)
            split = (
                bool(sheet.gate) and sheet.gate in a and sheet.gate in b and a[sheet.gate] != b[sheet.gate]
            )
            for question in sheet.questions:
                cell = (sheet.name, row, question.name)
                given = a.get(question.name, ""), b.get(question.name, "")
                if split or (all(given) and not _same(cell, *given)):
                    passage = coded.passages.get(cell[:2], "")
                    found.append(
                        (sheet.name, row, passage, question.name, *given, coded.agreed.get(cell, ""))
                    )
    return pd.DataFrame(found, columns=names)


def table(scores: Scores) -> pd.DataFrame:
    """Return ``sheet, item, group, figure, n, value, low, high``: all figures, one a row; empty where there is none."""
    rows: list[tuple[object, ...]] = []

    def add(sheet: str, item: str, group: str, figure: str, n: int, estimate: Estimate | None) -> None:
        if estimate:
            rows.append(
                (sheet, item, group, figure, n, *(None if math.isinf(end) else end for end in estimate))
            )

    for (sheet, question), one in scores.agreements.items():
        rows.append((sheet, question, "", "alike", one.n, one.alike, None, None))
        rows.append((sheet, question, "", "alpha", one.n, one.alpha, one.low, one.high))
    for right in scores.judged:
        add(right.sheet, right.question, "", "right", right.n, right.right)
    for count in scores.counts:
        sheet = next(s.name for s in SHEETS.values() if count.measure in s.counted)
        rows.append((sheet, count.measure, count.group, "raw", None, count.raw, None, None))
        add(sheet, count.measure, count.group, "precision", count.n, count.precision)
        add(sheet, count.measure, count.group, "corrected", count.n, count.corrected)
        add("sentences", count.measure, count.group, "recall", count.n_there, count.recall)
        add("sentences", count.measure, count.group, "corrected with missed", count.n_there, count.there)
    return pd.DataFrame(
        rows, columns=["sheet", "item", "group", "figure", "n", "value", "low", "high"]
    ).astype({"n": "Int64"})
