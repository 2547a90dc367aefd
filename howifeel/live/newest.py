"""A place for one thing: what is newer replaces what was not fetched."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Newest(Generic[T]):
    """Hands things from one thread to another; only the newest waits."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._thing: T | None = None
        self._closed = False
        self.replaced = 0

    def put(self, thing: T) -> bool:
        """Offer a thing; one that still waits is dropped and counted in `replaced`.

        Returns:
            Whether none was waiting.
        """
        with self._condition:
            was_empty = self._thing is None
            self.replaced += not was_empty
            self._thing = thing
            self._condition.notify()
            return was_empty

    def take(self, timeout_s: float | None) -> T | None:
        """Wait for a thing, without end if None; None when none came or the place is closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._thing is not None or self._closed, timeout_s)
            thing, self._thing = self._thing, None
            return thing

    def close(self) -> None:
        """Wake those who wait."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
