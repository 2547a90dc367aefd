"""Work in the background that can be watched and stopped, such as the analysis of a file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Task(Generic[T]):
    """Runs a function once in a thread of its own.

    Args:
        work: gets the task, so that it can call `report` and ask `stopped`.

    >>> task = Task(lambda task: 6 * 7)
    >>> task.wait(5)
    True
    >>> task.result()
    42
    """

    def __init__(self, work: Callable[[Task[T]], T]) -> None:
        self.progress: float | None = None
        self._stop = threading.Event()
        self._result: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Task[T]], T]) -> None:
        try:
            self._result.append(work(self))
        except BaseException as error:
            self._error = error

    def report(self, share: float | None) -> None:
        """Called by the work: how much is done, 0..1; None where that is unknown."""
        self.progress = share

    def stopped(self) -> bool:
        """Asked by the work: whether it should end."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask the work to end; returns at once."""
        self._stop.set()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end of the work, at most so long; whether it has ended."""
        self._thread.join(timeout_s)
        return self.done

    @property
    def done(self) -> bool:
        """Whether the work has ended, in whatever way."""
        return not self._thread.is_alive()

    def result(self) -> T:
        """What the work returned.

        Raises:
            RuntimeError: it has not ended.
            Exception: whatever the work raised.
        """
        if not self.done:
            raise RuntimeError("the task is still running")
        if self._error:
            raise self._error
        return self._result[0]
