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


def write(work: Path, name: str, wanted: Report, opened: Brief) -> None:
    """Write what belongs to the briefing ``name`` beside the page, the PDF and the figures that lie in the folder ``work`` already.

    ``tables/`` with each table as Parquet and CSV and their codebook, ``tables.xlsx``, ``sources.bib``, ``CITATION.cff``,
    ``ro-crate-metadata.json``, ``manifest.json``, and ``NAME.zip`` with all of them.
    """
    written = tables(work, wanted, opened)
    (work / "sources.bib").write_bytes(bibliography.write(opened.read, wanted.share))
    (work / "CITATION.cff").write_bytes(provenance.citation_file(wanted, opened))
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
                    lines.writerows(
                        zip(*([_cell(v) for v in c.to_pylist()] for c in batch.columns), strict=True)
                    )
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


def _cell(value: Any) -> Any:
    """Return a value for CSV in which nothing is a formula: before what begins like one stands an apostrophe."""
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False)
    return FORMULA.sub("'", value) if isinstance(value, str) else value


def pack(work: Path, name: str) -> Path:
    """Pack all files of a folder but hidden ones into ``NAME.zip`` in it; the same files give the same bytes."""
    path = work / f"{name}.zip"
    files = provenance.files(work)
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            about = zipfile.ZipInfo(f"{name}/{file.relative_to(work).as_posix()}", (1980, 1, 1, 0, 0, 0))
            about.external_attr, about.create_system = 0o100644 << 16, 3
            about.compress_type = zipfile.ZIP_DEFLATED
            about.file_size = file.stat().st_size
            with file.open("rb") as source, archive.open(about, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    return path
