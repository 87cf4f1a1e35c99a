"""The command line: the tables' contract, help for everything, plain errors."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis import report, schema
from analysis.cli import app

CONTRACT = {
    "articles": "article_id path date title byline outlet text language sha256_raw",
    "attributions": (
        "article_id start end text source source_start source_end cue cue_start cue_end content content_start content_end "
        "quote_type speaker source_type is_expert is_named role affiliation likelihood likelihood_term"
    ),
    "threats": "article_id start end text category kind actor regions is_negated likelihood",
    "tones": "article_id start end text target target_id tone p_negative p_neutral p_positive sentence_start sentence_end id",
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tables")
    done = CliRunner().invoke(
        app, ["tables", "--corpus", str(report.ROOT / "data" / "corpus"), "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    assert "1 articles read, 0 files rejected" in done.output
    return out


def test_one_file_a_table(tables: Path) -> None:
    assert {p.stem for p in tables.glob("*.parquet")} == set(schema.TABLES)


@pytest.mark.parametrize("name", CONTRACT)
def test_the_columns_of_the_contract(tables: Path, name: str) -> None:
    found = pd.read_parquet(tables / f"{name}.parquet")
    wanted = CONTRACT[name].split()
    assert [c for c in found.columns if c in wanted] == wanted


def test_what_the_text_leaves_out_is_null_and_lists_are_of_equal_length(tables: Path) -> None:
    found = pd.read_parquet(tables / "attributions.parquet")
    assert found.loc[found["source"] == "reports", ["cue", "cue_start"]].isna().all(axis=None)
    lengths = found[["content", "content_start", "content_end"]].map(len)
    assert (lengths.nunique(axis=1) == 1).all()


@pytest.mark.parametrize("command", ["tables", "tone", "report", "codebook", "evaluate"])
def test_every_command_has_help(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert len(done.output) > 200


def test_an_error_is_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["tables", "--corpus", str(tmp_path), "--out", str(tmp_path / "out")])
    assert (done.exit_code, done.output.strip().count("\n")) == (1, 0)
    assert "the folder is empty" in done.output
    assert not (tmp_path / "out").exists()


def test_a_corpus_of_rejected_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "x.txt").write_text("no header", encoding="utf-8")
    done = CliRunner().invoke(
        app, ["tables", "--corpus", str(tmp_path / "c"), "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 1
    assert "rejected x.txt: no date in the first line" in done.output
    assert len(schema.read(tmp_path / "out", "rejected")) == 1
