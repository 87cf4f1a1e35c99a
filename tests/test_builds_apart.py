"""What befalls a build: two at once, a kernel that dies, nonsense among the parameters."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from analysis import brief, briefing, drafts, kernels, report, tables


@pytest.fixture(params=["program", "fork"])
def started(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel is a program, or a fork where the system bears it: nobody who builds a briefing should see which."""
    monkeypatch.setattr(kernels, "METHOD", "spawn")
    if request.param == "fork":
        kernels.load()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(briefing, "BUILD", tmp_path / "build")
    monkeypatch.setattr(briefing, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(brief, "STORE", tables.Store(tmp_path / "build" / ".tables"))
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def notebook(place: Path, *cells: str) -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.cells[0].metadata["tags"] = ["parameters"]
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, place / "notebooks" / "briefing.ipynb")


HOLDER = "import sys, time; from pathlib import Path; from analysis import drafts\nwith drafts.alone(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


def test_two_people_do_not_build_one_briefing_at_once(place: Path) -> None:
    lock = place / "build" / ".locks" / "article"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(
            briefing.BuildError, match=f"is being built by another process \\(number {other.pid}\\): wait"
        ):
            briefing.build("article", report.find("article")["article"])
        with drafts.alone(lock.with_name("another")):
            pass  # another briefing may be built meanwhile
        other.communicate("")
    with drafts.alone(lock):
        assert lock.read_text() == str(os.getpid())


@pytest.mark.usefixtures("started")
def test_a_kernel_that_dies_is_named_with_its_cell_and_what_it_did_is_kept(place: Path) -> None:
    notebook(place, "corpus = ''", "print('before')", "import os; os._exit(1)")
    with pytest.raises(briefing.BuildError, match=r"briefing\.ipynb, cell 3: the kernel died") as raised:
        briefing.run("briefing", {"corpus": "x"}, place, lambda line: None)
    kept = nbformat.read(place / "build" / "failed" / "briefing.ipynb", as_version=4)
    assert any("before" in out.get("text", "") for cell in kept.cells for out in cell.get("outputs", []))
    assert str(place / "build" / "failed" / "briefing.ipynb") in str(raised.value)


@pytest.mark.usefixtures("started")
def test_a_cell_that_fails_has_the_number_that_it_has_in_the_notebook(place: Path) -> None:
    notebook(place, "corpus = ''", "1 / 0")
    with pytest.raises(briefing.BuildError, match=r"briefing\.ipynb, cell 2: ZeroDivisionError"):
        briefing.run("briefing", {"corpus": "x"}, place, lambda line: None)


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are programs there")
def test_a_forked_kernel_is_apart_from_the_build(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "METHOD", "spawn")
    kernels.load()
    notebook(
        place,
        "corpus = ''",
        "import os, sys; print(os.getsid(0) == os.getpid(), 'pandas' in sys.modules, corpus, os.getcwd())",
    )
    done = briefing.run("briefing", {"corpus": "x"}, place, lambda line: None)
    assert done.cells[-1].outputs[0].text == f"True True x {place / 'notebooks'}\n"


def test_a_parameter_that_the_notebook_lacks_stops_before_it_runs(place: Path) -> None:
    notebook(place, "corpus = ''", "raise SystemError")
    with pytest.raises(
        report.ReportError, match=r"briefing\.ipynb: no parameter regionz; the notebook knows: corpus"
    ):
        briefing.run("briefing", {"corpus": "x", "regionz": []}, place, lambda line: None)


NONSENSE = [
    ("corpus = 7", "corpus: must be a text"), ('regions = "JP"', "regions: must be a list of texts"), ('period_from = "soon"', "YYYY-MM-DD"),
    ('period_from = "2024-02-01"\nperiod_to = "2024-01-01"', "lies after"), ('language = "xx"', "one of en, de, fr"), ("watch_list = [1]", "watch_list"),
]  # fmt: skip


@pytest.mark.parametrize(("edited", "message"), NONSENSE)
def test_a_parameter_edited_to_nonsense_is_named(edited: str, message: str) -> None:
    namespace: dict[str, object] = {}
    exec(edited, namespace)
    with pytest.raises(report.ReportError, match="the parameters cell") as raised:
        report.from_namespace(namespace)
    assert message in str(raised.value)
