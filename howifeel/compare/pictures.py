"""A small picture of each film, with its faces hidden or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

import cv2
import numpy as np

from howifeel import engine, overlay
from howifeel.config import Settings
from howifeel.errors import HowIFeelError
from howifeel.timeline import Table
from howifeel.types import Box, Face, Frame
from howifeel.video.seek import open_seekable

WIDTH = 144
NEAR_S = 0.1
"""Faces that the timeline knows so shortly before or after the picture are hidden in it, because
its time stamps may be rounded."""

_QUALITY = 80

Kind: TypeAlias = Literal["none", "blurred", "plain"]
Take: TypeAlias = Callable[[Path | None, Table], bytes | None]
"""Film and timeline in, a small JPEG picture out; None where the film is gone."""


def none(film: Path | None, table: Table) -> None:
    """No picture."""


def taker(kind: Kind) -> Take:
    """What takes the pictures.

    For "blurred", faces are looked for anew in each picture, and those that the timeline knows
    there are hidden as well. A face that neither has stays visible.

    Raises:
        HowIFeelError: the detector or the model cannot be loaded (only "blurred").
    """
    if kind == "none":
        return none
    if kind == "plain":
        return lambda film, table: _taken(film, table, lambda frame, faces: frame.image)
    loaded = engine.load(Settings())
    blur = overlay.build("blur", loaded.settings)

    def hidden(frame: Frame, faces: Sequence[Face]) -> np.ndarray:
        found = loaded.analyser().read(frame)
        hidden = replace(found, missed=(*found.missed, *faces))
        return overlay.drawn(frame.image, hidden, [blur])

    return lambda film, table: _taken(film, table, hidden)


def _taken(
    film: Path | None, table: Table, shown: Callable[[Frame, Sequence[Face]], np.ndarray]
) -> bytes | None:
    if film is None or not film.is_file():
        return None
    time_s = _best_time_s(table)
    try:
        still = open_seekable(film)
        try:
            picture = still.at(time_s)
        finally:
            still.close()
    except HowIFeelError:
        return None
    if picture is None:
        return None
    frame = Frame(picture.image, 0, picture.time_s)
    image = shown(frame, [*_known(table, time_s, frame), *_known(table, picture.time_s, frame)])
    height = max(1, round(WIDTH * image.shape[0] / image.shape[1]))
    small = cv2.resize(image, (WIDTH, height), interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes() if done else None


def _known(table: Table, time_s: float, frame: Frame) -> Iterator[Face]:
    """The faces that the timeline has at a time, as far as they lie in the picture."""
    near = table.where((np.abs(table.time_s - time_s) <= NEAR_S) & (table.gap < 0))
    for box, score in zip(near.box.tolist(), near.score.tolist(), strict=True):
        if inside := Box.clipped(*box, width=frame.width, height=frame.height):
            yield Face(inside, score)


def _best_time_s(table: Table) -> float:
    """When the detector was surest of a face; the begin where there is none."""
    if np.isnan(table.score).all():
        return table.start_s
    return float(table.time_s[np.nanargmax(table.score)])
