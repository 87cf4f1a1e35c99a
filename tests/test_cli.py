"""The command line: the tables' contract, help for everything, plain errors."""

import errno
import json
import signal
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from benchmarks import kill
from typer.testing import CliRunner

from analysis import report, schema
from analysis import tables as reading
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
        app,
        [
            "tables",
            "--corpus",
            str(report.ROOT / "data" / "corpus"),
            "--out",
            str(out),
            "--store",
            str(out / "store"),
        ],
    )
    assert done.exit_code == 0, done.output
    assert "1 articles + 0 rejected + 0 duplicates = 1 announced" in done.output
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


@pytest.mark.parametrize(
    "command",
    ["load", "tables", "status", "tone", "report", "codebook", "code-sheet", "score-sheet", "evaluate"],
)
def test_every_command_has_help(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert len(done.output) > 200


GOOD = "date 2024-05-06 {n}\n\nText {n}.\n"
ALL = ("load", "tables", "status")


class Run(NamedTuple):
    code: int
    out: str
    err: str


class Folder(NamedTuple):
    """A folder with a corpus, a store and tables."""

    path: Path

    def write(self, name: str, text: str) -> None:
        (self.path / "corpus").mkdir(exist_ok=True)
        (self.path / "corpus" / name).write_text(text, encoding="utf-8")

    def run(self, command: str, *more: str) -> Run:
        out = ["--out", str(self.path / "out")] if command == "tables" else []
        given = [
            command,
            "--corpus",
            str(self.path / "corpus"),
            "--store",
            str(self.path / "store"),
            *out,
            *more,
        ]
        done = CliRunner().invoke(app, given)
        return Run(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two articles, one of them twice, and a file that cannot be read."""
    found = Folder(tmp_path)
    for name, n in (("a", 1), ("b", 2), ("c", 2)):
        found.write(f"{name}.txt", GOOD.format(n=n))
    found.write("x.txt", "no header")
    return found


def test_load_tells_what_is_there_and_what_is_not(folder: Folder) -> None:
    code, out, err = folder.run("load")
    assert code == 0
    assert out == "2 articles + 1 rejected + 1 duplicates = 4 announced\n"
    assert "rejected x.txt: no date in the first line" in err
    assert folder.run("load", "--strict").code == 3
    (folder.path / "corpus" / "x.txt").unlink()
    assert folder.run("load", "--strict").code == 0


def test_what_machines_read(folder: Folder) -> None:
    code, out, _ = folder.run("status", "--json")
    assert (code, json.loads(out)) == (3, {"is_loaded": False})
    code, out, err = folder.run("load", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert [found[n] for n in ("announced", "articles", "rejected", "duplicates", "remarks")] == [
        4,
        2,
        1,
        1,
        [],
    ]
    (lost,) = found["reasons"]
    assert (lost["path"], bool(lost["remedy"])) == ("x.txt", True)
    code, out, _ = folder.run("status", "--json")
    found = json.loads(out)
    assert (code, found["done"], found["missing"], found["articles"]) == (3, 0, 1, 2)
    code, out, _ = folder.run("tables", "--json")
    assert (code, json.loads(out)["tables"]) == (0, str(folder.path / "out"))
    code, out, _ = folder.run("status", "--json")
    found = json.loads(out)
    assert (code, found["done"], found["stale"], found["failed"], found["missing"]) == (0, 1, 0, 0, 0)


def test_status_tells_how_far_it_is(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folder.run("status")[:2] == (3, "not loaded as it is now: run tables\n")

    def fail(article: object) -> None:
        raise ValueError("a strange article")

    with monkeypatch.context() as patch:
        patch.setattr(reading, "measure", fail)
        code, _, err = folder.run("tables")
    assert code == 1
    assert "a.txt, record 1: ValueError: a strange article" in err
    assert not (folder.path / "out").exists()
    code, out, err = folder.run("status")
    assert (code, out) == (3, "0 of 1 shards done, 0 stale, 1 failed, 0 missing\n")
    assert "failed a.txt, record 1: ValueError: a strange article" in err
    assert folder.run("tables").code == 0
    assert folder.run("status")[:2] == (0, "1 of 1 shards done, 0 stale, 0 failed, 0 missing\n")
    folder.write("d.txt", GOOD.format(n=3))
    assert folder.run("status").code == 3


@pytest.mark.parametrize("command", ALL)
def test_an_error_is_one_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "corpus").mkdir()
    code, out, err = Folder(tmp_path).run(command)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "the folder is empty" in err
    assert not (tmp_path / "out").exists()


WRONG = [
    (["--column", "headline=H"], "--column, --date-order"),
    (["--date-order", "XYZ"], "--column, --date-order"),
]


@pytest.mark.parametrize(("more", "said"), WRONG)
@pytest.mark.parametrize("command", ALL)
def test_a_wrong_option_is_named(folder: Folder, command: str, more: list[str], said: str) -> None:
    code, _, err = folder.run(command, *more)
    assert code == 1
    assert said in err


FAULTS = [
    (OSError(errno.ENOSPC, "No space left on device"), 1, "error: the disk is full; make space"),
    (KeyboardInterrupt(), 130, "interrupted"),
    (BrokenProcessPool(), 1, "error: a process died"),
]


@pytest.mark.parametrize(("fault", "code", "said"), FAULTS, ids=[f[2] for f in FAULTS])
@pytest.mark.parametrize(
    ("command", "name"), [("load", "loading.load"), ("tables", "loading.load"), ("tables", "cores.each")]
)
def test_after_a_fault_it_says_how_to_go_on(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, command: str, name: str, fault: BaseException, code: int, said: str
) -> None:  # fmt: skip
    if name == "cores.each":
        folder.run("load")

    def fail(*_: object, **__: object) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(f"analysis.{name}", fail)
        done = folder.run(command)
    assert done.code == code
    assert said in done.err
    assert "what is done is kept: run the same command again to go on" in done.err
    assert "Traceback" not in done.err


def test_ctrl_c_ends_it_soon_and_it_goes_on(tmp_path: Path) -> None:
    corpus = kill.write(tmp_path / "corpus", 40)
    process = kill.start(corpus, tmp_path, workers=2)
    kill.begun(process, tmp_path)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=120)[0].decode()
    assert process.returncode == 130, said
    assert "interrupted; what is done is kept: run the same command again to go on" in said
    assert "Traceback" not in said


def test_a_cluster_that_is_not_there_is_one_line(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, err = folder.run("tables", "--scheduler", "local")
    assert code == 1
    assert "error: a cluster needs Dask" in err


def test_a_corpus_of_rejected_files_is_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("x.txt", "no header")
    for command in ("load", "tables"):
        code, out, err = folder.run(command)
        assert code == 1
        assert "0 articles + 1 rejected + 0 duplicates = 1 announced" in out
        assert "rejected x.txt: no date in the first line" in err
    assert len(schema.read(tmp_path / "out", "rejected")) == 1
