"""A whole briefing of articles each of whose fields attacks: nothing runs, nothing is linked that must not be, nothing leaks."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from leaks import leaks
from nbformat import NotebookNode

from analysis import brief, briefing, tables

HOSTILE = Path(__file__).parent / "fixtures" / "hostile"
ARTICLES = [
    json.loads(line) for line in (HOSTILE / "articles.jsonl").read_text(encoding="utf-8").splitlines()
]
#: What each payload would do where it ran; a page tells by an attribute of its root.
ATTACK = "<script>document.documentElement.dataset.canary=1</script>"
CANARY = re.compile(r"<html[^>]*data-canary")

needs_browser = pytest.mark.skipif(
    shutil.which("chromium") is None,
    reason="Chromium is not installed: whether script runs was not tried in it",
)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[NotebookNode]]]:
    """The briefing's folder, and its notebooks as they were executed."""
    folder, run_ = tmp_path_factory.mktemp("build"), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(briefing, "BUILD", folder)
        patch.setattr(brief, "STORE", tables.Store(folder / ".tables"))
        run = briefing.run

        def kept(*values: object) -> NotebookNode:
            run_.append(run(*values))
            return run_[-1]

        patch.setattr(briefing, "run", kept)
        path = folder / "hostile.yml"
        values = {
            "title": f"{ATTACK} {{{{7*7}}}} =1+1", "description": f'"{ATTACK}', "corpus": str(HOSTILE),
            "watch_list": [ATTACK, "Mara Voss", *(a["byline"] for a in ARTICLES[:3])],
        }  # fmt: skip
        path.write_text("\n".join(f"{k}: {json.dumps(v)}" for k, v in values.items()), encoding="utf-8")
        yield briefing.build("hostile", path, lambda said: None).folder, run_


@pytest.fixture(scope="module")
def page(build: tuple[Path, list[NotebookNode]]) -> str:
    return (build[0] / "briefing.html").read_text(encoding="utf-8")


def rendered(page: str, folder: Path) -> str:
    """The page's elements after Chromium has run what it runs of it."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync"
    command = [
        "chromium",
        *flags.split(),
        f"--user-data-dir={folder / 'user'}",
        "--virtual-time-budget=3000",
        "--dump-dom",
    ]
    done = subprocess.run(
        [*command, (folder / "page.html").as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout


class Elements(HTMLParser):
    """All tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_every_article_is_read(build: tuple[Path, list[NotebookNode]]) -> None:
    manifest = json.loads((build[0] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["tables"]["articles"]["rows"] == len(ARTICLES)
    assert manifest["tables"]["threats"]["rows"] > len(ARTICLES)
    assert manifest["tables"]["attributions"]["rows"] > len(ARTICLES)


@needs_browser
@pytest.mark.parametrize("payload", [ARTICLES[1]["byline"], ARTICLES[6]["byline"]])
def test_the_attacks_are_real(payload: str, tmp_path: Path) -> None:
    assert CANARY.search(rendered(f"<!doctype html><html><body>{payload}</body></html>", tmp_path))


@needs_browser
def test_nothing_runs_in_the_page(page: str, tmp_path: Path) -> None:
    assert not CANARY.search(rendered(page, tmp_path))


@needs_browser
def test_nothing_would_run_without_the_policy_or_in_a_preview_of_the_notebooks(
    page: str, build: tuple[Path, list[NotebookNode]], tmp_path: Path
) -> None:
    bare, n = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    outputs = [o for notebook in build[1] for cell in notebook.cells for o in cell.get("outputs", [])]
    shown = "".join("".join(output.get("data", {}).get("text/html", "")) for output in outputs)
    assert n == 1
    assert "canary" in shown
    assert not CANARY.search(rendered(bare.replace("</main>", f"</main>{shown}"), tmp_path))


def test_the_page_links_to_itself_and_the_web_only(page: str) -> None:
    for tag, attributes in Elements(page).found:
        assert not [key for key in attributes if key.startswith("on")], tag
        assert tag not in ("iframe", "object", "embed", "base", "link", "form", "foreignobject", "animate")
        assert "srcdoc" not in attributes
        for key in ("href", "xlink:href", "src"):
            value = attributes.get(key)
            assert value is None or re.match(r"#|https?://|data:image/(png|jpeg|gif|webp);base64,", value), (
                value
            )
    scripts = re.findall(r"<script[^>]*>", page)
    assert len(scripts) <= 1


def test_text_stays_text(page: str) -> None:
    assert escape(ATTACK) in page or escape(ATTACK, quote=False) in page
    assert "{{7*7}}" in page
    assert "شيماء" in page
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", page), (
        "a character that turns the direction of what follows"
    )


def test_the_charts_files_hold_no_script(build: tuple[Path, list[NotebookNode]]) -> None:
    for path in (build[0] / "figures").glob("*.svg"):
        svg = path.read_text(encoding="utf-8")
        assert not re.search(r"<script|\son\w+=|javascript:|<foreignObject", svg), path.name


def test_no_run_of_words_leaves(build: tuple[Path, list[NotebookNode]]) -> None:
    assert leaks(build[0], [article["text"] for article in ARTICLES]) == {}
