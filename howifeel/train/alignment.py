"""Finds to which picture each row of FER+ votes belongs, where rows have slipped.

A table of votes that lost some rows tells of the wrong pictures from each loss on, the further down
the more. The labels of FER-2013 betray it: the likeliest sequence of shifts under which votes and
labels fit is found by dynamic programming (Viterbi 1967), where a change of the shift is unlikely.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FURTHEST = 120
"""Rows that votes may have slipped by, either way."""

_STEPS = (-3, -2, -1, 1, 2, 3)
_CHANGE, _CHANGE_BY_ONE = 5.0, 1.5
"""What a change of the shift costs in nats, and in addition each row that it changes by."""

_DOUBT = 0.3
"""Votes for each expression that are taken for granted, so that no label is impossible."""


def shifts(
    labels: NDArray[np.int64], votes: NDArray[np.float32], furthest: int = FURTHEST
) -> NDArray[np.int64]:
    """By how many rows the votes of each picture lie further down.

    Args:
        labels: int64 (n,), classes from 0; -1 where a row has no picture.
        votes: float32 (m, classes), counts or shares, m at least n; zeros where a row has none.
        furthest: greatest shift.

    Returns:
        int64 (n,), -furthest..furthest; votes[row + shift] are those of the picture in the row.
    """
    possible = np.arange(-furthest, furthest + 1)
    likelihood = _log_likelihood(votes)
    best = np.zeros(len(possible))
    came_from = np.zeros((len(labels), len(possible)), np.int16)
    for row, label in enumerate(labels):
        if row:
            best, came_from[row] = _after_a_change(best)
        if label >= 0:
            best = best + likelihood[np.clip(row + possible, 0, len(votes) - 1), label]
    path = np.empty(len(labels), np.int64)
    state = int(best.argmax())
    for row in range(len(labels) - 1, -1, -1):
        path[row] = possible[state]
        state = came_from[row, state]
    return path


def _log_likelihood(votes: NDArray[np.float32]) -> NDArray[np.float64]:
    counts = votes.astype(np.float64) + _DOUBT
    return np.log(counts / counts.sum(1, keepdims=True))


def _after_a_change(score: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The best score of each shift in the next row, and the shift before it."""
    before = np.arange(len(score))
    best, source = score.copy(), before.copy()
    for step in _STEPS:
        moved = np.full(len(score), -np.inf)
        if step > 0:
            moved[step:] = score[:-step]
        else:
            moved[:step] = score[-step:]
        moved -= _CHANGE + _CHANGE_BY_ONE * abs(step)
        better = moved > best
        best[better], source[better] = moved[better], (before - step)[better]
    return best, source
