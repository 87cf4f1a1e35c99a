"""What a colleague would ask in review, of what researchers write: notebooks, lexicons, corrections, report files."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import nbformat

from analysis import lexicons, overrides, report

#: Lines of a cell that are read at a glance; notebooks that are no chapters.
LONGEST = 10
NO_CHAPTERS = ("00-start", "briefing")
#: Columns that every lexicon has beside its own.
_ALWAYS = ["source", "date_added", "note"]


def questions(root: Path = report.ROOT) -> list[str]:
    """Return what would be asked, a line each, with file and place; nothing where nobody would ask."""
    found = [one for path in sorted((root / "notebooks").glob("*.ipynb")) for one in of_notebook(path)]
    found += [one for path in sorted((root / "data" / "lexicons").glob("*.csv")) for one in of_lexicon(path)]
    try:
        overrides.read(root / "data" / "overrides")
    except overrides.OverrideError as error:
        found.append(str(error))
    for path in sorted((root / "reports").glob("*.yml")):
        try:
            report.load(path)
        except report.ReportError as error:
            found.append(str(error))
    return [one.replace(f"{root}/", "") for one in found]


def of_notebook(path: Path) -> Iterator[str]:
    """Yield questions about a notebook: outputs, parameters, code that belongs in a module, answers without a question."""
    try:
        cells = nbformat.from_dict(json.loads(path.read_text(encoding="utf-8"))).cells
    except (ValueError, AttributeError) as error:
        yield f"{path}: no notebook can be read here ({error}); was it merged by hand?"
        return
    for cell in cells:
        cell.source = "".join(cell.source)
    ids = Counter(cell.get("id") for cell in cells)
    if twice := [str(one) for one, n in ids.items() if n > 1]:
        yield f"{path}: the cell id {', '.join(twice)} is there twice; open and save it in JupyterLab"
    if any(cell.get("outputs") or cell.get("execution_count") for cell in cells):
        yield f"{path}: it has outputs; run nbstripout {path.name}, or pre-commit install once"
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        yield f"{path}: {len(tagged)} cells are tagged parameters; a notebook needs one, the second"
    for cell in tagged[:1]:
        yield from (f"{path}, parameters: {one}" for one in _of_parameters(cell.source))
    for number, cell in enumerate(cells, 1):
        if cell.cell_type == "code" and cell not in tagged:
            before = cells[number - 2].cell_type if number > 1 else ""
            is_answer = number > 3 and before != "markdown" and path.stem not in NO_CHAPTERS
            yield from (
                f"{path}, cell {number}: {one}" for one in _of_code(cell.source, is_answer, path.stem)
            )


def _of_parameters(source: str) -> Iterator[str]:
    values: dict[str, Any] = {}
    try:
        for line in ast.parse(source).body:
            assert isinstance(line, ast.Assign)
            assert isinstance(line.targets[0], ast.Name)
            values[line.targets[0].id] = ast.literal_eval(line.value)
    except (SyntaxError, ValueError, AssertionError):
        yield "may only hold lines such as regions = []"
        return
    for name in report.NAMES:
        if name not in values:
            yield f"{name} is missing; copy the cell from 90-my-chapter.ipynb"
        elif values[name] != getattr(report.Parameters(), name):
            yield f"{name} is {values[name]!r}; what one briefing is about belongs in its report file"
    yield from (f"no report knows {name}" for name in values if name not in report.NAMES)


def _of_code(source: str, is_answer: bool, stem: str) -> Iterator[str]:
    try:
        tree = ast.parse(re.sub(r"(?m)^\s*[%!].*$|\?+\s*$", "", source))
    except SyntaxError as error:
        yield f"is no Python ({error.msg})"
        return
    if any(isinstance(node, (ast.FunctionDef, ast.ClassDef)) for node in ast.walk(tree)):
        yield "defines something; could it be a function of a module?"
    if len(source.splitlines()) > LONGEST:
        yield f"has {len(source.splitlines())} lines; can it be read at a glance?"
    if is_answer:
        yield "stands without a question; what does it answer?"
    if stem not in NO_CHAPTERS and re.search(r"\bipywidgets\b|\bexplore\(|\.form\(|\bcorrect\(", source):
        yield "has a widget or makes a correction; a briefing can do neither"


def of_lexicon(path: Path) -> Iterator[str]:
    """Yield questions about a lexicon: columns, lines that stand twice, sources and days that are missing."""
    try:
        head = path.read_text(encoding="utf-8-sig").split("\n", 1)[0].strip().split(",")
        columns = head[: -len(_ALWAYS)] if head[-len(_ALWAYS) :] == _ALWAYS else head
        lines = lexicons.read.__wrapped__(path.stem, *columns, folder=path.parent)
    except (ValueError, UnicodeDecodeError) as error:
        yield str(error) if str(path) in str(error) else f"{path}: {error}"
        return
    for line in lines:
        key = line[columns[0]]
        if not line["source"].strip():
            yield f"{path}: {key!r} has no source; who says so?"
        if not _is_day(line["date_added"]):
            yield f"{path}: {key!r} was added on {line['date_added']!r}; write the day as YYYY-MM-DD"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
