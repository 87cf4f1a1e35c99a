"""The relations of a connection that are corrected: what was measured, and the views that take its place."""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

#: The relations that have corrections, each with what its changed rows are replaced by.
TABLES = {"attributions": "id", "speakers": "article_id", "threats": "id", "tones": "id"}


class Relations:
    """Relations named after a prefix. ``queries`` are what they become, by table, when ``finish`` is called."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, prefix: str) -> None:
        self.connection = connection
        self.prefix = prefix
        there = dict(self._there())
        for name in TABLES:
            kind = there.get(f"{prefix}{name}", "")
            if kind and f"measured_{name}" not in there:
                word = "VIEW" if kind == "VIEW" else "TABLE"
                connection.execute(f'ALTER {word} "{prefix}{name}" RENAME TO "measured_{name}"')
        there = dict(self._there())
        self.queries = {
            name: f"SELECT * FROM measured_{name}" for name in TABLES if f"measured_{name}" in there
        }
        self.finish()

    def _there(self) -> list[tuple[str, str]]:
        sql = "SELECT table_name, table_type FROM information_schema.tables"
        return self.connection.execute(sql).fetchall()

    def finish(self) -> None:
        """Let the relations be what their queries find."""
        for name, query in self.queries.items():
            self.connection.execute(f'CREATE OR REPLACE TEMP VIEW "{self.prefix}{name}" AS {query}')

    def measured(self, name: str, articles: Iterable[str]) -> list[dict[str, Any]]:
        """Return the rows of some articles as they were measured."""
        if name not in self.queries:
            return []
        sql = f"SELECT * FROM measured_{name} WHERE {within('article_id', articles)}"
        return rows(self.connection, sql)

    def change(self, name: str, changed: Mapping[str, list[dict[str, Any]]]) -> None:
        """Let other rows, or none, stand for those of each key, an id or an article."""
        key = TABLES[name]
        if name not in self.queries or not changed:
            return
        form = self.connection.sql(f"SELECT * FROM measured_{name} LIMIT 0").to_arrow_table().schema
        new = [row for found in changed.values() for row in found]
        self.keep(f"amended_{name}", pa.Table.from_pylist(new, schema=form))
        self.queries[name] = (
            f"SELECT * FROM measured_{name} WHERE NOT {within(key, changed)} UNION ALL SELECT * FROM amended_{name}"
        )

    def keep(self, name: str, data: pa.Table) -> None:
        """Make a table of the connection's own."""
        self.connection.register("_given", data)
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT * FROM _given')
        self.connection.unregister("_given")


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Return what a query finds, a dict a row."""
    return list(connection.sql(sql).to_arrow_table().to_pylist())


def within(column: str, values: Iterable[str]) -> str:
    """Return the condition that a column has one of some values."""
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))
    return f'("{column}" IN ({listed}))' if listed else "false"
