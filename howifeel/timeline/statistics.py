"""What timelines come to, face by face or together, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.timeline.table import GAPS, Table

LEAST_S = 60
"""A face that was read for fewer seconds gets no intervals: they would be too narrow."""

RESAMPLES = 1000
LEVEL = 0.95

_KINDS = len(emotions.NAMES)
_SHOWN = slice(0, _KINDS + 1)
_PROBS = slice(_KINDS + 1, 2 * _KINDS + 1)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or probability, 0..1, and its 95 % interval; None where no honest one is known."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Looks:
    """What one or several faces looked like.

    Attributes:
        read_s: for how many seconds they were read, summed over the faces.
        shares: share of this time in which each expression was shown.
        unsure: share of this time in which none was likely enough to be named. It and the
            shares sum to 1.
        mean_probs: mean probability of each expression over this time; they sum to 1.
    """

    read_s: float
    shares: Mapping[str, Estimate]
    unsure: Estimate
    mean_probs: Mapping[str, Estimate]

    @property
    def top(self) -> str:
        """The expression that was shown longest."""
        return max(self.shares, key=lambda name: self.shares[name].value)


@dataclass(frozen=True, slots=True)
class FaceStatistics(Looks):
    """What the face with this track looked like."""

    track: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """When faces were read, and when not. All times are in seconds.

    Attributes:
        start_s, end_s: the stretch.
        frames: number of frames in it.
        known_s: how long its frames last; less than the stretch where the stream paused.
        read_s: how long at least one face was read.
        gaps_s: how long none was, for each reason that occurs.
    """

    start_s: float
    end_s: float
    frames: int
    known_s: float
    read_s: float
    gaps_s: Mapping[str, float]

    @property
    def length_s(self) -> float:
        """How long the stretch is."""
        return self.end_s - self.start_s

    @property
    def paused_s(self) -> float:
        """For how long the stream paused."""
        return max(0.0, self.length_s - self.known_s)


@dataclass(frozen=True, slots=True)
class Statistics(Coverage):
    """What a stretch comes to, with its faces in the order of their tracks."""

    faces: tuple[FaceStatistics, ...]


def statistics(
    table: Table, start_s: float | None = None, end_s: float | None = None
) -> Statistics:
    """Count what a stretch of a timeline shows.

    Intervals come from the block bootstrap, because what a face shows in one second resembles
    what it shows in the next: blocks of consecutive seconds are drawn instead of single frames
    (Künsch 1989, Annals of Statistics 17(3), doi:10.1214/aos/1176347265), in a circle (Politis
    and Romano 1992), 2 n^(1/3) seconds long where the face was read for n seconds. They tell how
    much a figure would differ in another stretch of the same kind, and nothing about errors of
    the model.

    Args:
        table: the timeline.
        start_s: where to begin; None for its begin.
        end_s: where to end, this frame not included; None for its end.
    """
    covered = coverage(table, start_s, end_s)
    part = table.between(covered.start_s, covered.end_s)
    return Statistics(
        **{field.name: getattr(covered, field.name) for field in fields(Coverage)},
        faces=tuple(
            FaceStatistics(**_looks(_sums_by_second(part.of_track(track))), track=track)
            for track in part.tracks
        ),
    )


def coverage(table: Table, start_s: float | None = None, end_s: float | None = None) -> Coverage:
    """When faces were read in a stretch, see `statistics`."""
    start_s = table.start_s if start_s is None else start_s
    end_s = table.end_s if end_s is None else end_s
    part = table.between(start_s, end_s)
    lasts_s, read = part.lasts_s, part.gap < 0
    first = part.first_rows
    return Coverage(
        start_s=start_s,
        end_s=end_s,
        frames=len(first),
        known_s=float(lasts_s[first].sum()),
        read_s=float(lasts_s[first][read[first]].sum()),
        gaps_s={
            reason: float(lasts_s[part.gap == code].sum())
            for code, reason in enumerate(GAPS)
            if (part.gap == code).any()
        },
    )


def together(tables: Iterable[Table]) -> Looks | None:
    """What all faces of several timelines looked like, counted as one.

    Intervals are those of `statistics`: the seconds of all timelines lie one after the other.

    Returns:
        None where no face was read.
    """
    seconds = [_sums_by_second(table.where(table.gap < 0)) for table in tables]
    every = np.vstack([np.zeros((0, 2 * _KINDS + 2)), *seconds])
    return Looks(**_looks(every)) if every[:, -1].sum() > 0 else None


def _looks(seconds: NDArray[np.float64]) -> dict[str, Any]:
    """The attributes of `Looks` from the sums by second."""
    totals = seconds.sum(axis=0)
    read_s = float(totals[-1])
    values = totals[:-1] / read_s if read_s else np.full(len(totals) - 1, np.nan)
    low, high = _interval(seconds)
    estimates = [
        Estimate(float(v), None, None) if np.isnan(a) or a == b else Estimate(float(v), a, b)
        for v, a, b in zip(values, low.tolist(), high.tolist(), strict=True)
    ]
    return gathered(read_s, estimates)


def gathered(read_s: float, estimates: Sequence[Estimate]) -> dict[str, Any]:
    """The attributes of `Looks` from its estimates: shares, unsure, mean probabilities."""
    shown, probs = estimates[_SHOWN], estimates[_PROBS]
    return {
        "read_s": read_s,
        "shares": dict(zip(emotions.NAMES, shown[:_KINDS], strict=True)),
        "unsure": shown[_KINDS],
        "mean_probs": dict(zip(emotions.NAMES, probs, strict=True)),
    }


def _sums_by_second(rows: Table) -> NDArray[np.float64]:
    """For each second with a reading: times of each expression, of unsure, probabilities, time.

    Returns:
        float64 (seconds, 7 + 1 + 7 + 1).
    """
    shown = np.zeros((len(rows), _KINDS + 1))
    shown[np.arange(len(rows)), np.where(rows.unsure, _KINDS, rows.top)] = 1
    values = np.column_stack([shown, rows.probs, np.ones(len(rows))]) * rows.lasts_s[:, None]
    if not len(rows):
        return values
    second = np.unique(np.floor(rows.time_s), return_inverse=True)[1]
    return np.add.reduceat(values, np.flatnonzero(np.diff(second, prepend=-1)))


def _interval(seconds: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The bounds of the interval of each ratio to the last column; NaN where there is none."""
    n = len(seconds)
    if n < LEAST_S:
        nothing = np.full(seconds.shape[1] - 1, np.nan)
        return nothing, nothing
    length = math.ceil(2 * n ** (1 / 3))
    circle = np.vstack([np.zeros_like(seconds[:1]), seconds, seconds[:length]]).cumsum(axis=0)
    blocks = circle[length : length + n] - circle[:n]
    draw = np.random.default_rng(0)
    starts = draw.integers(0, n, (RESAMPLES, math.ceil(n / length)))
    sums = np.stack([blocks[chosen].sum(axis=0) for chosen in starts])
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(sums[:, :-1] / sums[:, -1:], (tail, 100 - tail), axis=0)
    return low, high
