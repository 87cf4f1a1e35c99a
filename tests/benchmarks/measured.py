"""Run a command in a fresh process, and tell how long it took and how much memory it and its children held at most."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import psutil  # type: ignore[import-untyped]

#: Seconds between two looks at the memory.
PAUSE = 0.1


class Failed(Exception):
    """A command that ended with an error, or was stopped; the message says which and why."""


class Run(NamedTuple):
    """What came of a command: seconds, MiB at most, and the JSON object that its last line is, if it is one."""

    command: str
    seconds: float
    peak_mib: float
    told: dict[str, Any]


def run(
    command: Sequence[str],
    log: Path,
    *,
    limit_s: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    cores: int = 0,
) -> Run:
    """Run a command, on no more than ``cores`` cores where that is given and the system allows it.

    The memory is the sum over the process and its children, looked at ten times a second, or the most that one process held
    where that is more. Raises ``Failed``.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=file, stderr=subprocess.STDOUT, cwd=cwd, env=env, start_new_session=True
        )
        stop, peak = threading.Event(), [0]
        watch = threading.Thread(target=_watch, args=(process.pid, stop, peak, start + limit_s, cores))
        watch.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
        except BaseException:
            _end(process.pid)
            raise
        finally:
            stop.set()
            watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    text = " ".join(command)
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    if process.returncode:
        why = f"stopped after {seconds:.0f} s" if seconds >= limit_s else f"ended with {process.returncode}"
        raise Failed(f"{text}: {why}: {lines[-1][-300:] if lines else 'no output'}; all output: {log}")
    told: dict[str, Any] = {}
    with contextlib.suppress(json.JSONDecodeError, IndexError):
        found = json.loads(lines[-1])
        told = found if isinstance(found, dict) else {}
    return Run(text, seconds, max(peak[0] / 2**20, usage.ru_maxrss / 2**10), told)


def _watch(pid: int, stop: threading.Event, peak: list[int], latest: float, cores: int) -> None:
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        if cores and hasattr(process, "cpu_affinity"):
            process.cpu_affinity(process.cpu_affinity()[:cores])
        while not stop.wait(PAUSE):
            if time.perf_counter() > latest:
                _end(pid)
                return
            held = 0
            for one in (process, *process.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    held += one.memory_info().rss
            peak[0] = max(peak[0], held)


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
