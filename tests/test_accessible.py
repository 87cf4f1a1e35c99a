"""The page in a browser: axe finds nothing, on a phone and a desk, in light and dark; and all of it is reached by keys.

It needs Chromium and chromedriver (Debian: ``apt-get install chromium chromium-driver``). axe-core comes with the package
``axe-core-python``; ``AXE=FILE`` takes another ``axe.min.js``, such as the newest of ``npm pack axe-core``.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from test_exporter import html, sample

from analysis import report
from analysis.exporter import BriefingExporter
from analysis.show import table

webdriver = pytest.importorskip(
    "selenium.webdriver", reason="the page was not tested in a browser: selenium is missing"
)
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
BUILT = report.REPORTS / "build" / "article" / "briefing.html"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER),
        reason="the page was not tested in a browser: Chromium or chromedriver is missing",
    ),
]
VIOLATIONS = """const done = arguments[0];
axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations.flatMap(
  rule => rule.nodes.map(node => rule.id + ': ' + node.html.slice(0, 200)))));"""
FOCUSED = """const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
return [[...document.querySelectorAll('*')].indexOf(e), e.outerHTML.slice(0, 100), box.width > 0 && box.bottom > 0 &&
  box.top < innerHeight && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];"""
REACHED = """const all = [...document.querySelectorAll('*')];
return [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')].map(e => all.indexOf(e));"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with everything that a briefing is made of, a concordance and a name in another script too."""
    heads = ["Of", "Expert or region", "Before", "Words", "After", "Date", "Outlet", "Article"]
    words = Markup('<a href="#s-1">{}</a>')
    lines = [
        [
            "threat",
            name,
            "a word before",
            words.format(said),
            "a word after",
            f"2024-11-0{i}",
            "The Post",
            "A title",
        ]
        for i, (name, said) in enumerate(
            [("Japan", "missile"), ("Путин", "attack"), ("Asia", "war")], start=1
        )
    ]
    notebook = sample()
    concordance = (
        f'<section class="concordance"><h3>Concordance</h3>{table("Concordance", heads, lines)}</section>'
    )
    notebook.cells.append(html(concordance + "<pre>SELECT " + "a_long_column, " * 30 + "</pre>"))
    notebook.cells[-1]["id"] = "concordance"
    path = tmp_path_factory.mktemp("page") / "briefing.html"
    path.write_text(BriefingExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(120)
    yield driver
    driver.quit()


def opened(driver: Any, page: Path, width: int = 1280, colours: str = "light") -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": colours}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    driver.get(page.as_uri())


def press(driver: Any, *keys: str) -> None:
    for key in keys:
        ActionChains(driver).send_keys(key).perform()


def violations(driver: Any) -> list[str]:
    if "AXE" in os.environ:
        axe = Path(os.environ["AXE"])
    else:
        package = pytest.importorskip("axe_core_python", reason="axe was not run: axe-core-python is missing")
        axe = Path(package.__file__).parent / "axe.min.js"
    driver.execute_script(axe.read_text(encoding="utf-8"))
    return list(driver.execute_async_script(VIOLATIONS))


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 900, 1280])
def test_axe_finds_nothing(driver: Any, page: Path, width: int, colours: str) -> None:
    for path in (page, *([BUILT] if BUILT.exists() else [])):
        opened(driver, path, width, colours)
        assert violations(driver) == []
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width, (
            "the page scrolls sideways"
        )


def test_axe_finds_what_is_wrong(driver: Any, page: Path) -> None:
    opened(driver, page)
    driver.execute_script("document.querySelector('svg').removeAttribute('aria-labelledby');"
                          "document.querySelectorAll('svg title').forEach(title => title.remove());"
                          "document.querySelector('p').style.color = '#aaa'")  # fmt: skip
    assert {line.split(":")[0] for line in violations(driver)} == {"svg-img-alt", "color-contrast"}


def test_everything_is_reached_by_keys_in_order_and_seen(driver: Any, page: Path) -> None:
    opened(driver, page)
    wanted = driver.execute_script(REACHED)
    found, unseen = [], []
    for _ in wanted:
        press(driver, Keys.TAB)
        place, what, seen = driver.execute_script(FOCUSED)
        found.append(place)
        unseen += [] if seen else [what]
    assert found == wanted
    assert unseen == []


def test_the_first_key_skips_to_the_briefing(driver: Any, page: Path) -> None:
    opened(driver, page)
    press(driver, Keys.TAB, Keys.ENTER)
    assert driver.execute_script("return document.activeElement.id") == "briefing"
    press(driver, Keys.TAB)
    assert driver.execute_script("return document.activeElement.closest('main') !== null")


def test_the_concordance_is_sorted_searched_and_scrolled_by_keys(driver: Any, page: Path) -> None:
    def column() -> list[str]:
        return list(driver.execute_script(
            "return [...document.querySelectorAll('.concordance tbody tr')].filter(r => !r.hidden).map(r => r.cells[1].textContent)"
        ))  # fmt: skip

    opened(driver, page, 390)
    driver.execute_script("document.querySelectorAll('.concordance thead button')[1].focus()")
    press(driver, Keys.ENTER)
    assert column() == ["Asia", "Japan", "Путин"]
    press(driver, Keys.SPACE)
    assert column() == ["Путин", "Japan", "Asia"]
    assert (
        driver.execute_script("return document.activeElement.closest('th').getAttribute('aria-sort')")
        == "descending"
    )
    driver.execute_script("document.querySelector('.concordance input').focus()")
    press(driver, *"путин")
    assert column() == ["Путин"]
    driver.execute_script("document.querySelector('.concordance div.table').focus()")
    press(driver, *[Keys.ARROW_RIGHT] * 3)
    scrolled = "setTimeout(arguments[0], 800, document.querySelector('.concordance div.table'))"
    assert driver.execute_async_script(scrolled).get_property("scrollLeft") > 0
