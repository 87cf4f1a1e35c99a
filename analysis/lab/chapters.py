"""An own chapter, and the build: from the lab to the briefing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
from IPython.display import HTML
from markupsafe import Markup

from analysis import report
from analysis.lab.errors import LabError
from analysis.lab.results import Said

NOTEBOOKS = report.ROOT / "notebooks"
TEMPLATE = "90-my-chapter"


def every() -> HTML:
    """Return the notebooks with their questions, each a link.

    >>> "Who is cited as an expert?" in every().data
    True
    """
    items = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        first = nbformat.read(path, as_version=4).cells[0].source.splitlines()[0].lstrip("# ")
        items.append(Markup('<li><a href="{0}">{0}</a>: {1}</li>').format(path.name, first))
    return HTML(Markup("<ul>{}</ul>").format(Markup("").join(items)))


def new_chapter(name: str, question: str) -> Said:
    """Write ``notebooks/NAME.ipynb``, a copy of the template with a question of its own, and say how it gets into a briefing.

    Raises ``LabError`` for a name that a file cannot have and for one that is taken.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise LabError(
            f'"{name}" is no name for a chapter: small letters, digits and hyphens, such as 05-red-sea'
        )
    path = NOTEBOOKS / f"{name}.ipynb"
    if path.exists():
        raise LabError(f"notebooks/{path.name} is there already; open it, or take another name")
    book = nbformat.read(NOTEBOOKS / f"{TEMPLATE}.ipynb", as_version=4)
    for i, cell in enumerate(book.cells):
        cell["id"] = f"{name}-{i:02}"
    book.cells[
        0
    ].source = f"## {' '.join(question.split())}\n\nSay here in two lines what is counted, and what is not."
    nbformat.write(book, path)
    return Said(
        f"notebooks/{path.name} is there. Name it in the report file to have it in the briefing: chapters: [02-experts, 04-threats, {name}]"
    )


def build(name: str) -> HTML:
    """Build a briefing as ``make report NAME=…`` does, print what it says, and return a link to what was built.

    Raises ``LabError`` with the message of a build that failed.
    """
    try:
        report.find(name)
    except report.ReportError as error:
        raise LabError(str(error)) from None
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JPY_")}
    command = [sys.executable, "-m", "analysis", "report", name]
    with subprocess.Popen(
        command, cwd=report.ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as running:
        said = []
        for line in running.stdout or ():
            said.append(line.rstrip())
            if not re.match(r"measuring:|reading:", line):
                print(line, end="")
    if running.returncode:
        raise LabError(
            next(
                (line for line in reversed(said) if line.startswith("error: ")), "the build failed"
            ).removeprefix("error: ")
        )
    built = Path("..", "reports", "build", name, "briefing.html")
    return HTML(Markup('<p>Built: <a href="{0}" target="_blank">{0}</a></p>').format(built.as_posix()))
