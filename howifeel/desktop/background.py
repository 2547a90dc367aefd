"""Runs a function beside the window and tells the window, in its own thread, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from howifeel.errors import HowIFeelError
from howifeel.live import Task

POLL_MS = 15


class Background(QObject):
    """One piece of work at a time; a newer one takes the place of the one before.

    Signals:
        progressed: the share that is done, 0 to 1, or -1 where that is unknown.
        ended: the work has ended, in whatever way; told before the callbacks of `run`.
    """

    progressed = Signal(float)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: Task[Any] | None = None
        self._done: Callable[[Any], None] = _ignore
        self._failed: Callable[[str], None] = _ignore
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def busy(self) -> bool:
        """Whether work is running whose end will be told."""
        return self._task is not None

    def run(
        self,
        work: Callable[[Task[Any]], Any],
        done: Callable[[Any], None] = lambda result: None,
        failed: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        """Begin; work that still runs is asked to stop and forgotten.

        Args:
            work: runs in a thread of its own.
            done: called with what it returned.
            failed: called with one sentence, if it raised an error.
        """
        self.stop()
        self._done, self._failed = done, failed
        self._task = Task(work)
        self._timer.start()

    def cancel(self) -> None:
        """Ask the work to end; how it ends is still told."""
        if self._task:
            self._task.stop()

    def stop(self) -> None:
        """Ask the work to end and forget it."""
        self._timer.stop()
        if self._task:
            self._task.stop()
            self._task = None

    def close(self, timeout_s: float = 1.0) -> None:
        """End the work, because the window closes; waits for that, at most so long."""
        task = self._task
        self.stop()
        if task:
            task.wait(timeout_s)

    def _poll(self) -> None:
        task = self._task
        if task is None:
            return
        if not task.done:
            self.progressed.emit(-1.0 if task.progress is None else task.progress)
            return
        self._timer.stop()
        self._task = None
        self.ended.emit()
        try:
            result = task.result()
        except HowIFeelError as error:
            self._failed(str(error))
        except Exception as error:
            self._failed(f"{type(error).__name__}: {error}")
        else:
            self._done(result)


def _ignore(_: object) -> None:
    pass
