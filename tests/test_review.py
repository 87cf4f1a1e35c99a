"""What a colleague would ask: a table of what researchers write, with the question it raises."""

import json
from pathlib import Path

import nbformat
import pytest

from analysis import report, review

TEMPLATE = report.ROOT / "notebooks" / "90-my-chapter.ipynb"


def test_nobody_would_ask_anything_of_this_project() -> None:
    assert review.questions() == []


CELLS = [
    (1, "tables = 7\n", "parameters: corpus is missing; copy the cell from 90-my-chapter.ipynb"),
    (1, "for x in []: pass", "may only hold lines such as regions = []"),
    (4, "def f():\n    return 1", "cell 5: defines something"),
    (4, "\n".join(["x = 1"] * 11), "cell 5: has 11 lines; can it be read at a glance?"),
    (4, "x = (", "cell 5: is no Python"),
    (4, "import ipywidgets", "cell 5: has a widget or makes a correction"),
    (4, "desk.correct(rows[0], remove=True)", "cell 5: has a widget or makes a correction"),
    (4, "%time experts.most_cited()\nexperts.said?", ""),
]


@pytest.mark.parametrize(("cell", "source", "question"), CELLS)
def test_a_cell_raises_a_question(cell: int, source: str, question: str, tmp_path: Path) -> None:
    book = nbformat.read(TEMPLATE, as_version=4)
    book.cells[cell].source = source
    nbformat.write(book, tmp_path / "x.ipynb")
    found = list(review.of_notebook(tmp_path / "x.ipynb"))
    assert any(question in one for one in found) if question else found == []


def test_outputs_parameters_of_one_briefing_and_answers_without_a_question_are_asked_about(
    tmp_path: Path,
) -> None:
    book = nbformat.read(TEMPLATE, as_version=4)
    book.cells[1].source = book.cells[1].source.replace("regions = []", 'regions = ["JP"]')
    book.cells[4].outputs = [nbformat.v4.new_output("stream", text="leak")]
    book.cells.insert(5, nbformat.v4.new_code_cell("threats.by_region()", id=book.cells[4].id))
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(book))
    found = "\n".join(review.of_notebook(path))
    assert "it has outputs; run nbstripout x.ipynb" in found
    assert "regions is ['JP']; what one briefing is about belongs in its report file" in found
    assert "cell 6: stands without a question" in found
    assert f"the cell id {book.cells[4].id} is there twice" in found


@pytest.mark.parametrize("text", ["<<<<<<< HEAD", "[]", ""])
def test_a_file_that_is_no_notebook_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_text(text)
    (found,) = review.of_notebook(tmp_path / "x.ipynb")
    assert found.startswith(f"{tmp_path / 'x.ipynb'}: no notebook can be read here")


HEAD = "term,category,kind,part,source,date_added,note\n"
LINES = [
    (HEAD + "raid,war,,event,own,2024-11-05,\n", ""),
    (HEAD + "raid,war,,event,,2024-11-05,\n", "'raid' has no source; who says so?"),
    (HEAD + "raid,war,,event,own,5.11.2024,\n", "'raid' was added on '5.11.2024'; write the day as YYYY-MM-DD"),
    (HEAD + "raid,war,,event,own,2024-11-05,\nraid,war,,event,own,2024-11-05,\n", "stands in line 2 too; remove one of the two"),
    (HEAD + ",war,,event,own,2024-11-05,\n", "term is empty; fill it or remove the line"),
    (HEAD.replace(",", ";") + "raid;war;;event;own;2024-11-05;\n", "the columns must be"),
    ("\ufeff" + HEAD + "raid,war,,event,own,2024-11-05,\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "question"), LINES)
def test_a_line_of_a_lexicon_raises_a_question(text: str, question: str, tmp_path: Path) -> None:
    (tmp_path / "threats.csv").write_text(text, encoding="utf-8")
    found = list(review.of_lexicon(tmp_path / "threats.csv"))
    assert any(question in one for one in found) if question else found == []
