"""One whole briefing, twice: its links and counts, its bytes, what hostile text becomes, and how a build fails."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from analysis import brief, briefing, report, schema, tables
from analysis.pdf import PdfUnavailable, render_pdf

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}} =HYPERLINK("http://x") $a$ \'O"Neil/../x\''
)

OWN_SCRIPT = (report.REPORTS / "template" / "briefing" / "concordance.js").read_text(encoding="utf-8")


def article(folder: Path, name: str, title: str, body: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(
        f"date 2024-05-06 {title}\n\nBy Jo Doe\nOutlet: The Post\n\n{body}\n", encoding="utf-8"
    )


def write_report(folder: Path, **values: object) -> Path:
    path = folder / "x.yml"
    path.write_text("\n".join(f"{k}: {json.dumps(v)}" for k, v in values.items()), encoding="utf-8")
    return path


def pdf_works() -> bool:
    try:
        render_pdf("<!doctype html><html lang=en><head><title>x</title></head><body><h1>x</h1></body></html>")
    except PdfUnavailable:
        return False
    return True


@pytest.fixture(scope="module")
def built(project: Path) -> Path:
    return briefing.build("article", report.find("article")["article"]).folder


@pytest.fixture(scope="module")
def html(built: Path) -> str:
    return (built / "briefing.html").read_text(encoding="utf-8")


def test_every_link_has_its_target(html: str) -> None:
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) - ids == set()
    assert len(re.findall(r'\sid="([^"]+)"', html)) == len(ids)
    assert not re.findall(r'(?:src|href)="(?!#)', html)


def test_every_number_is_the_length_of_its_list(html: str) -> None:
    numbers = re.findall(r'<a class="n" href="#(n-[\w-]+)">(\d+)</a>', html)
    assert len(numbers) > 30
    for key, value in numbers:
        rows = re.search(rf'<h4 id="{key}">.*?</h4><ul class="rows">(.*?)</ul>', html, re.DOTALL)
        assert rows, key
        assert len(re.findall("<li>", rows[1])) == int(value), key


def test_every_counted_row_leads_back(html: str) -> None:
    for target in set(re.findall(r'<li><a href="#(e-[\w-]+)">', html)):
        sentence = re.search(
            rf'<article class="sentence">(?:(?!</article>).)*id="{target}".*?</article>', html, re.DOTALL
        )
        assert sentence, target
        assert 'class="counted-in"' in sentence[0]


@pytest.mark.parametrize(
    "said",
    [
        "Oliver Jia", "an expert on North Korea and Japan", "Leif-Eric Easley", "a professor at Ewha University in Seoul",
        "There is one article: counts describe it alone, and no trend is drawn.", "unlikely", "Korean Peninsula", "Content hash",
    ],
)  # fmt: skip
def test_the_briefing_says(html: str, said: str) -> None:
    assert said in html


def test_a_question_without_an_answer_is_left_out(html: str) -> None:
    assert "No last briefing is named" in html
    assert "With which briefing is this one compared?" in html
    assert "What went into the one and not into the other?" not in html
    assert "How did each headline move, and why?" not in html


def test_each_standard_leads_to_its_place(html: str) -> None:
    table = re.search(r"<caption>The nine analytic.*?</table>", html, re.DOTALL)
    assert table
    assert len(re.findall('<th scope="row">', table[0])) == 9
    assert len(re.findall('<a href="#', table[0])) == len(re.findall("<a\\b", table[0])) > 9


def test_the_gallery_shows_every_chart(built: Path) -> None:
    page = (built / "figures" / "index.html").read_text(encoding="utf-8")
    shown = re.findall(r'<img src="([^"]+)"', page)
    assert sorted(shown) == sorted(path.name for path in (built / "figures").glob("*.svg")) != []


def test_the_opening_is_the_golden_one(html: str) -> None:
    opening = re.search(r'<div class="bottom-line">.*?</div>', html, re.DOTALL)
    assert opening
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", opening[0])).strip()
    assert (
        text
        == (Path(__file__).parent / "golden" / "article-bottom-line.txt").read_text(encoding="utf-8").strip()
    )


def test_the_manifest_names_every_file_with_its_hash(built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    files = {
        p.relative_to(built).as_posix()
        for p in built.rglob("*")
        if p.is_file() and not p.name.startswith(".")
    }
    assert {o["path"] for o in manifest["outputs"]} == files - {"manifest.json", "article.zip"}
    assert all(
        hashlib.sha256((built / o["path"]).read_bytes()).hexdigest() == o["sha256"]
        for o in manifest["outputs"]
    )
    assert (
        manifest["inputs"][0]["sha256"] == "8dcc9f8c02ef5b2b309496b3820037804d489dd7b230ca4329bc2ed68ce84d04"
    )


def test_nothing_is_built_twice(built: Path) -> None:
    before = (built / "briefing.html").stat().st_mtime_ns
    assert not briefing.build("article", report.find("article")["article"]).is_new
    assert (built / "briefing.html").stat().st_mtime_ns == before


def test_two_builds_give_the_same_bytes(
    built: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(briefing, "BUILD", tmp_path)
    monkeypatch.setattr(brief, "STORE", tables.Store(tmp_path / ".tables"))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    again = briefing.build("article", report.find("article")["article"]).folder
    names = sorted(
        p.relative_to(built).as_posix() for p in built.rglob("*") if p.is_file() and p.name != ".built"
    )
    assert names == sorted(
        p.relative_to(again).as_posix() for p in again.rglob("*") if p.is_file() and p.name != ".built"
    )
    assert [n for n in names if (built / n).read_bytes() != (again / n).read_bytes()] == []
    assert pdf_works() == ("briefing.pdf" in names)


@pytest.fixture(scope="module")
def hostile(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = tmp_path_factory.mktemp("hostile")
    body = f"{HOSTILE}\n\nMara Voss, an analyst at the {HOSTILE[:25]} Institute, said that Russia could attack Japan. {HOSTILE}"
    article(corpus, "a'b\"c.txt", HOSTILE, body)
    (corpus / "bad.txt").write_bytes(b"\xff\xfe\xfa")
    path = write_report(tmp_path_factory.mktemp("r"), title=HOSTILE, corpus=str(corpus), watch_list=[HOSTILE])
    return briefing.build("hostile", path).folder


def test_hostile_text_is_text(hostile: Path) -> None:
    page = (hostile / "briefing.html").read_text(encoding="utf-8")
    assert page.lower().count("<script") == page.count(f"<script>{OWN_SCRIPT}</script>") == 1
    assert not re.search(r"<[^>]+\sonerror", page)
    assert "&lt;script&gt;" in page
    assert "{{7*7}}" in page


def test_no_cell_of_a_csv_is_a_formula(hostile: Path) -> None:
    for path in (hostile / "tables").glob("*.csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        cells = [v for column in table.select_dtypes(include=["object", "string"]) for v in table[column]]
        assert not [v for v in cells if re.match(r"[=+@\t\r]|-(?!\d)", v)], path.name


@pytest.mark.skipif(
    shutil.which("chromium") is None,
    reason="Chromium is not installed: whether script runs was not tried in it",
)
def test_no_script_but_our_own_runs_in_a_browser(hostile: Path, tmp_path: Path) -> None:
    flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync"
    command = [
        "chromium",
        *flags.split(),
        f"--user-data-dir={tmp_path}",
        "--dump-dom",
        (hostile / "briefing.html").as_uri(),
    ]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout
    assert dom.lower().count("<script") == dom.count(f"<script>{OWN_SCRIPT}</script>") == 1
    assert '<p class="tools">' in dom, "the concordance's script ran"
    assert "<img" not in dom.lower()


def without_pango(html: str) -> bytes:
    raise PdfUnavailable("install Pango")


def test_without_pango_there_is_the_html_and_a_remark(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(briefing, "render_pdf", without_pango)
    article(tmp_path / "corpus", "a.txt", "A title", "Mara Voss, an analyst, said war is unlikely.")
    path = write_report(tmp_path, corpus=str(tmp_path / "corpus"), chapters=["02-experts"])
    done = briefing.build("bare", path)
    assert done.remarks == ["install Pango"]
    assert (done.folder / "briefing.html").is_file()
    assert not (done.folder / "briefing.pdf").exists()
    assert briefing.build("bare", path).is_new, "tried again once Pango may be there"


@pytest.mark.parametrize(
    ("body", "values", "message"),
    [
        (None, {}, "empty"),
        ("x", {"regoins": ["JP"]}, "unknown key 'regoins' \\(did you mean regions\\?\\); allowed: "),
        ("x", {"period_from": "2025-01-01"}, "lies in the period"),
    ],
)
def test_a_build_that_fails_says_why_and_leaves_nothing(
    project: Path, tmp_path: Path, body: str | None, values: dict[str, object], message: str
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    if body:
        article(corpus, "a.txt", "A title", body)
    with pytest.raises(briefing.ERRORS, match=message):
        briefing.build("failing", write_report(tmp_path, corpus=str(corpus), **values))
    assert not (project / "failing").exists()
    assert not list(project.glob(".failing*"))


def test_a_failing_cell_is_named_and_the_notebook_kept(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    book = nbformat.read(briefing.NOTEBOOKS / "briefing.ipynb", as_version=4)
    book.cells[3].source = "1 / 0"
    nbformat.write(book, folder / "briefing.ipynb")
    monkeypatch.setattr(briefing, "NOTEBOOKS", folder)
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(briefing.BuildError, match=r"briefing\.ipynb, cell 4: ZeroDivisionError"):
        briefing.run("briefing", {}, work, print)
    assert (project / "failed" / "briefing.ipynb").is_file()


def test_a_parameter_that_no_notebook_knows_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(report.ReportError, match="no parameter perod; the notebook knows: corpus, columns"):
        briefing.run("briefing", {"perod": ""}, tmp_path, print)


def test_the_tables_are_those_of_the_schema(built: Path) -> None:
    for name, columns in schema.TABLES.items():
        assert list(schema.read(built / "tables", name).columns) == [c.name for c in columns]
