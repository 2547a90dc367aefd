"""Progress of long work on stderr: one live line on a terminal, one line per 10 % when piped."""

from __future__ import annotations

import contextlib
import io
import sys
import time
from typing import TextIO


class ProgressLine:
    """Shows done work, speed and the time that is left.

    Args:
        label: what is being worked on.
        unit: name of one piece of work in the plural, such as "frames".
        stream: where to write; decides by `isatty` how.
        done: what was done before it began, which says nothing about the speed.
    """

    def __init__(
        self, label: str, unit: str, stream: TextIO | None = None, *, done: int = 0
    ) -> None:
        self._label = label
        self._unit = unit
        self._before = done
        self._stream = stream or sys.stderr or io.StringIO()
        self._live = self._stream.isatty()
        self._started = time.monotonic()
        self._shown_at = 0.0
        self._next_share = 0.1

    def update(self, done: int, total: int | None) -> None:
        """Tell how much is done, of how much (None: unknown)."""
        now = time.monotonic()
        elapsed_s = now - self._started
        text = progress_text(self._label, self._unit, done, total, elapsed_s, before=self._before)
        if self._live:
            if now - self._shown_at >= 0.1:
                self._write(f"\r\x1b[K{text}")
                self._shown_at = now
        elif total and done / total >= self._next_share:
            self._next_share = (done * 10 // total + 1) / 10
            self._write(text + "\n")

    def close(self) -> None:
        """Remove the live line, so that what is printed next starts on a clean one."""
        if self._live:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        """A terminal that is gone must not stop the work."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()


def progress_text(
    label: str, unit: str, done: int, total: int | None, elapsed_s: float, *, before: int = 0
) -> str:
    """How much is done, how fast, and how long the rest takes.

    Args:
        label: what is being worked on.
        unit: name of one piece of work in the plural.
        done: pieces that are done.
        total: pieces that there are, as was thought in the beginning; None: unknown.
        elapsed_s: seconds since it began.
        before: pieces that were done when it began.

    >>> progress_text("a.mp4", "frames", 250, 1000, 10)
    'a.mp4:  25%, 250 of 1000 frames, 25 per second, 0:30 left'
    >>> progress_text("a.mp4", "frames", 1012, 1000, 10)
    'a.mp4: 1012 frames, 101 per second'
    >>> progress_text("search", "steps", 12, 30, 140, before=10)
    'search:  40%, 12 of 30 steps, 70 s per step, 21:00 left'
    """
    speed = (done - before) / elapsed_s if elapsed_s > 0 else 0.0
    if total and done > total:
        total = None
    parts = [f"{label}: {done} {unit}"]
    if total:
        parts = [f"{label}: {done / total:4.0%}, {done} of {total} {unit}"]
    if speed:
        parts.append(_speed(speed, unit))
    if total and (speed or done >= total):
        parts.append(f"{clock((total - done) / (speed or 1))} left")
    return ", ".join(parts)


def _speed(per_second: float, unit: str) -> str:
    if per_second >= 1:
        return f"{per_second:.0f} per second"
    seconds = 1 / per_second
    return f"{seconds:.{0 if seconds >= 10 else 1}f} s per {unit.removesuffix('s')}"


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds, or hours too.

    >>> clock(75), clock(3723)
    ('1:15', '1:02:03')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
