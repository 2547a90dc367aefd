"""A face's readings in as few columns as a chart can show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.timeline import Table

_UNSURE = len(emotions.NAMES)


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Consecutive columns of time.

    Attributes:
        start_s, end_s: float64 (n,), from when to when each column is known, in seconds.
        probs: float64 (n, 7), mean probabilities, 0..1.
        shown: int64 (n,), what was shown longest in the column: a position in
            `emotions.NAMES`, or 7 for "unsure".
        run: int64 (n,), number of the run; between runs the face was not read.
    """

    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    probs: NDArray[np.float64]
    shown: NDArray[np.int64]
    run: NDArray[np.int64]


def strip(rows: Table, start_s: float, end_s: float, columns: int) -> Strip:
    """Gather the rows of one face.

    Args:
        rows: the rows of the face, at least one.
        start_s: where the stretch to divide begins, in seconds.
        end_s: where it ends.
        columns: at most so many; shorter pauses than a column are not seen.
    """
    width_s = max((end_s - start_s) / columns, 1e-9)
    column = np.floor((rows.time_s - start_s) / width_s).astype(np.int64)
    first = np.flatnonzero(np.diff(column, prepend=-1))
    weight = np.maximum(rows.lasts_s, 1e-9)
    total = np.add.reduceat(weight, first)
    probs = np.add.reduceat(rows.probs * weight[:, None], first) / total[:, None]
    labels = np.zeros((len(rows), _UNSURE + 1))
    labels[np.arange(len(rows)), np.where(rows.unsure, _UNSURE, rows.top)] = weight
    last = np.append(first[1:], len(rows)) - 1
    starts = rows.time_s[first]
    ends = rows.time_s[last] + rows.lasts_s[last]
    apart = starts[1:] - ends[:-1] > max(width_s, 0.5 * float(np.median(rows.lasts_s)))
    ends[:-1] = np.where(apart, ends[:-1], starts[1:])
    return Strip(
        start_s=starts,
        end_s=ends,
        probs=probs,
        shown=np.add.reduceat(labels, first).argmax(axis=1),
        run=np.append(0, np.cumsum(apart)),
    )
