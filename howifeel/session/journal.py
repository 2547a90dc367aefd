"""The timeline of a recording while it runs: readable up to its last second at any time.

An Arrow IPC stream needs no end to be read, unlike a Parquet file. It is made into one when the
recording is finished or recovered.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pyarrow as pa
from pyarrow import ipc

from howifeel.timeline import Table
from howifeel.timeline.formats.parquet import SCHEMA
from howifeel.timeline.rows import Row, to_rows
from howifeel.types import Moment

FLUSH_S = 1.0
"""After this many seconds of the stream, what was collected is handed to the system."""


class Journal:
    """Writes the rows of moments, second by second.

    Args:
        path: the file, which must not exist.

    Raises:
        OSError: it cannot be written; so do the methods.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self._stream = ipc.new_stream(self._file, SCHEMA)
        self._file.flush()
        self._rows: list[Row] = []
        self._flushed_s = 0.0

    def add(self, moment: Moment) -> None:
        """Append the rows of one frame."""
        self._rows += to_rows(moment)
        if moment.time_s - self._flushed_s >= FLUSH_S:
            self._flush()
            self._flushed_s = moment.time_s

    def close(self) -> None:
        """Write what is left. Closing twice is fine."""
        if self._file.closed:
            return
        try:
            self._flush()
            self._stream.close()
        finally:
            self._file.close()

    def _flush(self) -> None:
        if self._rows:
            self._stream.write_batch(pa.RecordBatch.from_pylist(self._rows, schema=SCHEMA))
            self._file.flush()
            self._rows = []


def read_journal(path: Path, *, cut: bool = False) -> pa.Table:
    """All rows that were written completely.

    Args:
        path: the file.
        cut: it may end abruptly; every part is checked, which takes seconds for an hour.

    Raises:
        OSError: the file cannot be read.
    """
    batches: list[pa.RecordBatch] = []
    with (
        path.open("rb") as file,
        suppress(pa.ArrowException, OSError),
        ipc.open_stream(file) as stream,
    ):
        for batch in stream:
            if cut and not _is_whole(batch, batches[-1:]):
                break
            batches.append(batch)
    return pa.Table.from_batches(batches, schema=SCHEMA)


def _is_whole(batch: pa.RecordBatch, before: list[pa.RecordBatch]) -> bool:
    """Whether the rows of a part can be; after a power cut they may be zeros."""
    try:
        batch.validate(full=True)
        rows = pa.Table.from_batches([*before, batch], schema=SCHEMA)
        for _ in Table.from_arrow(rows).moments():
            pass
    except (pa.ArrowException, KeyError, TypeError, ValueError):
        return False
    return True
