"""The articles that corrections are about: those of the id, and those that a corrected text left without it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from analysis.overrides.lines import Line
from analysis.overrides.relations import rows, within

Article = Mapping[str, Any]


def find(
    connection: duckdb.DuckDBPyConnection, name: str, lines: Sequence[Line]
) -> dict[Line, list[Article]]:
    """Return the articles of the relation ``name`` that each line may be about, with their texts; none where it is gone.

    An article with the id of the line is the one. Where there is none, the text was corrected, or the article is gone: then it is
    the articles with the same address; else those with the same title, day and outlet; else the only one of the same file.
    """
    known = there(connection, name, {line.article_id for line in lines})
    lost = [line for line in lines if line.article_id not in known]
    heads = rows(connection, _heads(name, lost)) if lost else []
    wanted = {line: [line.article_id] if line.article_id in known else _same(line, heads) for line in lines}
    every = {one for found in wanted.values() for one in found}
    texts = f'SELECT article_id, text FROM "{name}" WHERE {within("article_id", every)}'
    read = {article["article_id"]: article for article in rows(connection, texts)}
    return {line: [read[one] for one in found] for line, found in wanted.items()}


def there(connection: duckdb.DuckDBPyConnection, name: str, ids: Iterable[str]) -> set[str]:
    """Return those of some ids that the articles have."""
    sql = f'SELECT article_id FROM "{name}" WHERE {within("article_id", ids)}'
    return {one["article_id"] for one in rows(connection, sql)}


def _heads(name: str, lost: Sequence[Line]) -> str:
    url, title, day, path = (
        within(column, {getattr(line, column) for line in lost} - {""})
        for column in ("url", "title", "date", "path")
    )
    return (
        f'SELECT article_id, date, outlet, title, url, path, count(*) OVER (PARTITION BY path) AS of_path FROM "{name}" '
        f"WHERE {path} OR {url} OR ({title} AND {day}) "
        f"QUALIFY of_path = 1 OR {url} OR ({title} AND {day}) ORDER BY article_id"
    )


def _same(line: Line, heads: Iterable[Article]) -> list[str]:
    for names in (("url",), ("title", "date", "outlet"), ("path",)):
        if not getattr(line, names[0]):
            continue
        found = [
            a["article_id"] for a in heads
            if all(a[name] == getattr(line, name) for name in names) and (names != ("path",) or a["of_path"] == 1)
        ]  # fmt: skip
        if found:
            return found
    return []
