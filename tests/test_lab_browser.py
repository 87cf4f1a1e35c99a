"""JupyterLab in a real browser: opens, runs every notebook, edits, corrects, builds, with nothing amiss in the console.

It needs Chromium and chromedriver (Debian: ``apt-get install chromium chromium-driver``) and is left out, with a message, where
they are missing. ``pytest -m "not browser"`` leaves it out anywhere. With ``LAB_SCREENSHOTS=FOLDER`` what was seen is kept there.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis import report

webdriver = pytest.importorskip(
    "selenium.webdriver", reason="JupyterLab was not tested in a browser: selenium is missing"
)
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
TOKEN = "a-token-of-the-tests"
NOTEBOOKS = sorted(path.stem for path in (report.ROOT / "notebooks").glob("*.ipynb"))
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER),
        reason="JupyterLab was not tested in a browser: Chromium or chromedriver is missing (Debian: apt-get install chromium chromium-driver)",
    ),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, for the tests write corrections and build; what was measured is taken along."""
    copy = tmp_path_factory.mktemp("lab") / "project"
    left_out = shutil.ignore_patterns(".*", "build", "__pycache__", "tests")
    shutil.copytree(report.ROOT, copy, ignore=left_out)
    kept = report.REPORTS / "build" / ".tables"
    if kept.is_dir():
        shutil.copytree(
            kept, copy / "reports" / "build" / ".tables", ignore=shutil.ignore_patterns(".drafts")
        )
    for path in (copy / "data" / "overrides").glob("*.csv"):
        path.unlink()
    return copy


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    """JupyterLab with what ``make lab`` gives it, on a free port, with configuration and runtime folders of its own."""
    own = project.parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("JPY_")}, "PYTHONPATH": str(project), "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_CONFIG_DIR": str(own / "config"), "JUPYTER_CONFIG_PATH": str(report.ROOT / ".jupyter"), "JUPYTER_RUNTIME_DIR": str(own / "runtime"), "IPYTHONDIR": str(own / "ipython"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
    }  # fmt: skip
    command = [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={project}", "--no-browser", "--allow-root", f"--port={port}",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    with (
        (own / "log").open("w") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=project) as server,
    ):
        root = f"http://127.0.0.1:{port}"
        for _ in range(240):
            if server.poll() is not None or _answers(f"{root}/api/status?token={TOKEN}"):
                break
            time.sleep(0.25)
        assert server.poll() is None, (own / "log").read_text()
        yield root
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


class Lab:
    """JupyterLab in the browser, as far as the tests use it."""

    def __init__(self, driver: Any, address: str) -> None:
        self.driver, self.address = driver, address

    def open(self, notebook: str) -> None:
        """Open a notebook alone, with no other kernel left running, and wait for its kernel."""
        self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1], lab = window.jupyterapp;"
            "lab ? lab.serviceManager.sessions.shutdownAll().then(done, done) : done()"
        )
        self.driver.get(f"{self.address}/lab/tree/notebooks/{notebook}.ipynb?token={TOKEN}&reset")
        self.ready()

    def ready(self) -> None:
        """Wait for a notebook's kernel, and until JupyterLab has its windows in order: it complains of a page that is left earlier."""
        self.wait(
            "const w = window.jupyterapp?.shell?.currentWidget;"
            "return w?.context?.isReady && w.context.sessionContext?.session?.kernel?.status === 'idle' && w.content.widgets.length > 2"
        )
        self.driver.execute_async_script("window.jupyterapp.restored.then(arguments[arguments.length - 1])")
        time.sleep(1)

    def run(self) -> None:
        """Run all cells from the top and wait for the last one."""
        done = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => done('ok'), e => done(String(e)))"
        )
        assert done == "ok"
        self.wait(
            "return window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.status === 'idle'"
        )

    def add(self, code: str) -> None:
        """Write a cell at the end and run it."""
        self.driver.execute_script(
            "const book = window.jupyterapp.shell.currentWidget.content;"
            "book.model.sharedModel.insertCell(book.widgets.length, {cell_type: 'code', source: arguments[0]});"
            "book.activeCellIndex = book.widgets.length - 1;",
            code,
        )
        done = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "window.jupyterapp.commands.execute('notebook:run-cell').then(() => done('ok'), e => done(String(e)))"
        )
        assert done == "ok"

    def outputs(self) -> list[list[dict[str, Any]]]:
        """Return the outputs of the code cells."""
        found: list[list[dict[str, Any]]] = self.driver.execute_script(
            "return window.jupyterapp.shell.currentWidget.content.widgets.filter(c => c.model.type === 'code')"
            ".map(c => c.model.outputs.toJSON())"
        )
        return found

    def errors(self) -> list[str]:
        """Return the errors among the outputs."""
        return [
            f"{one['ename']}: {one['evalue']}"
            for cell in self.outputs() for one in cell if one["output_type"] == "error"
        ]  # fmt: skip

    def shown(self, cell: int) -> str:
        """Return what a code cell shows."""
        return "\n".join(
            "".join(
                one.get("data", {}).get(
                    "text/html", one.get("data", {}).get("text/plain", one.get("text", ""))
                )
            )
            for one in self.outputs()[cell]
        )

    def wait(self, script: str, seconds: float = 60) -> None:
        """Wait until a script returns something true."""
        WebDriverWait(self.driver, seconds, 0.2).until(lambda driver: driver.execute_script(script))

    def see(self, name: str, css: str = "") -> None:
        """Keep a screenshot where they are wanted, with the element that ``css`` names in sight."""
        folder = os.environ.get("LAB_SCREENSHOTS")
        if not folder:
            return
        if css:
            self.driver.execute_script(
                "document.querySelector(arguments[0])?.scrollIntoView({block: 'start'})", css
            )
        time.sleep(0.8)
        Path(folder).mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(Path(folder, f"{name}.png")))

    def complaints(self) -> list[str]:
        """Return what the console called an error since it was last asked.

        That Chromium asks nobody whether to leave an unsaved notebook, for no hand has touched the page, is no error of ours.
        """
        entries = [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        return [message for message in entries if "'beforeunload'" not in message]


@pytest.fixture(scope="module")
def lab(address: str) -> Iterator[Lab]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--window-size=1400,1100",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    driver.set_script_timeout(120)
    yield Lab(driver, address)
    driver.quit()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_notebook_opens_and_runs_from_the_top(lab: Lab, name: str) -> None:
    lab.open(name)
    lab.run()
    lab.see(f"run-{name}")
    assert lab.errors() == []
    assert lab.complaints() == []


def test_it_opens_where_one_begins(lab: Lab) -> None:
    lab.driver.get(f"{lab.address}/?token={TOKEN}")
    lab.wait("return window.jupyterapp?.shell?.currentWidget?.context?.path === 'notebooks/00-start.ipynb'")
    lab.ready()
    assert lab.complaints() == []


def test_tables_have_search_and_sort(lab: Lab) -> None:
    lab.open("90-my-chapter")
    lab.run()
    lab.add('desk.lexicon.unmatched("aliases")')
    table = ".lab:has(.dt-search input)"
    lab.wait(f"return document.querySelector('{table} tbody tr') !== null")
    lab.see("table", table)
    lab.driver.find_element(By.CSS_SELECTOR, f"{table} .dt-search input").send_keys("pentagon")
    lab.wait(f"return document.querySelectorAll('{table} table.dataTable tbody tr').length === 1")
    lab.driver.find_elements(By.CSS_SELECTOR, f"{table} table.dataTable thead .dt-column-order")[1].click()
    lab.wait(f"return document.querySelector('{table} table.dataTable thead [aria-sort]') !== null")
    assert lab.complaints() == []


def test_an_edited_parameter_changes_the_counts(lab: Lab) -> None:
    lab.open("04-threats")
    lab.run()
    before = lab.shown(2)
    line = next(
        e for e in lab.driver.find_elements(By.CSS_SELECTOR, ".cm-line") if e.text.startswith("regions = []")
    )
    lab.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", line)
    ActionChains(lab.driver).click(line).send_keys(Keys.HOME).key_down(Keys.SHIFT).send_keys(Keys.END).key_up(
        Keys.SHIFT
    ).send_keys('regions = ["JP"]').perform()
    lab.wait(
        "return window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells[1].source.includes('regions = [\"JP\"]\\n')"
    )
    lab.run()
    lab.see("parameter")
    assert lab.errors() == []
    assert lab.shown(2) != before
    assert lab.complaints() == []


def test_a_parameter_of_another_type_says_so_in_one_line(lab: Lab) -> None:
    lab.open("90-my-chapter")
    lab.add(
        'regions = "JP"\nlab.open(globals())'
        if False
        else 'from analysis import lab\nlab.open({"regions": "JP"})'
    )
    assert lab.errors() == ["LabError: the parameters cell: regions: must be a list of texts, not 'JP'"]
    lab.see("error", ".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")
    assert "Traceback" not in "".join(lab.outputs()[-1][0]["traceback"])


def test_an_attribution_is_corrected_and_the_count_changes(lab: Lab, project: Path) -> None:
    lab.open("00-start")
    lab.run()
    lab.wait("return document.querySelectorAll('.widget-vbox .widget-text input').length >= 3")
    form = next(
        f
        for f in lab.driver.find_elements(By.CSS_SELECTOR, ".widget-vbox")
        if "Write the correction" in f.text
    )
    lab.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", form)
    next(
        b for b in form.find_elements(By.CSS_SELECTOR, ".widget-toggle-button") if b.text == "speaker"
    ).click()
    for field, text in zip(
        form.find_elements(By.CSS_SELECTOR, ".widget-text input"),
        ("Olivia Jia", "A. Reader", "a try"),
        strict=True,
    ):
        field.send_keys(text, Keys.TAB)
    form.find_element(By.CSS_SELECTOR, "button.mod-primary").click()
    lab.wait(
        "return [...document.querySelectorAll('.widget-html')].some(e => e.textContent.includes('attributions.csv'))"
    )
    lab.see("form")
    assert "Olivia Jia" in (project / "data" / "overrides" / "attributions.csv").read_text()
    lab.add("experts.most_cited(10)")
    assert "Olivia Jia" in lab.shown(-1)
    assert "Oliver Jia" not in lab.shown(-1)
    lab.add(
        'removed = correct(show.evidence("Leif-Eric Easley")[0], remove=True, who="A. Reader", why="a try")'
    )
    lab.add("experts.most_cited(10)")
    assert "Leif-Eric Easley" not in lab.shown(-1)
    lab.see("corrected")
    lab.add("removed.undo()")
    assert lab.errors() == []
    assert lab.complaints() == []


def test_an_own_chapter_is_written_and_built(lab: Lab, project: Path) -> None:
    lab.open("00-start")
    lab.run()
    lab.add(
        'correct(show.evidence("Leif-Eric Easley")[0], speaker="Lee Easley", who="A. Reader", why="a try")'
    )
    lab.add('desk.new_chapter("05-own", "Who speaks of Russia?")')
    (project / "reports" / "own.yml").write_text(
        "title: Mine\ncorpus: data/corpus\nchapters: [02-experts, 05-own]\n"
    )
    lab.add('desk.build("own")')
    lab.wait(
        "return window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.status === 'idle'",
        180,
    )
    lab.see("build")
    assert lab.errors() == []
    page = (project / "reports" / "build" / "own" / "briefing.html").read_text()
    assert "Who speaks of Russia?" in page
    assert "Lee Easley" in page
    assert "<script" not in page.split("</main>")[0].split("<main")[1]
    assert lab.complaints() == []


def test_a_briefing_is_built_from_a_terminal(lab: Lab, project: Path) -> None:
    """What ``make report`` runs once the environment is there, which it would make anew for a copy of the project."""
    (project / "reports" / "typed.yml").write_text(
        "title: Typed\ncorpus: data/corpus\nchapters: [02-experts]\n"
    )
    lab.open("00-start")
    lab.driver.execute_script("window.jupyterapp.commands.execute('terminal:create-new')")
    lab.wait(
        "return window.jupyterapp.shell.currentWidget?.content?.session?.connectionStatus === 'connected'"
        " && document.querySelector('.jp-Terminal textarea')"
    )
    ended = project / "ended"
    lab.driver.find_element(By.CSS_SELECTOR, ".jp-Terminal textarea").send_keys(
        f"cd {project} && {sys.executable} -m analysis report typed; echo $? > {ended}", Keys.ENTER
    )
    WebDriverWait(lab.driver, 240, 0.5).until(lambda _: ended.is_file() and ended.read_text())
    lab.see("terminal")
    assert ended.read_text() == "0\n"
    assert "Typed" in (project / "reports" / "build" / "typed" / "briefing.html").read_text()
    lab.driver.execute_async_script(
        "window.jupyterapp.shell.currentWidget.content.session.shutdown().then(arguments[arguments.length - 1])"
    )
    assert lab.complaints() == []
