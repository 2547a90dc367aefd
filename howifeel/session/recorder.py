"""A session while it is being recorded."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from howifeel.errors import OutputError
from howifeel.session import folder as names
from howifeel.session.finish import finish_part
from howifeel.session.info import SessionInfo, write_info
from howifeel.session.pictures import Pictures
from howifeel.timeline import Marker
from howifeel.types import Frame, Moment
from howifeel.video import SourceInfo

if TYPE_CHECKING:
    from howifeel.session.journal import Journal

SHORTEST_S = 1e-3
"""Distance of two frames in seconds, where the stream tells none that can be."""


class Recorder:
    """Records moments, and pictures if the session keeps them, until it is finished.

    Time counts from the first frame. Nothing here is locked: one thread may call `add`, and
    another `mark` and `set_baseline`; call `finish` or `discard` when no other call runs.

    Args:
        part: the hidden folder in which the session grows; it must not exist.
        info: what is known before the first frame.
        source: what is recorded.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, part: Path, info: SessionInfo, source: SourceInfo) -> None:
        self._part = part
        self._info = info
        self._source = source
        self._begin: Moment | None = None
        self._shift_s, self._shift_index = 0.0, 0
        self._last = Moment(-1, 0.0, gap="no face")
        self._added_at = 0.0
        self._journal: Journal | None = None
        self._pictures: Pictures | None = None
        with names.output_errors(part.parent):
            names.make(part.parent)
            self._lock = names.hold(part)
            part.mkdir(mode=0o700)
            self._write_info()

    @property
    def info(self) -> SessionInfo:
        """What is known so far; duration, frames and faces are counted by `finish`."""
        offset_s = self._begin.time_s if self._begin else 0.0
        return replace(self._info, offset_s=offset_s)

    @property
    def time_s(self) -> float:
        """How long the recording is, in seconds."""
        return self._last.time_s

    def add(self, frame: Frame, moment: Moment) -> None:
        """Record the next frame. A stream that starts its clock anew is joined on.

        Args:
            frame: its picture, which is used only if the session keeps pictures.
            moment: what is known about it.

        Raises:
            OutputError: it cannot be written, for example because the disk is full, or the
                picture changed its size. What was recorded before can be finished.
        """
        with names.output_errors(self._part.parent):
            journal = self._journal or self._start(moment)
            timed = self._timed(moment)
            journal.add(timed)
            if self._pictures:
                self._pictures.add(frame, timed)

    def mark(self, text: str, time_s: float | None = None) -> Marker:
        """Mark a moment.

        Args:
            text: what to call it.
            time_s: seconds from the begin of the recording; None for now.

        Raises:
            OutputError: it cannot be written.
        """
        marker = Marker(self._last.time_s if time_s is None else time_s, text)
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
            whole = self._close()
            info = finish_part(self._part, replace(self.info, recovered=not whole))
            self._unlock()
        if info is None:
            raise OutputError("Nothing was recorded, because no frame came; nothing was kept.")
        return info

    def discard(self) -> None:
        """End the recording and delete it."""
        self._close()
        shutil.rmtree(self._part, ignore_errors=True)
        self._unlock()

    def _start(self, moment: Moment) -> Journal:
        from howifeel.session.journal import Journal  # loads pyarrow, which takes a while

        self._journal = Journal(self._part / names.JOURNAL)
        self._begin = moment
        self._shift_s, self._shift_index = moment.time_s, moment.index
        self._write_info()
        if self._info.picture != "none":
            self._pictures = Pictures(
                self._part / names.VIDEO,
                self._source,
                blurred=self._info.picture == "blurred",
                sound_from=self._info.source_file,
                start_s=moment.time_s,
            )
        return self._journal

    def _timed(self, moment: Moment) -> Moment:
        """The moment with the time and position that it has in the session."""
        now = time.monotonic()
        if self._last.index >= 0 and moment.time_s - self._shift_s <= self._last.time_s:
            passed_s = max(now - self._added_at, SHORTEST_S)
            self._shift_s = moment.time_s - self._last.time_s - passed_s
            self._shift_index = moment.index - self._last.index - 1
        self._added_at = now
        time_s, index = moment.time_s - self._shift_s, moment.index - self._shift_index
        self._last = replace(moment, time_s=time_s, index=index)
        return self._last

    def _update(self, **changes: object) -> None:
        self._info = replace(self._info, **changes)  # type: ignore[arg-type]
        with names.output_errors(self._part.parent):
            self._write_info()

    def _write_info(self) -> None:
        write_info(self._part / names.INFO, self.info)

    def _close(self) -> bool:
        """Close the files; whether all of them could be completed."""
        try:
            with ExitStack() as stack:
                if self._journal:
                    stack.callback(self._journal.close)
                if self._pictures:
                    stack.callback(self._pictures.close)
        except (OSError, OutputError):
            return False
        return True

    def _unlock(self) -> None:
        if self._lock:
            self._lock.close()
        names.lock_of(self._part).unlink(missing_ok=True)
