"""From a corpus to its articles on disk: every announced record is an article, a rejected record or a duplicate.

The articles lie in shards, Parquet files of neighbouring article ids, so that one new article changes one shard. No more than
a batch of texts is in memory at a time.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from analysis import cores, drafts, ingest, schema, stories
from analysis.corpus import CorpusError, Item, Settings, Unreadable, items, language

#: Records that a process finishes at a time, and batches from which it pays to start a process a core.
BATCH, MANY = 250, 4
#: Articles that a shard holds at most: what one article more costs, and a few seconds of a core.
SHARD = 64


class Loaded(NamedTuple):
    """How many records a corpus announces, and what became of them: ``articles + rejected + duplicates = announced``.

    ``remarks`` are sentences on what else a reader should know.
    """

    announced: int
    articles: int
    rejected: int
    duplicates: int
    remarks: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Return the counts as a sum."""
        return f"{self.articles:,} articles + {self.rejected:,} rejected + {self.duplicates:,} duplicates = {self.announced:,} announced"


class _Batch(NamedTuple):
    """A finished batch: rows of articles with their MinHash signatures, and rows of rejected records."""

    articles: pa.Table
    rejected: list[dict[str, Any]]


def load(
    corpus: Path,
    out: Path,
    settings: Settings,
    *,
    log: Path | None = None,
    progress: bool = False,
    workers: int | None = None,
) -> Loaded:
    """Read a corpus into the folder ``out``, which appears whole or not at all.

    It holds ``articles/*.parquet`` (shards, sorted by ``article_id``), ``rejected``, ``duplicates`` and ``stories`` as Parquet, and
    ``loaded.json`` with the counts. ``log`` is a file in JSON lines to which each file that was read is appended once for its bytes
    and the package's version. Raises ``corpus.CorpusError``.
    """
    try:
        corrections = stories.corrections()
    except ValueError as error:
        raise CorpusError(str(error)) from error
    with drafts.folder(out) as work:
        return _fill(corpus, work, settings, corrections, log, progress, workers)


def read(folder: Path) -> Loaded:
    """Return the counts of a folder that ``load`` wrote."""
    found = json.loads((folder / "loaded.json").read_text(encoding="utf-8"))
    return Loaded(**{**found, "remarks": tuple(found["remarks"])})


def _fill(
    corpus: Path,
    work: Path,
    settings: Settings,
    corrections: tuple[stories.Correction, ...],
    log: Path | None,
    progress: bool,
    workers: int | None,
) -> Loaded:
    marks = ingest.Log(log)
    rejected: list[dict[str, Any]] = []
    unsorted = work / "unsorted.parquet"
    read = tqdm(
        marks.seen(items(corpus, settings)),
        desc="loading",
        unit="record",
        disable=not progress,
        mininterval=0.5,
    )
    with pq.ParquetWriter(unsorted, _SIGNED, compression="zstd") as writer:
        for batch in cores.each(_finish, _batches(read), many=MANY, workers=workers):
            rejected += batch.rejected
            if len(batch.articles):
                writer.write_table(batch.articles)
    ids, duplicates, told = _shards(unsorted, work, corrections)
    unsorted.unlink()
    _write(work, "rejected", _in_place(rejected))
    _write(work, "duplicates", _in_place(duplicates))
    schema.write_parquet(told, work / "stories.parquet")
    counts = Loaded(
        marks.announced, len(ids), len(rejected), len(duplicates), tuple(stories.unknown(corrections, ids))
    )
    if counts.announced != counts.articles + counts.rejected + counts.duplicates:
        raise AssertionError(f"records were lost: {counts.sentence()}")
    schema.write_atomically(work / "loaded.json", json.dumps(counts._asdict()).encode())
    marks.write()
    return counts


def _batches(read: Iterable[Item]) -> Iterator[list[Item]]:
    ahead = iter(read)
    while batch := list(islice(ahead, BATCH)):
        yield batch


def _finish(batch: list[Item]) -> _Batch:
    """Give each article its id, language, length and signature."""
    rows, rejected = [], []
    for item in batch:
        where = {"path": item.path, "record": item.number, "sha256_raw": item.mark.sha256}
        found = item.found
        try:
            if isinstance(found, Unreadable):
                raise found
            identity = "\x1f".join([found.date, found.outlet, found.title, found.byline, found.text])
            _bytes(found.url)
            rows.append(
                {
                    **where, **found._asdict(), "words_declared": _length(found.words_declared), "article_id": hashlib.sha256(_bytes(identity)).hexdigest()[:16],
                    "language": language.identify(found.text), "n_words": len(found.text.split()),
                    "signature": stories.signature(found.text).tobytes(),
                }
            )  # fmt: skip
        except Unreadable as error:
            rejected.append({**where, "reason": error.reason, "remedy": error.remedy})
    return _Batch(pa.Table.from_pylist(rows, schema=_SIGNED), rejected)


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Unreadable(
            f"half a character ({error.object[error.start]!a})", "export it again, as UTF-8"
        ) from error


def _length(words: int | None) -> int | None:
    return words if words is not None and 0 <= words < 2**31 else None


_SIGNED = schema.arrow_schema("articles").append(pa.field("signature", pa.binary()))


def _shards(
    unsorted: Path, work: Path, corrections: tuple[stories.Correction, ...]
) -> tuple[list[str], list[dict[str, Any]], pa.Table]:
    """Write the articles in shards; return their ids, the rows of ``duplicates`` and the table ``stories``.

    Of records with the same id the first that was read is the article.
    """
    places = pq.read_table(unsorted, columns=["article_id", "path", "record", "sha256_raw"])
    order = places.append_column("row", pa.array(range(len(places)), pa.int64())).sort_by(
        [("article_id", "ascending"), ("row", "ascending")]
    )
    ids = np.array(order["article_id"].to_pylist(), "U16")
    is_first = np.append(True, ids[1:] != ids[:-1])[: len(ids)]
    duplicates = order.filter(pa.array(~is_first)).drop_columns("row").to_pylist()
    kept = ids[is_first].tolist()
    columns = ", ".join(f'"{name}"' for name in _SIGNED.names)
    signatures = np.zeros((len(kept), stories.PERMUTATIONS), np.uint32)
    days: list[tuple[str, str, int]] = []
    rest = schema.arrow_schema("articles").empty_table()
    sizes = sizes_of(kept)[::-1]
    with duckdb.connect(
        config={"memory_limit": "1GB", "temp_directory": str(work / "spill"), "threads": 2}
    ) as connection:
        connection.register("kept", order.filter(pa.array(is_first)).select(["row"]))
        connection.read_parquet(str(unsorted), file_row_number=True).create_view("every")
        query = connection.sql(
            f"SELECT {columns} FROM every SEMI JOIN kept ON file_row_number = kept.row ORDER BY article_id"
        )
        for batch in query.to_arrow_reader(2_000):
            table = pa.Table.from_batches([batch]).cast(_SIGNED)
            signed = np.frombuffer(b"".join(table["signature"].to_pylist()), np.uint32)
            signatures[len(days) : len(days) + len(table)] = signed.reshape(len(table), -1)
            days += zip(*(table[name].to_pylist() for name in ("date", "path", "record")), strict=True)
            rest = pa.concat_tables([rest, table.drop_columns("signature")])
            while sizes and len(rest) >= sizes[-1]:
                size = sizes.pop()
                _write_shard(rest.slice(0, size), work)
                rest = rest.slice(size).combine_chunks()
    return kept, duplicates, stories.table(kept, days, signatures, corrections)


def _write_shard(data: pa.Table, work: Path) -> None:
    """Write a shard under a name that tells its first article and all that measuring it depends on."""
    ids = data["article_id"].to_pylist()
    of = "\n".join(f"{one} {code}" for one, code in zip(ids, data["language"].to_pylist(), strict=True))
    name = f"{ids[0]}-{hashlib.sha256(of.encode()).hexdigest()[:16]}"
    schema.write_parquet(data, work / "articles" / f"{name}.parquet")


def sizes_of(ids: list[str]) -> list[int]:
    """Return how many of the sorted ids each shard takes: runs with the same first bits, the fewest bits that keep within ``SHARD``."""

    def cut(low: int, high: int, start: int, bit: int) -> Iterator[int]:
        if high - low <= SHARD or bit < 0:
            if high > low:
                yield high - low
            return
        middle = start + (1 << bit)
        border = int(np.searchsorted(numbers[low:high], np.uint64(middle))) + low
        yield from cut(low, border, start, bit - 1)
        yield from cut(border, high, middle, bit - 1)

    numbers = np.array([int(i, 16) for i in ids], np.uint64)
    return list(cut(0, len(ids), 0, 63))


def _in_place(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["path"], row["record"]))


def _write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    schema.write_parquet(
        pa.Table.from_pylist(rows, schema=schema.arrow_schema(name)), folder / f"{name}.parquet"
    )
