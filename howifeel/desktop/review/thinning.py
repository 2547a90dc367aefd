"""Fewer points than there are readings, for charts that are a thousand pixels wide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from howifeel.desktop.review.opened import NOTHING, UNSURE, FaceSeries, Span

_CODES = UNSURE + 1


def curves(
    face: FaceSeries, begin_s: float, end_s: float, bins: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The readings of a stretch; where they are many, their means over equal pieces of time.

    A piece in which the face was not read is a gap, as is a gap between readings.

    Returns:
        Times in seconds (n,), rising, and probabilities (n, 7) with rows of NaN in gaps.
    """
    first, after = np.searchsorted(face.times_s, (begin_s, end_s))
    first, after = max(0, int(first) - 1), min(len(face.times_s), int(after) + 1)
    times_s, probs = face.times_s[first:after], face.probs[first:after]
    if len(times_s) <= 2 * bins or end_s <= begin_s:
        return times_s, probs
    edges_s = np.linspace(begin_s, end_s, bins + 1)
    cuts = np.searchsorted(face.times_s, edges_s)
    sums = np.diff(face.totals[cuts], axis=0)
    with np.errstate(invalid="ignore"):
        means = sums[:, :-1] / sums[:, -1:]
    return (edges_s[:-1] + edges_s[1:]) / 2, means


def ribbon(face: FaceSeries, begin_s: float, end_s: float, bins: int) -> NDArray[np.int8]:
    """What is shown most in each of `bins` equal pieces of time: int8 (bins,), codes of `shown`.

    `NOTHING` where the face was not read.
    """
    edges_s = np.linspace(begin_s, end_s, bins + 1)
    cuts = np.searchsorted(face.times_s, edges_s)
    counts = np.zeros((bins, _CODES))
    for code in range(_CODES):
        seen = (face.shown == code).astype(np.float64)
        counts[:, code] = _sums(seen[:, None], cuts)[:, 0]
    found = np.where(counts.any(axis=1), counts.argmax(axis=1), NOTHING).astype(np.int8)
    nearest = np.clip(np.searchsorted(face.times_s, edges_s[:-1], "right") - 1, 0, None)
    between = (np.diff(cuts) == 0) & (edges_s[:-1] >= face.begin_s) & (edges_s[:-1] <= face.end_s)
    return np.where(between, face.shown[nearest], found).astype(np.int8)


def merged(spans: Sequence[Span], least_s: float) -> tuple[tuple[float, float], ...]:
    """Begins and ends of spans of at least `least_s`, joined where they lie closer than that."""
    found: list[tuple[float, float]] = []
    for span in spans:
        if found and span.begin_s - found[-1][1] <= least_s:
            found[-1] = (found[-1][0], span.end_s)
        else:
            found.append((span.begin_s, span.end_s))
    return tuple((begin, end) for begin, end in found if end - begin >= least_s)


def _sums(values: NDArray[np.float64], cuts: NDArray[np.intp]) -> NDArray[np.float64]:
    """The sums over values[cuts[i]:cuts[i + 1]], (len(cuts) - 1, columns)."""
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    return np.diff(total[cuts], axis=0)
