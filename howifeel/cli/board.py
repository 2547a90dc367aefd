"""Progress of a batch on stderr: a line for each file in work, and one for all of them."""

from __future__ import annotations

import contextlib
import io
import itertools
import math
import shutil
import sys
import time
import unicodedata
from collections.abc import Mapping
from typing import TextIO

from howifeel.annotate import Progress
from howifeel.batch.plan import Key
from howifeel.cli.progress import clock, progress_text
from howifeel.printable import printable

_REFRESH_S = 0.2
_REPEAT_S = 10.0
"""Where lines stay, the least time between two about the same file."""


class Board:
    """Shows speed, share and time left of each file and of the whole.

    On a terminal the lines are redrawn in place. Elsewhere a line is written when a tenth more
    is done, about a file at most every ten seconds.

    Args:
        sizes: all files that are to be done, with their bytes, by which shares are reckoned.
        names: what to call files, see `batch.plan.labels`.
        stream: where to write; decides by `isatty` how.
    """

    def __init__(
        self, sizes: Mapping[Key, int], names: Mapping[Key, str], stream: TextIO | None = None
    ) -> None:
        self._stream = stream or sys.stderr or io.StringIO()
        self._live = self._stream.isatty()
        self._sizes = {key: max(size, 1) for key, size in sizes.items()}
        self._names = names
        self._whole = max(sum(self._sizes.values()), 1)
        self._started_s = time.monotonic()
        self._files: dict[Key, _File] = {}
        self._ended = self._ended_size = 0
        self._drawn = 0
        self._shown_s = 0.0
        self._next_tenth = 1

    def going(self, key: Key, progress: Progress) -> None:
        """Some frames more of a file are done."""
        if key not in self._files:
            self._files[key] = _File(printable(self._names[key]))
        self._files[key].progress = progress

    def over(self, key: Key, *, again: bool = False) -> None:
        """Work on a file has ended; unless it is to be done again, it counts as done."""
        self._files.pop(key, None)
        self._shown_s = 0.0
        if not again:
            self._ended += 1
            self._ended_size += self._sizes[key]

    def refresh(self) -> None:
        """Show what is new, if it is time."""
        now = time.monotonic()
        if now - self._shown_s < _REFRESH_S:
            return
        self._shown_s = now
        if self._live:
            columns = shutil.get_terminal_size().columns - 1
            files = [file.text(now, columns) for file in self._files.values()]
            self._draw(files, self._text(now))
            return
        for file in self._files.values():
            if line := file.news(now):
                self._write(f"{line}\n")
        if self.share * 10 >= self._next_tenth:
            self._next_tenth = int(self.share * 10) + 1
            self._write(f"{self._text(now)}\n")

    def clear(self) -> None:
        """Take away what is redrawn, so that what is printed next starts on a clean line."""
        self._draw([])

    @property
    def share(self) -> float:
        """How much of all bytes is done, 0 to 1."""
        begun = sum(self._sizes[key] * file.share for key, file in self._files.items())
        return (self._ended_size + begun) / self._whole

    def _text(self, now_s: float) -> str:
        share, elapsed_s = self.share, now_s - self._started_s
        left = f", {clock(elapsed_s * (1 - share) / share)} left" if share else ""
        return f"all: {share:4.0%}, {self._ended} of {len(self._sizes)} files{left}"

    def _draw(self, files: list[str], whole: str = "") -> None:
        """Draw as many files as the terminal has room for, since what leaves it stays."""
        if not self._live:
            return
        size = shutil.get_terminal_size()
        lines = [*files[: max(size.lines - 2, 0)], *([whole] if whole else [])]
        back = f"\x1b[{self._drawn}A" if self._drawn else ""
        shown = "".join(f"{_cut(line, size.columns - 1)}\n" for line in lines)
        self._write(f"\r{back}\x1b[J{shown}")
        self._drawn = len(lines)

    def _write(self, text: str) -> None:
        """A terminal that is gone must not stop the work."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()


class _File:
    """One file in work."""

    def __init__(self, name: str) -> None:
        self.progress = Progress(0, None)
        self._name = name
        self._started_s = self._told_s = time.monotonic()
        self._next_tenth = 1

    @property
    def share(self) -> float:
        frames, total = self.progress.frames, self.progress.total
        return min(frames / total, 1.0) if total else 0.0

    def text(self, now_s: float, columns: float = math.inf) -> str:
        """How far it is. Where the line is too long, its folders are left out."""
        frames, total = self.progress.frames, self.progress.total
        told = progress_text("", "frames", frames, total, now_s - self._started_s)
        name = self._name
        if "/" in name and sum(map(_columns, name + told)) > columns:
            name = f".../{name.rpartition('/')[2]}"
        return f"{name}{told}"

    def news(self, now_s: float) -> str:
        """The same, if a tenth more is done and it was not told just now; else nothing."""
        if self.share * 10 < self._next_tenth or now_s - self._told_s < _REPEAT_S:
            return ""
        self._next_tenth, self._told_s = int(self.share * 10) + 1, now_s
        return self.text(now_s)


def _cut(line: str, columns: int) -> str:
    """As much of a line as fits: some letters need two columns, and some none of their own."""
    ends = itertools.accumulate(map(_columns, line))
    return "".join(letter for letter, end in zip(line, ends, strict=True) if end <= columns)


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
