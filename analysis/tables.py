"""From a corpus to its tables: articles in shards, each measured once, on one core, many, or a cluster.

What was measured lies under a name made of the shard's articles and of everything that measuring rests on. So an interrupted
run goes on where it was, and a new article costs what it has itself. What the reader found in a small corpus is kept too, under a name that
no lexicon changes: a change of a word list then costs a quarter of the time.
"""

import errno
import hashlib
import json
import os
import shutil
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from analysis import __version__, cores, drafts, lexicons, loading, reader, schema, stories
from analysis.corpus import Settings, files, language
from analysis.measure import TABLES, measure, reading_version, version

#: Articles from which it pays to start a process a core.
MANY = 100
#: Shards of a corpus up to which readings are kept on disk too: as many articles as a process keeps readings of.
SMALL = 4
#: How an interrupted run goes on.
AGAIN = "what is done is kept: run the same command again to go on"


class TablesError(Exception):
    """Tables that could not be completed; the message says what is missing and how to go on."""


class Status(NamedTuple):
    """The shards of a corpus: measured, measured by another version only, failed, and not begun."""

    done: int
    stale: int
    failed: int
    missing: int
    failures: list[dict[str, str]]


class Store(NamedTuple):
    """The folder in which loaded corpora (``corpora``), their readings, measured shards (``shards``) and the ingest log lie."""

    folder: Path

    def corpus(self, corpus: Path, settings: Settings | None = None) -> "Corpus":
        """Return a corpus that may not be loaded yet. Raises ``corpus.CorpusError``."""
        return Corpus(self, self.folder / "corpora" / fingerprint(corpus, settings or Settings()))

    def load(
        self,
        corpus: Path,
        settings: Settings | None = None,
        *,
        progress: bool = False,
        workers: int | None = None,
    ) -> "Corpus":
        """Return a corpus with its articles on disk, read anew only where a file, the settings or the reading code changed.

        Raises ``corpus.CorpusError``, and ``TablesError`` where the disk is full or a process dies.
        """
        found = self.corpus(corpus, settings)
        if not found.is_loaded:
            with _plainly():
                loading.load(
                    corpus,
                    found.folder,
                    settings or Settings(),
                    log=self.folder / "ingest.jsonl",
                    progress=progress,
                    workers=workers,
                )
        return found

    def prune(self, keep: "Iterable[Corpus]") -> int:
        """Remove everything but the articles of the corpora ``keep`` and what this version measured of them; return its bytes.

        What is removed can be made again from the corpora. Nothing else may use the store meanwhile.
        """
        corpora = list(keep)
        kept = {corpus.folder.resolve() for corpus in corpora}
        kept |= {corpus.measured(shard).resolve() for corpus in corpora for shard in corpus.shards}
        kept |= {_readings(corpus.measured(shard)).resolve() for corpus in corpora for shard in corpus.shards}
        kept |= {corpus._bound().resolve() for corpus in corpora}
        folder = self.folder.resolve()
        size = 0
        places = ("corpora/*/bound/*", "corpora/*", "shards/*/*", "readings/*/*", "summaries/*")
        for path in (path for place in places for path in list(folder.glob(place)) if path not in kept):
            files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
            size += sum(file.stat().st_size for file in files)
            path.unlink() if path.is_file() else shutil.rmtree(path)
        for of in [*folder.glob("shards/*"), *folder.glob("readings/*")]:
            if not any(of.iterdir()):
                of.rmdir()
        return size


class Corpus(NamedTuple):
    """A loaded corpus: its folder, and the store that holds what was measured of it."""

    store: Store
    folder: Path

    @property
    def is_loaded(self) -> bool:
        """Whether the articles are on disk."""
        return (self.folder / "loaded.json").exists()

    @property
    def counts(self) -> loading.Loaded:
        """How many records were announced, and what became of them."""
        return loading.read(self.folder)

    @property
    def shards(self) -> list[Path]:
        """The Parquet files of the articles, in the order of their ids."""
        return sorted((self.folder / "articles").glob("*.parquet"))

    def measured(self, shard: Path) -> Path:
        """Return the folder for what is measured of a shard by this version of code, lexicons and weights."""
        return self.store.folder / "shards" / version() / shard.stem

    def files(self, name: str) -> list[Path]:
        """Return the Parquet files of a table: the one that ``bind`` wrote, else those of the shards by their articles' ids."""
        if (bound := self._bound()).exists():
            return [bound / f"{name}.parquet"]
        if name == "articles":
            return self.shards
        if name in TABLES:
            return [self.measured(shard) / f"{name}.parquet" for shard in self.shards]
        return [self.folder / f"{name}.parquet"]

    def status(self) -> Status:
        """Tell how far the measuring is."""
        every = {path.stem for path in self.shards}
        done, failed, stale = set[str](), set[str](), set[str]()
        for of in filter(Path.is_dir, (self.store.folder / "shards").glob("*")):
            names = {path.name for path in of.iterdir()}
            if of.name == version():
                done, failed = every & names, {name for name in every - names if f"{name}.failed" in names}
            else:
                stale |= every & names
        stale -= done | failed
        failures = [
            one for name in sorted(failed)
            for one in json.loads(_failure(self.store.folder / "shards" / version() / name).read_text(encoding="utf-8"))
        ]  # fmt: skip
        missing = len(every) - len(done) - len(stale) - len(failed)
        return Status(len(done), len(stale), len(failed), missing, failures)

    def measure(
        self, executor: Executor | None = None, *, progress: bool = False, workers: int | None = None
    ) -> None:
        """Measure every shard that is not measured yet.

        ``executor`` runs the shards, a Dask cluster for example; without it processes of this machine do. Raises
        ``TablesError`` naming the articles that failed once all other shards are done.
        """
        sizes = {shard: pq.read_metadata(shard).num_rows for shard in self.shards}
        todo = [shard for shard in sizes if not self.measured(shard).exists()]
        left, total = sum(sizes[shard] for shard in todo), sum(sizes.values())
        job = partial(one, of=self.store.folder / "shards" / version())
        with (
            _plainly(),
            tqdm(
                desc="measuring", unit="article", total=total, initial=total - left, disable=not progress
            ) as bar,
        ):
            done = cores.each(job, todo, workers=workers if left >= MANY else 1, executor=executor)
            try:
                for shard, _ in zip(todo, done, strict=True):
                    bar.update(sizes[shard])
            except BrokenExecutor as error:
                raise TablesError(
                    f"a process died, for want of memory perhaps, while it measured one of {self._in_hand(todo)}; {AGAIN}, with fewer "
                    "--workers, and if it happens again take that article out of the corpus"
                ) from error
        self.check()

    def bind(self) -> None:
        """Write each table as one file, in the order of its articles, where this version has not done so yet.

        A question to hundreds of small files takes a tenth of a second, to one file a hundredth. Raises ``TablesError`` where the
        corpus is not measured.
        """
        if (bound := self._bound()).exists():
            return
        self.check()
        with _plainly(), drafts.folder(bound) as work:
            for name in schema.TABLES:
                if name != "summary":
                    self.write(name, work / f"{name}.parquet")

    def _bound(self) -> Path:
        return self.folder / "bound" / version()

    def _in_hand(self, shards: list[Path]) -> str:
        """Return the articles that were being measured when a process ended."""
        notes = [_in_hand(self.measured(shard)) for shard in shards]
        return (
            "; ".join(note.read_text(encoding="utf-8") for note in notes if note.is_file()) or "its articles"
        )

    def check(self) -> None:
        """Raise ``TablesError`` where a shard is not measured."""
        found = self.status()
        if found.failed:
            named = "; ".join(f"{f['path']}, record {f['record']}: {f['error']}" for f in found.failures[:5])
            raise TablesError(
                f"{found.failed} of {len(self.shards)} shards failed, the others are done; what could not be measured: {named}; take "
                f"it out of the corpus, or report it with its trace ({self.store.folder / 'shards' / version()}/*.failed)"
            )
        if found.done < len(self.shards):
            raise TablesError(
                f"{len(self.shards) - found.done} of {len(self.shards)} shards are not measured in {self.store.folder}; "
                "measure them: python -m analysis tables"
            )

    def read(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Return a table; its rows stand in the order of their articles, which are ordered by date, path and record.

        Raises ``TablesError`` where the corpus is not measured.
        """
        with self.connect(*_needed(name)) as connection:
            found = self._ordered(connection, name, columns).to_arrow_table()
        return schema.frame(found.cast(_form(name, columns)))

    def write(
        self, name: str, out: Path, correct: Callable[[duckdb.DuckDBPyConnection], object] | None = None
    ) -> None:
        """Write a table as one Parquet file, in the same order, without having all of it in memory.

        ``correct`` may replace the relations of all tables of measures before.
        """
        correct = correct if name in TABLES else None
        if not correct and (bound := self._bound()).exists():
            with _plainly(), drafts.file(out) as new:
                shutil.copyfile(bound / f"{name}.parquet", new)
            return
        needed = (*_needed(name), *TABLES, "articles") if correct else _needed(name)
        with (
            _plainly(),
            drafts.file(out) as new,
            self.connect(*needed, spill=new.parent) as connection,
            pq.ParquetWriter(new, _form(name), compression="zstd") as writer,
        ):
            if correct:
                correct(connection)
            for batch in self._ordered(connection, name).to_arrow_reader(_ROWS):
                writer.write_table(pa.Table.from_batches([batch]).cast(_form(name)))

    def connect(self, *names: str, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
        """Return a connection with tables as relations; what does not fit a gigabyte goes to the folder ``spill``, if one is given.

        Raises ``TablesError`` where a table is of measures and the corpus is not measured.
        """
        if set(names) & set(TABLES):
            self.check()
        connection = duckdb.connect(config={"temp_directory": str(spill or "")})
        if spill:
            connection.execute("SET memory_limit = '1GB'")
        for name in dict.fromkeys(names):
            if paths := [str(path) for path in self.files(name)]:
                connection.read_parquet(paths, file_row_number=True).create_view(name)
            else:
                form = schema.arrow_schema(name).append(pa.field("file_row_number", pa.int64()))
                connection.register(name, form.empty_table())
        return connection

    def _ordered(
        self, connection: duckdb.DuckDBPyConnection, name: str, columns: list[str] | None = None
    ) -> duckdb.DuckDBPyRelation:
        wanted = ", ".join(f'"{name}"."{column}"' for column in _form(name, columns).names)
        join = "JOIN articles USING (article_id)" if len(_needed(name)) > 1 else ""
        dated = "" if name in ("rejected", "duplicates") else "date, "
        return connection.sql(
            f'SELECT {wanted} FROM "{name}" {join} ORDER BY {dated}path, record, "{name}".file_row_number'
        )


#: Rows of a batch that is written.
_ROWS = 10_000


def _needed(name: str) -> tuple[str, ...]:
    """Return the tables that say how the rows of one are ordered."""
    return (name,) if "path" in schema.arrow_schema(name).names else (name, "articles")


def _form(name: str, columns: list[str] | None = None) -> pa.Schema:
    form = schema.arrow_schema(name)
    return form if columns is None else pa.schema([form.field(column) for column in columns])


@contextmanager
def _plainly() -> Iterator[None]:
    """Raise ``TablesError`` for what befalls a machine: a full disk, a process that dies."""
    try:
        yield
    except BrokenExecutor as error:
        raise TablesError(
            f"a process died, for want of memory perhaps; {AGAIN}, with fewer --workers if it happens again"
        ) from error
    except duckdb.Error as error:
        raise TablesError(f"the articles could not be sorted ({error}); {AGAIN}") from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise TablesError(f"the disk is full; make space; {AGAIN}") from error


def one(articles: Path, of: Path) -> None:
    """Measure a shard, the Parquet file ``articles``, into a folder in ``of``: a Parquet file a table, all of them or none.

    Where an article fails, a file with the ending ``.failed`` names it and the error instead. Raises ``TablesError`` where ``of`` is
    not named after this process's version, as on a worker with other lexicons.
    """
    if of.name != version():
        raise TablesError(
            "the package, its lexicons or libraries changed in the middle, or a worker has others than this process: "
            f"version {version()}, not {of.name}; run the same command again, with the same everywhere"
        )
    folder = of / articles.stem
    if folder.exists():
        return
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    failures, in_hand = [], _in_hand(folder)
    try:
        read = pq.read_table(articles, partitioning=None).to_pylist()
    except FileNotFoundError as error:
        raise TablesError(
            f"a worker does not see {articles}: give a --store that all workers share"
        ) from error
    of.mkdir(parents=True, exist_ok=True)
    read = [article for article in read if article["language"] in language.READ]
    before = _before(folder, [article["article_id"] for article in read])
    known = _measured(before)
    readings = _readings(folder)
    for kept in filter(Path.is_file, (readings, *map(_readings, before))):
        reader.recall(kept)
    for article in read:
        in_hand.write_text(f"{article['path']}, record {article['record']}", encoding="utf-8")
        try:
            for name, found in (known.get(article["article_id"]) or measure(article)).items():
                rows[name] += found
        except lexicons.LexiconError as error:
            in_hand.unlink()
            raise TablesError(str(error)) from error
        except Exception as error:
            failures.append(
                {
                    "article_id": article["article_id"], "path": article["path"], "record": str(article["record"]),
                    "error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc(),
                }
            )  # fmt: skip
    if failures:
        schema.write_atomically(_failure(folder), json.dumps(failures, indent=1).encode())
        in_hand.unlink(missing_ok=True)
        return
    if not readings.is_file() and _is_small(articles.parent):
        reader.keep(readings, [article["text"] for article in read])
    with drafts.folder(folder) as work:
        for name, found in rows.items():
            schema.write_parquet(
                pa.Table.from_pylist(found, schema=schema.arrow_schema(name)), work / f"{name}.parquet"
            )
    _failure(folder).unlink(missing_ok=True)
    in_hand.unlink(missing_ok=True)


def _before(folder: Path, ids: list[str]) -> list[Path]:
    """Return the measured shards that begin with the first or the second of the articles: what this one was before one came or went."""
    return [path for first in ids[:2] for path in sorted(folder.parent.glob(f"{first}-*")) if path.is_dir()]


def _measured(shards: Iterable[Path]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the rows of measured shards by article and table; an article without a sentence may not have been read."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for shard in shards:
        here: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for name in TABLES:
            for row in pq.read_table(shard / f"{name}.parquet", partitioning=None).to_pylist():
                here.setdefault(row["article_id"], {name: [] for name in TABLES})[name].append(row)
        found |= {article: rows for article, rows in here.items() if rows["sentences"]}
    return found


def _readings(folder: Path) -> Path:
    """Return the file of what the reader found in a shard, which other lexicons do not change."""
    return folder.parents[2] / "readings" / reading_version() / f"{folder.name}.parquet"


def _is_small(folder: Path) -> bool:
    """Tell whether a folder has at most ``SMALL`` shards; of a large one the first are listed and no more."""
    with os.scandir(folder) as shards:
        return len(list(islice(shards, SMALL + 1))) <= SMALL


def _failure(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.failed")


def _in_hand(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.at")


def build(folder: Path, store: Path, *, workers: int | None = None) -> dict[str, pd.DataFrame]:
    """Return all tables of a corpus but ``summary``, by name, with everything kept in the folder ``store``."""
    corpus = Store(store).load(folder, workers=workers)
    corpus.measure(workers=workers)
    return {name: corpus.read(name) for name in schema.TABLES if name != "summary"}


def fingerprint(corpus: Path, settings: Settings) -> str:
    """Return 16 hexadecimal digits that change with any file of the corpus, the settings, the overrides and the code that loads."""
    about = [__version__, dict(settings.columns), settings.date_order]
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    here = Path(__file__).parent
    code = [here / f"{name}.py" for name in ("loading", "stories", "schema", "text")]
    data = [lexicons.FOLDER / "layouts.yml", stories.OVERRIDES / "stories.csv"]
    for path in (*code, *sorted((here / "corpus").rglob("*.py")), *data):
        digest.update(f"{path.name}\0".encode() + (path.read_bytes() if path.is_file() else b""))
    for source in files.sources(corpus):
        digest.update(source.name.encode() + b"\0")
        if source.problem:
            digest.update(source.problem.reason.encode())
            continue
        try:
            with source.path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            digest.update(str(error.errno).encode())
    return digest.hexdigest()[:16]
