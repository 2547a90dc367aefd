"""The timeline of a recording while it runs: readable up to its last second at any time.

An Arrow IPC stream needs no end to be read, unlike a Parquet file. It is made into one when the
recording is finished or recovered.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import ipc

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


def read_journal(path: Path) -> pa.Table:
    """All rows that were written completely.

    Raises:
        OSError: the file cannot be read.
    """
    batches = []
    with path.open("rb") as file:
        try:
            with ipc.open_stream(file) as stream:
                batches.extend(stream)
        except (pa.ArrowInvalid, OSError):
            pass  # the end is missing, as in every recording that ended abruptly
    return pa.Table.from_batches(batches, schema=SCHEMA)
