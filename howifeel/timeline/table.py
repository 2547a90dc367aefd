"""A timeline as columns of numbers: quick to open and to compute with, however long it is."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.errors import SettingsError, SourceError
from howifeel.timeline import formats
from howifeel.timeline.rows import COLUMNS, LATEST_S, MOST_ROWS, Row, from_rows, to_rows
from howifeel.types import Gap, Moment

if TYPE_CHECKING:
    import pyarrow as pa

GAPS: tuple[str, ...] = get_args(Gap)
"""The reasons for a gap, in the order of the codes in `Table.gap`."""

LONGEST_PAUSE = 5.0
"""A frame lasts until the next one, but at most this many times the usual distance of frames."""

_BOX = ("x0", "y0", "x1", "y1")


@dataclass(frozen=True, eq=False)
class Table:
    """One row for each face and frame, and one for each frame without a usable face.

    Attributes:
        frame: int64 (n,), position of the frame in the stream.
        time_s: float64 (n,), time stamp in seconds, never falling.
        track: int64 (n,), -1 in gaps.
        box: int64 (n, 4), x0, y0, x1, y1 in pixels, half-open; zeros in gaps.
        score: float64 (n,), 0..1; NaN in gaps.
        probs: float64 (n, 7), 0..1, in the order of `emotions.NAMES`; NaN in gaps.
        top: int64 (n,), the shown expression as a position in `emotions.NAMES`; -1 in gaps.
        unsure: bool (n,), no expression is likely enough to be named; False in gaps.
        gap: int64 (n,), the reason as a position in `GAPS`; -1 where there is a reading.

    Raises:
        ValueError: time runs backwards or is no time, or a reading lacks its numbers.
    """

    frame: NDArray[np.int64]
    time_s: NDArray[np.float64]
    track: NDArray[np.int64]
    box: NDArray[np.int64]
    score: NDArray[np.float64]
    probs: NDArray[np.float64]
    top: NDArray[np.int64]
    unsure: NDArray[np.bool_]
    gap: NDArray[np.int64]

    def __post_init__(self) -> None:
        if not np.all(np.abs(self.time_s) <= LATEST_S):
            raise ValueError("a time stamp is missing or too large")
        if np.any(np.diff(self.time_s) < 0):
            raise ValueError("its time stamps run backwards")
        read = self.gap < 0
        if np.isnan(self.probs[read]).any() or (self.top[read] < 0).any():
            raise ValueError("a reading lacks its probabilities")

    def __len__(self) -> int:
        return len(self.time_s)

    @classmethod
    def of(cls, moments: Iterable[Moment]) -> Table:
        """The table of some moments."""
        builder = TableBuilder()
        for moment in moments:
            builder.add(moment)
        return builder.table()

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Table:
        """The table of rows with a value (or None) for each of `rows.COLUMNS`.

        Raises:
            KeyError, TypeError, ValueError: a row lacks a column or holds what cannot be.
        """
        columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
        for row in rows:
            for name, values in columns.items():
                values.append(row[name])

        def numbers(name: str, empty: float, kind: type = np.int64) -> NDArray[Any]:
            try:
                return np.array([empty if v is None else v for v in columns[name]], kind)
            except OverflowError as error:
                raise ValueError(f"a number in {name} is too large") from error

        return cls(
            frame=numbers("frame", -1),
            time_s=numbers("time_s", np.nan, np.float64),
            track=numbers("track", -1),
            box=np.stack([numbers(name, 0) for name in _BOX], axis=1),
            score=numbers("score", np.nan, np.float64),
            probs=np.stack([numbers(n, np.nan, np.float64) for n in emotions.NAMES], axis=1),
            top=_codes(columns["top"], emotions.NAMES),
            unsure=numbers("unsure", False, np.bool_),
            gap=_codes(columns["gap"], GAPS),
        )

    @classmethod
    def from_arrow(cls, arrow: pa.Table) -> Table:
        """The table of an Arrow table with the columns of `rows.COLUMNS`.

        Raises:
            KeyError, TypeError, ValueError: a column is missing or holds what cannot be.
        """
        from pyarrow import compute

        def numbers(name: str, empty: float, kind: type = np.int64) -> NDArray[Any]:
            column = arrow[name].combine_chunks()
            try:
                return compute.fill_null(column, empty).to_numpy(zero_copy_only=False).astype(kind)
            except (OverflowError, NotImplementedError) as error:
                raise ValueError(f"the column {name} holds no such numbers") from error

        return cls(
            frame=numbers("frame", -1),
            time_s=numbers("time_s", np.nan, np.float64),
            track=numbers("track", -1),
            box=np.stack([numbers(name, 0) for name in _BOX], axis=1),
            score=numbers("score", np.nan, np.float64),
            probs=np.stack([numbers(n, np.nan, np.float64) for n in emotions.NAMES], axis=1),
            top=_codes(arrow["top"].to_pylist(), emotions.NAMES),
            unsure=numbers("unsure", False, np.bool_),
            gap=_codes(arrow["gap"].to_pylist(), GAPS),
        )

    def to_arrow(self) -> pa.Table:
        """An Arrow table with the columns of `rows.COLUMNS`, as Parquet files hold it."""
        import pyarrow as pa

        from howifeel.timeline.formats.parquet import SCHEMA

        return pa.Table.from_pylist(list(self.rows()), schema=SCHEMA)

    @property
    def tracks(self) -> tuple[int, ...]:
        """All track numbers, in order."""
        return tuple(np.unique(self.track[self.track >= 0]).tolist())

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return len(self.first_rows)

    @property
    def start_s(self) -> float:
        """Time stamp of the first frame in seconds; 0 where there is none."""
        return float(self.time_s[0]) if len(self) else 0.0

    @property
    def end_s(self) -> float:
        """When the last frame ends, in seconds; 0 where there is none."""
        return float(self.time_s[-1] + self.lasts_s[-1]) if len(self) else 0.0

    @cached_property
    def lasts_s(self) -> NDArray[np.float64]:
        """How long each row's frame lasts in seconds, float64 (n,); a lone frame lasts one.

        A frame lasts until the next one, the last as long as usual; over a pause of the stream
        (see `LONGEST_PAUSE`) nothing is known.
        """
        starts = self.time_s[self.first_rows]
        gaps_s = np.diff(starts)
        usual_s = float(np.median(gaps_s)) if len(gaps_s) else 1.0
        frames_s = np.append(np.minimum(gaps_s, LONGEST_PAUSE * usual_s), usual_s)
        rows_of_frame = np.diff(np.append(self.first_rows, len(self)))
        return np.repeat(frames_s[: len(starts)], rows_of_frame)

    @cached_property
    def first_rows(self) -> NDArray[np.int64]:
        """Positions of the first row of each frame, int64 (frames,)."""
        if not len(self):
            return np.zeros(0, np.int64)
        new = (np.diff(self.frame) != 0) | (np.diff(self.time_s) != 0)
        return np.flatnonzero(np.append(True, new))

    def between(self, start_s: float, end_s: float) -> Table:
        """The rows whose frames begin at `start_s` or later and before `end_s`."""
        first, last = np.searchsorted(self.time_s, (start_s, end_s))
        return self.where(np.arange(first, last))

    def of_track(self, track: int) -> Table:
        """The rows of one face."""
        return self.where(self.track == track)

    def without_track(self, track: int) -> Table:
        """The same without a face; frames that show no other one become gaps, "deleted"."""
        doomed = self.track == track
        frame = np.cumsum(np.isin(np.arange(len(self)), self.first_rows)) - 1
        left = np.bincount(frame[~doomed], minlength=self.frames)
        emptied = np.isin(np.arange(len(self)), self.first_rows[left == 0])
        kept = self.where(~doomed | emptied)
        blank = emptied[~doomed | emptied]
        return replace(
            kept,
            track=np.where(blank, -1, kept.track),
            box=np.where(blank[:, None], 0, kept.box),
            score=np.where(blank, np.nan, kept.score),
            probs=np.where(blank[:, None], np.nan, kept.probs),
            top=np.where(blank, -1, kept.top),
            unsure=kept.unsure & ~blank,
            gap=np.where(blank, GAPS.index("deleted"), kept.gap),
        )

    def where(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Table:
        """Some of the rows, by a mask or by their positions; each lasts as long as before."""
        chosen = Table(**{name: getattr(self, name)[rows] for name in _FIELDS})
        chosen.__dict__["lasts_s"] = self.lasts_s[rows]
        return chosen

    def rows(self) -> Iterator[Row]:
        """All rows, with a value (or None) for each of `rows.COLUMNS`."""
        probs = self.probs.tolist()
        boxes = self.box.tolist()
        empty: Row = dict.fromkeys(COLUMNS)
        for i, (frame, time_s, gap) in enumerate(
            zip(self.frame.tolist(), self.time_s.tolist(), self.gap.tolist(), strict=True)
        ):
            row = empty | {"frame": frame, "time_s": time_s}
            if gap >= 0:
                yield row | {"gap": GAPS[gap]}
                continue
            track = int(self.track[i])
            row |= zip(_BOX, boxes[i], strict=True)
            row |= zip(emotions.NAMES, probs[i], strict=True)
            yield row | {
                "track": None if track < 0 else track,
                "score": float(self.score[i]),
                "top": emotions.NAMES[self.top[i]],
                "unsure": bool(self.unsure[i]),
            }

    def moments(self) -> Iterator[Moment]:
        """The moments that the rows stand for; about 30,000 in a second.

        Raises:
            ValueError: a row holds what cannot be.
        """
        return from_rows(self.rows())


class TableBuilder:
    """Collects moments one by one in little memory: 12 MB for an hour of one face."""

    def __init__(self) -> None:
        self._parts: list[Table] = []
        self._rows: list[Row] = []

    def add(self, moment: Moment) -> None:
        """Append the rows of the next frame."""
        self._rows += to_rows(moment)
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._pack()

    def table(self) -> Table:
        """All that was added so far.

        Raises:
            ValueError: time ran backwards.
        """
        self._pack()
        self._parts = [_joined(self._parts)]
        return self._parts[0]

    def _pack(self) -> None:
        if self._rows or not self._parts:
            self._parts.append(Table.from_rows(self._rows))
            self._rows = []


_ROWS_AT_ONCE = 1000
_FIELDS = tuple(field.name for field in fields(Table))


def read_table(path: Path) -> Table:
    """A CSV, JSON Lines or Parquet timeline as a table.

    Raises:
        SettingsError: the suffix names no format that can be read.
        SourceError: the file cannot be read or is not a timeline.
    """
    format = formats.load(path)
    try:
        if hasattr(format, "read_arrow"):
            return _joined(map(Table.from_arrow, format.read_arrow(path)))
        if hasattr(format, "read_rows"):
            return _joined(_in_parts(format.read_rows(path)))
    except OSError as error:
        raise SourceError(f"Cannot read the timeline {path}: {error.strerror or error}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{path} is not a complete timeline of HowIFeel ({error}).") from error
    raise SettingsError(f"A {path.suffix} file holds labels only; read a .csv in its place.")


def write_table(path: Path, table: Table) -> None:
    """Write a new Parquet file.

    Raises:
        OSError: it cannot be written.
    """
    from howifeel.timeline.formats import parquet

    parquet.write_arrow(path, table.to_arrow())


def _in_parts(rows: Iterable[Row]) -> Iterator[Table]:
    """The rows in small tables, which take a fifth of the memory; at least one."""
    left, count = iter(rows), 0
    while part := list(itertools.islice(left, _ROWS_AT_ONCE)):
        count += len(part)
        if count > MOST_ROWS:
            raise ValueError(f"it has more than {MOST_ROWS} rows")
        yield Table.from_rows(part)
    if not count:
        yield Table.from_rows(())


def _joined(parts: Iterable[Table]) -> Table:
    every = list(parts)
    return Table(
        **{name: np.concatenate([getattr(part, name) for part in every]) for name in _FIELDS}
    )


def _codes(words: list[str | None], known: tuple[str, ...]) -> NDArray[np.int64]:
    positions = {word: i for i, word in enumerate(known)} | {None: -1}
    return np.array([positions[word] for word in words], np.int64)
