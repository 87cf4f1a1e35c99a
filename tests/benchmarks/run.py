"""Run the benchmarks that fit into a given time, and put their figures into README.md: ``python tests/benchmarks/run.py --minutes 60``.

Each measurement is a fresh process. The project's folder is left as it is: corpora, stores and briefings lie in the folder ``--work``.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import figures
import generate
import measured
from figures import Done, Row

from analysis import report

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
#: Mean words of an article of the generator; the time that loading takes a short article on two cores.
WORDS, WORDS_SHORT, LOAD_S = 350, 65, 0.0006


class Bench:
    """What a benchmark works with: the options, a folder of its own, and what its processes took."""

    def __init__(self, name: str, options: argparse.Namespace, minutes: float) -> None:
        self.options, self.limit_s = options, 60 * (5 + 4 * minutes)
        self.work: Path = options.work / name
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.processes: list[tuple[str, float, float]] = []

    def corpus(self, n: int, *, short: bool = False) -> Path:
        """Return a generated corpus; a corpus of the same generator is kept for the next benchmark."""
        kind = "short" if short else "news"
        stamp = int((HERE / "generate.py").stat().st_mtime)
        return generate.write(self.options.work / "corpora" / f"{kind}-{n}-{stamp}", n, short=short)

    def run(
        self, *command: str | Path, python: Path | None = None, copy: Path | None = None, cores: int = 0
    ) -> measured.Run:
        """Run a Python command in a fresh process; ``copy`` is a copy of the project to run it in."""
        line = [str(python or sys.executable), *map(str, command)]
        paths = [str(copy or ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        log = self.work / f"{len(self.processes):02}.log"
        done = measured.run(line, log, limit_s=self.limit_s, cwd=copy or ROOT, env=env, cores=cores)
        short = " ".join(["python", *map(str, command)])
        for path, name in ((self.options.work, "WORK"), (HERE, "tests/benchmarks"), (ROOT, ".")):
            short = short.replace(str(path), name)
        self.processes.append((short, round(done.seconds, 2), round(done.peak_mib, 1)))
        return done

    def tables(self, corpus: Path, store: Path, workers: int) -> measured.Run:
        """Run the whole pass, on as many cores as there are workers."""
        out = self.work / "tables"
        return self.run("-m", "analysis", "tables", "--corpus", corpus, "--store", store, "--out", out, "--workers", str(workers), cores=workers)  # fmt: skip

    def project(self) -> Path:
        """Return a copy of the project without its reports and builds, so that a briefing can be built of it."""
        copy = self.work / "project"
        for part in ("analysis", "data", "notebooks", "reports"):
            left = shutil.ignore_patterns(
                "build", "*.yml" if part == "reports" else "__pycache__", "__pycache__"
            )
            shutil.copytree(ROOT / part, copy / part, ignore=left)
        for path in [p for p in ROOT.iterdir() if p.is_file()]:
            shutil.copy(path, copy)
        return copy


def briefing_of_one(bench: Bench) -> list[Row]:
    """Build the briefing of the one real article, from nothing, and again."""
    project = bench.project()
    (project / "reports" / "one.yml").write_text("title: One article\ncorpus: data/corpus\n")
    first = bench.run("-m", "analysis", "report", "one", copy=project)
    again = bench.run("-m", "analysis", "report", "one", copy=project)
    bare = bench.work / "bare"
    bare.mkdir()
    for chapter in report.CHAPTERS:
        shutil.copy(project / "notebooks" / f"{chapter}.ipynb", bare)
    empty = bench.run(HERE / "baseline.py", "notebooks", bare)
    seen = f"{first.seconds / empty.seconds:.2f} ({_s(first.seconds)} against {_s(empty.seconds)})"
    return [
        Row("Briefing of data/corpus, built from nothing, against papermill over empty copies of its notebooks", seen, "≤ 2", first.seconds <= 2 * empty.seconds),
        Row("The same, nothing changed", _s(again.seconds)),
    ]  # fmt: skip


def by_week(bench: Bench) -> list[Row]:
    """Count region by week over many mentions, beside pandas."""
    n, folder = bench.options.mentions, bench.work / "mentions"
    bench.run(HERE / "synthesise.py", "mentions", str(n), folder)
    ours = bench.run(HERE / "tasks.py", "weeks", folder)
    rows = [_under(f"Region by week over {n:,} mention rows", ours.told["seconds"], 5, _s, "< 5 s")]
    try:
        theirs = bench.run(HERE / "baseline.py", "weeks", folder)
    except measured.Failed as error:
        return [*rows, Row("The same in pandas", str(error).split(": ", 1)[1][:120])]
    same = theirs.told["mentions"] == ours.told["mentions"] and theirs.told["groups"] == ours.told["groups"]
    said = f"{_s(theirs.told['seconds'])}, {theirs.peak_mib:,.0f} MiB against {ours.peak_mib:,.0f}; {'the same' if same else 'OTHER'} counts"
    return [*rows, Row("The same in pandas", said)]


def whole(bench: Bench) -> list[Row]:
    """Read and measure a corpus on one core and on two, beside the reader alone and beside what a user would run instead."""
    n = bench.options.articles
    corpus = bench.corpus(n)
    one = bench.tables(corpus, bench.work / "one", 1)
    alone = bench.run(HERE / "tasks.py", "read", bench.work / "one", cores=1)
    two = bench.tables(corpus, bench.work / "two", 2)
    n_words = alone.told["n_words"]
    seen = (
        f"{one.seconds / alone.told['seconds']:.2f} ({_s(one.seconds)} against {_s(alone.told['seconds'])})"
    )
    rows = [
        Row(f"Whole pass on one core against the reader's own time, {n:,} articles", seen, "≤ 1.25", one.seconds <= 1.25 * alone.told["seconds"]),
        Row("One core against two, the same articles", f"{one.seconds / two.seconds:.2f} ({_s(two.seconds)}, {n_words / two.seconds:,.0f} words/s)", "≥ 1.8", one.seconds >= 1.8 * two.seconds),
    ]  # fmt: skip
    what = "TextBlob and a blank spaCy pipeline over the same files, pandas for the counts, one core"
    try:
        theirs = bench.run(HERE / "baseline.py", "articles", corpus, python=_with_spacy(bench), cores=1)
    except measured.Failed as error:
        return [*rows, Row(what, f"not measured: {error}"[:300])]
    used = ", ".join(f"{name} {number}" for name, number in theirs.told["versions"].items())
    said = (
        f"{_s(theirs.seconds)}, {theirs.peak_mib:,.0f} MiB ({used}); the whole pass {one.peak_mib:,.0f} MiB"
    )
    return [*rows, Row(what, said)]


def _with_spacy(bench: Bench) -> Path:
    """Return the Python of a throw-away environment with spaCy; raise ``measured.Failed`` where it cannot be installed."""
    folder: Path = bench.options.work / "spacy"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / ".ready").exists():
        log = bench.work / "spacy.log"
        measured.run([sys.executable, "-m", "venv", "--clear", str(folder)], log, limit_s=300)
        install = [str(python), "-m", "pip", "install", "--quiet", "spacy", "textblob", "pandas", "pyarrow"]
        measured.run(install, log, limit_s=900)
        (folder / ".ready").touch()
    return python


def rerun(bench: Bench) -> list[Row]:
    """Run the whole pass again with nothing changed, and with one article added."""
    n = bench.options.many
    corpus = bench.work / "corpus"
    shutil.copytree(bench.corpus(n), corpus)
    first, again = (bench.tables(corpus, bench.work / "store", 2) for _ in range(2))
    *_, added = generate.articles(n + 1, seed=2)
    (corpus / "added.txt").write_text(generate.header_text(added), encoding="utf-8")
    one = bench.tables(corpus, bench.work / "store", 2)
    return [
        _share(f"Again with nothing changed, {n:,} articles", again.seconds, first.seconds, 0.02),
        _share("Again with one article added", one.seconds, first.seconds, 0.05),
    ]


def memory(bench: Bench) -> list[Row]:
    """Compare the memory of the whole pass over a corpus and over one ten times as large."""
    small, large = bench.options.pair
    peaks = [
        bench.tables(bench.corpus(n, short=True), bench.work / str(n), 2).peak_mib for n in (small, large)
    ]
    seen = f"{peaks[1] / peaks[0]:.2f} ({peaks[1]:,.0f} MiB against {peaks[0]:,.0f})"
    return [Row(f"Memory at {large:,} articles against {small:,} (short)", seen, "≤ 1.3", peaks[1] <= 1.3 * peaks[0])]  # fmt: skip


def loading(bench: Bench) -> list[Row]:
    """Load and de-duplicate corpora of growing size."""
    rows: list[Row] = []
    before: tuple[int, float] | None = None
    for n in bench.options.loads:
        corpus = bench.corpus(n, short=True)
        done = bench.run(
            "-m", "analysis", "load", "--corpus", corpus, "--store", bench.work / str(n), "--json"
        )
        gib = done.peak_mib / 1024
        rows.append(Row(f"Loading {n:,} short articles", f"{_s(done.seconds)}, {gib:.2f} GiB", "< 24 GB", gib * 1.0737 < 24))  # fmt: skip
        if before:
            growth = done.seconds / before[1] / (n / before[0])
            rows.append(Row(f"Time an article, {n:,} against {before[0]:,}", f"{growth:.2f}", "≤ 1.15", growth <= 1.15))  # fmt: skip
        before = (n, done.seconds)
        shutil.rmtree(bench.work / str(n))
    return rows


def briefing(bench: Bench) -> list[Row]:
    """Build a briefing over the tables of many articles, which are synthesised."""
    n, project = bench.options.tables, bench.project()
    store = project / "reports" / "build" / ".tables"
    bench.run(
        HERE / "synthesise.py",
        "corpus",
        str(n),
        store,
        "--prototypes",
        str(min(500, max(20, n // 10))),
        copy=project,
    )
    (project / "reports" / "many.yml").write_text(
        "title: Many articles\ncorpus: data/corpus\ntables: reports/build/.tables/corpora/synthetic\n"
    )
    done = bench.run("-m", "analysis", "report", "many", copy=project)
    return [
        _under(f"Briefing over the tables of {n:,} articles", done.seconds, 180, _s, "< 3 min"),
        Row("Its memory", f"{done.peak_mib:,.0f} MiB"),
    ]


def dask(bench: Bench) -> list[Row]:
    """Measure a loaded corpus on the pool and on Dask with as many workers, both with the time to start them."""
    corpus = bench.corpus(bench.options.articles)
    seconds = []
    for scheduler in ("", "local"):
        store = bench.work / (scheduler or "pool")
        command: list[str | Path] = [HERE / "tasks.py", "measure", corpus, "--store", store, "--workers", "2"]
        extra = ["--scheduler", scheduler] if scheduler else []
        seconds.append(bench.run(*command, *extra).told["seconds"])
    seen = f"{seconds[1] / seconds[0]:.2f} ({_s(seconds[1])} against {_s(seconds[0])})"
    return [Row(f"Dask with two workers against two processes, {bench.options.articles:,} articles", seen, "≤ 1.15", seconds[1] <= 1.15 * seconds[0])]  # fmt: skip


class Benchmark(NamedTuple):
    """A benchmark, the options that size it, and about how many minutes it takes."""

    function: Callable[[Bench], list[Row]]
    sized_by: str
    minutes: Callable[[argparse.Namespace], float]


def _read(n: int, o: argparse.Namespace, words: int = WORDS) -> float:
    """Return the minutes of a whole pass on two cores."""
    return float(n * words / o.speed / 60)


BENCHMARKS = {
    "one": Benchmark(briefing_of_one, "", lambda o: 1),
    "weeks": Benchmark(by_week, "mentions", lambda o: 0.1 + 2 * o.mentions / 10_000_000),
    "whole": Benchmark(whole, "articles", lambda o: 2 + 5 * _read(o.articles, o)),
    "dask": Benchmark(dask, "articles", lambda o: 1 + 2 * _read(o.articles, o)),
    "briefing": Benchmark(briefing, "tables", lambda o: 1 + 6 * o.tables / 100_000),
    "rerun": Benchmark(rerun, "many", lambda o: 1 + 1.2 * _read(o.many, o)),
    "loading": Benchmark(loading, "loads", lambda o: sum(o.loads) * LOAD_S / 60),
    "memory": Benchmark(memory, "pair", lambda o: 1 + 1.3 * _read(sum(o.pair), o, WORDS_SHORT)),
}


def _s(seconds: float) -> str:
    return f"{seconds:,.1f} s" if seconds < 120 else f"{seconds / 60:,.1f} min"


def _under(what: str, value: float, most: float, said: Callable[[float], str], target: str) -> Row:
    return Row(what, said(value), target, value < most)


def _share(what: str, part: float, of: float, most: float) -> Row:
    return Row(what, f"{part / of:.1%} ({_s(part)} of {_s(of)})", f"< {most:.0%}", part < most * of)


def _command(name: str, options: argparse.Namespace) -> str:
    size = BENCHMARKS[name].sized_by
    value = getattr(options, size) if size else None
    given = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"python tests/benchmarks/run.py --only {name}" + (f" --{size} {given}" if size else "")


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the benchmarks that fit into a given time.")
    parser.add_argument(
        "--minutes", type=float, help="time for all; without it the benchmarks that are asked for run"
    )
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, help="the benchmarks to run; all without it")
    parser.add_argument(
        "--list", action="store_true", help="say what would run and for how long, and run nothing"
    )
    parser.add_argument("--articles", type=int, default=2_000, help="articles of whole and dask")
    parser.add_argument("--many", type=int, default=10_000, help="articles of rerun")
    parser.add_argument(
        "--pair", type=int, nargs=2, default=[10_000, 100_000], help="short articles of memory"
    )
    parser.add_argument(
        "--loads", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="short articles of loading"
    )
    parser.add_argument("--mentions", type=int, default=10_000_000, help="rows of weeks")
    parser.add_argument("--tables", type=int, default=100_000, help="articles of briefing")
    parser.add_argument(
        "--speed", type=float, default=7_400, help="words a second on two cores, to tell the time ahead"
    )
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "benchmarks",
        help="folder for all that is written",
    )
    parser.add_argument("--readme", type=Path, default=HERE / "README.md", help="the page for the figures")
    given = parser.parse_args(argv)
    given.work = given.work.resolve()
    return given


def main(argv: list[str] | None = None) -> int:
    """Run what the command line asks for; return 1 where a benchmark failed, not where a target was missed."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is being measured ends, too
    left, failed = options.minutes, 0
    for name in options.only or BENCHMARKS:
        minutes = BENCHMARKS[name].minutes(options)
        if left is not None and minutes > left:
            print(
                f"{name}: left out, about {minutes:.1f} min and {left:.1f} are left: {_command(name, options)}"
            )
            continue
        print(f"{name}: about {minutes:.1f} min: {_command(name, options)}", flush=True)
        start = time.perf_counter()
        if not options.list:
            failed += not _one(name, options, minutes)
        spent = minutes if options.list else (time.perf_counter() - start) / 60
        left = None if left is None else left - spent
    return 1 if failed else 0


def _one(name: str, options: argparse.Namespace, minutes: float) -> bool:
    bench = Bench(name, options, minutes)
    try:
        rows = BENCHMARKS[name].function(bench)
    except measured.Failed as error:
        print(f"{name}: failed: {error}", flush=True)
        return False
    for row in rows:
        print(f"  {row.what}: {row.figure}" + (f" (target {row.target}: {'met' if row.met else 'MISSED'})" if row.target else ""), flush=True)  # fmt: skip
    figures.keep({name: Done(rows, _command(name, options), bench.processes)}, options.readme)
    shutil.rmtree(bench.work, ignore_errors=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
