"""Apache Parquet, written in row groups: null where there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from howifeel import untrusted
from howifeel.timeline.rows import COLUMNS, MOST_ROWS, Row, to_rows
from howifeel.types import Moment

ROWS_AT_ONCE = 10_000
"""Rows of a row group, which are held in memory: about five minutes of one face."""

_MOST_BYTES, _MOST_BYTES_A_ROW = 2**20, 1000

_TYPES = {int: pa.int32(), float: pa.float64(), str: pa.string(), bool: pa.bool_()}
SCHEMA = pa.schema([(name, _TYPES[kind]) for name, kind in COLUMNS.items()])


class ParquetWriter:
    """Collects rows and writes them group by group."""

    def __init__(self, file: parquet.ParquetWriter) -> None:
        self._file = file
        self._rows: list[Row] = []

    def add(self, moment: Moment) -> None:
        """Append the rows of one frame."""
        self._rows += to_rows(moment)
        if len(self._rows) >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write the rows that were collected, if any."""
        if not self._rows:
            return
        self._file.write_table(pa.Table.from_pylist(self._rows, schema=SCHEMA))
        self._rows = []


@contextmanager
def open_writer(path: Path) -> Iterator[ParquetWriter]:
    """Write a new file.

    Raises:
        OSError: it cannot be written.
    """
    with parquet.ParquetWriter(path, SCHEMA, compression="zstd") as file:
        writer = ParquetWriter(file)
        yield writer
        writer.flush()


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not a Parquet file.
    """
    with _open(path) as file:
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            yield from batch.to_pylist()


def read_arrow(path: Path) -> Iterator[pa.Table]:
    """The file as Arrow tables of at most `ROWS_AT_ONCE` rows; at least one.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not a Parquet file.
    """
    with _open(path) as file:
        if not file.metadata.num_rows:
            yield file.read(columns=list(COLUMNS))
        for batch in file.iter_batches(ROWS_AT_ONCE, columns=list(COLUMNS), use_threads=False):
            yield pa.Table.from_batches([batch])


def _open(path: Path) -> parquet.ParquetFile:
    """Open a file whose size in memory is that of a timeline: a small file can hold a huge one."""
    untrusted.check_regular(path)
    file = parquet.ParquetFile(path)
    groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
    rows = file.metadata.num_rows
    if rows > MOST_ROWS:
        raise ValueError(f"it has more than {MOST_ROWS} rows")
    if sum(group.total_byte_size for group in groups) > _MOST_BYTES + _MOST_BYTES_A_ROW * rows:
        raise ValueError("its cells are too large")
    return file


def write_arrow(path: Path, table: pa.Table) -> None:
    """Write an Arrow table with this schema as a new file.

    Raises:
        OSError: it cannot be written.
    """
    parquet.write_table(table, path, compression="zstd", row_group_size=ROWS_AT_ONCE)
