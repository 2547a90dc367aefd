"""An opened session as numbers that are quick to draw: computed once, beside the window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.session import Session, SessionInfo
from howifeel.session.export import SLACK_S
from howifeel.timeline import Table
from howifeel.timeline.table import GAPS
from howifeel.types import Moment

GAP_S = 0.5
"""Two readings of a face farther apart than this are not joined by a line."""

UNSURE, NOTHING = len(emotions.NAMES), -1
"""Codes of `FaceSeries.shown` beside the positions in `emotions.NAMES`."""

_SIZES = ((640, 480), (960, 540), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160))


@dataclass(frozen=True, eq=False)
class FaceSeries:
    """The readings of one face.

    Attributes:
        track: its number.
        times_s: float64 (n,), time stamps in seconds, rising.
        probs: float64 (n, 7), 0..1, in the order of `emotions.NAMES`; a row of NaN stands where
            each gap begins, and at the end.
        shown: int8 (n,), what is shown: a position in `emotions.NAMES`, `UNSURE`, or `NOTHING`
            in gaps.
        read_s: for how many seconds it was read.
    """

    track: int
    times_s: NDArray[np.float64]
    probs: NDArray[np.float64]
    shown: NDArray[np.int8]
    read_s: float

    @cached_property
    def totals(self) -> NDArray[np.float64]:
        """Running sums, float64 (n + 1, 8): the probabilities and the number of the readings."""
        read = ~np.isnan(self.probs[:, :1])
        values = np.hstack([np.where(read, self.probs, 0.0), read])
        return np.vstack([np.zeros((1, values.shape[1])), values.cumsum(axis=0)])

    @property
    def begin_s(self) -> float:
        """Time of its first reading."""
        return float(self.times_s[0])

    @property
    def end_s(self) -> float:
        """Time at which its last reading ends."""
        return float(self.times_s[-1])


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in seconds without any reading, and why."""

    begin_s: float
    end_s: float
    reason: str


@dataclass(frozen=True, eq=False)
class Opened:
    """A session and what the page draws of it.

    Attributes:
        session: as the store opened it.
        frames_s: float64 (f,), time stamps of the frames, rising.
        frame_rows: int64 (f + 1,), the first row of each frame in the table, and the end.
        faces: the faces, the one that was read longest first.
        gaps: stretches in which no face was read.
        size: columns and rows of the picture, or a guess from the boxes.
    """

    session: Session
    frames_s: NDArray[np.float64]
    frame_rows: NDArray[np.int64]
    faces: tuple[FaceSeries, ...]
    gaps: tuple[Span, ...]
    size: tuple[int, int]

    @property
    def info(self) -> SessionInfo:
        """What is known beside the timeline."""
        return self.session.info

    @property
    def begin_s(self) -> float:
        """Time of the first frame."""
        return self.session.table.start_s

    @property
    def end_s(self) -> float:
        """Time at which the last frame ends."""
        return self.session.table.end_s

    def face(self, track: int | None) -> FaceSeries | None:
        """The readings of a track."""
        return next((face for face in self.faces if face.track == track), None)

    def frame_at(self, time_s: float) -> int:
        """Position of the frame that is shown at a time; the first one before the begin."""
        after = np.searchsorted(self.frames_s, time_s + SLACK_S, side="right")
        return max(0, int(after) - 1)

    def moment_at(self, time_s: float) -> Moment:
        """What is known about the frame that is shown at a time."""
        frame = self.frame_at(time_s)
        rows = np.arange(self.frame_rows[frame], self.frame_rows[frame + 1])
        table = self.session.table
        if time_s > self.frames_s[frame] + table.lasts_s[rows[0]] + SLACK_S:
            return Moment(int(table.frame[rows[0]]), time_s, gap="no face")
        return next(table.where(rows).moments())

    def with_info(self, info: SessionInfo) -> Opened:
        """The same after an edit of names or markers."""
        return replace(self, session=replace(self.session, info=info))


def prepare(session: Session) -> Opened:
    """Compute what the page draws. An hour of 30 fps takes about a tenth of a second."""
    table = session.table
    starts = table.first_rows
    faces = [series(table, track) for track in table.tracks]
    for face in faces:
        _ = face.totals  # here, where nobody waits
    faces.sort(key=lambda face: (-round(face.read_s), face.track))
    return Opened(
        session=session,
        frames_s=table.time_s[starts],
        frame_rows=np.append(starts, len(table)),
        faces=tuple(faces),
        gaps=_gaps(table, starts),
        size=_size(table),
    )


def series(table: Table, track: int) -> FaceSeries:
    """The readings of one face."""
    rows = np.flatnonzero(table.track == track)
    times_s, probs = table.time_s[rows], table.probs[rows]
    shown = np.where(table.unsure[rows], UNSURE, table.top[rows]).astype(np.int8)
    breaks = np.append(np.flatnonzero(np.diff(times_s) > GAP_S) + 1, len(rows))
    gaps_s = times_s[breaks - 1] + table.lasts_s[rows[breaks - 1]]
    return FaceSeries(
        track=track,
        times_s=np.insert(times_s, breaks, gaps_s),
        probs=np.insert(probs, breaks, np.nan, axis=0),
        shown=np.insert(shown, breaks, NOTHING),
        read_s=float(table.lasts_s[rows].sum()),
    )


def _gaps(table: Table, starts: NDArray[np.int64]) -> tuple[Span, ...]:
    reasons = table.gap[starts]
    begins_s = table.time_s[starts]
    ends_s = begins_s + table.lasts_s[starts]
    changes = np.flatnonzero(np.diff(reasons, prepend=-2))
    found = []
    for first, after in zip(changes, np.append(changes[1:], len(starts)), strict=True):
        if reasons[first] >= 0:
            end_s = ends_s[after - 1]
            found.append(Span(float(begins_s[first]), float(end_s), GAPS[reasons[first]]))
    return tuple(found)


def _size(table: Table) -> tuple[int, int]:
    """The smallest usual picture that holds all boxes."""
    read = table.gap < 0
    if not read.any():
        return _SIZES[0]
    width, height = (int(v) for v in table.box[read, 2:].max(axis=0))
    fitting = (size for size in _SIZES if width <= size[0] and height <= size[1])
    return next(fitting, (width, height))
