"""One line of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from howifeel.desktop.batch.plan import table_of
from howifeel.jobs import Found

State: TypeAlias = Literal["waiting", "running", "done", "failed", "skipped", "cancelled"]

TELLS_AFTER_S = 1.0
"""A speed that was measured for a shorter time says nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file and how far it is.

    Attributes:
        number: stays the same while the entry is in the queue.
        found: the file, and the name that its outputs get.
        length_s: seconds of film; None for a picture or where it is unknown.
        state: where it stands.
        frames: how many were read.
        share: how much is done, 0..1; None where that is unknown.
        wall_s: seconds of work so far.
        message: what the user should know, such as why it failed.
        written: the files that came of it.
    """

    number: int
    found: Found
    length_s: float | None = None
    state: State = "waiting"
    frames: int = 0
    share: float | None = None
    wall_s: float = 0.0
    message: str = ""
    written: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        """The file's name."""
        return Path(self.found.spec).name

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.state not in ("waiting", "running")

    @property
    def left_s(self) -> float | None:
        """Seconds until it is done, at its speed so far."""
        if self.state != "running" or not self.share or self.wall_s < TELLS_AFTER_S:
            return None
        return self.wall_s * max(0.0, 1 - self.share) / self.share

    @property
    def frames_per_s(self) -> float | None:
        """Frames per second of work."""
        if self.wall_s < TELLS_AFTER_S and self.state == "running":
            return None
        return self.frames / self.wall_s if self.frames and self.wall_s else None

    @property
    def table(self) -> Path | None:
        """The timeline that was written, if it can be opened again."""
        return table_of(self.written) if self.state == "done" else None
