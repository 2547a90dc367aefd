"""Hands every moment to one receiver in a thread of its own, so that a slow one slows nobody."""

from __future__ import annotations

import queue
import threading
from typing import Protocol

from howifeel.types import Frame, Moment

CHECK_EVERY_S = 0.05


class Receiver(Protocol):
    """Takes what a live stream gives, such as a recording."""

    def add(self, frame: Frame, moment: Moment) -> object:
        """Take the next picture and what is known about it."""
        ...


class Outlet:
    """A queue in front of a receiver.

    Args:
        receiver: its `add` is called in one other thread, in order.
        capacity: how many pictures may wait; further ones are dropped and counted in `lost`.
    """

    def __init__(self, receiver: Receiver, capacity: int = 60) -> None:
        self.lost = 0
        self.error: Exception | None = None
        self._receiver = receiver
        self._waiting: queue.Queue[tuple[Frame, Moment]] = queue.Queue(capacity)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def put(self, frame: Frame, moment: Moment) -> None:
        """Hand over without waiting."""
        if self.error or self._closing.is_set():
            return
        try:
            self._waiting.put_nowait((frame, moment))
        except queue.Full:
            self.lost += 1

    def close(self, timeout_s: float) -> bool:
        """Hand over what waits and end; whether that was done in time. Nothing is taken later."""
        self._closing.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            try:
                item = self._waiting.get(timeout=CHECK_EVERY_S)
            except queue.Empty:
                if self._closing.is_set():
                    return
                continue
            try:
                self._receiver.add(*item)
            except Exception as error:
                self.error = error
                return
