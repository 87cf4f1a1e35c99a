"""A Dask cluster: real schedulers and worker processes, the same bytes as one core, also where a worker is killed."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from benchmarks import kill
from test_tables import fatal, rows

from analysis import cluster, loading, report, tables
from analysis.cluster import executor
from analysis.reader import readings
from analysis.tables import Store, TablesError

distributed = pytest.importorskip("distributed", reason="needs Dask: pip install -e '.[cluster]'")
TESTS = Path(__file__).parent
DASK = [sys.executable, "-c", "from dask.__main__ import main; main()"]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SHARD", 4)
    monkeypatch.setattr(readings, "_last", {})


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kill.write(tmp_path_factory.mktemp("corpus"), 12)


@pytest.fixture(scope="module")
def whole(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The digests of what one core measures."""
    store = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "SHARD", 4)
        Store(store).load(corpus, workers=1).measure(workers=1)
    return kill.digests(store)


def started(folder: Path, *, workers: int, tls: bool = False) -> Iterator[str]:
    """Start a scheduler and its workers; yield its address; end them."""
    known, protocol = folder / "scheduler.json", "tls" if tls else "tcp"
    settings = {
        **os.environ, "PYTHONPATH": os.pathsep.join([str(report.ROOT), str(TESTS)]),
        "DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD": "spawn", **(secrets(folder) if tls else {}),
    }  # fmt: skip
    address = f"{protocol}://127.0.0.1:0"
    about = {"env": settings, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = ["scheduler", "--host", address, "--no-dashboard", "--scheduler-file", str(known)]
    running = [subprocess.Popen([*DASK, *scheduler], **about)]
    try:
        waited = time.monotonic() + 120
        while not known.exists() or not known.read_text().endswith("}"):
            assert time.monotonic() < waited, "the scheduler did not start"
            assert running[0].poll() is None, "the scheduler ended"
            time.sleep(0.1)
        if workers:
            worker = ["worker", "--scheduler-file", str(known), "--host", f"{protocol}://127.0.0.1", "--nworkers", str(workers)]  # fmt: skip
            running.append(subprocess.Popen([*DASK, *worker, "--nthreads", "1", "--no-dashboard"], **about))
        yield json.loads(known.read_text())["address"]
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(60)


def secrets(folder: Path) -> dict[str, str]:
    """Make a certificate that is its own authority; return the settings of Dask that use it for every role."""
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-keyout", "key.pem", "-out", "cert.pem",
        ],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    prefix, cert, key = "DASK_DISTRIBUTED__COMM__", str(folder / "cert.pem"), str(folder / "key.pem")
    found = {f"{prefix}REQUIRE_ENCRYPTION": "true", f"{prefix}TLS__CA_FILE": cert}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        found |= {f"{prefix}TLS__{role}__CERT": cert, f"{prefix}TLS__{role}__KEY": key}
    return found


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from started(tmp_path_factory.mktemp("dask"), workers=2)


def measured(corpus: Path, store: Path, address: str) -> dict[str, str]:
    found = Store(store).load(corpus, workers=1)
    with executor(address, workers=2) as running:
        found.measure(running)
    return kill.digests(store)


def test_a_scheduler_with_two_workers_gives_the_same_bytes(
    corpus: Path, tmp_path: Path, scheduler: str, whole: dict[str, str]
) -> None:
    assert measured(corpus, tmp_path / "store", scheduler) == whole


def test_a_worker_killed_in_the_middle_changes_nothing(
    corpus: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "store" / "shards").mkdir(parents=True)
    with monkeypatch.context() as patch:
        patch.setattr(tables, "measure", rows)
        Store(tmp_path / "calm").load(corpus, workers=1).measure(workers=1)
    monkeypatch.setattr(tables, "one", fatal)
    found = measured(corpus, tmp_path / "store", scheduler)
    assert (tmp_path / "store" / "shards" / "was killed").exists()
    assert found == kill.digests(tmp_path / "calm")


def test_a_failing_article_is_named(
    corpus: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "one", failing)
    with pytest.raises(TablesError, match=r"1 of \d+ shards failed.*00005.txt, record 1: ValueError"):
        measured(corpus, tmp_path / "store", scheduler)
    assert Store(tmp_path / "store").corpus(corpus).status().missing == 0


def failing(articles: Path, of: Path) -> None:
    """Measure a shard on a worker where one article fails."""

    def fail(article: Mapping[str, object]) -> dict[str, list[dict[str, object]]]:
        if article["title"] == "Title 5":
            raise ValueError("a strange article")
        return {name: [] for name in tables.TABLES}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "measure", fail)
        one(articles, of)


one = tables.one


def test_local_workers_give_the_same_bytes(corpus: Path, tmp_path: Path, whole: dict[str, str]) -> None:
    assert measured(corpus, tmp_path / "store", "local") == whole


@pytest.mark.skipif(
    not shutil.which("openssl"), reason="certificates are made with openssl, which is not installed"
)
def test_tls(corpus: Path, tmp_path: Path, whole: dict[str, str]) -> None:
    import dask

    serving = started(tmp_path, workers=1, tls=True)
    address = next(serving)
    try:
        assert address.startswith("tls://")
        with (
            pytest.raises(TablesError, match=r"no Dask scheduler answers at tls:.*check its certificates"),
            executor(address),
        ):
            pass
        prefix, cert, key = "distributed.comm.tls", str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
        with dask.config.set(
            {f"{prefix}.ca-file": cert, f"{prefix}.client.cert": cert, f"{prefix}.client.key": key}
        ):
            assert measured(corpus, tmp_path / "store", address) == whole
    finally:
        next(serving, None)


# What is missing is said.


def test_without_an_address_there_is_no_executor() -> None:
    with executor() as running:
        assert running is None


def test_without_dask_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(TablesError, match=r"pip install .*\[cluster\]"), executor("local"):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "tcp://:x", "zzz://a:1"])
def test_where_nobody_answers_it_says_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(TablesError, match="no Dask scheduler answers at"), executor(address):
        pass


def test_a_scheduler_without_workers_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    serving = started(tmp_path, workers=0)
    address = next(serving)
    try:
        with pytest.raises(TablesError, match="has no worker; start some: dask worker"), executor(address):
            pass
    finally:
        next(serving, None)


def test_an_error_of_the_disk_is_not_taken_for_a_missing_scheduler(scheduler: str) -> None:
    with pytest.raises(OSError, match="full"), executor(scheduler):
        raise OSError("full")
