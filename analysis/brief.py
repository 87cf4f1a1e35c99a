"""What a notebook opens: the tables of the corpus, cut to the briefing's period and regions, and their numbers."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis import __version__, measure, overrides, places, report, schema, stories, summary, tables
from analysis.corpus import language

STORE = tables.Store(report.ROOT / "reports" / "build" / ".tables")
#: Rows of all measures up to which a number lists every row that it counts; of more, the first ``LISTED``.
ALL_LISTED, LISTED = 6_000, 100


@dataclass(frozen=True)
class Brief:
    """The parameters of a briefing and its tables, all of them cut to its period and regions.

    What has a row an article is a data frame. What has many rows an article, and the texts, stay on disk: they are relations
    of ``connection``, named as in ``analysis.schema``.
    """

    parameters: report.Parameters
    connection: duckdb.DuckDBPyConnection
    articles: (
        pd.DataFrame
    )  #: without texts; all in the period, also those in another language (``read``, ``unread``)
    stories: pd.DataFrame
    rejected: pd.DataFrame
    duplicates: pd.DataFrame
    summary: pd.DataFrame
    overrides: overrides.Applied  #: corrections made by hand, and what became of each
    n_articles: int  #: articles of the corpus, in the period or not
    version: str
    content_hash: str  #: SHA-256 over the raw files' hashes, of the articles read and of the rejected

    @property
    def n_outside(self) -> int:
        """Articles of the corpus that lie outside the period."""
        return self.n_articles - len(self.articles)

    @property
    def read(self) -> pd.DataFrame:
        """The articles that are measured: all but those in another language than English."""
        return self.articles[self.articles["language"].isin(language.READ)]

    @property
    def unread(self) -> pd.DataFrame:
        """The articles in another language: kept and counted, but in no measure and no denominator."""
        return self.articles[~self.articles["language"].isin(language.READ)]

    @property
    def told(self) -> pd.DataFrame:
        """``article_id, story_id, n`` of the articles that are measured; ``n`` of them tell the story."""
        mine = self.stories[self.stories["article_id"].isin(set(self.read["article_id"]))]
        return mine[["article_id", "story_id"]].assign(
            n=mine.groupby("story_id")["story_id"].transform("size").astype(int)
        )

    @property
    def n_stories(self) -> int:
        """How many stories the articles that are measured tell: copies of a story count once."""
        return int(self.told["story_id"].nunique())

    def number(self, measure: str, group: str = "") -> dict[str, Any]:
        """Return one number of the summary, zero where nothing was counted."""
        return self._by_name.get((measure, group)) or summary.nothing(measure, group)

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(row["measure"], row["group"]): row for row in schema.records(self.summary)}

    def numbers(self, measure: str) -> pd.DataFrame:
        """Return all numbers of a measure, largest first."""
        return summary.of(self.summary, measure)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return what a query over the relations of ``connection`` finds. Raises ``duckdb.Error``."""
        return schema.frame(self.connection.sql(sql, params=parameters).to_arrow_table())

    def table(self, name: str, where: str = "true") -> str:
        """Return the query for a table's rows that meet a condition, in the order of their articles and places."""
        columns = schema.arrow_schema(name).names
        wanted = ", ".join(f'"{name}"."{column}"' for column in columns)
        join = "" if "path" in columns else "JOIN articles USING (article_id)"
        order = (
            ["date", "path", "record", "article_id"]
            if "path" not in columns or "date" in columns
            else ["path", "record"]
        )
        order += [f'"{name}"."{c}"' for c in ("start", "end") if c in columns]
        order += ["length(id)", "id"] if "id" in columns else []
        return f'SELECT {wanted} FROM "{name}" {join} WHERE {where} ORDER BY {", ".join(order)}'

    def rows(self, name: str, ids: Sequence[str]) -> pd.DataFrame:
        """Return the rows of a table of measures that have these ids, in the order of their articles and places."""
        return self.query(self.table(name, "id IN (SELECT unnest($ids))"), {"ids": list(ids)})

    def texts(self, articles: Sequence[str]) -> dict[str, str]:
        """Return the canonical texts of articles by their ids."""
        found = self.query(
            "SELECT article_id, text FROM articles WHERE article_id IN (SELECT unnest($ids))",
            {"ids": list(articles)},
        )
        return dict(zip(found["article_id"], found["text"], strict=True))


def start(namespace: Mapping[str, Any]) -> Brief:
    """Open the briefing that the parameters among a notebook's variables (``globals()``) define.

    Raises ``report.ReportError`` for parameters of a wrong type and ``corpus.CorpusError`` for a corpus that cannot be read.
    """
    return make(report.from_namespace(namespace))


def make(parameters: report.Parameters) -> Brief:
    """Open the briefing that ``parameters`` define; the tables are built where they are not at hand.

    Raises ``report.ReportError`` for a folder of tables that lacks one or the texts.
    """
    found = corpus(parameters) if parameters.tables else prepared(parameters)
    if not found.is_loaded:
        _check(found.folder, parameters.tables)
        return _opened(parameters, lambda name: [found.folder / f"{name}.parquet"])
    found.bind()
    return _opened(parameters, found.files, f"{found.folder.name} {measure.version()}")


def corpus(parameters: report.Parameters, store: tables.Store | None = None) -> tables.Corpus:
    """Return the corpus of a briefing, which may not be loaded yet: that of its ``tables``, or of its files in a store."""
    if parameters.tables:
        given = report.ROOT / parameters.tables
        return tables.Corpus(tables.Store(given.parent.parent), given)
    return (store or STORE).corpus(report.ROOT / parameters.corpus, parameters.settings)


def _check(folder: Path, called: str) -> None:
    """Raise ``report.ReportError`` where a folder of tables lacks one, or holds those that were shared without their texts."""
    remedy = "name a folder that python -m analysis tables wrote, or leave tables out and name the corpus"
    if missing := [name for name in _NAMES if not (folder / f"{name}.parquet").is_file()]:
        raise report.ReportError(f"tables: {called} lacks {', '.join(missing)} as Parquet; {remedy}")
    of = pq.read_metadata(folder / "articles.parquet")
    at = schema.arrow_schema("articles").names.index("text")
    groups = (of.row_group(number).column(at) for number in range(of.num_row_groups))
    if any(group.statistics and group.statistics.null_count for group in groups):
        raise report.ReportError(
            f"tables: {called} holds the tables of a briefing that was shared without its articles' texts; {remedy}"
        )


def prepared(parameters: report.Parameters, *, progress: bool = False) -> tables.Corpus:
    """Return the corpus of a briefing, loaded and measured: what was done before is not done again."""
    found = STORE.load(report.ROOT / parameters.corpus, parameters.settings, progress=progress)
    found.measure(progress=progress)
    return found


def of(parameters: report.Parameters, data: Mapping[str, pd.DataFrame]) -> Brief:
    """Return the briefing of tables that are at hand as data frames; a table that is left out has no rows."""
    connection = duckdb.connect()
    for name in _NAMES:
        form = schema.arrow_schema(name)
        rows = (
            pa.Table.from_pandas(data[name], form, preserve_index=False)
            if name in data
            else form.empty_table()
        )
        connection.register(f"every_{name}", rows)
    return _cut(parameters, connection)


_NAMES = tuple(name for name in schema.TABLES if name != "summary")


def _opened(parameters: report.Parameters, files: Callable[[str], list[Path]], identity: str = "") -> Brief:
    """Return the briefing of tables on disk; their numbers are kept where an ``identity`` names what they were counted from."""
    connection = duckdb.connect()
    for name in _NAMES:
        if paths := [str(path) for path in files(name)]:
            connection.read_parquet(paths).create_view(f"every_{name}")
        else:
            connection.register(f"every_{name}", schema.arrow_schema(name).empty_table())
    return _cut(parameters, connection, identity)


def _cut(parameters: report.Parameters, connection: duckdb.DuckDBPyConnection, identity: str = "") -> Brief:
    """Correct the tables, cut them to the period and the regions, and count."""
    try:
        corrected = overrides.apply(connection, prefix="every_")
    except overrides.OverrideError as error:
        raise report.ReportError(str(error)) from error
    first, last = parameters.period_from, parameters.period_to or "9999"
    whole = first == "" and last == "9999"
    connection.execute(
        "CREATE VIEW articles AS SELECT * FROM every_articles"
        + ("" if whole else f" WHERE date BETWEEN '{first}' AND '{last}'")
    )
    for name in ("rejected", "duplicates"):
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM every_{name}")
    for name in ("stories", "attributions", "speakers", "threats", "sentences", "tones"):
        conditions = [] if whole else ["article_id IN (SELECT article_id FROM articles)"]
        if name == "threats" and parameters.regions:
            conditions.append(f"list_has_any(regions, {_inside(parameters.regions)})")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM every_{name}{where}")

    def read(sql: str) -> pd.DataFrame:
        return schema.frame(connection.sql(sql).to_arrow_table())

    hashes = read("SELECT sha256_raw FROM every_articles UNION ALL SELECT sha256_raw FROM rejected")
    return Brief(
        parameters,
        connection,
        articles=read("SELECT * EXCLUDE (text) FROM articles ORDER BY date, path, record, article_id"),
        stories=read("SELECT * FROM stories ORDER BY article_id"),
        rejected=read("SELECT * FROM rejected ORDER BY path, record"),
        duplicates=read("SELECT * FROM duplicates ORDER BY path, record"),
        summary=_counted(parameters, connection, identity),
        overrides=corrected,
        n_articles=int(read("SELECT count(*) AS n FROM every_articles")["n"].iloc[0]),
        version=__version__,
        content_hash=hashlib.sha256("\n".join(sorted(hashes["sha256_raw"])).encode()).hexdigest(),
    )


def _inside(regions: Sequence[str]) -> list[str]:
    """Return the regions and all that lie in them."""
    return sorted(place for place in places.ids() if {place, *places.parents(place)} & set(regions))


def _counted(
    parameters: report.Parameters, connection: duckdb.DuckDBPyConnection, identity: str
) -> pd.DataFrame:
    """Return the numbers: those that were kept, or counted now and kept if what was counted has an ``identity``."""
    asked = [identity, parameters.period_from, parameters.period_to, *parameters.regions]
    sources = [Path(summary.__file__), *sorted(stories.OVERRIDES.glob("*.csv"))]
    sources += sorted(Path(overrides.__file__).parent.glob("*.py"))
    key = hashlib.sha256("\0".join(asked).encode() + b"".join(path.read_bytes() for path in sources))
    kept = STORE.folder / "summaries" / key.hexdigest()[:16]
    if identity and (kept / "summary.parquet").is_file():
        return schema.read(kept, "summary")
    measured = " UNION ALL ".join(f"SELECT count(*) AS n FROM {name}" for name in summary.TABLES[2:])
    ((n,),) = connection.execute(f"SELECT sum(n) FROM ({measured})").fetchall()
    found = summary.numbers(connection, None if n <= ALL_LISTED else LISTED)
    if identity:
        schema.write(found, kept, "summary")
    return found
