"""A small picture of each film, with its faces hidden or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

import cv2
import numpy as np

from howifeel import engine, overlay
from howifeel.config import Settings
from howifeel.errors import HowIFeelError
from howifeel.timeline import Table
from howifeel.types import Frame
from howifeel.video.seek import open_seekable

WIDTH = 144
_QUALITY = 80

Kind: TypeAlias = Literal["none", "blurred", "plain"]
Take: TypeAlias = Callable[[Path | None, Table], bytes | None]
"""Film and timeline in, a small JPEG picture out; None where the film is gone."""


def none(film: Path | None, table: Table) -> None:
    """No picture."""


def taker(kind: Kind) -> Take:
    """What takes the pictures.

    For "blurred", faces are looked for anew in each picture, and those in the timeline are
    hidden as well. A face that is never found stays visible.

    Raises:
        HowIFeelError: the detector or the model cannot be loaded (only "blurred").
    """
    if kind == "none":
        return none
    if kind == "plain":
        return lambda film, table: _taken(film, table, lambda frame: frame.image)
    loaded = engine.load(Settings())
    blur = overlay.build("blur", loaded.settings)

    def hidden(frame: Frame) -> np.ndarray:
        return blur.draw(frame.image, loaded.analyser().read(frame))

    return lambda film, table: _taken(film, table, hidden)


def _taken(film: Path | None, table: Table, shown: Callable[[Frame], np.ndarray]) -> bytes | None:
    if film is None or not film.is_file():
        return None
    try:
        still = open_seekable(film)
        try:
            picture = still.at(_best_time_s(table))
        finally:
            still.close()
    except HowIFeelError:
        return None
    if picture is None:
        return None
    image = shown(Frame(picture.image, 0, picture.time_s))
    height = max(1, round(WIDTH * image.shape[0] / image.shape[1]))
    small = cv2.resize(image, (WIDTH, height), interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes() if done else None


def _best_time_s(table: Table) -> float:
    """When the detector was surest of a face; the begin where there is none."""
    if np.isnan(table.score).all():
        return table.start_s
    return float(table.time_s[np.nanargmax(table.score)])
