"""Tables: each shard is measured once, whatever happens; the same bytes from one core and two, disturbed and undisturbed."""

import errno
import os
import random
import shutil
import signal
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from benchmarks import kill
from test_architecture import imported
from typer.testing import CliRunner

from analysis import drafts, lexicons, loading, measure, schema, summary, tables
from analysis.cli import app
from analysis.reader import encoder, readings
from analysis.tables import Store, TablesError

N = 12
Count = Callable[[], int]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards of four articles, and processes for any number of them, as in ``benchmarks.kill``; nothing read before is known."""
    for module, name, value in (
        (loading, "SHARD", 4),
        (loading, "BATCH", 8),
        (loading, "MANY", 2),
        (tables, "MANY", 1),
        (readings, "_last", {}),
    ):
        monkeypatch.setattr(module, name, value)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return kill.write(tmp_path / "corpus", N)


def rows(article: Mapping[str, object]) -> measure.Rows:
    """Return one sentence, as a measure that costs nothing."""
    found: measure.Rows = {name: [] for name in tables.TABLES}
    one = {"article_id": article["article_id"], "start": 0, "end": 1, "text": str(article["text"])[:1], "id": f"{article['article_id']}s1"}  # fmt: skip
    found["sentences"] = [{**one, "polarity": 0.0, "subjectivity": 0.0}]
    return found


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Count:
    """Measure with ``rows``; the function tells how many articles were since it was called last."""
    seen: list[object] = []

    def count(article: Mapping[str, object]) -> measure.Rows:
        seen.append(article["article_id"])
        return rows(article)

    def since() -> int:
        n = len(seen)
        seen.clear()
        return n

    monkeypatch.setattr(tables, "measure", count)
    return since


def run(corpus: Path, store: Path, workers: int = 1) -> tables.Corpus:
    found = Store(store).load(corpus, workers=workers)
    found.measure(workers=workers)
    return found


# What is done is not done again.


def test_a_second_run_does_nothing(corpus: Path, tmp_path: Path, counted: Count) -> None:
    run(corpus, tmp_path / "store")
    assert counted() == N
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "store").rglob("*") if p.is_file()}
    again = run(corpus, tmp_path / "store")
    assert again.status() == (len(again.shards), 0, 0, 0, [])
    assert counted() == 0
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "store").rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("n", range(6))
def test_one_article_more_measures_that_one(corpus: Path, tmp_path: Path, counted: Count, n: int) -> None:
    before = run(corpus, tmp_path / "store")
    counted()
    kill.write(corpus, 1, first=N + n)
    found = run(corpus, tmp_path / "store")
    is_cut = len(found.shards) > len(before.shards)  # then its second half begins with another article
    assert 1 <= counted() <= (loading.SHARD if is_cut else 1)
    anew = run(corpus, tmp_path / "other")
    assert contents(found) == contents(anew)
    kill.write(
        corpus, 1, first=N + n + 1
    )  # the shards as they were lend rows twice over, and each row comes once
    assert contents(run(corpus, tmp_path / "store")) == contents(run(corpus, tmp_path / "third"))


def test_the_shards_as_they_were_lend_each_row_once(tmp_path: Path, counted: Count) -> None:
    for n in range(1, loading.SHARD + 1):
        corpus = kill.write(tmp_path / "corpus", n)
        assert contents(run(corpus, tmp_path / "store")) == contents(run(corpus, tmp_path / str(n)))


def contents(of: tables.Corpus) -> dict[tuple[str, str], bytes]:
    """Return the bytes of all that was measured of a corpus."""
    return {
        (shard.stem, name): (of.measured(shard) / f"{name}.parquet").read_bytes()
        for shard in of.shards
        for name in tables.TABLES
    }


def test_another_name_of_a_file_measures_nothing(corpus: Path, tmp_path: Path, counted: Count) -> None:
    run(corpus, tmp_path / "store")
    counted()
    (corpus / "00000.txt").rename(corpus / "other.txt")
    found = run(corpus, tmp_path / "store")
    assert counted() == 0
    assert "other.txt" in set(found.read("articles")["path"])


def test_another_version_makes_shards_stale(
    corpus: Path, tmp_path: Path, counted: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Store(tmp_path / "store").load(corpus, workers=1)
    n = len(found.shards)
    assert found.status() == (0, 0, 0, n, [])
    found.measure(workers=1)
    assert found.status() == (n, 0, 0, 0, [])
    monkeypatch.setattr(tables, "version", lambda: "another")
    assert found.status() == (0, n, 0, 0, [])
    with pytest.raises(TablesError, match=f"{n} of {n} shards are not measured"):
        found.read("sentences")
    counted()
    found.measure(workers=1)
    assert counted() == N
    assert found.status() == (n, 0, 0, 0, [])


def test_what_no_corpus_needs_is_removed(
    corpus: Path, tmp_path: Path, counted: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "store")
    run(corpus, store.folder)
    kill.write(corpus, 1, first=N)
    with monkeypatch.context() as patch:
        patch.setattr(tables, "version", lambda: "an-earlier-one")
        run(corpus, store.folder)
    run(corpus, store.folder)
    (store.folder / "readings" / "an-earlier-one").mkdir(parents=True)
    (store.folder / "readings" / "an-earlier-one" / "abc.parquet").write_bytes(b"x" * 1000)
    (store.folder / "summaries").mkdir()
    (store.folder / "summaries" / "abc").write_bytes(b"x" * 1000)
    counted()
    found = store.corpus(corpus)
    before = sum(file.stat().st_size for file in store.folder.rglob("*") if file.is_file())
    size = store.prune([found])
    assert before - size == sum(file.stat().st_size for file in store.folder.rglob("*") if file.is_file())
    assert size > 2000
    assert not list((store.folder / "readings").iterdir())
    assert [path.name for path in (store.folder / "corpora").iterdir()] == [found.folder.name]
    assert [path.name for path in (store.folder / "shards").iterdir()] == [measure.version()]
    run(corpus, store.folder)
    assert counted() == 0, "what the corpus needs was kept"
    assert store.prune([found]) == 0


def test_the_version_changes_with_a_lexicon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(lexicons.FOLDER, tmp_path / "lexicons")
    monkeypatch.setattr(lexicons, "FOLDER", tmp_path / "lexicons")
    before = measure.version.__wrapped__()
    with (tmp_path / "lexicons" / "threats.csv").open("a") as file:
        file.write("\n")
    assert measure.version.__wrapped__() != before


@pytest.mark.parametrize(("most", "n"), [(16, 0), (2, N)], ids=["small", "large"])
def test_another_lexicon_asks_the_encoder_nothing(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, n: int
) -> None:
    monkeypatch.setattr(tables, "SMALL", most)
    shutil.copytree(lexicons.FOLDER, tmp_path / "lexicons")
    before = run(corpus, tmp_path / "store")
    kept = {path.stem for path in (tmp_path / "store").glob(f"readings/{measure.reading_version()}/*")}
    assert kept == (set() if n else {path.stem for path in before.shards})
    first = before.read("attributions")
    with monkeypatch.context() as patch:
        patch.setattr(lexicons, "FOLDER", tmp_path / "lexicons")
        with (tmp_path / "lexicons" / "threats.csv").open("a") as file:
            file.write("\n")
        for place in (tables, measure):
            patch.setattr(place, "version", measure.version.__wrapped__)
        readings._last.clear()
        asked: list[str] = []
        score = encoder.score
        patch.setattr(encoder, "score", lambda text: asked.append(text) or score(text))
        found = run(corpus, tmp_path / "store")
        assert len(asked) == n
        assert found.read("attributions").equals(first)
        assert found.store.prune([found]) > 0
        assert kept == {path.stem for path in (tmp_path / "store").glob("readings/*/*")}, (
            "they are still good"
        )


SAME = [("a.txt", {}, "", True), ("b.txt", {}, "", False), ("a.txt", {"title": "H"}, "", False), ("a.txt", {}, "DMY", False)]  # fmt: skip


@pytest.mark.parametrize(("name", "columns", "order", "is_same"), SAME)
def test_what_a_loaded_corpus_rests_on(
    tmp_path: Path, name: str, columns: dict[str, str], order: str, is_same: bool
) -> None:
    for folder, file in (("one", "a.txt"), ("two", name)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).write_text("x")
    first = tables.fingerprint(tmp_path / "one", tables.Settings())
    assert (tables.fingerprint(tmp_path / "two", tables.Settings(columns, order)) == first) is is_same


def test_corrected_stories_are_another_corpus(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables.stories, "OVERRIDES", tmp_path)
    first = Store(tmp_path / "store").load(corpus, workers=1)
    a, b = first.read("articles")["article_id"][:2]
    assert first.read("stories").set_index("article_id").loc[[a, b], "story_id"].nunique() == 1
    (tmp_path / "stories.csv").write_text(
        f"article_id,action,with_article_id,source,date_added,note\n{a},split,,me,2024-01-01,x\n"
    )
    second = Store(tmp_path / "store").load(corpus, workers=1)
    assert second.read("stories").set_index("article_id").loc[[a, b], "story_id"].nunique() == 2


# The same bytes.


def test_one_core_and_two_write_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    for workers in (1, 2):
        found = run(corpus, tmp_path / f"{workers}" / "store", workers)
        for name in (n for n in schema.TABLES if n != "summary"):
            found.write(name, tmp_path / f"{workers}" / "out" / f"{name}.parquet")
    one, two = kill.digests(tmp_path / "1"), kill.digests(tmp_path / "2")
    assert one == two
    assert len(one) > 30
    assert len(found.read("attributions")) > 0


def test_tables_are_in_the_order_of_their_articles(corpus: Path, tmp_path: Path, counted: Count) -> None:
    found = run(corpus, tmp_path / "store")
    articles = found.read("articles")
    keys = list(articles[["date", "path", "record"]].itertuples(index=False))
    assert keys == sorted(keys)
    for name in ("sentences", "stories"):
        assert list(found.read(name)["article_id"]) == list(articles["article_id"])
    for name in (n for n in schema.TABLES if n != "summary"):
        out = tmp_path / f"{name}.parquet"
        found.write(name, out)
        assert pq.read_schema(out) == schema.arrow_schema(name)
        pd.testing.assert_frame_equal(schema.read(tmp_path, name), found.read(name))
    assert list(found.read("articles", ["title"]).columns) == ["title"]
    assert list(found.read("sentences", ["id", "polarity"]).columns) == ["id", "polarity"]


def test_a_corpus_without_articles_has_tables(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "x.pdf").write_bytes(b"%PDF")
    found = run(tmp_path / "corpus", tmp_path / "store")
    for name in (n for n in schema.TABLES if n != "summary"):
        assert len(found.read(name)) == (name == "rejected")
    with found.connect(*summary.TABLES) as connection:
        assert len(summary.numbers(connection)) > 0


# Faults.


def test_a_failing_article_is_named_and_the_others_are_done(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(article: Mapping[str, object]) -> measure.Rows:
        if article["title"] == "Title 5":
            raise ValueError("a strange article")
        return rows(article)

    monkeypatch.setattr(tables, "measure", fail)
    with pytest.raises(
        TablesError, match=r"1 of \d+ shards failed.*00005.txt, record 1: ValueError: a strange"
    ) as error:
        run(corpus, tmp_path / "store")
    assert ".failed" in str(error.value)
    found = Store(tmp_path / "store").corpus(corpus)
    status = found.status()
    assert (status.done, status.failed, status.missing) == (len(found.shards) - 1, 1, 0)
    assert [one["path"] for one in status.failures] == ["00005.txt"]
    assert "in fail" in status.failures[0]["trace"]
    monkeypatch.setattr(tables, "measure", rows)
    found.measure(workers=1)
    assert found.status() == (len(found.shards), 0, 0, 0, [])
    assert len(found.read("sentences")) == N


def fatal(articles: Path, of: Path) -> None:
    """Measure a shard, but end the first process that has done one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "measure", rows)
        patch.setattr(readings, "_last", {})  # a worker of a cluster may have read the articles before
        one(articles, of)
    try:
        (of.parent / "was killed").open("x").close()
    except FileExistsError:
        time.sleep(0.2)
        return
    os.kill(os.getpid(), signal.SIGKILL)


one = tables.one


def deadly(articles: Path, of: Path) -> None:
    """Measure a shard; its process dies at the article 7."""

    def die(article: Any) -> Any:
        if article["path"] == "00007.txt":
            os.kill(os.getpid(), signal.SIGKILL)
        return rows(article)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "measure", die)
        one(articles, of)


def test_the_article_at_which_a_process_died_is_named(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: Count
) -> None:
    found = Store(tmp_path / "store").load(corpus, workers=1)
    with monkeypatch.context() as patch:
        patch.setattr(tables, "one", deadly)
        with pytest.raises(
            TablesError, match=r"a process died.*while it measured one of .*00007\.txt, record 1"
        ):
            found.measure(workers=2)
    found.measure(workers=1)
    assert found.status().done == len(found.shards)
    assert not list((tmp_path / "store" / "shards").rglob("*.at"))


def test_a_killed_process_leaves_what_is_done(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: Count
) -> None:
    found = Store(tmp_path / "store").load(corpus, workers=1)
    (tmp_path / "store" / "shards").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(tables, "one", fatal)
        with pytest.raises(TablesError, match=r"a process died.*run the same command again"):
            found.measure(workers=2)
    assert 0 < found.status().done < len(found.shards)
    found.measure(workers=1)
    assert 0 < counted() < N
    assert len(found.read("sentences")) == N


def test_killed_at_any_moment_it_goes_on(corpus: Path, tmp_path: Path) -> None:
    def resume(work: Path) -> dict[str, str]:
        arguments = ["tables", "--corpus", str(corpus), "--workers", "1"]
        done = CliRunner().invoke(
            app, [*arguments, "--store", str(work / "store"), "--out", str(work / "out")]
        )
        assert done.exit_code == 0, done.output
        return kill.digests(work)

    began = time.monotonic()
    whole = resume(tmp_path / "whole")
    seconds = time.monotonic() - began
    chance = random.Random(7)
    for i, workers in enumerate((1, 1, 2)):
        work = tmp_path / str(i)
        kill.kill(corpus, work, chance.uniform(0, seconds), workers)
        assert resume(work) == whole
        for folder in (work / "store").rglob(drafts.FOLDER):
            assert [p.name for p in folder.iterdir()] == ["lock"], "what the killed run left is swept"


FULL = [
    (schema, "write_atomically", 0, "a small table of the corpus"),
    (pq.ParquetWriter, "write_table", 0, "articles as they are read"),
    (schema, "write_atomically", 6, "a table of a shard"),
]


@pytest.mark.parametrize(("owner", "name", "after", "why"), FULL, ids=[f[3] for f in FULL])
def test_a_full_disk_is_said_and_what_is_done_is_kept(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: Count, owner: object, name: str, after: int, why: str
) -> None:  # fmt: skip
    whole = run(corpus, tmp_path / "whole")
    real, calls = getattr(owner, name), []

    def write(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) > after:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, write)
        with pytest.raises(TablesError, match=r"the disk is full; make space; .* run the same command again"):
            run(corpus, tmp_path / "store")
    counted()
    run(corpus, tmp_path / "store")
    assert kill.digests(tmp_path / "store") == kill.digests(whole.store.folder), why


def test_two_runs_at_the_same_time_do_no_harm(corpus: Path, tmp_path: Path, counted: Count) -> None:
    whole = run(corpus, tmp_path / "whole")
    with ThreadPoolExecutor(3) as executor:
        found = list(executor.map(lambda _: run(corpus, tmp_path / "store"), range(3)))
    assert kill.digests(tmp_path / "store") == kill.digests(whole.store.folder)
    assert len((tmp_path / "store" / "ingest.jsonl").read_text().splitlines()) == N
    assert {len(one.read("sentences")) for one in found} == {N}


def test_the_pass_needs_no_network(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    assert len(run(corpus, tmp_path / "store", workers=1).read("sentences")) > N


def test_a_worker_of_another_version_measures_nothing(corpus: Path, tmp_path: Path) -> None:
    found = Store(tmp_path / "store").load(corpus, workers=1)
    with pytest.raises(TablesError, match="a worker has others"):
        tables.one(found.shards[0], tmp_path / "other")
    with pytest.raises(TablesError, match=r"does not see .*give a --store"):
        tables.one(tmp_path / "none.parquet", tmp_path / tables.version())


def test_articles_in_another_language_are_not_measured(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: Count
) -> None:
    monkeypatch.setattr(loading.language, "identify", lambda text: "fr" if "report 3" in text else "en")
    assert len(run(corpus, tmp_path / "store").read("sentences")) == N - 1
    assert counted() == N - 1


RESTS_ON = [
    ("measure", {"corpus", "cores"}, measure._CODE),
    (
        "reader",
        {"corpus", "cores", "lexicons", "places"},
        measure._READ,
    ),  # of which only its training makes use
]


@pytest.mark.parametrize(("module", "less", "named"), RESTS_ON)
def test_a_version_rests_on_every_module_that_is_imported(
    module: str, less: set[str], named: tuple[str, ...]
) -> None:
    folder = Path(measure.__file__).parent
    wanted, seen = {module}, set[str]()
    while wanted - seen:
        name = min(wanted - seen)
        seen.add(name)
        wanted |= imported(name)
    assert seen - less == set(named)
    assert all((folder / f"{name}.py").exists() or (folder / name).is_dir() for name in named)


def test_every_file_has_the_types_of_the_schema(corpus: Path, tmp_path: Path, counted: Count) -> None:
    found = run(corpus, tmp_path / "store")
    for name in tables.TABLES:
        for path in found.files(name):
            assert pq.read_schema(path) == schema.arrow_schema(name)
