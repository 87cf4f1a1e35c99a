"""The files beside a briefing: workbook, CSV, Parquet, bibliography, citation, description of the build and archive."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import bibtexparser
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rocrate.rocrate import ROCrate

from analysis import brief, exports, provenance, report, schema
from analysis.exports import bibliography, sheets

HOSTILE = Path(__file__).parent / "fixtures" / "hostile" / "articles.jsonl"
PAYLOADS = [json.loads(line) for line in HOSTILE.read_text(encoding="utf-8").splitlines()]
TITLE = "=1+1 <script>{{7*7}}</script> \\input{x} # : - \"' & ميرا"


def article(number: int, **values: Any) -> dict[str, Any]:
    text = values.get("text", "Mara Voss, an analyst, said that Russia could attack Japan. " * 3)
    usual = {
        "article_id": f"{number:016x}", "path": f"{number}.txt", "record": 1, "date": "2024-05-06", "title": "A title",
        "byline": "Jo Doe", "outlet": "The Post", "url": "", "text": text, "n_words": len(text.split()),
        "words_declared": None, "language": "en", "sha256_raw": hashlib.sha256(str(number).encode()).hexdigest(),
    }  # fmt: skip
    return usual | values


def opened(articles: list[dict[str, Any]], **values: Any) -> tuple[report.Report, brief.Brief]:
    """A briefing of articles, with an attribution, a speaker, a threat, a sentence and a tone of each."""
    evidence: dict[str, list[dict[str, Any]]] = {
        n: [] for n in ("attributions", "speakers", "threats", "sentences", "tones")
    }
    for one in articles:
        title, text = one["title"], one["text"]
        filled: dict[str, Any] = {
            "article_id": one["article_id"], "start": 0, "end": len(text), "text": text, "source": title, "source_start": 0,
            "source_end": 1, "speaker": title, "role": title, "affiliation": title, "actor": title, "target": title,
            "category": "war", "kind": "threat", "regions": ["JP", "KR"], "is_negated": False, "is_expert": True,
            "content": [title, text], "content_start": [0, 0], "content_end": [1, 1], "tone": "neutral", "polarity": -0.5,
            "likelihood": "none", "source_type": "expert", "target_type": "person",
        }  # fmt: skip
        for name, rows in evidence.items():
            row = {c.name: filled.get(c.name) for c in schema.TABLES[name]}
            rows.append(row | ({"id": f"{one['article_id']}-{name[0]}1"} if "id" in row else {}))
    stories = [
        {"article_id": a["article_id"], "story_id": a["article_id"], "n_articles": 1} for a in articles
    ]
    data = {
        n: schema.table(n, rows)
        for n, rows in (("articles", articles), ("stories", stories), *evidence.items())
    }
    wanted = report.Report(corpus="data/x", **values)
    given_ = wanted.model_dump(include=set(report.NAMES))
    return wanted, brief.of(report.parameters(given_), data)


def export(folder: Path, wanted: report.Report, opened: brief.Brief) -> None:
    exports.finish(folder, "x", wanted, opened, exports.write(folder, wanted, opened))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is exported of articles each of whose fields attacks."""
    folder = tmp_path_factory.mktemp("hostile")
    articles = [article(i, **{"path": p["title"], **p}) for i, p in enumerate(PAYLOADS)]
    export(folder, *opened(articles, title=TITLE, description=TITLE, watch_list=[TITLE]))
    return folder


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# ---- all files ----


def test_the_same_tables_give_the_same_bytes(
    hostile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setattr(exports, "BATCH", 7)  # where batches part must show in Parquet's row groups alone
    articles = [article(i, **{"path": p["title"], **p}) for i, p in enumerate(PAYLOADS)]
    export(tmp_path, *opened(articles[::-1], title=TITLE, description=TITLE, watch_list=[TITLE]))
    for path in provenance.files(hostile):
        again = tmp_path / path.relative_to(hostile)
        if path.suffix == ".parquet":
            assert pq.read_table(path).equals(pq.read_table(again))
        elif "json" not in path.name:  # these name the hashes of Parquet
            assert path.read_bytes() == again.read_bytes(), path.name


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        export(tmp_path / folder, *opened([article(i) for i in range(50)]))
    for path in [*provenance.files(tmp_path / "a"), tmp_path / "a" / "x.zip"]:
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes(), (
            path.name
        )


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
def test_tables_are_whole_whatever_the_batch(
    batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "BATCH", batch)
    export(tmp_path, *opened([article(i) for i in range(5)], share="full"))
    for name in schema.TABLES:
        table = schema.read(tmp_path / "tables", name)
        text = pd.read_csv(tmp_path / "tables" / f"{name}.csv", dtype=str, keep_default_na=False)
        assert list(table.columns) == list(text.columns) == [c.name for c in schema.TABLES[name]]
        assert len(table) == len(text)
        if name not in ("rejected", "duplicates", "summary"):
            assert (
                table["article_id"].tolist() == text["article_id"].tolist() == [f"{i:016x}" for i in range(5)]
            )


def test_a_column_reads_as_what_it_was(tmp_path: Path) -> None:
    export(tmp_path, *opened([article(1, outlet="007", title="NA", words_declared=12)]))
    (row,) = csv.DictReader((tmp_path / "tables" / "articles.csv").open(encoding="utf-8", newline=""))
    assert (row["outlet"], row["title"], row["words_declared"], row["text"]) == ("007", "NA", "12", "")
    (row,) = csv.DictReader((tmp_path / "tables" / "threats.csv").open(encoding="utf-8", newline=""))
    assert (json.loads(row["regions"]), row["is_negated"], row["gpr"]) == (["JP", "KR"], "False", "")
    sheet = openpyxl.load_workbook(tmp_path / "tables.xlsx")["articles"]
    values = dict(zip([c.value for c in sheet[1]], [c.value for c in sheet[2]], strict=True))
    assert (values["outlet"], values["title"], values["words_declared"], values["text"]) == (
        "007",
        "NA",
        12,
        None,
    )


# ---- workbook ----


def test_the_workbook_can_be_worked_with(hostile: Path) -> None:
    book = openpyxl.load_workbook(hostile / "tables.xlsx")
    assert book.sheetnames == ["About", "Codebook", *schema.TABLES]
    assert book.properties.created == datetime(2024, 5, 19)
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Title"] == TITLE
    assert "Content hash" in about["How to cite"]
    assert about["Sheet threats"] == f"{len(PAYLOADS)} rows"
    for name, columns in schema.TABLES.items():
        sheet = book[name]
        assert [c.value for c in sheet[1]] == [c.name for c in columns]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(9 <= of.width <= 61 for of in sheet.column_dimensions.values())
    book_of_codes = {(r[0].value, r[1].value): r for r in book["Codebook"].iter_rows(min_row=2)}
    assert len(book_of_codes) == sum(map(len, schema.TABLES.values()))
    assert book_of_codes["threats", "text"][5].value == "clipped to 25 words unless share: full"
    assert book_of_codes["threats", "category"][5].value == "as it is"


def test_nothing_in_the_workbook_is_active(hostile: Path) -> None:
    parts = members(hostile / "tables.xlsx")
    assert not [
        name for name in parts if re.search(r"external|vba|drawing|hyperlink|connection", name, re.IGNORECASE)
    ]
    for name, data in parts.items():
        assert not re.search(rb"<f[ >]|<hyperlink|<oleObject|<ddeLink|TargetMode", data), name
    book = openpyxl.load_workbook(hostile / "tables.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "b"), cell.value
                assert cell.hyperlink is None
                if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                    assert cell.quotePrefix, "a formula once somebody edits the cell"


def test_a_sheet_holds_the_very_text(tmp_path: Path) -> None:
    texts = [p["byline"].strip() for p in PAYLOADS]
    export(tmp_path, *opened([article(i, byline=text) for i, text in enumerate(texts)], share="full"))
    sheet = openpyxl.load_workbook(tmp_path / "tables.xlsx")["articles"]
    column = [c.value for c in sheet[1]].index("byline") + 1
    found = [sheet.cell(i, column).value for i in range(2, len(texts) + 2)]
    assert sorted(text.removesuffix(" ") for text in found) == sorted(texts)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("x" * 32_767, 32_767), ("x" * 32_768, 32_767), ("😀" * 16_383, 16_383), ("😀" * 16_384, 16_383),
        ("x" + "😀" * 20_000, 16_384), ("<r>" + "x" * 40_000 + "</r>", 32_767), ("", 0),
    ],
)  # fmt: skip
def test_a_cell_is_cut_where_a_sheet_would_break(text: str, length: int) -> None:
    cut = sheets._text(text)
    assert len(cut) == length
    assert text.startswith(cut)


def test_what_a_sheet_cannot_hold_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    articles = [article(i, text="word " * 8_000) for i in range(5)]
    export(tmp_path, *opened(articles, share="full"))
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    said = {row[0].value: row[1].value for row in book["About"].iter_rows()}["Sheet articles"]
    assert said == (
        "5 rows; only the first 3 of them are in this workbook; 3 cells cut at 32,767 characters; everything is in tables/articles.parquet"
    )
    assert book["articles"].max_row == 4
    tables = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["tables"]
    assert tables["articles"] == {"rows": 5, "rows_not_in_workbook": 2, "cells_cut_in_workbook": 3}
    assert len(pq.read_table(tmp_path / "tables" / "articles.parquet")) == 5


# ---- CSV ----


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t'=1"), ("\r=1", "'\r'=1"), ("  =1", "'  =1"), ("\tx", "'\tx"), ('x;"=1', "x;'\"=1"),
        ("＝1", "'＝1"), ("a;=1", "a;'=1"), ("a; =1", "a;' =1"), ("a\n=1", "a\n'=1"), ("a=1", "a=1"), ("1-2", "1-2"),
        ("a, -b", "a, -b"), ("'=1", "'=1"), ("", ""), (None, None), (-1.5, -1.5), (True, True), (["=1"], '["=1"]'), ([], "[]"),
    ],
)  # fmt: skip
def test_no_cell_of_csv_is_a_formula(value: Any, wanted: Any) -> None:
    assert exports._cells(pa.chunked_array([[value]])) == [wanted]


@given(
    st.text(alphabet=st.sampled_from("=+-@;,\t\r\n \"'ax1"), max_size=12), st.sampled_from([",", ";", "\t"])
)
def test_no_cell_of_csv_is_a_formula_however_it_is_parted(text: str, parted: str) -> None:
    file = io.StringIO()
    csv.writer(file).writerow(["id", *exports._cells(pa.chunked_array([[text]]))])
    for row in csv.reader(file.getvalue().splitlines(keepends=True), delimiter=parted):
        for cell in row[parted == "," :]:
            assert not re.match(r"\s*[=+\-@]", cell), file.getvalue()


# ---- bibliography ----


def test_every_article_has_an_entry_of_its_own(hostile: Path) -> None:
    text = (hostile / "sources.bib").read_text(encoding="utf-8")
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    assert not library.comments
    assert len({e.key for e in library.entries}) == len(library.entries) == len(PAYLOADS)
    for entry in library.entries:
        assert re.fullmatch(r"[a-z0-9-]+", entry.key)
        assert {e.key for e in entry.fields} <= {
            "author", "title", "journal", "howpublished", "year", "month", "day", "date", "url", "note",
        }  # fmt: skip
        for field in entry.fields:
            assert field.value.count("{") == field.value.count("}")
    assert not re.search(r"\\(input|write|end|begin|include|immediate|openout|csname|def)", text)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({}, "@article{the-post-2024-0000000000000001,\n  author = {{Jo Doe}},\n  title = {{A title}},\n  journal = {{The Post}},\n"),
        ({"outlet": ""}, "@misc{jo-doe-2024-0000000000000001,\n  author = {{Jo Doe}},\n  title = {{A title}},\n  howpublished"),
        ({"outlet": "", "byline": ""}, "@misc{2024-0000000000000001,\n  title = {{A title}},\n"),
        ({"outlet": "Ñandú Süd"}, "@article{nandu-sud-2024-"),
        ({"title": "100% of #1 & $5_x {"}, r"{{100\% of \#1 \& \$5\_x {\textbraceleft}}}"),
        ({"title": "ميرا"}, "{{ميرا}}"),
        ({"byline": "A and B"}, "author = {{A and B}}"),
        ({"url": "https://x.org/a?b=c_d"}, "  url = {https://x.org/a?b=c_d},\n"),
        ({"url": "https://x.org/a b{}\"<\\é"}, "  url = {https://x.org/a%20b%7B%7D%22%3C%5C%C3%A9},\n"),
    ],
)  # fmt: skip
def test_an_entry(values: dict[str, str], wanted: str) -> None:
    assert wanted in bibliography.entry(article(1, **values), "")


@pytest.mark.parametrize(
    "url",
    ["", "javascript:x", "data:text/html,x", "file:///x", "//x.org", " https://x.org", "https://", "=1"],
)
def test_what_is_no_address_of_the_web_is_no_link(url: str) -> None:
    assert bibliography.address(url) == ""
    assert "url" not in bibliography.entry(article(1, url=url), "")


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_makes_an_entry(title: str, outlet: str) -> None:
    library = bibtexparser.parse_string(bibliography.entry(article(1, title=title, outlet=outlet), ""))
    assert not library.failed_blocks
    assert len(library.entries) == 1


# ---- citation, manifest, crate, archive ----


def test_the_citation_file_is_plain_yaml(hostile: Path) -> None:
    cited = yaml.safe_load((hostile / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert cited["title"] == cited["abstract"] == TITLE
    assert cited["date-released"] == "2024-05-19"
    assert cited["authors"][0]["name"].startswith("regional-threat-briefing ")
    assert cited["identifiers"][0]["value"].startswith("sha256:")
    assert cited["message"].startswith(TITLE)


@pytest.mark.parametrize(
    "title",
    ["2024", "yes", "a: b", "- x", "!!python/name:os.system", "&a *a", "x\n---\ny", "'\"", "ميرا", "x" * 300],
)
def test_a_title_is_a_text_in_yaml(title: str) -> None:
    wanted, of = opened([article(1)], title=title)
    assert yaml.safe_load(provenance.citation_file(wanted, of))["title"] == title


def test_the_manifest_names_every_file(hostile: Path) -> None:
    manifest = json.loads((hostile / "manifest.json").read_text(encoding="utf-8"))
    files = {p.relative_to(hostile).as_posix() for p in hostile.rglob("*") if p.is_file()}
    assert {o["path"] for o in manifest["outputs"]} == files - {"manifest.json", "x.zip"}
    for output in manifest["outputs"]:
        assert hashlib.sha256((hostile / output["path"]).read_bytes()).hexdigest() == output["sha256"]
    assert [i["path"] for i in manifest["inputs"]] == [p["title"] for p in PAYLOADS]
    assert manifest["versions"].keys() >= {"regional-threat-briefing", "python", "duckdb", "xlsxwriter"}


def test_the_crate_describes_the_build(hostile: Path) -> None:
    text = (hostile / "ro-crate-metadata.json").read_text(encoding="utf-8")
    graph = {e["@id"]: e for e in json.loads(text)["@graph"]}
    assert len(graph) == len(json.loads(text)["@graph"])
    action, root = graph["#build"], graph["./"]
    results = {one["@id"] for one in action["result"]}
    files = {p.relative_to(hostile).as_posix() for p in hostile.rglob("*") if p.is_file()}
    assert results == files - {"manifest.json", "ro-crate-metadata.json", "x.zip"}
    assert {one["@id"] for one in root["hasPart"]} == results
    for name in results:
        assert graph[name]["sha256"] == hashlib.sha256((hostile / name).read_bytes()).hexdigest()
    used = [graph[one["@id"]] for one in action["object"]]
    assert sum("sha256" in one for one in used) == len(PAYLOADS)
    assert {one["name"] for one in used if one["@type"] == "PropertyValue"} >= {
        "regions",
        "share",
        "watch_list",
    }
    assert graph[action["instrument"]["@id"]]["softwareVersion"]
    referred = {
        m for m in re.findall(r'"@id": "([^"]+)"', text) if not m.startswith("https://w3id.org/ro/crate/")
    }
    assert referred == graph.keys()
    assert root["datePublished"] == "2024-05-19"
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", text), "a random id"
    assert {e.id for e in ROCrate(hostile).get_entities()} == graph.keys()


def test_many_inputs_are_left_to_the_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "INPUTS_LISTED", 2)
    wanted, of = opened([article(i) for i in range(3)])
    graph = json.loads(provenance.crate(tmp_path, wanted, of))["@graph"]
    assert not [e for e in graph if e["@id"].startswith("#sha256-")]
    (corpus,) = [e for e in graph if e["@id"] == "#corpus"]
    assert corpus["description"].startswith("3 files of the corpus")


def test_a_file_with_many_records_is_one_input() -> None:
    same = {"path": "all.csv", "sha256_raw": "ab" * 32}
    _, of = opened([article(i, **same, record=i) for i in range(3)])
    assert provenance.inputs(of) == [("all.csv", "ab" * 32)]


def test_the_archive_holds_all_but_itself_and_hidden_files(hostile: Path) -> None:
    (hostile / ".built").write_text("x")
    path = exports.pack(hostile, "x")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        infos = archive.infolist()
    names = [info.filename for info in infos]
    assert names == sorted(names)
    assert set(names) == {f"x/{p.relative_to(hostile).as_posix()}" for p in provenance.files(hostile)}
    assert {(i.date_time, i.external_attr >> 16, i.create_system) for i in infos} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, 3)
    }
    assert members(path)["x/manifest.json"] == (hostile / "manifest.json").read_bytes()


@pytest.mark.parametrize(
    ("n", "wanted"),
    [
        (
            1,
            "T (2024). Regional threat briefing on 1 article up to 2024-05-06, made with regional-threat-briefing",
        ),
        (2, "T (2024). Regional threat briefing on 2 articles up to 2024-05-06, made with"),
    ],
)
def test_how_to_cite(n: int, wanted: str) -> None:
    assert provenance.citation(*opened([article(i) for i in range(n)], title="T")).startswith(wanted)
