"""From a report file to a briefing: notebooks through papermill, bound together, as HTML, PDF, tables and a manifest."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from analysis import (
    brief,
    coding,
    cores,
    corpus,
    drafts,
    evidence,
    exports,
    gallery,
    kernels,
    measure,
    methods,
    report,
    schema,
    stories,
    tables,
)
from analysis.change import inputs
from analysis.exporter import BriefingExporter
from analysis.pdf import PdfUnavailable, render_pdf

BUILD = report.REPORTS / "build"
NOTEBOOKS = report.ROOT / "notebooks"
#: A page whose PDF is made for nothing but to load what that needs.
BLANK = "<!doctype html><html lang=en><title>-</title>"


class BuildError(Exception):
    """A briefing that could not be built; the message names report, notebook and cell."""


class Built(NamedTuple):
    """What came of one report: its folder, whether it was built anew, and what a user must know."""

    folder: Path
    is_new: bool
    remarks: list[str]


def build(name: str, path: Path, say: Callable[[str], None] = print) -> Built:
    """Build the briefing ``name`` that the report file ``path`` defines, unless nothing changed since it was built.

    The folder ``reports/build/NAME`` appears whole or stays as it was. Raises ``report.ReportError``, ``corpus.CorpusError``
    and ``BuildError``, also where somebody else is building it.
    """
    try:
        with drafts.alone(BUILD / ".locks" / name):
            return _build(name, path, say)
    except BlockingIOError as error:
        raise BuildError(
            f"reports/build/{name} is being built by another process (number {error}): wait until it is done, or end it"
        ) from error


def _build(name: str, path: Path, say: Callable[[str], None]) -> Built:
    wanted = report.load(path)
    folder = BUILD / name
    key = _fingerprint(path, wanted, folder)
    if (folder / ".built").is_file() and (folder / ".built").read_text() == key:
        return Built(folder, False, [])
    say(f"{name}: reading {wanted.corpus}")
    parameters = wanted.model_dump(include=set(report.NAMES))
    if not wanted.tables:
        measured = brief.prepared(report.parameters(parameters, str(path)), progress=True)
        parameters["tables"] = os.path.relpath(measured.folder, report.ROOT)
    opened = brief.make(report.parameters(parameters, str(path)))
    if wanted.coded:
        coding.score(
            report.ROOT / wanted.coded
        )  # what is wrong with the sheets is said before any notebook runs
    if opened.read.empty:
        raise BuildError(
            f"{path}: no article in English of {wanted.corpus} could be read or lies in the period; {_reasons(opened)}"
        )
    BUILD.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=BUILD, prefix=f".{name}."))
    try:
        remarks = _fill(work, name, wanted, parameters, opened, say)
        (work / ".built").write_text(key if not remarks else "")
        _swap(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Built(folder, True, remarks)


def _reasons(opened: brief.Brief) -> str:
    rejected = [
        f"{r['path']}: {r['reason']} ({r['remedy']})" for r in schema.records(opened.rejected.head(5))
    ]
    others = [f"{len(opened.unread)} in another language"] if len(opened.unread) else []
    return "; ".join(rejected + others) or f"{opened.n_outside} articles lie outside the period"


def _fill(
    work: Path,
    name: str,
    wanted: report.Report,
    parameters: dict[str, object],
    opened: brief.Brief,
    say: Callable[[str], None],
) -> list[str]:
    stems = ("briefing", *wanted.chapters)
    with cores.Pool(1, kernels.METHOD) as beside:
        beside.submit(render_pdf, BLANK)
        # One more than cores: a notebook waits for its kernel to begin and to end.
        with ThreadPoolExecutor(cores.count() + 1) as threads:
            chapters = dict(
                zip(stems, threads.map(lambda stem: run(stem, parameters, work, say), stems), strict=True)
            )
        bound = bind(chapters, wanted, opened)
        html, _ = BriefingExporter().from_notebook_node(bound)
        (work / "briefing.html").write_text(html, encoding="utf-8")
        remarks = []
        say("writing PDF, tables and archive")
        pdf = beside.submit(render_pdf, html)
        figures = _figures(chapters)
        for figure, svg in figures:
            _write(work / "figures" / f"{figure}.svg", svg)
        _write(work / "figures" / "index.html", gallery.page(wanted.title, figures))
        inputs.write(work, opened)
        written = exports.write(work, wanted, opened)
        try:
            (work / "briefing.pdf").write_bytes(pdf.result())
        except PdfUnavailable as error:
            remarks.append(str(error))
    exports.finish(work, name, wanted, opened, written)
    return remarks


def run(stem: str, parameters: dict[str, object], work: Path, say: Callable[[str], None]) -> NotebookNode:
    """Run one notebook through papermill and return it, without the cell and the marks that papermill adds.

    Raises ``report.ReportError`` where the notebook lacks a parameter and ``BuildError`` where a cell fails; the notebook as
    far as it came is kept under ``reports/build/failed`` for looking.
    """
    path = NOTEBOOKS / f"{stem}.ipynb"
    known = papermill.inspect_notebook(str(path))
    if unknown := [name for name in parameters if name not in known]:
        raise report.ReportError(
            f"{path.name}: no parameter {', '.join(unknown)}; the notebook knows: {', '.join(known)}"
        )
    say(f"running {path.name}")
    out = work / f".{stem}.ipynb"
    try:
        papermill.execute_notebook(
            str(path), str(out), parameters, cwd=str(NOTEBOOKS), progress_bar=False,
            kernel_manager_class=kernels.Manager,
            extra_arguments=["--IPKernelApp.log_level=50"],  # the kernel's own news is no news to who builds a briefing
        )  # fmt: skip
    except papermill.PapermillExecutionError as error:
        raise BuildError(
            f"{path.name}, cell {_number(out, error.cell_index)}: {error.ename}: {error.evalue}; the notebook so far: {_kept(out, path)}"
        ) from error
    except DeadKernelError as error:
        raise BuildError(
            f"{path.name}, cell {_number(out)}: the kernel died, for want of memory perhaps; the notebook so far: {_kept(out, path)}"
        ) from error
    done = nbformat.read(out, as_version=4)
    out.unlink()
    done.cells = [cell for cell in done.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    return done


def _kept(out: Path, path: Path) -> Path:
    """Keep a notebook that did not come to its end, for looking."""
    kept = BUILD / "failed" / path.name
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(out, kept)
    return kept


def _number(out: Path, index: int | None = None) -> int:
    """Return the number that a cell of a notebook that papermill ran has in the notebook as it is written: that of the last to begin."""
    every = nbformat.read(out, as_version=4).cells
    cells = [cell for cell in every if "papermill-error-cell-tag" not in cell.metadata.get("tags", [])]
    if index is None:
        begun = [i for i, cell in enumerate(cells) if cell.metadata.get("papermill", {}).get("start_time")]
        index = begun[-1] if begun else 0
    return index + 1 - sum("injected-parameters" in cell.metadata.get("tags", []) for cell in cells[:index])


def bind(chapters: dict[str, NotebookNode], wanted: report.Report, opened: brief.Brief) -> NotebookNode:
    """Return one notebook: the frame ``briefing`` with the chapters and the evidence of what they link to, each at its tagged cell."""
    frame = chapters["briefing"]
    cells = []
    for cell in frame.cells:
        tags = cell.metadata.get("tags", [])
        if "chapters" in tags:
            cells += [inner for stem in wanted.chapters for inner in _answered(chapters[stem].cells)]
        elif "evidence" in tags:
            shown = evidence.linked(opened, _htmls(chapters.values()))
            for heading, html in evidence.section(opened, shown):
                cells += [nbformat.v4.new_markdown_cell(f"### {heading}"), _displaying(html)]
        else:
            cells.append(cell)
    bound = nbformat.v4.new_notebook(cells=cells)
    bound.metadata["briefing"] = {
        "title": wanted.title, "language": "en", "furniture": wanted.language, "description": wanted.description, "date": opened.read["date"].max(),
    }  # fmt: skip
    return bound


def _answered(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return a chapter's cells without the questions (``###``) that have nothing to show, such as those on change in a first briefing."""
    sections: list[list[NotebookNode]] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("### "):
            sections.append([])
        sections[-1].append(cell)
    head, *questions = sections
    return head + [cell for section in questions if _shows(section) for cell in section]


def _shows(section: list[NotebookNode]) -> bool:
    outputs = [output for cell in section for output in cell.get("outputs", [])]
    return not outputs or any(output.get("data", {}).get("text/html") != "" for output in outputs)


def _figures(chapters: dict[str, NotebookNode]) -> list[tuple[str, bytes]]:
    """Return the charts of the chapters as files of their own, black on no ground; two of one name are numbered."""
    found: dict[str, bytes] = {}
    for html in _htmls(chapters.values()):
        for name, svg in re.findall(
            r'<figure class="chart" id="([\w-]+)">.*?(<svg.*?</svg>)', html, re.DOTALL
        ):
            number = 1 + sum(re.fullmatch(rf"{name}(--\d+)?", taken) is not None for taken in found)
            found[f"{name}--{number}" if number > 1 else name] = svg.replace(
                "currentColor", "#000000"
            ).encode()
    return list(found.items())


def _htmls(notebooks: Iterable[NotebookNode]) -> Iterator[str]:
    """Yield what the cells of notebooks display."""
    for notebook in notebooks:
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                yield "".join(output.get("data", {}).get("text/html", ""))


def _displaying(html: str) -> NotebookNode:
    output = nbformat.v4.new_output("display_data", {"text/html": str(html)})
    return nbformat.v4.new_code_cell(outputs=[output])


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _swap(work: Path, folder: Path) -> None:
    """Put a finished folder under its final name; what stood there goes only then."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    work.chmod(0o755)
    if folder.exists():
        folder.rename(old)
    work.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _fingerprint(path: Path, wanted: report.Report, folder: Path) -> str:
    """Return a hash that changes with anything that a briefing is made from, but not with the briefing in ``folder`` itself."""
    sources = [
        path,
        *sorted(Path(__file__).parent.rglob("*.py")),
        *sorted(NOTEBOOKS.glob("*.ipynb")),
        *sorted((report.REPORTS / "template").rglob("*")),
        report.ROOT / "requirements.lock",
        methods.SCORES,
        *sorted(stories.OVERRIDES.glob("*.csv")),
    ]
    if wanted.tables:
        sources += sorted((report.ROOT / wanted.tables).glob("*.parquet"))
    if wanted.coded:
        sources += coding.files(report.ROOT / wanted.coded)
    last = report.ROOT / wanted.last
    if wanted.last and last.resolve() != folder.resolve():
        sources += sorted(path for path in last.rglob("*") if path.suffix in (".json", ".parquet", ".csv"))
    read = tables.fingerprint(report.ROOT / wanted.corpus, wanted.settings)
    digest = hashlib.sha256(f"{read} {measure.version()}".encode())
    for source in sources:
        if source.is_file():
            digest.update(f"{source.parent.name}/{source.name}\0".encode())
            digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


#: What a build may say to a user without a traceback.
ERRORS = (report.ReportError, corpus.CorpusError, tables.TablesError, coding.CodingError, BuildError)
