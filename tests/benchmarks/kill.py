"""Kill the command ``tables`` at random moments, then let it go on: the tables are those of an undisturbed run.

``python tests/benchmarks/kill.py`` does it 50 times and ends with 1 where a byte differs.
"""

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: The command with shards of four articles, so that a small corpus has many.
COMMAND = """
import signal
from analysis import loading, tables
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
loading.SHARD, loading.BATCH, loading.MANY, tables.MANY = 4, 8, 2, 1
from analysis.cli import app
app()
"""
BODY = (
    "{name}, an analyst in Seoul, said on Tuesday that a war between North Korea and Japan is unlikely.\n\n"
    "Russia could still threaten the security of Ukraine, officials in Moscow warned in report {n}. It was the {n}th such "
    "warning since the talks in Geneva had failed.\n"
)


def write(folder: Path, n: int, first: int = 0) -> Path:
    """Write ``n`` short articles, each in a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(first, first + n):
        name = f"Mara {chr(65 + i % 26)}{'aeiou'[i % 5]}ss"
        text = f"date 2024-05-{i % 28 + 1:02} Title {i}\n\n{BODY.format(name=name, n=i)}"
        (folder / f"{i:05}.txt").write_text(text, encoding="utf-8")
    return folder


def start(corpus: Path, work: Path, workers: int = 1) -> "subprocess.Popen[bytes]":
    """Start the command on a corpus, its store and its tables in the folder ``work``, as the leader of a group of processes."""
    arguments = [
        "tables",
        "--corpus",
        str(corpus),
        "--store",
        str(work / "store"),
        "--out",
        str(work / "out"),
    ]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments, "--workers", str(workers)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def begun(process: "subprocess.Popen[bytes]", work: Path) -> None:
    """Wait until a command has begun to write."""
    while process.poll() is None and not (work / "store").exists():
        time.sleep(0.01)


def kill(corpus: Path, work: Path, delay: float, workers: int = 1) -> bool:
    """Kill the command so many seconds after it has begun to write; return whether it was still at work."""
    process = start(corpus, work, workers)
    begun(process, work)
    time.sleep(delay)
    was_at_work = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return was_at_work


def digests(work: Path) -> dict[str, str]:
    """Return the SHA-256 of every Parquet file under a folder, by its path; of drafts none."""
    return {
        str(path.relative_to(work)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(work.rglob("*.parquet"))
        if ".drafts" not in path.parts
    }


def main() -> None:
    """Kill and go on, print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("times", type=int, nargs="?", default=50)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    try:
        corpus = write(folder / "corpus", given.articles)
        process = start(corpus, folder / "whole")
        begun(process, folder / "whole")
        began = time.monotonic()
        process.communicate()
        seconds, whole = time.monotonic() - began, digests(folder / "whole")
        at_work = differing = 0
        for i in range(given.times):
            work = folder / f"{i}"
            at_work += kill(corpus, work, chance.uniform(0, seconds), 1 + i % 2)
            before = len(digests(work))
            code = start(corpus, work, 1 + i % 2)
            code.communicate()
            same = digests(work) == whole and code.returncode == 0
            differing += not same
            print(
                f"{i + 1}: {before} of {len(whole)} files were there; then {'the same' if same else 'DIFFERENT'}",
                flush=True,
            )
            shutil.rmtree(work)
        print(f"{given.times} kills, {at_work} of them at work; {differing} with other bytes afterwards")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    raise SystemExit(1 if differing else 0)


if __name__ == "__main__":
    main()
