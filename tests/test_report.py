"""Report files and parameters: what they may hold, and how a mistake is named."""

from pathlib import Path

import pytest

from analysis import report

WRONG = [
    ("regoins: [JP]", r"unknown key 'regoins' \(did you mean regions\?\); allowed: corpus, columns", "a misspelt key"),
    ("regions: JP", "regions: must be a list of texts, not 'JP'", "a text for a list"),
    ("title: [a]", "title: must be a text", "a list for a text"),
    ("period_from: 01/02/2024", "period_from: write a day as YYYY-MM-DD", "an ambiguous day"),
    ("period_from: 2024-03-01\nperiod_to: 2024-02-01", "period_from 2024-03-01 lies after period_to 2024-02-01", "a reversed period"),
    ("regions: [korean-peninsul]", "did you mean 'korean-peninsula'", "an unknown place"),
    ("language: xx", "language: one of en, de, fr", "an unknown language"),
    ("title: a\ntitle: b", "the key 'title' stands twice", "a key twice"),
    ("chapters: [05-none]", r"chapters: there is no notebooks/05-none\.ipynb", "a chapter that is not there"),
    ("chapters: ['../../etc/x']", "chapters: there is no", "a chapter elsewhere"),
    ("- a\n- b", "must hold lines of the form key: value", "a list"),
    ("a: [", "not a YAML file", "no YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "why"), WRONG, ids=[w[2] for w in WRONG])
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str, why: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(report.ReportError, match=message) as caught:
        report.load(path)
    assert str(path) in str(caught.value), why


def test_values_are_texts(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("regions: [NO, NA]\ntitle: 007\nwatch_list: [yes, 1.0]", encoding="utf-8")
    found = report.load(path)
    assert (found.regions, found.title, found.watch_list) == (["NO", "NA"], "007", ["yes", "1.0"])


def test_the_reports_of_the_project_load() -> None:
    assert {name: report.load(path).corpus for name, path in report.find().items()} == {
        "article": "data/corpus",
        "demo": "data/demo",
    }


def test_an_unknown_report_is_an_error() -> None:
    with pytest.raises(
        report.ReportError, match=r"there is no reports/nope\.yml; the reports are: article, demo"
    ):
        report.find("nope")
