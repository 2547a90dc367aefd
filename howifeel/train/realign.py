"""Parquet files of FER-2013 whose FER+ votes slipped, written anew with the votes put right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from howifeel import files
from howifeel.train import alignment, readers
from howifeel.train.data import TRAINING, VOTES, DataError
from howifeel.train.ferplus import LEAST_AGREEMENT, distribution

_COLUMNS = [f"ferplus_{name}" for name in VOTES]
_ROW = "fer_index"
_LAST_ROW = 1_000_000
"""Of tables many times as long as FER-2013; memory and time go with the highest row."""


@dataclass(frozen=True, slots=True)
class Realigned:
    """What came of it.

    Attributes:
        pictures: Training pictures with votes.
        before, after: share (0..1) of them whose likeliest expression by votes is their label.
        changes: number of places where the shift changes.
        furthest: greatest shift, in rows.
    """

    pictures: int
    before: float
    after: float
    changes: int
    furthest: int


def realign(data: Path, out: Path, *, force: bool = False) -> Realigned:
    """Write all Parquet files of a folder into another one, with the votes of Training put right.

    Votes of other parts are set to zero: they play no part in training, and theirs may be anyone's.

    Args:
        data: folder of Parquet files with `label`, `usage`, `fer_index` and FER+ columns.
        out: a folder.
        force: replace files there.

    Raises:
        DataError: files or columns are missing or damaged, the votes need no mending, or no shift
            makes them fit.
        OutputError: a file exists or cannot be written.
    """
    import pyarrow.parquet as pq

    paths = sorted(data.glob("*.parquet"))
    if not paths:
        raise DataError(f"There are no Parquet files in {data}; give --data their folder.")
    targets = [out / path.name for path in paths]
    for target in targets if out.exists() else ():
        files.check_target(target, force=force)
    tables = [_read(path) for path in paths]
    rows = np.concatenate([_rows(table) for table in tables])
    parts = [readers.read(path) for path in paths]
    votes = np.concatenate([part.votes for part in parts if part.votes is not None])
    labels = np.concatenate([part.labels for part in parts])
    ours = (np.concatenate([part.usage for part in parts]) == TRAINING) & (rows >= 0)
    if not ours.any():
        raise DataError(f"Nothing in {data} is of Training with a row in {_ROW}.")
    mended, path = _mended(rows, labels, votes, ours)
    before, after = (_agreement(v[ours], labels[ours]) for v in (votes, mended))
    if before >= LEAST_AGREEMENT:
        raise DataError(f"The votes agree with {before:.0%} of the labels; they need no mending.")
    if after < LEAST_AGREEMENT:
        raise DataError(
            f"No shift of rows makes the votes fit: at best they agree with {after:.0%} of the "
            "labels; use the original fer2013new.csv."
        )
    done = 0
    out.mkdir(parents=True, exist_ok=True)
    with files.atomic_all(targets, force=force) as unfinished:
        for target, table in zip(targets, tables, strict=True):
            part = mended[done : done + table.num_rows]
            pq.write_table(_with_votes(table, part), unfinished[target])
            done += table.num_rows
    changes = int((np.diff(path) != 0).sum())
    return Realigned(int(ours.sum()), before, after, changes, int(np.abs(path).max()))


def _mended(
    rows: NDArray[np.int64],
    labels: NDArray[np.int64],
    votes: NDArray[np.uint8],
    ours: NDArray[np.bool_],
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Votes (n, 10) for each picture, zero for those that are not ours; and the shifts by row."""
    length = int(rows.max()) + 1
    known = rows >= 0
    table = np.zeros((length, votes.shape[1]), np.uint8)
    table[rows[known]] = votes[known]
    sequence = np.full(int(rows[ours].max()) + 1, -1, np.int64)
    sequence[rows[ours]] = labels[ours]
    counts = distribution(table) * table.sum(1, keepdims=True)
    path = alignment.shifts(sequence, counts.astype(np.float32))
    mended = np.zeros_like(votes)
    source = np.clip(rows[ours] + path[rows[ours]], 0, length - 1)
    mended[ours] = table[source]
    return mended, path


def _agreement(votes: NDArray[np.uint8], labels: NDArray[np.int64]) -> float:
    by_votes = distribution(votes)
    voted = by_votes.sum(1) > 0
    return float((by_votes.argmax(1) == labels)[voted].mean()) if voted.any() else 0.0


def _read(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{path} is damaged or not a Parquet file.") from error
    missing = [name for name in (_ROW, *_COLUMNS) if name not in table.column_names]
    if missing:
        raise DataError(f"{path} lacks the column {missing[0]}, so its votes cannot be put right.")
    return table


def _rows(table: Any) -> NDArray[np.int64]:
    damaged = DataError(f"The column {_ROW} must hold row numbers; use a complete copy.")
    try:
        rows = np.array(table[_ROW].to_pylist(), np.int64)
    except (TypeError, ValueError, OverflowError) as error:
        raise damaged from error
    if len(rows) and rows.max() > _LAST_ROW:
        raise damaged
    return rows


def _with_votes(table: Any, votes: NDArray[np.uint8]) -> Any:
    import pyarrow as pa

    for name, column in zip(_COLUMNS, votes.T, strict=True):
        place = table.schema.get_field_index(name)
        field = table.schema.field(place)
        table = table.set_column(place, field, pa.array(column).cast(field.type))
    return table
