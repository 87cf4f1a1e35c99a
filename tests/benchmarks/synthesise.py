"""Write tables as if a corpus had been read: mentions of threats (``mentions``), or all tables of a loaded corpus (``corpus``)."""

import argparse
import hashlib
import json
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import generate
import numpy as np
import pyarrow as pa

from analysis import loading, measure, schema, tables

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
#: Rows a file of mentions, and mentions an article.
FILE, EACH = 250_000, 10
REGIONS = ["UA", "RU", "CN", "TW", "JP", "KR", "KP", "IR", "IL", "LB", "SY", "IQ", "YE", "SA", "TR", "PL", "LT", "SD", "ML", "NE"]  # fmt: skip


def mentions(out: Path, n: int, seed: int = 1) -> None:
    """Write ``articles``, ``stories`` and ``n`` rows of ``threats``, each in the schema, as folders of Parquet files."""
    chance = np.random.default_rng(seed)
    ids = _ids(max(1, n // EACH), chance)
    days = _days(len(ids), chance)
    for k in range(0, len(ids), FILE):
        part = ids[k : k + FILE]
        of = {"article_id": part, "date": days[k : k + FILE], "language": ["en"] * len(part)}
        schema.write_parquet(_filled("articles", of, len(part)), out / "articles" / f"{k:09}.parquet")
    leaders = [ids[i - 1] if i % 20 in (6, 13, 19) else one for i, one in enumerate(ids)]
    told = {"article_id": ids, "story_id": leaders}
    schema.write_parquet(_filled("stories", told, len(ids)), out / "stories" / "all.parquet")
    names = pa.array(REGIONS)
    for k in range(0, n, FILE):
        size = min(FILE, n - k)
        n_regions = chance.integers(1, 3, size)
        ends = np.concatenate([[0], np.cumsum(n_regions)]).astype(np.int32)
        picked = np.minimum(chance.geometric(0.15, int(ends[-1])) - 1, len(REGIONS) - 1)
        mine = [ids[i] for i in sorted(chance.integers(0, len(ids), size).tolist())]
        row: dict[str, Any] = {
            "article_id": mine, "start": range(size), "end": range(12, size + 12), "id": [f"{a}-t{i}" for i, a in enumerate(mine)],
            "regions": pa.ListArray.from_arrays(ends, names.take(pa.array(picked))), "is_negated": chance.random(size) < 0.05,
        }  # fmt: skip
        schema.write_parquet(_filled("threats", row, size), out / "threats" / f"{k:09}.parquet")


def corpus(store: Path, n: int, n_prototypes: int, seed: int = 1) -> Path:
    """Write a corpus of ``n`` articles with all that is measured of them into a store; return its folder.

    ``n_prototypes`` articles are read; each row of the others is a row of one of these under another article's id, with another
    day and file. So evidence and offsets fit, and rows have the rates and sizes of real ones.
    """
    with tempfile.TemporaryDirectory() as work:
        folder = generate.write(Path(work) / "corpus", n_prototypes, seed)
        read = tables.Store(Path(work) / "store").load(folder)
        read.measure()
        found = {name: _table(read, name) for name in ("articles", *measure.TABLES)}
    order = found["articles"]["article_id"].to_pylist()
    number = {one: i for i, one in enumerate(order)}
    spans = {name: _spans(rows, number) for name, rows in found.items()}
    chance = np.random.default_rng(seed)
    ids, days = _ids(n, chance), _days(n, chance)
    pick = chance.integers(0, len(order), n)
    made = tables.Corpus(tables.Store(store), store / "corpora" / "synthetic")
    sizes = loading.sizes_of(ids)
    for k, end in zip(np.cumsum([0, *sizes]).tolist(), np.cumsum(sizes).tolist(), strict=False):
        mine = ids[k:end]
        name = f"{mine[0]}-{hashlib.sha256(chr(10).join(mine).encode()).hexdigest()[:16]}"
        shard = made.folder / "articles" / f"{name}.parquet"
        rows = _put(found["articles"].take(pa.array(pick[k:end])), "article_id", mine)
        rows = _put(
            _put(rows, "date", days[k:end]), "path", [f"{i // 10_000:04}.jsonl" for i in range(k, end)]
        )
        rows = _put(
            _put(rows, "record", [i % 10_000 + 1 for i in range(k, end)]), "sha256_raw", _hashes(k, end)
        )
        schema.write_parquet(rows, shard)
        for table in measure.TABLES:
            copied = _copied(found[table], spans[table], pick[k:end], mine)
            schema.write_parquet(copied, made.measured(shard) / f"{table}.parquet")
    leaders = [ids[i - 1] if i % 20 in (6, 13, 19) else one for i, one in enumerate(ids)]
    n_articles = Counter(leaders)
    told = {"article_id": ids, "story_id": leaders, "n_articles": [n_articles[one] for one in leaders]}
    schema.write_parquet(_filled("stories", told, n), made.folder / "stories.parquet")
    for empty in ("rejected", "duplicates"):
        schema.write_parquet(schema.arrow_schema(empty).empty_table(), made.folder / f"{empty}.parquet")
    counted = loading.Loaded(n, n, 0, 0)._asdict()
    schema.write_atomically(made.folder / "loaded.json", json.dumps(counted).encode())
    return Path(made.folder)


def _table(read: tables.Corpus, name: str) -> pa.Table:
    return pa.Table.from_pandas(read.read(name), schema=schema.arrow_schema(name), preserve_index=False)


def _spans(rows: pa.Table, number: dict[str, int]) -> tuple[Rows, Rows]:
    """Return the first row and the number of rows of each article; the rows of one stand together."""
    of = np.array([number[one] for one in rows["article_id"].to_pylist()], np.int64)
    counts = np.bincount(of, minlength=len(number))
    first = np.zeros(len(number), np.int64)
    first[of[::-1]] = np.arange(len(of))[::-1]
    return first, counts


def _copied(rows: pa.Table, spans: tuple[Rows, Rows], pick: Rows, ids: list[str]) -> pa.Table:
    first, counts = spans
    where = np.concatenate([np.arange(first[p], first[p] + counts[p]) for p in pick.tolist()])
    owner = [one for one, p in zip(ids, pick.tolist(), strict=True) for _ in range(counts[p])]
    taken = rows.take(pa.array(where.astype(np.int64)))
    if "id" in taken.column_names:
        old = zip(owner, taken["article_id"].to_pylist(), taken["id"].to_pylist(), strict=True)
        taken = _put(taken, "id", [new + row.removeprefix(before) for new, before, row in old])
    return _put(taken, "article_id", owner)


def _put(rows: pa.Table, name: str, values: list[Any]) -> pa.Table:
    i = rows.schema.get_field_index(name)
    return rows.set_column(i, rows.schema.field(i), pa.array(values, rows.schema.field(i).type))


def _filled(name: str, given: dict[str, Any], n: int) -> pa.Table:
    """Return rows of a table in which a column that is not given has one empty value."""
    empty = {pa.string(): "", pa.int32(): 1, pa.float64(): 0.0, pa.bool_(): False}
    return pa.table(
        {
            field.name: pa.array(given[field.name], field.type)
            if field.name in given
            else pa.repeat(pa.scalar(empty.get(field.type, []), field.type), n)
            for field in schema.arrow_schema(name)
        },
        schema=schema.arrow_schema(name),
    )


def _ids(n: int, chance: np.random.Generator) -> list[str]:
    return sorted(f"{one:016x}" for one in chance.integers(0, 2**64 - 1, n, np.uint64).tolist())


def _days(n: int, chance: np.random.Generator) -> list[str]:
    every = [(date(2023, 7, 1) + timedelta(days=i)).isoformat() for i in range(731)]
    return [every[i] for i in chance.integers(0, len(every), n).tolist()]


def _hashes(start: int, end: int) -> list[str]:
    return [hashlib.sha256(str(i // 10_000).encode()).hexdigest() for i in range(start, end)]


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["mentions", "corpus"])
    parser.add_argument("n", type=int, help="rows of mentions, or articles")
    parser.add_argument("out", type=Path, help="the folder of mentions, or the store")
    parser.add_argument("--prototypes", type=int, default=500, help="articles that are read")
    given = parser.parse_args()
    if given.what == "mentions":
        mentions(given.out, given.n)
    else:
        corpus(given.out, given.n, given.prototypes)


if __name__ == "__main__":
    main()
