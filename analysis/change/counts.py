"""Count the rows of measures by where their articles stand between two briefings."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import overrides, places, sharing, stories, summary
from analysis.corpus import language

#: The measures that headlines are made of.
MEASURES = (
    "attributions_by_expert", "expert_attributions", "expert_attributions_by_likelihood", "sentences", "sentences_by_wording",
    "threats", "threats_by_actor", "threats_by_category", "threats_by_kind", "threats_by_region", "threats_denied",
    "tones", "tones_by_target", "tones_by_tone", "unnamed_expert_attributions",
)  # fmt: skip
#: Where an article stands. GONE from the corpus; KEPT in both briefings; LEFT, ENTERED the briefing by its period; NEW in the corpus.
GONE, KEPT, LEFT, ENTERED, NEW = "gone", "kept", "left", "entered", "new"
#: A number's name: measure and group.
Key = tuple[str, str]


class Counts(NamedTuple):
    """Rows by measure, group, where their article stands, and whether the other briefing's regions would keep them."""

    rows: dict[tuple[str, str, str, bool], int]

    def total(self, stands: Iterable[str], fits: bool | None = None) -> dict[Key, int]:
        """Return the numbers of the articles that stand in some way; of those rows that ``fits`` says, where it is given."""
        found: dict[Key, int] = {}
        wanted = set(stands)
        for (measure, group, stand, is_fit), n in self.rows.items():
            if stand in wanted and fits in (None, is_fit):
                found[measure, group] = found.get((measure, group), 0) + n
        return found


def count(connection: duckdb.DuckDBPyConnection, stands: pd.DataFrame, regions: Iterable[str]) -> Counts:
    """Count the relations of ``connection``, as ``summary.numbers`` does.

    ``stands`` has ``article_id`` and ``stands``; other articles are not counted. ``regions`` are those that the other briefing
    is cut to, with all that lie in them; none where it has all.
    """
    connection.register(
        "_stands", pa.Table.from_pandas(stands[["article_id", "stands"]], preserve_index=False)
    )
    inside, read = sorted(regions), ", ".join(f"'{code}'" for code in language.READ)
    rows: dict[tuple[str, str, str, bool], int] = {}
    for name in MEASURES:
        measure = summary.MEASURES[name]
        of_threats = measure.relation in ("threats", "threatened regions", "threatening actors")
        fits = "list_has_any(regions, $inside)" if inside and of_threats else "true"
        query = f"""
            SELECT {measure.group} AS "group", stands, {fits} AS fits, count(*) AS n
            FROM {summary.RELATIONS.get(measure.relation, measure.relation)} AS rows
            JOIN _stands USING (article_id) JOIN articles USING (article_id)
            WHERE ({measure.condition}) AND articles.language IN ({read})
            GROUP BY ALL"""
        given = {"inside": inside} if "$inside" in fits else None
        for group, stand, is_fit, n in connection.execute(query, given).fetchall():
            key = (name, summary.JOIN.join(map(sharing.excerpt, group.split(summary.JOIN))), stand, is_fit)
            rows[key] = rows.get(key, 0) + n
    connection.unregister("_stands")
    return Counts(rows)


def inside(regions: Iterable[str], lexicons: Path | None = None) -> list[str]:
    """Return regions and all places that lie in them, by the lexicons of a folder or today's; none of none."""
    asked = set(regions)
    if not asked:
        return []
    table = (places.lexicon(lexicons) if lexicons else places.lexicon()).regions
    found = {
        str(place) for place, parents in table["parents"].items() if asked & {place, *parents.split(";")}
    }
    return sorted(asked | found)


def tables(files: Mapping[str, list[Path]]) -> duckdb.DuckDBPyConnection:
    """Return a connection with Parquet files as relations."""
    connection = duckdb.connect()
    for name, paths in files.items():
        connection.read_parquet([str(path) for path in paths]).create_view(name)
    return connection


def connect(
    files: Callable[[str], list[Path]], lines: tuple[overrides.Line, ...], regions: Iterable[str]
) -> duckdb.DuckDBPyConnection:
    """Return a connection with measured tables, corrected by ``lines`` and cut to ``regions``.

    Raises ``overrides.OverrideError``.
    """
    names = ("articles", "attributions", "speakers", "threats", "sentences", "tones")
    connection = tables({f"every_{name}": files(name) for name in names})
    overrides.apply(connection, lines, prefix="every_")
    kept = sorted(regions)
    for name in ("articles", "attributions", "threats", "sentences", "tones"):
        where = f" WHERE list_has_any(regions, {kept})" if name == "threats" and kept else ""
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM every_{name}{where}")
    return connection


def told(
    connection: duckdb.DuckDBPyConnection, articles: Iterable[str], lines: Iterable[overrides.Line]
) -> dict[str, str]:
    """Return the story of each article if the corpus had no others, by the texts of ``every_articles`` and the corrections of ``lines``."""
    found = connection.execute(
        "SELECT article_id, date, path, record, text FROM every_articles WHERE article_id IN (SELECT unnest($ids)) ORDER BY article_id",
        {"ids": sorted(articles)},
    )
    ids: list[str] = []
    order: list[tuple[str, str, int]] = []
    signatures = []
    while batch := found.fetchmany(1_000):
        for article, date, path, record, text in batch:
            ids.append(article)
            order.append((date, path, record))
            signatures.append(stories.signature(text))
    if not ids:
        return {}
    corrections = tuple(
        stories.Correction(o.article_id, o.action, o.value) for o in lines if o.kind == "stories"
    )
    table = stories.table(ids, order, np.stack(signatures), corrections)
    return dict(zip(table["article_id"].to_pylist(), table["story_id"].to_pylist(), strict=True))
