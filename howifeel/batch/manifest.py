"""The manifest of a batch: one row per source, with its state and what came of it.

It is a Parquet file, `manifest.parquet` in the folder of the outputs, and is always replaced as
a whole. `SCHEMA` is its schema; the fields of `Entry` say what the columns mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import pyarrow as pa
from pyarrow import parquet

from howifeel import files
from howifeel.errors import OutputError

NAME = "manifest.parquet"

State: TypeAlias = Literal["waiting", "running", "done", "failed", "quarantined", "skipped"]
"""waiting: to be done; running: begun, and not ended unless the run itself has died; done: all
outputs are complete; failed: `error` says why; quarantined: its worker was lost on each of its
tries, and it is left alone; skipped: its outputs existed before the batch and were kept."""

_TIME = pa.timestamp("us", "UTC")
SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("folder", pa.string()),
        ("name", pa.string()),
        ("size", pa.int64()),
        ("modified", _TIME),
        ("state", pa.string()),
        ("tries", pa.int32()),
        ("error", pa.string()),
        ("notes", pa.list_(pa.string())),
        ("outputs", pa.list_(pa.string())),
        ("wrote", pa.list_(pa.string())),
        ("frames", pa.int64()),
        ("faces", pa.int64()),
        ("film_s", pa.float64()),
        ("work_s", pa.float64()),
        ("settings_sha256", pa.string()),
        ("model_sha256", pa.string()),
        ("detector_sha256", pa.string()),
        ("version", pa.string()),
        ("started", _TIME),
        ("ended", _TIME),
    ],
    metadata={"howifeel.manifest": "1"},
)
_BEFORE_WROTE = SCHEMA.remove(SCHEMA.get_field_index("wrote"))


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known about one source.

    Attributes:
        source: its path relative to `folder`, with forward slashes; a URL without its password.
        folder: the folder that was named as input, absolute; "" where the source is no file.
        name: what its outputs are called, without suffix; no two rows share one.
        size: bytes; None where the source is no file.
        modified: when the source was last changed, UTC.
        state: see `State`.
        tries: how often it was begun since it was last planned anew.
        error: one sentence; "" where nothing went wrong.
        notes: sentences that a reader of the results must know, such as damage in the source.
        outputs: what it is to become, and is where it is done or skipped: paths relative to the
            manifest's folder, else absolute.
        wrote: what runs of this batch have written for it, also what was once asked for and is no
            more, as such paths; while it is running, also what it is about to write.
        frames: how many were read.
        faces: how many tracks of faces were read; one person may have several.
        film_s: length of what was read, in seconds of the source's own time.
        work_s: seconds that it took.
        settings_sha256: of all settings that change results, see `batch.plan.fingerprint`.
        model_sha256, detector_sha256: of the files that were used.
        version: of HowIFeel.
        started, ended: of the last try, UTC.
    """

    source: str
    folder: str
    name: str
    size: int | None = None
    modified: datetime | None = None
    state: State = "waiting"
    tries: int = 0
    error: str = ""
    notes: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    wrote: tuple[str, ...] = ()
    frames: int | None = None
    faces: int | None = None
    film_s: float | None = None
    work_s: float | None = None
    settings_sha256: str = ""
    model_sha256: str = ""
    detector_sha256: str = ""
    version: str = ""
    started: datetime | None = None
    ended: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others: folder and source."""
        return self.folder, self.source


def read(path: Path) -> tuple[Entry, ...]:
    """All rows of a manifest, in their order; none where there is no such file.

    Raises:
        OutputError: the file is damaged, or no manifest that this version can read.
    """
    if not path.exists():
        return ()
    advice = "move it away to begin anew"
    try:
        with parquet.ParquetFile(path) as file:
            if not any(file.schema_arrow.equals(each) for each in (SCHEMA, _BEFORE_WROTE)):
                raise OutputError(f"{path} is no manifest of this version of HowIFeel; {advice}.")
            return tuple(entry_from(row) for row in file.read().to_pylist())
    except (OSError, ValueError, TypeError, pa.ArrowException) as error:
        raise OutputError(f"The manifest {path} cannot be read; {advice}.") from error


def write(path: Path, entries: Iterable[Entry], *, mark: str = "") -> None:
    """Replace a manifest as a whole.

    Args:
        path: the manifest.
        entries: all its rows.
        mark: see `files.atomic`.

    Raises:
        OutputError: it cannot be written, for example because the disk is full; the one that
            was there is kept.
    """
    table = pa.Table.from_pylist([values_of(entry) for entry in entries], schema=SCHEMA)
    with files.atomic(path, force=True, mark=mark) as unfinished:
        parquet.write_table(table, unfinished, compression="zstd")


def values_of(entry: Entry) -> dict[str, Any]:
    """The values of a row by name."""
    return {name: getattr(entry, name) for name in SCHEMA.names}


def entry_from(row: Mapping[str, Any]) -> Entry:
    """The row with these values by name.

    A row of an earlier version, without `wrote`, is known to have written what is done.

    Raises:
        TypeError, ValueError: a name or state is unknown, or what every row has is missing.
    """
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in row.items()
        if value is not None
    }
    if known.get("state") not in get_args(State):
        raise ValueError("there is no such state")
    entry = Entry(**known)
    if "wrote" in known or entry.state != "done":
        return entry
    return replace(entry, wrote=entry.outputs)


assert [field.name for field in fields(Entry)] == SCHEMA.names
