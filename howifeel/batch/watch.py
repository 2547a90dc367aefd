"""How those who do the work tell what happens to it."""

from __future__ import annotations

from typing import Protocol

from howifeel.annotate import Job, Progress
from howifeel.batch.plan import Key
from howifeel.batch.work import Result


class Watch(Protocol):
    """Gets to know what happens to each piece. Every method may raise `OutputError`."""

    def begun(self, key: Key) -> Job:
        """A worker is about to begin; returns the job to do."""
        ...

    def going(self, key: Key, progress: Progress) -> None:
        """Some frames more are done."""
        ...

    def ended(self, key: Key, result: Result) -> None:
        """The work is done, or has failed."""
        ...

    def lost(self, key: Key, silent_s: float | None = None) -> bool:
        """The worker is gone; returns whether another one should try.

        Args:
            key: which piece.
            silent_s: the worker was ended after so many seconds without a new frame; None: it died.
        """
        ...

    def waiting(self) -> None:
        """Time goes by; called several times a second."""
        ...
