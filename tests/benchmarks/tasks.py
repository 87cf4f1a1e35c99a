"""What is measured that is no command of the suite: each task ends with a line of JSON."""

import argparse
import json
import time
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from analysis import cluster, reader, summary, tables
from analysis.corpus import language


def read(store: Path) -> dict[str, float]:
    """Read every article of the corpus in a store, one after another: only the reader's own time counts."""
    seconds, n_words = 0.0, 0
    for shard in sorted(store.glob("corpora/*/articles/*.parquet")):
        for article in pq.read_table(shard, partitioning=None).to_pylist():
            if article["language"] not in language.READ:
                continue
            start = time.perf_counter()
            reader.read(article["text"])
            seconds += time.perf_counter() - start
            n_words += article["n_words"]
    return {"seconds": seconds, "n_words": n_words}


def measure(corpus: Path, store: Path, scheduler: str, workers: int) -> dict[str, float]:
    """Measure a corpus on the pool, or on Dask's cluster of this machine: from the loaded articles to the last shard."""
    loaded = tables.Store(store).load(corpus, workers=workers)
    start = time.perf_counter()
    with cluster.executor(scheduler, workers=workers) as executor:
        loaded.measure(executor, workers=workers)
        seconds = time.perf_counter() - start
    return {"seconds": seconds, "shards": len(loaded.shards)}


def weeks(folder: Path) -> dict[str, float]:
    """Count threat mentions by region and week from folders of Parquet files."""
    connection = duckdb.connect()
    for name in ("articles", "stories", "threats"):
        files = str(folder / name / "*.parquet").replace("'", "''")
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{files}')")
    start = time.perf_counter()
    found = summary.by_week(connection)
    return {
        "seconds": time.perf_counter() - start,
        "groups": len(found),
        "mentions": int(found["n_rows"].sum()),
    }


def main() -> None:
    """Do the task that the command line names, and print what it tells."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=["read", "measure", "weeks"])
    parser.add_argument("folder", type=Path, help="the store; the corpus; the folder of mentions")
    parser.add_argument("--store", type=Path, default=Path("store"))
    parser.add_argument("--scheduler", default="")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    if given.task == "read":
        told = read(given.folder)
    elif given.task == "weeks":
        told = weeks(given.folder)
    else:
        told = measure(given.folder, given.store, given.scheduler, given.workers)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
