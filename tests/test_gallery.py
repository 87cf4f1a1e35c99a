"""The page of all charts: each has its finding and its words, nothing runs and nothing is fetched."""

import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.image import imread

from analysis import figures, gallery

EVIL = '</title><script>alert(1)</script>"onerror=x'


def svg(chart: str) -> bytes:
    found = re.search(r"<svg.*?</svg>", chart, re.DOTALL)
    assert found
    return found[0].replace("currentColor", "#000000").encode()


CHARTS = [
    ("cone", svg(figures.bars({"Japan": 3, EVIL: 1}, "Japan comes first: 3", unit="mentions"))),
    ("ctwo", svg(figures.stacked(pd.DataFrame({"war": [1]}, index=["Mali"]), EVIL, unit="mentions"))),
]


def test_each_chart_has_its_finding_and_its_words() -> None:
    page = gallery.page("A briefing", CHARTS).decode()
    assert page.count("<figure>") == page.count("<img ") == 2
    assert "2 charts." in page
    assert "<figcaption>Japan comes first: 3</figcaption>" in page
    assert 'src="cone.svg" alt="Japan comes first: 3: Japan 3, ' in page
    assert gallery.page("A briefing", CHARTS).decode() == page


def test_nothing_runs_and_nothing_is_fetched() -> None:
    page = gallery.page(EVIL, CHARTS).decode()
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="([^"]*)"', page) == ["cone.svg", "ctwo.svg"]
    assert page.count("<title>") == 1


@pytest.mark.parametrize(
    ("charts", "said"), [([], "No charts."), (CHARTS[:1], "1 chart."), (CHARTS, "2 charts.")]
)
def test_it_counts(charts: list[tuple[str, bytes]], said: str) -> None:
    assert said in gallery.page("A briefing", charts).decode()


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_the_charts_are_shown_in_a_browser(tmp_path: Path) -> None:
    for name, data in CHARTS:
        (tmp_path / f"{name}.svg").write_bytes(data)
    (tmp_path / "index.html").write_bytes(gallery.page("A briefing", CHARTS))
    shot = tmp_path / "shot.png"
    flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync --window-size=800,900"
    command = ["chromium", *flags.split(), f"--user-data-dir={tmp_path / 'p'}", f"--screenshot={shot}", (tmp_path / "index.html").as_uri()]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=90, check=True)
    pixels = imread(shot)[:, :, :3]
    blue = (abs(pixels - [0, 0x72 / 255, 0xB2 / 255]) < 0.02).all(axis=2)
    assert blue.sum() > 500, "the bars of the first chart are drawn"
