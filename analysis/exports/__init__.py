"""The files beside the briefing: every table as workbook, CSV and Parquet, what to cite, and one archive to share.

Tables are read in batches, and each batch goes to all files at once, so that their size does not matter. Nothing here looks at
the clock: the same tables give the same bytes.
"""

import csv
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis import provenance, schema, sharing
from analysis.brief import Brief
from analysis.exports import bibliography
from analysis.exports.sheets import Workbook
from analysis.report import Report

#: Rows that are held at a time, and of a row group in Parquet.
BATCH = 20_000
#: Where a spreadsheet would begin a formula: in front of a cell, and behind what parts cells in other countries.
FORMULA = re.compile(r"""^(?=[\t\r\n]|[\s"]*[=+\-@＝＋－＠])|(?<=[;\t\r\n])(?=[\s"]*[=+\-@＝＋－＠])""")
#: What ``FORMULA`` can match lies in this: a quick look at a whole column, so that few cells are looked at one by one.
_SUSPECT = r"(?:^|[;\t\r\n])\W*[=+\-@＝＋－＠]|^[\t\r\n]"

#: Files that are packed already, and how hard the others are packed: more takes minutes where tables are large.
_PACKED, _LEVEL = {".parquet", ".xlsx", ".pdf"}, 1


def write(work: Path, wanted: Report, opened: Brief) -> dict[str, dict[str, int]]:
    """Write the tables and the citations of a briefing to a folder; return what ``tables`` returns.

    ``tables/`` with each table as Parquet and CSV and their codebook, ``tables.xlsx``, ``sources.bib`` and ``CITATION.cff``.
    """
    written = tables(work, wanted, opened)
    (work / "sources.bib").write_bytes(bibliography.write(opened.read, wanted.share))
    (work / "CITATION.cff").write_bytes(provenance.citation_file(wanted, opened))
    return written


def finish(work: Path, name: str, wanted: Report, opened: Brief, written: dict[str, dict[str, int]]) -> None:
    """Describe all files that lie in the folder of the briefing ``name``, and pack them into one.

    ``ro-crate-metadata.json``, ``manifest.json``, and ``NAME.zip``. ``written`` is what ``write`` returned.
    """
    (work / "ro-crate-metadata.json").write_bytes(provenance.crate(work, wanted, opened))
    (work / "manifest.json").write_bytes(provenance.manifest(work, wanted, opened, written))
    pack(work, name)


def tables(work: Path, wanted: Report, opened: Brief) -> dict[str, dict[str, int]]:
    """Write every table as it may be shared; return how many rows each has, and what the workbook had to leave out."""
    folder = work / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "CODEBOOK.md").write_bytes(sharing.codebook().encode())
    written = {}
    with Workbook(work / "tables.xlsx", provenance.day(opened)) as workbook:
        for name in schema.TABLES:
            rows = 0
            with ExitStack() as stack:
                form = schema.arrow_schema(name)
                parquet = stack.enter_context(
                    pq.ParquetWriter(folder / f"{name}.parquet", form, compression="zstd")
                )
                text = stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
                lines = csv.writer(text)
                lines.writerow(form.names)
                sheet = workbook.table(name)
                for batch in shared(name, wanted.share, opened):
                    parquet.write_table(batch, row_group_size=BATCH)
                    lines.writerows(zip(*map(_cells, batch.columns), strict=True))
                    sheet.write(batch)
                    rows += len(batch)
            written[name] = {"rows": rows, **sheet.close()}
        workbook.about(provenance.facts(wanted, opened), written)
    return written


def shared(name: str, share: str, opened: Brief) -> Iterator[pa.Table]:
    """Yield the rows of a table as they may be shared, ``BATCH`` at a time, in the order of their articles and places."""
    form = schema.arrow_schema(name)
    if name == "summary":
        whole = pa.Table.from_pandas(opened.summary, form, preserve_index=False)
        batches: Any = whole.to_batches()
    else:
        hidden = () if sharing.is_full(share) else sharing.LEFT_OUT.get(name, ())
        columns = ", ".join(f'NULL::VARCHAR AS "{c}"' if c in hidden else f'"{c}"' for c in form.names)
        query = f"SELECT {columns} FROM ({opened.table(name)})"
        batches = opened.connection.sql(query).to_arrow_reader(BATCH)
    for batch in _even(batches, form):
        yield sharing.cut(name, batch, share)


def _even(batches: Any, form: pa.Schema) -> Iterator[pa.Table]:
    """Yield the rows of batches of any size, ``BATCH`` at a time: where they were parted must not show."""
    held = form.empty_table()
    for batch in batches:
        held = pa.concat_tables([held, pa.Table.from_batches([batch]).cast(form)])
        while len(held) >= BATCH:
            yield held.slice(0, BATCH).combine_chunks()
            held = held.slice(BATCH)
    if len(held):
        yield held.combine_chunks()


def _cells(column: pa.ChunkedArray) -> list[Any]:
    """Return values for CSV in which nothing is a formula: before what begins like one stands an apostrophe."""
    if pa.types.is_list(column.type):
        values = [None if v is None else json.dumps(v, ensure_ascii=False) for v in column.to_pylist()]
        column = pa.chunked_array([values], pa.string())
    if not pa.types.is_string(column.type):
        return column.to_pylist()
    suspects = pc.fill_null(pc.match_substring_regex(column, _SUSPECT), False).to_pylist()
    return [
        FORMULA.sub("'", value) if suspect else value
        for value, suspect in zip(column.to_pylist(), suspects, strict=True)
    ]


def pack(work: Path, name: str) -> Path:
    """Pack all files of a folder but hidden ones into ``NAME.zip`` in it; the same files give the same bytes."""
    path = work / f"{name}.zip"
    files = provenance.files(work)
    with zipfile.ZipFile(path, "w", compresslevel=_LEVEL) as archive:
        for file in files:
            about = zipfile.ZipInfo(f"{name}/{file.relative_to(work).as_posix()}", (1980, 1, 1, 0, 0, 0))
            about.external_attr, about.create_system = 0o100644 << 16, 3
            about.compress_type = zipfile.ZIP_STORED if file.suffix in _PACKED else zipfile.ZIP_DEFLATED
            about.file_size = file.stat().st_size
            with file.open("rb") as source, archive.open(about, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    return path
