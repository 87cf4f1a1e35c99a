"""The tutorial and the guide do what they say: each of their blocks is run in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from analysis import brief, report, say, summary
from analysis.cli import app
from analysis.evidence import place_name
from analysis.ids import slug

ROOT = report.ROOT
PAGES = sorted(ROOT.glob("*.md"))
#: Sections of the methods that measure nothing.
NO_MEASURE = {"Numbers", "What is shared", "Page and PDF", "Reproducibility"}
#: What a build needs of the project.
COPIED = ("analysis", "notebooks", "reports/template", "data/lexicons", "data/overrides", "data/map", "data/gold/scores.csv",
          "pyproject.toml", "requirements.lock")  # fmt: skip


class Block(NamedTuple):
    """A fenced block: its language, what is to be done with it, and its lines."""

    language: str
    what: str
    text: str


def blocks(page: Path) -> list[Block]:
    found = re.findall(
        r"^```(\w*) ?([^\n]*)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [Block(*parts) for parts in found]


def project(folder: Path) -> Path:
    """Return a copy of the project, without corpora, reports and what was built."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return folder


def follow(page: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Do what a page's blocks say, in ``folder``; yield each block of output with what was printed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(folder)}
    printed = ""
    for language, what, text in blocks(page):
        action, _, name = what.partition("=")
        if action == "file":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        elif action == "add":
            with (folder / name).open("a", encoding="utf-8") as file:
                file.write(text)
        elif action == "output":
            yield text, printed
        elif action != "norun":
            assert language == "sh", f"{page.name}: what is to be done with {text!r}?"
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", text], cwd=folder, env=environment, capture_output=True, text=True, timeout=240
            )  # fmt: skip
            printed = done.stdout + done.stderr
            assert done.returncode == 0, f"{page.name}: {text}\n{printed}"


def lost(expected: str, printed: str) -> list[str]:
    """Return the lines that were not printed, an ellipsis standing for anything."""
    patterns = {
        line: ".*".join(map(re.escape, line.strip().split("…"))) for line in expected.strip().splitlines()
    }
    return [line for line, pattern in patterns.items() if not re.search(pattern, printed)]


@pytest.mark.parametrize(
    ("expected", "printed", "is_lost"),
    [("a…d", "x abcd", False), ("a.d", "abd", True), ("one\ntwo", "one\n", True), ("one", "one two", False)],
)
def test_what_is_not_printed_is_lost(expected: str, printed: str, is_lost: bool) -> None:
    assert bool(lost(expected, printed)) == is_lost


@pytest.fixture(scope="module", params=["TUTORIAL.md", "GUIDE.md"])
def followed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[tuple[str, str]]]:
    folder = project(tmp_path_factory.mktemp("project"))
    return folder, list(follow(ROOT / request.param, folder))


def test_each_block_does_what_the_page_says(followed: tuple[Path, list[tuple[str, str]]]) -> None:
    _, outputs = followed
    assert outputs
    assert [(line, printed) for expected, printed in outputs for line in lost(expected, printed)] == []


def test_what_the_prose_says_is_so(followed: tuple[Path, list[tuple[str, str]]]) -> None:
    folder, _ = followed
    if (folder / "reports/mine.yml").exists():
        page = (folder / "reports/build/mine/briefing.html").read_text(encoding="utf-8")
        text = re.sub(r"<[^>]+>", "", page)
        assert "2 named experts are cited with 4 statements: Mara Voss (3) and Edwin Marlow (1)" in text
        assert "on the watch list; not cited" in text
        assert "a figure of speech" in text, "the correction is listed"
        assert (folder / "reports/build/mine/mine.zip").is_file()
    else:
        tables = folder / "reports/build/quark/tables"
        threats = pd.read_parquet(tables / "threats.parquet")
        assert "kvarken" in {region for regions in threats["regions"] for region in regions}
        assert "war" not in set(threats.loc[threats["text"].str.contains("war in"), "category"])
        assert set(threats["text"]).isdisjoint({"war in"})
        said = pd.read_parquet(tables / "attributions.parquet")
        assert {"Finnish Border Guard", "Liv Strand"} <= set(said["speaker"])


def test_what_is_not_run_is_said_not_to_be() -> None:
    for name in ("TUTORIAL.md", "GUIDE.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for before in re.split(r"^```sh norun$", text, flags=re.MULTILINE)[:-1]:
            assert "*not run*" in before.strip().rsplit("\n\n", 1)[-1]


def test_the_guide_explains_every_key_of_a_report_file() -> None:
    text = (ROOT / "GUIDE.md").read_text(encoding="utf-8").split("## The report file")[1]
    keys = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", text, re.MULTILINE)
    assert {key for cell in keys for key in re.findall(r"\w+", cell)} == set(report.Report.model_fields)


PICTURE, SHOWN = (
    ROOT / "reports" / "gallery" / "regions.svg",
    re.compile(r"^!\[.*\]\(reports/gallery/regions\.svg\)$", re.MULTILINE),
)


def picture() -> tuple[str, str]:
    """Return the chart of the real article's regions, on white, and the line of the README that shows it."""
    opened = brief.make(report.Parameters(corpus="data/corpus"))
    found = re.search(r"<svg.*?</svg>", say.regions_chart(opened), re.DOTALL)
    assert found
    svg = found[0].replace("currentColor", "#000000").replace("<svg ", '<svg style="background:#fff" ', 1)
    every = opened.numbers("threats_by_region")[["group", "n_rows"]].itertuples(index=False)
    counts = ", ".join(f"{place_name(region)} {n}" for region, n in every)
    return svg + "\n", f"![{spoken(svg)[0]}. In all: {counts}](reports/gallery/regions.svg)"


def spoken(chart: str) -> list[str]:
    """Return the title of a chart and what it says in words."""
    return re.findall(r"<(?:title|desc)\b[^>]*>(.*?)</", chart)


def test_the_picture_of_the_readme_is_what_the_real_article_says() -> None:
    svg, line = picture()
    assert spoken(PICTURE.read_text(encoding="utf-8")) == spoken(svg), "run python tests/test_docs.py"
    assert SHOWN.findall((ROOT / "README.md").read_text(encoding="utf-8")) == [line], (
        "run python tests/test_docs.py"
    )


def test_the_finding_of_the_readme_is_the_bottom_line() -> None:
    finding = (ROOT / "README.md").read_text(encoding="utf-8").split("**What it finds")[1].split("![")[0]
    said = say.bottom_line(brief.make(report.Parameters(corpus="data/corpus"))).striptags()
    name = r"([A-Z]\w+(?: [A-Z]\w+)*)"
    counts = re.findall(rf"(?:{name} and )?{name} \((\d+)(?: each)?\)", finding)
    assert counts
    told = {f"{place} ({n})" for *places, n in counts for place in places if place}
    assert {one for one in told if one not in said} == set()


def test_the_methods_say_on_what_every_number_rests() -> None:
    text = (ROOT / "METHODS.md").read_text(encoding="utf-8")
    assert {name for name in summary.MEASURES if f"`{name}`" not in text} == set()


@pytest.mark.parametrize(
    "section", re.split(r"^## ", (ROOT / "METHODS.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
)
def test_every_measure_has_its_errors_and_what_moves_it(section: str) -> None:
    name = section.splitlines()[0]
    if name not in NO_MEASURE:
        assert "*Known errors*" in section, name
        assert "*Sensitivity*" in section or name == "Uncertainty and sensitivity", name


def test_the_readme_shows_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    names = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    assert {name for name in names if f"python -m analysis {name}" not in text} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        path = page.parent / name if name else page
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(heading, ()) for heading in headings}, target


if __name__ == "__main__":  # draw the picture of the README anew
    drawn, shown = picture()
    PICTURE.write_text(drawn, encoding="utf-8")
    readme = ROOT / "README.md"
    readme.write_text(SHOWN.sub(lambda _: shown, readme.read_text(encoding="utf-8")), encoding="utf-8")
