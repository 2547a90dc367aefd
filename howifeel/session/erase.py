"""Taking one face out of a kept video, where its readings say that it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from howifeel import overlay
from howifeel.config import Settings
from howifeel.timeline import Table
from howifeel.types import Box, Face, Moment
from howifeel.video import VideoSink, open_source

BEFORE_AND_AFTER_S = 1.0
"""A face is hidden this long before its first reading and after its last one; where readings
are missing for up to twice as long, it is hidden over all that they span."""


def erase(
    video: Path,
    target: Path,
    readings: Table,
    on_progress: Callable[[float], None] = lambda share: None,
) -> None:
    """Write a copy of a video in which a face is hidden; sound is kept.

    Args:
        video: the video, whose times are those of the readings.
        target: the .mkv file to write.
        readings: the rows of the face.
        on_progress: called after each picture with the share that is done, 0 to 1.

    Raises:
        SourceError: the video cannot be read.
        OutputError: the copy cannot be written.
    """
    blur = overlay.build("blur", Settings())
    with (
        open_source(video) as source,
        VideoSink(target, source.info, sound_from=video, growing=True) as sink,
    ):
        for frame in source:
            box = _place(readings, frame.time_s)
            image = frame.image
            if box:
                hidden = (Face(box, 1.0),)
                moment = Moment(frame.index, frame.time_s, (), "deleted", hidden)
                image = overlay.drawn(image, moment, [blur])
            sink.write(image, frame.time_s)
            on_progress(min(1.0, frame.time_s / (source.info.duration_s or np.inf)))


def _place(readings: Table, time_s: float) -> Box | None:
    """What covers the readings just before and after a time, None if they are far away."""
    after = int(np.searchsorted(readings.time_s, time_s))
    near = [
        readings.box[row]
        for row in (after - 1, after)
        if 0 <= row < len(readings) and abs(readings.time_s[row] - time_s) <= BEFORE_AND_AFTER_S
    ]
    if not near:
        return None
    x0, y0 = np.min(near, axis=0)[:2].tolist()
    x1, y1 = np.max(near, axis=0)[2:].tolist()
    return Box(x0, y0, x1, y1)
