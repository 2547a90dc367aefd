"""Grabs pictures from a source at its own speed, and finds it again when it was lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from howifeel.errors import SourceError
from howifeel.types import Frame
from howifeel.video import Source, SourceInfo, display_name, kind_of, open_source

State = Literal["opening", "running", "paused", "waiting", "ended", "failed"]

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 8.0
"""A lost camera is looked for after this time, then after twice as long each time, up to ..."""

SILENT_AFTER_S = 3.0
"""A source without a new picture for so long is called silent."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How the source is: its state, a sentence for the user where there is one, what it is."""

    state: State = "opening"
    message: str = ""
    info: SourceInfo | None = None


class Capture:
    """Reads one source in a thread until it ends or `stop` is called.

    A file plays at the speed of its time stamps. A camera or stream that is not there or that
    stops is tried again and again with growing pauses. Frames are numbered on and their time
    runs on over such breaks.

    Args:
        spec: the source, see `video.open_source`.
        on_frame: called in the thread with each frame.
        opener: opens the source.
    """

    def __init__(
        self,
        spec: str,
        on_frame: Callable[[Frame], None],
        opener: Callable[[str], Source] = open_source,
    ) -> None:
        self._condition = Condition()
        self._spec = spec
        self._on_frame = on_frame
        self._opener = opener
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._began = time.monotonic()
        self._paused_s = 0.0
        self._next_index = 0
        self._last_s: float | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def pause(self, paused: bool) -> None:
        """Hold a file where it is and drop the pictures of a camera, or go on."""
        if paused:
            self._go.clear()
        else:
            self._last_s = time.monotonic()
            self._go.set()

    def stop(self, timeout_s: float) -> bool:
        """End the thread; whether it ended in time (a device may block it)."""
        self._stop.set()
        self._go.set()
        if self._thread.ident:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def condition(self) -> Condition:
        """How the source is now."""
        now = self._condition
        if now.state != "running":
            return now
        if not self._go.is_set():
            return replace(now, state="paused")
        if self._last_s is not None and time.monotonic() - self._last_s > SILENT_AFTER_S:
            name = now.info.name if now.info else display_name(self._spec)
            return replace(now, message=f"{name} gives no new picture; check its cable.")
        return now

    def _run(self) -> None:
        wait_s = FIRST_WAIT_S
        while not self._stop.is_set():
            before = self._next_index
            try:
                with self._opener(self._spec) as source:
                    self._last_s = time.monotonic()
                    self._condition = Condition("running", "", source.info)
                    self._read(source)
                self._condition = Condition("ended", source.damage or "", source.info)
                return
            except SourceError as error:
                message = str(error)
            except Exception as error:
                message = f"{display_name(self._spec)} failed: {type(error).__name__}: {error}."
            if kind_of(self._spec) not in ("camera", "url"):
                self._condition = Condition("failed", message, self._condition.info)
                return
            self._condition = Condition("waiting", message, self._condition.info)
            wait_s = FIRST_WAIT_S if self._next_index > before else wait_s
            self._stop.wait(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def _read(self, source: Source) -> None:
        for frame in self._in_time(source):
            if self._stop.is_set():
                return
            if not self._go.is_set():
                if source.info.live:
                    continue
                self._hold()
            self._last_s = time.monotonic()
            self._on_frame(replace(frame, index=self._next_index))
            self._next_index += 1

    def _hold(self) -> None:
        since = time.monotonic()
        self._go.wait()
        self._paused_s += time.monotonic() - since

    def _in_time(self, source: Source) -> Iterator[Frame]:
        """The frames, each when it is due; a live source decides that itself."""
        opened = time.monotonic()
        shift_s = opened - self._began if self._next_index else 0.0
        self._paused_s = 0.0
        first_s: float | None = None
        for frame in source:
            first_s = frame.time_s if first_s is None else first_s
            since_first_s = frame.time_s - first_s
            if not source.info.live:
                due = opened + self._paused_s + since_first_s
                self._stop.wait(max(0.0, due - time.monotonic()))
            yield replace(frame, time_s=shift_s + frame.time_s)
