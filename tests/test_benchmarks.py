"""The corpus generator keeps its promises, and the smallest benchmark runs. No time is tested."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import median

import pytest

from analysis import stories
from analysis.corpus import items

FOLDER = Path(__file__).parent / "benchmarks"
sys.path.append(str(FOLDER))
import generate  # noqa: E402


def test_the_same_seed_gives_the_same_corpus(tmp_path: Path) -> None:
    one, two = (generate.write(tmp_path / name, 60) for name in ("one", "two"))
    bytes_of = {p.name: p.read_bytes() for p in one.iterdir()}
    assert bytes_of == {p.name: p.read_bytes() for p in two.iterdir()}
    assert list(generate.articles(40)) == list(generate.articles(60))[:40]
    assert list(generate.articles(40, seed=2)) != list(generate.articles(40))


def test_of_a_hundred_articles_fifteen_are_copies_and_one_is_the_same_again() -> None:
    found = list(generate.articles(2_000, short=True))
    assert Counter(article.kind for article in found) == {"own": 1680, "copy": 300, "same": 20}
    assert len({article[:5] for article in found}) == 1980
    assert len({article.outlet for article in found}) > 10
    assert max(article.date for article in found)[:4] > "2024" > min(article.date for article in found)[:4]


@pytest.mark.parametrize(("short", "words"), [(True, 60), (False, 300)])
def test_articles_are_about_as_long_as_promised(short: bool, words: int) -> None:
    found = [len(article.text.split()) for article in generate.articles(400, short=short)]
    assert median(found) == pytest.approx(words, rel=0.2)


@pytest.mark.parametrize("short", [True, False])
def test_a_copy_tells_the_story_of_its_original_and_no_other_article_does(short: bool) -> None:
    found = list(generate.articles(400, short=short))
    own = {
        article.paragraphs[1]: stories.signature(article.text) for article in found if article.kind == "own"
    }
    copies = [article for article in found if article.kind == "copy" and article.paragraphs[1] in own]
    alike = [(stories.signature(c.text) == own[c.paragraphs[1]]).mean() >= stories.SAME for c in copies]
    assert sum(alike) >= 0.9 * len(alike) > 0
    first, *others = own.values()
    assert max((first == other).mean() for other in others) < stories.SAME


@pytest.mark.parametrize("in_lines", [False, True])
def test_every_article_can_be_read(tmp_path: Path, in_lines: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if in_lines:
        monkeypatch.setattr(generate, "SHARD", 40)
    folder = generate.write(tmp_path / "corpus", 90)
    assert len(list(folder.iterdir())) == (3 if in_lines else 90)
    read = [item.found for item in items(folder)]
    wanted = [(a.date, a.title, a.byline, a.outlet, a.text) for a in generate.articles(90)]
    assert [record[:5] for record in read if isinstance(record, tuple)] == wanted


def test_the_smallest_benchmark_runs_and_writes_its_figures(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("before\n\n<!-- begin: figures -->\n<!-- end: figures -->\n\nafter\n")
    command = [sys.executable, str(FOLDER / "run.py"), "--only", "weeks", "--mentions", "5000"]
    subprocess.run([*command, "--work", str(tmp_path / "work"), "--readme", str(page)], check=True)
    kept = json.loads((tmp_path / "figures.json").read_text())
    assert [row[3] for row in kept["weeks"]["rows"]] == [True, None]
    assert "the same counts" in kept["weeks"]["rows"][1][1]
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "| Region by week over 5,000 mention rows |" in text
