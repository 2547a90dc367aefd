"""Drives one sender in a thread of its own; of what it is given only the newest waits."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from dataclasses import dataclass, replace
from typing import Literal

from howifeel.emit import Places, Sender, Update
from howifeel.errors import HowIFeelError, OutputError
from howifeel.live.newest import Newest
from howifeel.types import Frame, Moment, Provenance

SETTLED_S = 1.0
"""Receivers are told of new settings when these stay for so long: a slider is not news."""

_Grabbed = tuple[Frame, Moment, float]


@dataclass(frozen=True, slots=True)
class Emission:
    """How a sender is.

    Attributes:
        state: "failed": nothing is sent any more, and `problem` says why.
        address: where it can be heard, as far as that is known.
        sent: updates that were sent.
        skipped: updates that were not, because a newer one had come.
        problem: one sentence about what goes wrong now, or "".
    """

    state: Literal["opening", "sending", "failed", "closed"] = "opening"
    address: str = ""
    sent: int = 0
    skipped: int = 0
    problem: str = ""


class Emitter:
    """A place for the newest update in front of a sender.

    Args:
        sender: opened, used and closed in one other thread.
        about: what reads the faces.
        faces: how many of them have a place.
    """

    def __init__(self, sender: Sender, about: Provenance, faces: int) -> None:
        self.notes = sender.notes
        self._sender, self._places = sender, Places(faces)
        self._newest: Newest[_Grabbed] = Newest()
        self._about: Newest[Provenance] = Newest()
        self._about.put(about.public())
        self._tell_from_s = 0.0
        self._state = Emission(address=sender.address)
        self._error: Exception | None = None
        self._loop = asyncio.new_event_loop()
        self._wake = asyncio.Event()
        self._opened, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def state(self) -> Emission:
        """How the sender is now."""
        return replace(self._state, skipped=self._newest.replaced)

    def put(self, frame: Frame, moment: Moment, captured_s: float) -> None:
        """Hand over without waiting.

        Args:
            frame: for its size; its pixels are not sent.
            moment: what is known about it.
            captured_s: when it was grabbed, on the clock of `time.monotonic`.
        """
        if self._newest.put((frame, moment, captured_s)):
            self._call()

    def describe(self, about: Provenance) -> None:
        """Tell receivers with an update soon that the faces are read in another way now."""
        self._about.put(about.public())
        self._tell_from_s = time.monotonic() + SETTLED_S

    def wait_open(self, timeout_s: float = 10.0) -> str:
        """Wait until the sender is open; returns its address.

        Raises:
            HowIFeelError: it cannot be opened, or not in time.
        """
        if not self._opened.wait(timeout_s):
            raise OutputError("A stream for other programs does not open; try again.")
        if self._error:
            raise self._error
        return self._state.address

    def close(self, timeout_s: float = 2.0) -> bool:
        """End; whether that was done in time."""
        self._closing.set()
        self._call()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _call(self) -> None:
        """Wake the thread; one that has ended needs nothing."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._wake.set)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._serve())
                self._state = replace(self._state, state="closed")
            except Exception as error:
                self._error = error
                self._state = replace(self._state, state="failed", problem=_sentence(error))
            finally:
                self._opened.set()

    async def _serve(self) -> None:
        try:
            await self._sender.open()
            self._tell()
            self._state = Emission("sending", self._sender.address)
            self._opened.set()
            while not self._closing.is_set():
                await self._wake.wait()
                self._wake.clear()
                self._tell()
                if (newest := self._newest.take(0)) is not None:
                    self._send(*newest)
        finally:
            await self._sender.close()

    def _tell(self) -> None:
        settled = time.monotonic() >= self._tell_from_s
        if settled and (about := self._about.take(0)) is not None:
            self._sender.describe(about)

    def _send(self, frame: Frame, moment: Moment, captured_s: float) -> None:
        update = Update(
            moment.index, moment.time_s, captured_s, frame.width, frame.height,
            self._places.fill(moment), moment.gap,
        )  # fmt: skip
        try:
            self._sender.send(update)
            self._state = replace(self._state, sent=self._state.sent + 1, problem="")
        except BlockingIOError:
            pass  # the network is not ready; the next update is newer anyway
        except OSError as error:
            problem = f"Nothing can be sent: {error.strerror or error}."
            self._state = replace(self._state, problem=problem)


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, HowIFeelError) else f"{type(error).__name__}: {error}"
