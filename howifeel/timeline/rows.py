"""Moments as rows of a table and back: the one place that knows the columns."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from howifeel import emotions
from howifeel.types import Box, Face, Moment, Reading

Row = dict[str, int | float | str | bool | None]
"""A value for each of `COLUMNS`; None where there is nothing to say."""

COLUMNS: dict[str, type] = {
    "frame": int,
    "time_s": float,
    "track": int,
    "x0": int,
    "y0": int,
    "x1": int,
    "y1": int,
    "score": float,
    **dict.fromkeys(emotions.NAMES, float),
    "top": str,
    "unsure": bool,
    "gap": str,
}
"""The columns in order, each with the type of its values."""

LATEST_S = 1e10
"""No time stamp is farther from 0 than this: 317 years."""

MOST_ROWS = 4_000_000
"""Longer timelines are refused: a day and a half of one face at 30 frames a second."""

DECIMALS: dict[str, int] = {"time_s": 6, "score": 4, **dict.fromkeys(emotions.NAMES, 5)}
"""Decimals that are kept of each number that is not whole."""


def to_rows(moment: Moment) -> Iterator[Row]:
    """One row for each face of a frame; one row with the reason for the gap where there is none.

    >>> [(row["frame"], row["top"], row["gap"]) for row in to_rows(Moment(7, 0.28, gap="no face"))]
    [(7, None, 'no face')]
    """
    frame: Row = dict.fromkeys(COLUMNS)
    frame |= {"frame": moment.index, "time_s": round(moment.time_s, DECIMALS["time_s"])}
    if moment.gap:
        yield frame | {"gap": moment.gap}
    for reading in moment.readings:
        yield frame | _cells(reading)


def from_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[Moment]:
    """The moments that such rows stand for. The rows of one frame must follow each other.

    Raises:
        KeyError, TypeError, ValueError: a row lacks a column or holds what cannot be.
    """
    for (index, time_s), group in itertools.groupby(rows, lambda r: (r["frame"], r["time_s"])):
        of_frame = list(group)
        if not abs(time_s) <= LATEST_S:
            raise ValueError("a time stamp is no number or too large")
        readings = tuple(_reading(row) for row in of_frame if row["gap"] is None)
        yield Moment(index, time_s, readings, of_frame[0]["gap"])


def _cells(reading: Reading) -> Row:
    face, box = reading.face, reading.face.box
    probs = zip(emotions.NAMES, reading.probs, strict=True)
    return {
        "track": face.track,
        "x0": box.x0,
        "y0": box.y0,
        "x1": box.x1,
        "y1": box.y1,
        "score": round(face.score, DECIMALS["score"]),
        **{name: round(p, DECIMALS[name]) for name, p in probs},
        "top": reading.top,
        "unsure": reading.unsure,
    }


def _reading(row: Mapping[str, Any]) -> Reading:
    box = Box(row["x0"], row["y0"], row["x1"], row["y1"])
    probs = tuple(row[name] for name in emotions.NAMES)
    return Reading(Face(box, row["score"], row["track"]), probs, row["top"], row["unsure"])
