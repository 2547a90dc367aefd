"""One session, opened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from howifeel.session.info import SessionInfo
from howifeel.timeline import Table
from howifeel.types import Moment, Timeline


@dataclass(frozen=True, eq=False)
class Session:
    """What was recorded. It stays as it was opened; open it again after an edit.

    Attributes:
        info: all that is known beside the timeline.
        table: the timeline as columns of numbers, for charts and statistics.
        video: the kept picture; where numbers only are kept, the file that was recorded or
            imported, if that is still there. None where there is none: the file never takes the
            place of a kept picture, in which faces may be hidden.
        video_offset_s: time stamp in `video` of the session's second 0.
        folder: where it lies.
    """

    info: SessionInfo
    table: Table
    video: Path | None
    video_offset_s: float
    folder: Path

    @property
    def keeps_video(self) -> bool:
        """Whether `video` belongs to the session and is deleted with it."""
        return self.video is not None and self.video.parent == self.folder

    @cached_property
    def timeline(self) -> Timeline:
        """The timeline as moments. It is made on the first use: seconds for an hour."""
        return Timeline(tuple(self.table.moments()), self.info.provenance)

    def moments(self, start_s: float, end_s: float) -> tuple[Moment, ...]:
        """The moments from `start_s` to before `end_s`, quick for a short stretch."""
        return tuple(self.table.between(start_s, end_s).moments())
