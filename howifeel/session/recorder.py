"""A session while it is being recorded."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

from howifeel.errors import OutputError
from howifeel.session import folder as names
from howifeel.session import lock
from howifeel.session.finish import finish_part
from howifeel.session.info import Marker, SessionInfo, write_info
from howifeel.session.journal import Journal
from howifeel.types import Frame, Moment


class Recorder:
    """Records moments, and pictures if the session keeps them, until it is finished.

    Time counts from the first frame. Nothing here is locked: one thread may call `add`, and
    another `mark` and `set_baseline`; call `finish` or `discard` when no other call runs.

    Args:
        part: the hidden folder in which the session grows; it must not exist.
        info: what is known before the first frame.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, part: Path, info: SessionInfo) -> None:
        self._part = part
        self._info = info
        self._origin_s: float | None = None
        self._first_index = 0
        self._time_s = 0.0
        self._added_at = 0.0
        with names.output_errors(part.parent):
            part.mkdir(mode=0o700, parents=True)
            self._lock: IO[bytes] | None = lock.acquire(part / names.LOCK)
            self._journal = Journal(part / names.JOURNAL)
            write_info(part / names.INFO, info)

    @property
    def info(self) -> SessionInfo:
        """What is known so far; duration, frames and faces are counted by `finish`."""
        return self._info

    @property
    def time_s(self) -> float:
        """How long the recording is, in seconds."""
        return self._time_s

    def add(self, frame: Frame, moment: Moment) -> None:
        """Record the next frame. A stream that starts its clock anew is joined on.

        Args:
            frame: its picture, which is used only if the session keeps pictures.
            moment: what is known about it.

        Raises:
            OutputError: it cannot be written, for example because the disk is full.
        """
        now = time.monotonic()
        if self._origin_s is None:
            self._begin(moment)
        elif moment.time_s - self._origin_s <= self._time_s:
            self._origin_s = moment.time_s - self._time_s - max(now - self._added_at, 1e-3)
        self._time_s = moment.time_s - (self._origin_s or 0.0)
        self._added_at = now
        timed = replace(moment, time_s=self._time_s, index=moment.index - self._first_index)
        with names.output_errors(self._part.parent):
            self._journal.add(timed)

    def mark(self, text: str, time_s: float | None = None) -> Marker:
        """Mark a moment.

        Args:
            text: what to call it.
            time_s: seconds from the begin of the recording; None for now.

        Raises:
            OutputError: it cannot be written.
        """
        marker = Marker(self._time_s if time_s is None else time_s, text)
        self._update(markers=tuple(sorted((*self._info.markers, marker))))
        return marker

    def set_baseline(self, track: int, values: Sequence[float] | None) -> None:
        """Note the seven probabilities of a face's neutral look, or that it has none.

        Raises:
            OutputError: it cannot be written.
        """
        others = {t: v for t, v in self._info.baselines.items() if t != track}
        given = {} if values is None else {track: tuple(map(float, values))}
        self._update(baselines=others | given)

    def finish(self) -> SessionInfo:
        """End the recording and put it among the sessions.

        Raises:
            OutputError: it cannot be written, or nothing was recorded; then nothing is left.
        """
        with names.output_errors(self._part.parent):
            self._close()
            info = finish_part(self._part, self._info)
        if info is None:
            raise OutputError("Nothing was recorded, because no frame came; nothing was kept.")
        return info

    def discard(self) -> None:
        """End the recording and delete it."""
        try:
            self._close()
        finally:
            shutil.rmtree(self._part, ignore_errors=True)

    def _begin(self, moment: Moment) -> None:
        self._origin_s, self._first_index = moment.time_s, moment.index
        self._update(offset_s=moment.time_s, started=now_text())

    def _update(self, **changes: object) -> None:
        self._info = replace(self._info, **changes)  # type: ignore[arg-type]
        with names.output_errors(self._part.parent):
            write_info(self._part / names.INFO, self._info)

    def _close(self) -> None:
        try:
            self._journal.close()
        finally:
            if self._lock:
                self._lock.close()


def now_text() -> str:
    """Now, as ISO 8601 with the offset from UTC."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
