"""One core or several: the same results, in the same order; processes end with their parent."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pandas as pd
import pytest

from analysis import cores, report, tables


@pytest.mark.parametrize(("n", "many", "workers"), [(0, 1, 2), (7, 100, 2), (7, 1, 1), (7, 1, 2)])
def test_each_keeps_the_order(n: int, many: int, workers: int) -> None:
    words = ["x" * i for i in range(n)]
    assert list(cores.each(len, words, many=many, workers=workers)) == list(range(n))


def test_an_error_in_a_worker_is_raised_here() -> None:
    with pytest.raises(TypeError):
        list(cores.each(len, ["a", None], many=1, workers=2))  # type: ignore[list-item]


def test_no_more_is_taken_ahead_than_is_needed() -> None:
    taken: list[int] = []
    found = cores.each(abs, (taken.append(n) or n for n in range(100)), workers=2)
    assert next(found) == 0
    assert len(taken) < 10
    found.close()


def test_an_executor_of_ones_own() -> None:
    with ThreadPoolExecutor(2) as executor:
        assert list(cores.each(len, ["", "x"], executor=executor)) == [0, 1]


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(BrokenProcessPool):
        list(cores.each(os._exit, [3, 3], workers=2))


PARENT = """
import os, signal, sys, time
from analysis import cores
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
    try:
        for _ in cores.each(time.sleep, [0, 600, 600], workers=2):
            print("began", flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.parametrize(("number", "said"), [(signal.SIGINT, "interrupted"), (signal.SIGKILL, "")])
def test_processes_end_with_their_parent(tmp_path: Path, number: signal.Signals, said: str) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": str(report.ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "began\n"
        parent.send_signal(number)
        began = time.monotonic()
        assert parent.stdout.read().strip() == said, "ends when the last process does, for all hold the pipe"
        assert time.monotonic() - began < 60


def test_tables_are_the_same_from_one_core_and_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MANY", 1)
    folder = report.ROOT / "data" / "corpus"
    one, two = (tables.build(folder, tmp_path / str(n), workers=n) for n in (1, 2))
    for name, table in one.items():
        pd.testing.assert_frame_equal(table, two[name])
