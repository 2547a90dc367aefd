"""A run of a batch: pieces are worked through, the ledger follows, and a summary comes of it."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from howifeel import video
from howifeel.annotate import Job, Progress
from howifeel.batch.ledger import Ledger
from howifeel.batch.manifest import State
from howifeel.batch.plan import Key, Piece, text
from howifeel.batch.watch import Watch
from howifeel.batch.work import Result
from howifeel.errors import OutputError


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to.

    Attributes:
        states: how many of its sources are in each state now.
        before: how many of those that are done were so before.
        noted: how many that this run has done have notes, such as on damage.
        film_s: seconds of film that this run worked through.
        wall_s: seconds that it took.
    """

    states: Counter[State]
    before: int
    noted: int
    film_s: float
    wall_s: float


class Reporter(Protocol):
    """Shows a user what happens."""

    def going(self, key: Key, progress: Progress) -> None:
        """Some frames more of a source are done."""
        ...

    def ended(self, piece: Piece, result: Result) -> None:
        """A source is done or has failed; `piece.entry` is its new row."""
        ...

    def lost(self, piece: Piece) -> None:
        """A worker is gone; `piece.entry` tells whether its source waits or is quarantined."""
        ...

    def refresh(self) -> None:
        """Called several times a second."""
        ...


class Run(Watch):
    """Keeps the ledger while others do the work.

    Args:
        pieces: those with a job are to be done.
        ledger: holds the row of each.
        reporter: shows what happens.
        tries: after how many lost workers a source is quarantined.
    """

    def __init__(
        self, pieces: Iterable[Piece], ledger: Ledger, reporter: Reporter, tries: int
    ) -> None:
        self._pieces = {piece.entry.key: piece for piece in pieces}
        self._ledger, self._reporter, self._tries = ledger, reporter, tries
        self._film_s = 0.0
        self._noted = 0
        self._free: dict[Key, dict[str, Path]] = {}

    def do(self, work_through: Callable[[list[Key]], None]) -> Summary:
        """Have all work done.

        When this ends early, for whatever reason, the ledger says of every piece that was begun
        that it waits.

        Args:
            work_through: does the pieces with these keys, and tells this run about it.

        Raises:
            OutputError: the manifest cannot be written.
        """
        begun = time.monotonic()
        todo = [key for key, piece in self._pieces.items() if piece.job]
        before = self._ledger.count(self._pieces)["done"]
        try:
            work_through(todo)
        finally:
            self._settle()
        wall_s = time.monotonic() - begun
        states = self._ledger.count(self._pieces)
        return Summary(states, before, self._noted, self._film_s, wall_s)

    def _settle(self) -> None:
        for key in self._pieces:
            if self._ledger[key].state == "running":
                row = self._ledger[key]
                wrote = self._wrote(key, os.path.lexists)
                self._ledger.change(key, state="waiting", tries=row.tries - 1, wrote=wrote)
        self._ledger.close()

    def begun(self, key: Key) -> Job:
        """Note that a worker begins; its job, which may replace what this batch has written.

        What does not exist yet counts as written until more is known, because this process may
        die after the worker has written it.
        """
        piece, row = self._pieces[key], self._ledger[key]
        assert piece.job
        pairs = zip(row.outputs, piece.job.targets, strict=True)
        free = {output: target for output, target in pairs if not os.path.lexists(target)}
        there = set(row.outputs) - free.keys()
        ours = there <= set(row.wrote)
        self._free[key] = free
        self._ledger.change(
            key,
            state="running",
            tries=row.tries + 1,
            error="",
            started=_now(),
            wrote=_joined(row.wrote, free),
        )
        return replace(
            piece.job,
            source=_whole(piece.job.source),
            annotated=_absolute(piece.job.annotated),
            timeline=_absolute(piece.job.timeline),
            report=_absolute(piece.job.report),
            force=piece.job.force or (ours and bool(there or row.tries)),
        )

    def going(self, key: Key, progress: Progress) -> None:
        """Show it."""
        self._reporter.going(key, progress)
        self.waiting()

    def ended(self, key: Key, result: Result) -> None:
        """Note what came of a source, and show it.

        Raises:
            OutputError: the disk is full; this source waits for the next run, as all others do.
        """
        if result.disk_full:
            raise OutputError(result.error)
        changes: dict[str, object] = {
            "state": "failed",
            "error": text(result.error),
            "ended": _now(),
            "wrote": self._wrote(key, lambda target: False),
        }
        if outcome := result.outcome:
            film_s = float(outcome.summary["duration_s"])  # type: ignore[arg-type]
            self._film_s += film_s
            self._noted += bool(outcome.notes)
            changes |= {
                "state": "done",
                "notes": tuple(text(note) for note in outcome.notes),
                "frames": outcome.frames,
                "faces": outcome.summary["tracks"],
                "film_s": film_s,
                "work_s": outcome.wall_s,
                "wrote": _joined(self._ledger[key].wrote, self._ledger[key].outputs),
            }
        self._note(key, changes, result)

    def lost(self, key: Key, silent_s: float | None = None) -> bool:
        """Note that a worker died or was ended, and decide whether another one is to try."""
        row = self._ledger[key]
        again = row.tries < self._tries
        times = "once" if row.tries == 1 else f"{row.tries} times"
        if silent_s is None:
            said = f"The worker died {times} while it read this file"
        else:
            said = f"No frame of this file came for {silent_s:.0f} s, {times}"
        changes = {
            "state": "waiting" if again else "quarantined",
            "error": f"{said}." if again else f"{said}; --tries {2 * row.tries} lets it try again.",
            "ended": _now(),
            "wrote": self._wrote(key, os.path.lexists),
        }
        self._note(key, changes)
        return again

    def waiting(self) -> None:
        """Let the manifest catch up, and what is shown."""
        self._ledger.catch_up()
        self._reporter.refresh()

    def _wrote(self, key: Key, appeared: Callable[[Path], bool]) -> tuple[str, ...]:
        """What runs have written, once it is known which of the missing targets have appeared."""
        free = self._free[key]
        return tuple(
            each for each in self._ledger[key].wrote if each not in free or appeared(free[each])
        )

    def _note(self, key: Key, changes: dict[str, object], result: Result | None = None) -> None:
        piece = replace(self._pieces[key], entry=self._ledger.change(key, **changes))
        if result:
            self._reporter.ended(piece, result)
        else:
            self._reporter.lost(piece)


def _now() -> datetime:
    return datetime.now(UTC)


def _joined(wrote: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*wrote, *more]))


def _absolute(path: Path | None) -> Path | None:
    """The same file for a worker in another folder; links are kept."""
    return path.absolute() if path else None


def _whole(source: str) -> str:
    path = video.local_path(source)
    return str(path.absolute()) if path else source
