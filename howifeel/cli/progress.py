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
    """

    def __init__(self, label: str, unit: str, stream: TextIO | None = None) -> None:
        self._label = label
        self._unit = unit
        self._stream = stream or sys.stderr or io.StringIO()
        self._live = self._stream.isatty()
        self._started = time.monotonic()
        self._shown_at = 0.0
        self._next_share = 0.1

    def update(self, done: int, total: int | None) -> None:
        """Tell how much is done, of how much (None: unknown)."""
        now = time.monotonic()
        text = progress_text(self._label, self._unit, done, total, now - self._started)
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


def progress_text(label: str, unit: str, done: int, total: int | None, elapsed_s: float) -> str:
    """How much is done, how fast, and how long the rest takes.

    >>> progress_text("a.mp4", "frames", 250, 1000, 10)
    'a.mp4:  25%, 250 of 1000 frames, 25 per second, 0:30 left'
    """
    speed = done / elapsed_s if elapsed_s > 0 else 0.0
    if not total:
        return f"{label}: {done} {unit}, {speed:.0f} per second"
    share = min(done / total, 1.0)
    left = clock((total - done) / speed) if speed and total > done else "0:00"
    return f"{label}: {share:4.0%}, {done} of {total} {unit}, {speed:.0f} per second, {left} left"


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds, or hours too.

    >>> clock(75), clock(3723)
    ('1:15', '1:02:03')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
