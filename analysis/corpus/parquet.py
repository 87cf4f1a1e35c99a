"""Parquet files of articles, read in small batches of the columns that are needed."""

import os
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.corpus import columns
from analysis.corpus.columns import article, at
from analysis.corpus.record import Record, Settings, Unreadable

#: Rows that are held in memory at a time.
BATCH = 8
_AGAIN = "write the file again"


def read(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield one item for each row that the file announces: where rows cannot be read, the reason stands in their place.

    ``source.name`` is a field of a struct. Raises ``Unreadable`` where the file is no Parquet or lacks a column.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    try:
        table = pq.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
        fields = list(table.schema_arrow)
        groups = [table.metadata.row_group(g).num_rows for g in range(table.metadata.num_row_groups)]
        announced = table.metadata.num_rows
    except Exception as error:  # corrupt files make the library raise whatever there is
        raise _corrupt(error) from error
    if min(groups, default=0) < 0 or sum(groups) != announced or announced > size:
        raise Unreadable(f"a Parquet file that announces {announced:,} rows and has not as many", _AGAIN)
    names = [name for field in fields for name in _names(field)]
    chosen = columns.choose(names, settings)
    tops = [field.name for field in fields if set(_names(field)) & set(chosen.values())]
    number = 0
    for group, rows in enumerate(groups):
        end = number + rows
        missing = Unreadable("announced, but missing", _AGAIN)
        try:
            for cells in _rows(table, group, tops):
                if number == end:
                    break
                number += 1
                where = f"row {number}"
                is_bad = isinstance(cells, Unreadable)
                yield at(where, cells) if is_bad else article(cells, chosen, settings, where)
        except Unreadable as error:
            missing = error
        yield from (at(f"row {n}", missing) for n in range(number + 1, end + 1))
        number = end


def _rows(table: Any, group: int, tops: list[str]) -> Iterator[Any]:
    try:
        for batch in table.iter_batches(BATCH, row_groups=[group], columns=tops):
            names = batch.schema.names
            for n in range(batch.num_rows):
                try:
                    values = [_value(column[n].as_py()) for column in batch.columns]
                    yield columns.flat(dict(zip(names, values, strict=True)))
                except (ValueError, OverflowError) as error:  # no UTF-8, a day in the year 200,000
                    yield Unreadable(f"a value that cannot be read ({str(error)[:100]})", _AGAIN)
    except Exception as error:  # as above
        raise _corrupt(error) from error


def _corrupt(error: Exception) -> Unreadable:
    return Unreadable(f"not a whole Parquet file ({type(error).__name__})", _AGAIN)


def _value(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _names(field: Any) -> list[str]:
    inside = [f"{field.name}.{child.name}" for child in field.type] if pa.types.is_struct(field.type) else []
    return inside or [field.name]
