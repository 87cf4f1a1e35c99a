"""What a later briefing needs to tell why its numbers differ: the folder ``inputs/`` of a build.

It holds the lexicons and the corrections as they were, the ids of all articles of the corpus, and the versions of what counts.
"""

import csv
import io
import json
from importlib import metadata
from pathlib import Path

import pyarrow as pa

from analysis import __version__, lexicons, measure, report, schema, sharing, stories
from analysis.brief import Brief

#: The folder in a build, and its parts.
FOLDER, LEXICONS, OVERRIDES = "inputs", "lexicons", "overrides"
ARTICLES, VERSIONS = "articles.parquet", "versions.json"
#: Libraries that the numbers rest on, beside those that measure.
_LIBRARIES = ("duckdb", "numpy", "py3langid", "rensa")


def write(work: Path, opened: Brief) -> None:
    """Write what the briefing in the folder ``work`` was made from into ``inputs/`` there."""
    folder = work / FOLDER
    for path in sorted(lexicons.FOLDER.glob("*.*")):
        if path.suffix in (".csv", ".yml"):
            schema.write_atomically(folder / LEXICONS / path.name, path.read_bytes())
    for path in sorted(stories.OVERRIDES.glob("*.csv")):
        schema.write_atomically(folder / OVERRIDES / path.name, _shared(path, opened.parameters.share))
    ids = opened.connection.sql("SELECT article_id FROM every_articles ORDER BY article_id").to_arrow_table()
    schema.write_parquet(ids.cast(pa.schema([("article_id", pa.string())])), folder / ARTICLES)
    found = json.dumps(versions(opened.parameters), indent=1, sort_keys=True)
    schema.write_atomically(folder / VERSIONS, found.encode() + b"\n")


def versions(parameters: report.Parameters) -> dict[str, str]:
    """Return what the numbers of a briefing rest on, by ``code``, ``weights``, ``lexicons``, ``overrides`` and ``libraries``.

    ``package`` is the version that a reader knows, ``measured`` says whether this code measured the tables or was given them.
    """
    parts = measure.parts()
    more = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    return {
        "package": __version__,
        "code": measure.hashed(Path(measure.__file__).parent.rglob("*.py")),
        "weights": parts["weights"],
        "lexicons": parts["lexicons"],
        "overrides": measure.hashed(stories.OVERRIDES.glob("*.csv")),
        "libraries": f"{parts['libraries']}, {more}",
        "measured": "here" if is_measured(parameters) else "elsewhere",
    }


def is_measured(parameters: report.Parameters) -> bool:
    """Tell whether the tables of a briefing are measured by this code, not given as files."""
    return not parameters.tables or (report.ROOT / parameters.tables / "loaded.json").exists()


def _shared(path: Path, share: str) -> bytes:
    """Return a file of corrections; where whole texts may not be shared, its words of articles are cut as those of tables are."""
    raw = path.read_bytes()
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig", "replace"), newline="")))
    cut = [i for i, name in enumerate(lines[0] if lines else []) if name in ("quote", "title")]
    shared = [
        [sharing.excerpt(c) if i in cut and n else c for i, c in enumerate(line)]
        for n, line in enumerate(lines)
    ]
    if sharing.is_full(share) or shared == lines:
        return raw
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(shared)
    return out.getvalue().encode()
