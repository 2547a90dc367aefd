"""Progress of a training run on stderr: a live line on a terminal, one line for each epoch."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from howifeel.train.recipe import Recipe


class EpochProgress:
    """Shows what is done and how long the rest takes; larger faces count as more work.

    The clock starts with the first step, so that compilation before it is not counted.

    Args:
        recipe: tells the number of epochs and the size of the faces in each.
        done: epochs that an earlier run has finished.
        stream: where to write; a live line appears only on a terminal.
    """

    def __init__(self, recipe: Recipe, done: int = 0, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._work = [recipe.side_at(epoch) ** 2 for epoch in range(recipe.epochs)]
        self._first = self._done = done
        self._started: float | None = None
        self._shown_at = 0.0

    def step(self, done: int, total: int) -> None:
        """Tell how many steps of the current epoch are done."""
        now = time.monotonic()
        self._started = self._started or now
        if self._live and now - self._shown_at > 0.2:
            self._shown_at = now
            text = f"epoch {self._done + 1}/{len(self._work)}: {done / total:4.0%}"
            self._stream.write(f"\r\x1b[K{text}, {self._left(done / total)} left")
            self._stream.flush()

    def epoch(self, record: dict[str, float]) -> None:
        """Tell the record of a finished epoch."""
        self._done = int(record["epoch"])
        if self._live:
            self._stream.write("\r\x1b[K")
        print(
            f"epoch {self._done}/{len(self._work)}: "
            f"loss {record['loss']:.3f}, accuracy {record['train_accuracy']:.1%} in training, "
            f"{record['choose_accuracy']:.1%} where it is chosen; "
            f"{record['seconds']:.0f} s ({record['pictures_per_s']:,.0f} pictures/s, "
            f"{record['outside_passes']:.0%} outside the passes), {self._left(0)} left",
            file=self._stream,
            flush=True,
        )

    def note(self, text: str) -> None:
        """Tell something else in a line of its own."""
        print(text, file=self._stream, flush=True)

    def _left(self, share: float) -> str:
        current = self._work[self._done] if self._done < len(self._work) else 0
        finished = sum(self._work[self._first : self._done]) + share * current
        remaining = sum(self._work[self._done :]) - share * current
        if not remaining:
            return "0:00:00"
        if not finished or self._started is None:
            return "?"
        seconds = round((time.monotonic() - self._started) * remaining / finished)
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
