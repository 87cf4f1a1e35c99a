"""What is sampled: every row that the briefing counts, in strata by what the machine says of it, and the draw of a sample."""

import hashlib
import math
from collections.abc import Mapping

import duckdb
import pandas as pd

from analysis.coding.questions import NOTHING, SHEETS
from analysis.corpus import language

_ENGLISH = ", ".join(f"'{code}'" for code in language.READ)
_READ = f"SELECT article_id FROM articles WHERE language IN ({_ENGLISH})"

#: The query of each sheet's rows: where the passage lies and what is marked in it, the stratum, and the machine's label for each question.
_FRAMES = {
    "attributions": f"""
        SELECT id, article_id, start AS first, "end" AS last, content_start AS marks_start, content_end AS marks_end,
            source_type AS stratum, 'yes' AS is_attribution, coalesce(nullif(source, ''), '{NOTHING}') AS source,
            coalesce(nullif(speaker, ''), '{NOTHING}') AS speaker, source_type, likelihood
        FROM attributions SEMI JOIN read USING (article_id)""",
    "threats": f"""
        SELECT id, article_id, sentence_start AS first, sentence_end AS last, [start] AS marks_start, ["end"] AS marks_end,
            CASE WHEN is_negated THEN 'denied' ELSE category END AS stratum, 'yes' AS is_threat,
            CASE WHEN is_negated THEN 'yes' ELSE 'no' END AS is_denied, category, kind,
            coalesce(nullif(array_to_string(list_sort(regions), '; '), ''), '{NOTHING}') AS regions
        FROM threats SEMI JOIN read USING (article_id)""",
    "tones": """
        SELECT id, article_id, sentence_start AS first, sentence_end AS last, [start] AS marks_start, ["end"] AS marks_end,
            tone AS stratum, 'yes' AS is_target, tone
        FROM tones SEMI JOIN read USING (article_id)""",
    "sentences": f"""
        SELECT *, CASE
                WHEN attributions = '{NOTHING}' AND threats = '{NOTHING}' THEN 'nothing found'
                WHEN threats = '{NOTHING}' THEN 'attributions found'
                WHEN attributions = '{NOTHING}' THEN 'threats found'
                ELSE 'both found'
            END AS stratum
        FROM (
            SELECT id, article_id, start AS first, "end" AS last, [] AS marks_start, [] AS marks_end,
                coalesce(said.labels, '{NOTHING}') AS attributions, coalesce(feared.labels, '{NOTHING}') AS threats
            FROM sentences SEMI JOIN read USING (article_id) LEFT JOIN (
                SELECT sentences.id, string_agg(source_type, '; ' ORDER BY source_type) AS labels
                FROM sentences JOIN (
                    SELECT article_id, source_type, coalesce(cue_start, source_start, content_start[1], start) AS place FROM attributions
                ) AS a ON a.article_id = sentences.article_id AND sentences.start <= place AND place < sentences."end"
                GROUP BY sentences.id
            ) AS said USING (id) LEFT JOIN (
                SELECT sentences.id, string_agg(category, '; ' ORDER BY category) AS labels
                FROM sentences JOIN (SELECT article_id, category, start AS place FROM threats WHERE NOT is_negated) AS t
                    ON t.article_id = sentences.article_id AND sentences.start <= place AND place < sentences."end"
                GROUP BY sentences.id
            ) AS feared USING (id)
        )""",
}
#: Labels that are in so many words that no count is kept of them.
_FREE = {"source", "speaker", "regions"}


def columns(sheet: str) -> list[str]:
    """Return the questions of a sheet whose labels are few enough to be counted over all rows."""
    return [q.name for q in SHEETS[sheet].questions if q.name not in _FREE]


#: The columns of the table of counts: what all sheets have, and the labels, which are empty where a sheet does not ask for them.
COUNTED = list(dict.fromkeys(name for sheet in SHEETS for name in columns(sheet)))
#: The columns for the machine's labels of a row.
ASKED = list(dict.fromkeys(q.name for sheet in SHEETS.values() for q in sheet.questions))


def _frame(sheet: str) -> str:
    return f"WITH read AS ({_READ}), frame AS ({_FRAMES[sheet]})"


def counts(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return ``sheet, stratum, COUNTED, n``: how many rows there are of each combination of labels, in order."""
    parts = []
    for sheet in SHEETS:
        names = ", ".join(columns(sheet))
        found = connection.sql(
            f"{_frame(sheet)} SELECT stratum, {names}, count(*) AS n FROM frame GROUP BY ALL"
        ).df()
        parts.append(found.assign(sheet=sheet))
    frame = pd.concat(parts).reindex(columns=["sheet", "stratum", *COUNTED, "n"])
    frame = frame.fillna(dict.fromkeys(COUNTED, "")).astype({"n": int})
    return frame.sort_values(["sheet", "stratum", *COUNTED], ignore_index=True)


def identity(connection: duckdb.DuckDBPyConnection) -> str:
    """Return 16 hexadecimal digits that change with any row that could be drawn, and with any label of one."""
    digest = hashlib.sha256()
    for sheet, asked in SHEETS.items():
        names = ", ".join(["id", "first", "last", "stratum", *(q.name for q in asked.questions)])
        found = connection.sql(
            f"{_frame(sheet)} SELECT count(*), bit_xor(md5_number(concat_ws('|', {names})))::VARCHAR FROM frame"
        )
        digest.update(f"{sheet} {found.fetchall()[0]}".encode())
    return digest.hexdigest()[:16]


def allocate(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """Return how many rows of each stratum are drawn so that there are about ``n``.

    By the square roots of their sizes (power allocation, Bankier, American Statistician 1988), so that small strata are seen
    without starving the large ones; never fewer than two of a stratum that has two, and never more than there are.
    """
    drawn = {stratum: min(2, size) for stratum, size in sorted(sizes.items())}
    while sum(drawn.values()) < min(n, sum(sizes.values())):
        free = [stratum for stratum, size in sizes.items() if drawn[stratum] < size]
        drawn[min(sorted(free), key=lambda s: drawn[s] / math.sqrt(sizes[s]))] += 1
    return drawn


def draw(
    connection: duckdb.DuckDBPyConnection, sheet: str, wanted: Mapping[str, int], seed: int
) -> pd.DataFrame:
    """Return so many rows of each stratum, each row of a stratum as likely as any other.

    The rows are those with the smallest hashes of seed and id: the same corpus gives the same sample, and a new article changes it
    little (Ohlsson's permanent random numbers).
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE wanted (stratum VARCHAR, n_sample INTEGER)")
    if wanted:
        connection.executemany(
            "INSERT INTO wanted VALUES (?, ?)", [list(pair) for pair in sorted(wanted.items())]
        )
    return connection.sql(
        f"""{_frame(sheet)}, placed AS (
            SELECT *, row_number() OVER (PARTITION BY stratum ORDER BY md5(concat('{seed:d}|{sheet}|', id)), id) AS place FROM frame
        )
        SELECT placed.* EXCLUDE (place), n_sample FROM placed JOIN wanted USING (stratum) WHERE place <= n_sample ORDER BY id"""
    ).df()
