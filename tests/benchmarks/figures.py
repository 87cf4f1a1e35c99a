"""The figures of the benchmarks: kept in ``figures.json``, shown in ``README.md`` between two marker lines."""

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import psutil  # type: ignore[import-untyped]

BEGIN, END = "<!-- begin: figures -->", "<!-- end: figures -->"
_PACKAGES = (
    "regional-threat-briefing distributed duckdb numpy onnxruntime pandas pyarrow rensa textblob".split()
)


class Row(NamedTuple):
    """One figure: what was compared, what was seen, the target in words, and whether it was met (None without a target)."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None


class Done(NamedTuple):
    """A benchmark: its figures, the command that makes them, and every process that it measured."""

    rows: list[Row]
    command: str
    processes: list[tuple[str, float, float]]


def keep(done: dict[str, Done], readme: Path) -> None:
    """Put what was measured in the place of what was there of the same benchmarks, and render the page anew.

    Figures of other benchmarks stay, each with the machine, the versions and the day of its run.
    """
    path = readme.with_name("figures.json")
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for name, one in done.items():
        known[name] = {**one._asdict(), "run": _run()}
    path.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    text = readme.read_text(encoding="utf-8") if readme.exists() else f"{BEGIN}\n{END}\n"
    head, tail = text.split(BEGIN)[0], text.split(END)[-1]
    readme.write_text(f"{head}{BEGIN}\n{_page(known)}{END}{tail}", encoding="utf-8")


def _run() -> dict[str, str]:
    """Tell where and when: day, machine, versions."""
    versions = []
    for name in _PACKAGES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"{name} missing")
    memory = f"{psutil.virtual_memory().total / 2**30:.0f} GiB"
    return {
        "day": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": f"{os.cpu_count()} cores ({_processor()}), {memory}, {platform.system()} {platform.release()}",
        "versions": f"Python {platform.python_version()}, " + ", ".join(versions),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _page(known: dict[str, Any]) -> str:
    runs: list[dict[str, str]] = []
    for one in known.values():
        if one["run"] not in runs:
            runs.append(one["run"])
    lines = ["| figure | seen | target | met | command | run |", "|---|---|---|---|---|---|"]
    for one in known.values():
        for what, figure, target, met in one["rows"]:
            said = {True: "yes", False: "**no**", None: ""}[met]
            cells = (what, figure, target, said, f"`{one['command']}`", str(runs.index(one["run"]) + 1))
            lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    lines += ["", "Every process that was measured:", "", "| benchmark | process | seconds | MiB at most |", "|---|---|---:|---:|"]  # fmt: skip
    for name, one in known.items():
        lines += [f"| {name} | `{command}` | {s:,.1f} | {mib:,.0f} |" for command, s, mib in one["processes"]]
    lines.append("")
    for i, run in enumerate(runs, 1):
        lines.append(f"Run {i}: {run['day']}; {run['machine']}; {run['versions']}.")
    return "\n".join(lines) + "\n"
