"""The rules for notebooks: source without outputs, question and answer, parameters that survive, and that they run alone."""

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

from analysis import report

FOLDER = report.ROOT / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
NAMES = [path.stem for path in PATHS]


@pytest.fixture(params=PATHS, ids=NAMES)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def test_the_five_notebooks_are_there() -> None:
    assert {"01-corpus", "02-experts", "03-tone", "04-threats", "briefing"} <= set(NAMES)


def test_it_is_valid_and_without_outputs(notebook: nbformat.NotebookNode) -> None:
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_it_begins_with_title_parameters_imports(notebook: nbformat.NotebookNode) -> None:
    first, second, third = notebook.cells[:3]
    assert first.cell_type == "markdown"
    assert second.metadata.tags == ["parameters"]
    assert third.source.startswith("from analysis import ")


def test_a_cell_is_short_and_defines_nothing(notebook: nbformat.NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source)
            assert not any(isinstance(node, (ast.FunctionDef, ast.ClassDef)) for node in ast.walk(tree))
            if "parameters" not in cell.metadata.get("tags", []):
                assert len(cell.source.splitlines()) <= 10


def test_the_parameters_are_those_of_a_report(notebook: nbformat.NotebookNode) -> None:
    values: dict[str, object] = {}
    for line in ast.parse(notebook.cells[1].source).body:
        assert isinstance(line, ast.Assign)
        values[line.targets[0].id] = ast.literal_eval(line.value)  # type: ignore[attr-defined]
    assert tuple(values) == report.NAMES
    assert report.parameters(values) == report.Parameters()


def test_there_is_a_heading_before_each_answer(notebook: nbformat.NotebookNode) -> None:
    shown = [
        i
        for i, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.startswith("show(")
    ]
    assert all(notebook.cells[i - 1].cell_type == "markdown" or i == 3 for i in shown)


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_it_runs_alone_with_its_defaults(path: Path, tmp_path: Path) -> None:
    done = papermill.execute_notebook(
        str(path), str(tmp_path / "out.ipynb"), cwd=str(FOLDER), progress_bar=False
    )
    shown = [o for cell in done.cells for o in cell.get("outputs", []) if "text/html" in o.get("data", {})]
    assert shown


def test_a_parameter_of_another_type_stops_the_notebook(tmp_path: Path) -> None:
    with pytest.raises(papermill.PapermillExecutionError, match="regions: must be a list of texts, not 'JP'"):
        papermill.execute_notebook(
            str(FOLDER / "04-threats.ipynb"),
            str(tmp_path / "out.ipynb"),
            {"regions": "JP"},
            cwd=str(FOLDER),
            progress_bar=False,
        )


def test_the_commit_hook_strips_outputs_and_keeps_the_tag(tmp_path: Path) -> None:
    path = tmp_path / "run.ipynb"
    book = nbformat.read(FOLDER / "01-corpus.ipynb", as_version=4)
    book.cells[2].execution_count = 3
    book.cells[2].outputs = [nbformat.v4.new_output("stream", text="leak")]
    nbformat.write(book, path)
    subprocess.run([str(Path(sys.executable).with_name("nbstripout")), "--keep-id", str(path)], check=True)
    stripped = nbformat.read(path, as_version=4)
    assert stripped.cells[2].outputs == []
    assert stripped.cells[1].metadata.tags == ["parameters"]
