"""The numbers of a briefing: one row each, with the rows of the tables that were counted for it.

DuckDB counts, with the queries that ``sql`` returns, over relations named like the tables of ``analysis.schema``: small data
frames (``connect``) or views of Parquet files of any size.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import pyarrow as pa

from analysis import schema
from analysis.corpus import language

#: Joins the parts of a group; no speaker's name and no place id holds it.
JOIN = " | "
#: Group of the experts whom the text does not name.
UNNAMED = "unnamed experts"
#: The tables that are counted.
TABLES = ("articles", "stories", "attributions", "threats", "sentences", "tones")

#: What is counted where it is no table: one row for each region, actor, or expert and region of a row.
RELATIONS = {
    "threatened regions": "(SELECT *, unnest(regions) AS region FROM threats)",
    "threatening actors": "(SELECT *, unnest(string_split(actor, '; ')) AS one FROM threats)",
    "threats in experts' statements": f"""(
        SELECT threats.*, expert, unnest(regions) AS region
        FROM threats JOIN (
            SELECT DISTINCT threats.id, coalesce(nullif(speaker, ''), '{UNNAMED}') AS expert
            FROM threats JOIN (
                SELECT article_id, speaker, unnest(content_start) AS first, unnest(content_end) AS last
                FROM attributions WHERE is_expert
            ) AS said ON said.article_id = threats.article_id AND first <= threats.start AND threats."end" <= last
        ) USING (id)
    )""",
}


class Measure(NamedTuple):
    """What is counted: rows of a table, or of one of ``RELATIONS``, that meet a condition, for each value of ``group``.

    A measure without a group is one number. Such a measure, and one by ``month``, has its numbers also where nothing was counted.
    """

    name: str
    relation: str
    condition: str = "true"
    group: str = "''"


def _joined(*parts: str) -> str:
    return f" || '{JOIN}' || ".join(parts)


_EXPERT, _NAMED, _UNNAMED = "is_expert", "is_expert AND speaker <> ''", "is_expert AND speaker = ''"
_STATED, _DENIED = "NOT is_negated", "is_negated"
_WORDING = "CASE WHEN polarity < 0 THEN 'negative' WHEN polarity > 0 THEN 'positive' ELSE 'neutral' END"

#: Every measure by its name.
#:
#: Threat mentions that the text denies are counted apart, as ``threats_denied``, and in no other measure of threats.
MEASURES = {m.name: m for m in (
    Measure("attributions", "attributions"),
    Measure("attributions_by_source_type", "attributions", group="source_type"),
    Measure("attributions_by_speaker", "attributions", "speaker <> ''", "speaker"),
    Measure("expert_attributions", "attributions", _NAMED),
    Measure("attributions_by_expert", "attributions", _NAMED, "speaker"),
    Measure("likelihood_by_expert", "attributions", _NAMED, _joined("speaker", "likelihood")),
    Measure("unnamed_expert_attributions", "attributions", _UNNAMED),
    Measure("expert_attributions_by_likelihood", "attributions", _EXPERT, "likelihood"),
    Measure("threats", "threats", _STATED),
    Measure("threats_denied", "threats", _DENIED),
    Measure("threats_by_category", "threats", _STATED, "category"),
    Measure("threats_by_kind", "threats", _STATED, "kind"),
    Measure("threats_by_likelihood", "threats", _STATED, "likelihood"),
    Measure("threats_by_month", "threats", _STATED, "month"),
    Measure("gpr_threats_by_month", "threats", f"{_STATED} AND gpr <= 5", "month"),
    Measure("gpr_acts_by_month", "threats", f"{_STATED} AND gpr > 5", "month"),
    Measure("threats_by_actor", "threatening actors", f"{_STATED} AND one <> ''", "one"),
    Measure("threats_by_region", "threatened regions", _STATED, "region"),
    Measure("threats_by_region_and_category", "threatened regions", _STATED, _joined("region", "category")),
    Measure("threats_by_region_and_month", "threatened regions", _STATED, _joined("region", "month")),
    Measure("threats_by_category_and_month", "threats", _STATED, _joined("category", "month")),
    Measure("threats_by_region_and_week", "threatened regions", f"{_STATED} AND week IS NOT NULL", _joined("region", "week")),
    Measure("threats_by_category_and_week", "threats", f"{_STATED} AND week IS NOT NULL", _joined("category", "week")),
    Measure("expert_threats_by_region", "threats in experts' statements", _STATED, _joined("expert", "region")),
    Measure("sentences", "sentences"),
    Measure("sentences_by_wording", "sentences", group=_WORDING),
    Measure("tones", "tones"),
    Measure("tones_by_tone", "tones", group="tone"),
    Measure("tones_by_type", "tones", group="target_type"),
    Measure("mentions_by_target", "tones", group="target"),
    Measure("tones_by_target", "tones", group=_joined("target", "tone")),
)}  # fmt: skip

#: Weeks that the articles may lie apart for a course by week; where they lie farther apart it is by month.
WEEKS = 26

READ = f"""-- the articles that are measured, in order; weeks are those of ISO 8601, and named where there are few
    SELECT article_id, date, date[:7] AS month, coalesce(story_id, article_id) AS story,
        CASE WHEN max(date::DATE) OVER () - min(date::DATE) OVER () < {7 * WEEKS} THEN strftime(date::DATE, '%G-W%V') END AS week,
        row_number() OVER (ORDER BY date, path, record, article_id) AS number
    FROM articles LEFT JOIN stories USING (article_id)
    WHERE language IN ({", ".join(f"'{code}'" for code in language.READ)})"""


def connect(tables: Mapping[str, pd.DataFrame]) -> duckdb.DuckDBPyConnection:
    """Return a connection with the data frames of ``TABLES`` as its relations, each with the types of the schema.

    Raises ``KeyError`` where one of them, or a column of it, is missing.
    """
    connection = duckdb.connect()
    for name in TABLES:
        rows = pa.Table.from_pandas(tables[name], schema=schema.arrow_schema(name), preserve_index=False)
        connection.register(name, rows)
    return connection


def sql(measure: str, most: int | None = None) -> str:
    """Return the query of a measure: its numbers by group, with the ids of the rows, of at most ``most`` where it is given.

    Rows of articles in another language than English, or of none in ``articles``, are not counted; nor are such articles in
    any denominator.
    """
    _, relation, condition, group = MEASURES[measure]
    listed = "id IS NOT NULL" if most is None else f"place <= {most:d}"
    month, grouped = group == "month", group not in ("month", "''")
    denominator = 'month AS "group", ' if month else "" if grouped else "'' AS \"group\", "
    return f"""WITH read AS ( {READ}
), counted AS (
    SELECT {group} AS "group", id, number, story,
        row_number() OVER (PARTITION BY {group} ORDER BY number, start, "end", length(id), id) AS place
    FROM {RELATIONS.get(relation, relation)} AS rows JOIN read USING (article_id)
    WHERE {condition}
), denominator AS (
    SELECT {denominator}count(*) AS n_of, count(DISTINCT story) AS n_of_stories
    FROM read{" GROUP BY month" if month else ""}
)
SELECT "group", count(id) AS n_rows, count(DISTINCT number) AS n_articles, count(DISTINCT story) AS n_stories, n_of, n_of_stories,
    count(DISTINCT number) / nullif(n_of, 0) AS share,
    coalesce(list(id ORDER BY place) FILTER ({listed}), []) AS rows
FROM {"counted CROSS JOIN denominator" if grouped else 'denominator LEFT JOIN counted USING ("group")'}
GROUP BY "group", n_of, n_of_stories
ORDER BY "group"
"""


def numbers(connection: duckdb.DuckDBPyConnection, most: int | None = None) -> pd.DataFrame:
    """Return the table ``summary``: every count that a briefing prints, sorted by measure and group.

    ``connection`` has the relations ``TABLES`` (``connect``). The ids of a number's rows stand in the order of their articles
    (date, path, record) and of their places; of more than ``most``, where it is given, the first are listed. All are counted.
    """
    return schema.frame(counted(connection, most))


def counted(connection: duckdb.DuckDBPyConnection, most: int | None = None) -> pa.Table:
    """Return the table ``summary`` as Arrow has it: where all ids of a large corpus are listed, a data frame of them is too large."""
    form = schema.arrow_schema("summary")
    parts = [form.empty_table()]
    for measure in sorted(MEASURES):
        found = connection.sql(sql(measure, most)).to_arrow_table()
        names = [measure] * len(found)
        keys = [key(measure, group) for group in found["group"].to_pylist()]
        found = found.append_column("measure", pa.array(names, pa.string()))
        found = found.append_column("key", pa.array(keys, pa.string()))
        parts.append(found.select(form.names).cast(form))
    return pa.concat_tables(parts).combine_chunks()


#: Threat mentions by region and ISO week. Counts each article first: its mentions are many, its week is one.
BY_WEEK = f"""WITH read AS ( {READ}
), mentions AS (
    SELECT article_id, region, count(*) AS n
    FROM {RELATIONS["threatened regions"]}
    WHERE {_STATED}
    GROUP BY article_id, region
)
SELECT region, strftime(date::DATE, '%G-W%V') AS week, sum(n)::INTEGER AS n_rows, count(*)::INTEGER AS n_articles
FROM mentions JOIN read USING (article_id)
GROUP BY ALL
ORDER BY ALL
"""


def by_week(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return ``region, week, n_rows, n_articles``: threat mentions that the text does not deny, by region and ISO week.

    The week reads *2024-W44*. A week without a mention has no row.
    """
    return schema.frame(connection.sql(BY_WEEK).to_arrow_table())


def key(measure: str, group: str = "") -> str:
    """Return the name of a number: readable, unique, fit for an HTML anchor."""
    plain = unicodedata.normalize("NFKD", f"{measure} {group}").encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48]
    return f"n-{slug}-{hashlib.sha256(f'{measure}{JOIN}{group}'.encode()).hexdigest()[:6]}"


def of(summary: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the numbers of one measure, largest first, then by group."""
    return summary[summary["measure"] == measure].sort_values(
        ["n_rows", "group"], ascending=[False, True], kind="stable"
    )


def nothing(measure: str, group: str = "") -> dict[str, Any]:
    """Return the number of what was never counted: zero, with no rows."""
    counts = {"n_rows": 0, "n_articles": 0, "n_stories": 0}
    return {"key": key(measure, group), "measure": measure, "group": group, **counts, "rows": []}


#: Mentions below which no share of them is printed: a share of three says nothing.
FEWEST = 5


def negative_shares(summary: pd.DataFrame) -> pd.DataFrame:
    """Return ``target, n, n_negative, n_neutral, n_positive, share_negative``, most mentioned first.

    The share is null where a target has fewer than ``FEWEST`` mentions.
    """
    counted = of(summary, "tones_by_target")
    parts = counted["group"].str.rsplit(JOIN, n=1, expand=True).reindex(columns=[0, 1])
    counts = (
        pd.crosstab(parts[0], parts[1], values=counted["n_rows"].astype(int), aggfunc="sum")
        .fillna(0)
        .astype(int)
    )
    found = (
        counts.reindex(columns=list(schema.TONES), fill_value=0).add_prefix("n_").rename_axis(columns=None)
    )
    found.insert(0, "n", found.sum(axis=1))
    found = (
        found.rename_axis("target")
        .reset_index()
        .sort_values(["n", "target"], ascending=[False, True], ignore_index=True)
    )
    share = found["n_negative"] / found["n"]
    return found.assign(share_negative=share.where(found["n"] >= FEWEST))


def grid(summary: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return a measure of two groups as a matrix of ``n_rows``: first part down, second across, largest sums first."""
    found = of(summary, measure)
    parts = found["group"].str.split(JOIN, n=1, expand=True, regex=False).reindex(columns=[0, 1])
    counts = (
        pd.crosstab(parts[0], parts[1], values=found["n_rows"].astype(int), aggfunc="sum")
        .fillna(0)
        .astype(int)
    )
    down = sorted(counts.index, key=lambda g: (-counts.loc[g].sum(), g))
    across = sorted(counts.columns, key=lambda g: (-counts[g].sum(), g))
    return counts.loc[down, across].rename_axis(index=None, columns=None)
