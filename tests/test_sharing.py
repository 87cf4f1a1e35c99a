"""What may be shared: excerpts of 25 words and no more, in cells, in rows, and in every file of a build."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from leaks import MOST, Runs, leaks, texts

from analysis import brief, briefing, exports, report, schema, sharing
from analysis.pdf import PdfUnavailable, render_pdf

WORDS = [f"word{i}" for i in range(60)]
#: Columns with words of this project, ids, paths or days: none of them is an article's.
OWN = {
    "article_id", "path", "date", "url", "language", "sha256_raw", "reason", "remedy", "story_id", "quote_type", "source_type",
    "likelihood", "id", "category", "kind", "regions", "target_id", "target_type", "tone", "term", "key", "measure", "rows",
}  # fmt: skip


def said(n: int) -> str:
    return " ".join(WORDS[:n])


def rows(name: str, **values: Any) -> pa.Table:
    """One row of a table, empty but for the values."""
    empty = {c.name: [] if pa.types.is_list(c.type) else None for c in schema.TABLES[name]}
    return pa.Table.from_pylist([empty | values], schema=schema.arrow_schema(name))


def attribution(
    text: str, source: str = "", cue: str = "", content: tuple[str, ...] = (), start: int = 100
) -> pa.Table:
    """One attribution whose parts stand in its sentence."""
    values: dict[str, Any] = {"start": start, "end": start + len(text), "text": text}
    for role, part in (("source", source), ("cue", cue)):
        if part:
            at = start + text.index(part)
            values |= {role: part, f"{role}_start": at, f"{role}_end": at + len(part)}
    starts = [start + text.index(part) for part in content]
    ends = [at + len(part) for at, part in zip(starts, content, strict=True)]
    return rows("attributions", **values, content=list(content), content_start=starts, content_end=ends)


def test_every_column_of_texts_is_cut_or_none_of_an_article() -> None:
    for name, columns in schema.TABLES.items():
        of_text = {c.name for c in columns if c.type in (pa.string(), pa.list_(pa.string()))}
        ruled = {*sharing.CUT.get(name, ()), *sharing.LEFT_OUT.get(name, ())}
        assert ruled <= of_text
        assert of_text - ruled <= OWN, name


@pytest.mark.parametrize(
    ("text", "wanted", "why"),
    [
        ("", "", "nothing"),
        (said(25), said(25), "just short enough"),
        (said(26), said(25) + " …", "one word more"),
        ("a  b\n c", "a  b\n c", "short texts stay as they are"),
        (" ".join(["well-known"] * 26), " ".join(["well-known"] * 25) + " …", "a compound is one word"),
        ("\u00a0".join(WORDS), said(25) + " …", "spaces that do not break part words too"),
        ("x" * 300, "x" * 300, "one word of any script"),
        ("x" * 301, "x" * 298 + " …", "a text that parts no words is cut by characters"),
        ("战" * 5000, "战" * 298 + " …", "so is Chinese"),
    ],
)
def test_an_excerpt(text: str, wanted: str, why: str) -> None:
    assert sharing.excerpt(text) == wanted, why


@pytest.mark.parametrize("name", schema.TABLES)
def test_cells_are_cut_unless_all_may_be_shared(name: str) -> None:
    long = {
        c.name: [said(60)] if pa.types.is_list(c.type) else said(60)
        for c in schema.TABLES[name]
        if c.type in (pa.string(), pa.list_(pa.string()))
    }
    given_ = rows(name, **long | ({"start": 0, "content_start": [0]} if name == "attributions" else {}))
    cut = sharing.cut(name, given_, "")
    assert cut.schema == given_.schema
    assert sharing.cut(name, given_, "full").equals(given_)
    (row,) = cut.to_pylist()
    for column in sharing.LEFT_OUT.get(name, ()):
        assert row[column] is None
    for column in sharing.CUT.get(name, ()):
        value = "".join(row[column])
        assert value.startswith(WORDS[0])
        assert len(value.replace("…", "").split()) == MOST
    for column in long.keys() & OWN:
        assert row[column] == long[column]


@pytest.mark.parametrize(
    ("given_", "wanted", "why"),
    [
        (
            attribution(f"{said(20)} said Jo Doe.", "Jo Doe", "said", (said(20),)),
            (f"{said(20)} said Jo Doe.", "Jo Doe", "said", [said(20)]), "a short sentence stays",
        ),
        (
            attribution(f"{said(40)}, said Jo Doe.", "Jo Doe", "said", (said(40) + ",",)),
            (f"{said(22)} … said Jo Doe.", "Jo Doe", "said", [said(22) + " …"]), "source and cue first, then the content",
        ),
        (
            attribution(f"Jo Doe said that {said(40)}.", "Jo Doe", "said", (f"that {said(40)}",)),
            (f"Jo Doe said that {said(21)} …", "Jo Doe", "said", [f"that {said(21)} …"]), "the content last",
        ),
        (
            attribution(f"“{said(10)},” he said. “{' '.join(WORDS[10:50])}.”", "he", "said", (f"“{said(10)},”", f"“{' '.join(WORDS[10:50])}.”")),
            (
                f"“{said(10)},” he said. “{' '.join(WORDS[10:23])} …", "he", "said",
                [f"“{said(10)},”", f"“{' '.join(WORDS[10:23])} …"],
            ), "two contents",
        ),
        (
            attribution(f"{said(60)} said.", said(60), "said"),
            (f"{said(24)} … said.", said(24) + " …", "said", []), "a source that is too long itself",
        ),
        (attribution(said(40)), (said(25) + " …", None, None, []), "neither source nor cue"),
    ],
)  # fmt: skip
def test_the_cells_of_an_attribution_cannot_be_put_together(
    given_: pa.Table, wanted: tuple[Any, ...], why: str
) -> None:
    (row,) = sharing.cut("attributions", given_, "").to_pylist()
    assert (row["text"], row["source"], row["cue"], row["content"]) == wanted, why


@given(st.integers(1, 80), st.data())
def test_a_row_shows_one_excerpt_of_its_sentence(n: int, data: st.DataObject) -> None:
    words = [f"w{i}x" for i in range(n)]
    cuts = sorted(data.draw(st.lists(st.integers(0, n), min_size=6, max_size=6)))
    source, cue, content = (" ".join(words[a:b]) for a, b in zip(cuts[::2], cuts[1::2], strict=True))
    table = attribution(" ".join(words), source, cue, (content,) if content else ())
    (row,) = sharing.cut("attributions", table, "").to_pylist()
    cells = [row["text"], row["source"] or "", row["cue"] or "", *row["content"]]
    shown = {word for cell in cells for word in cell.split()} - {"…"}
    assert len(shown) == min(n, MOST)
    assert shown <= set(words)
    assert [c is None for c in (row["source"], row["cue"])] == [not source, not cue]


def test_a_source_outside_of_the_sentence_is_cut_by_itself() -> None:
    table = attribution(said(40), start=100)
    row = table.to_pylist()[0] | {"source": said(30), "source_start": 7, "source_end": 90}
    (cut,) = sharing.cut("attributions", rows("attributions", **row), "").to_pylist()
    assert cut["source"] == said(25) + " …"


def test_the_codebook_says_what_is_cut() -> None:
    book = sharing.codebook()
    assert "- `articles.text`: left out unless share: full." in book
    assert "- `threats.text`: clipped to 25 words unless share: full." in book
    assert schema.codebook() in book
    assert sharing.rule("threats", "category") == ""


# ---- that the search for leaks finds them ----


def _xlsx(text: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, text)
    return file.getvalue()


def _zipped(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, data)
    return file.getvalue()


def _parquet(text: str) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"x": ["a"], "y": [[text]]}), file)
    return file.getvalue()


def _csv(*cells: str) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerow(cells)
    return file.getvalue().encode()


MAKERS: list[tuple[str, Callable[[str], bytes]]] = [
    ("x.html", lambda t: f"<p>{t.replace(' ', '</b> <b>')}</p>".encode()),
    ("alt.html", lambda t: f'<img alt="{t}">'.encode()),
    ("meta.html", lambda t: f'<meta name=description content="{t}">'.encode()),
    ("x.svg", lambda t: f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{t}</desc></svg>'.encode()),
    ("x.xlsx", _xlsx),
    ("x.csv", lambda t: _csv("id", t)),
    ("cells.csv", lambda t: _csv(t[:60], t[60:])),
    ("x.parquet", _parquet),
    ("x.json", lambda t: json.dumps({"a": [t]}).encode()),
    ("x.ipynb", lambda t: json.dumps({"cells": [{"outputs": t.split(" ")}]}).encode()),
    ("CITATION.cff", lambda t: f"title: {t}".encode()),
    ("x.bib", lambda t: t.replace(" ", "\n").encode()),
    ("x.zip", lambda t: _zipped("x.csv", _csv(t))),
    ("twice.zip", lambda t: _zipped("x.zip", _zipped("x.md", t.upper().encode()))),
]


@pytest.mark.parametrize(("name", "make"), MAKERS, ids=[name for name, _ in MAKERS])
def test_a_leak_is_found(name: str, make: Callable[[str], bytes], tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(make("; ".join(WORDS[3:28])))
    assert leaks(tmp_path, [said(60)]) == {}
    (tmp_path / name).write_bytes(make(" ".join(WORDS[3:29])))
    assert leaks(tmp_path, [said(60)])


def test_a_leak_in_a_pdf_is_found() -> None:
    page = "<!doctype html><html lang=en><head><title>{}</title></head><body><h1>x</h1><p style='width: 4cm'>{}</p></body></html>"
    runs = Runs([said(60)])
    try:
        for title, text, leaked in ((said(26), "x", True), ("x", said(26), True), ("x", said(25), False)):
            found = [
                run for _, t in texts("x.pdf", render_pdf(page.format(title, text))) for run in runs.within(t)
            ]
            assert bool(found) == leaked
    except PdfUnavailable:
        pytest.skip("Pango is not installed")


def test_an_unknown_kind_of_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.exe").write_bytes(b"")
    with pytest.raises(KeyError):
        leaks(tmp_path, [said(60)])


# ---- whole builds ----


def bodies(path: Path) -> list[str]:
    values = report.load(path).model_dump(include=set(report.NAMES))
    return brief.make(report.parameters(values)).query("SELECT text FROM articles")["text"].tolist()


def test_the_real_articles_briefing_shares_excerpts_only(project: Path) -> None:
    path = report.find("article")["article"]
    built = briefing.build("article", path).folder
    assert {p.suffix for p in built.rglob("*.*")} >= {
        ".html",
        ".svg",
        ".xlsx",
        ".csv",
        ".parquet",
        ".bib",
        ".cff",
        ".json",
        ".zip",
    }
    assert leaks(built, bodies(path)) == {}


def test_whole_texts_are_shared_where_the_report_says_so(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(report.find("article")["article"].read_text(encoding="utf-8") + "share: full\n")
    wanted = report.load(path)
    exports.write(
        tmp_path, wanted, brief.make(report.parameters(wanted.model_dump(include=set(report.NAMES))))
    )
    found = {where.partition(":")[0] for where in leaks(tmp_path, bodies(path))}
    assert found >= {"tables/articles.csv", "tables/articles.parquet", "tables.xlsx"}
    (article,) = schema.read(tmp_path / "tables", "articles").to_dict("records")
    assert article["text"] == bodies(path)[0]


def test_shared_tables_cannot_be_measured_again(project: Path, tmp_path: Path) -> None:
    path = report.find("article")["article"]
    wanted = report.load(path)
    opened = brief.make(report.parameters(wanted.model_dump(include=set(report.NAMES))))
    exports.write(tmp_path, wanted, opened)
    given = str(tmp_path / "tables")
    with pytest.raises(report.ReportError, match="shared without its articles' texts; name a folder that"):
        brief.make(report.parameters({"tables": given}))
    (tmp_path / "tables" / "threats.parquet").unlink()
    with pytest.raises(report.ReportError, match="lacks threats as Parquet"):
        brief.make(report.parameters({"tables": given}))
    exports.write(tmp_path, wanted.model_copy(update={"share": "full"}), opened)
    assert brief.make(report.parameters({"tables": given})).number("threats")["n_rows"] > 0
