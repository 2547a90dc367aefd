"""What happens beside the window: files are looked for, and one of them is worked on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from howifeel import annotate, jobs, video
from howifeel.annotate import Job, Outcome, Progress
from howifeel.config import Settings
from howifeel.engine import Engine
from howifeel.errors import HowIFeelError
from howifeel.jobs import Found
from howifeel.live import Task


class CancelledError(Exception):
    """The user ended the work; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that was opened once: its length in seconds (None: a picture, or unknown) or why not.

    `problem` is one sentence, "" where there is none.
    """

    found: Found
    length_s: float | None = None
    problem: str = ""


class Search:
    """Opens folders and files in the background.

    Attributes:
        found: files that are there; take them with `popleft`.
        examined: files that were opened; take them with `popleft`.
        problems: sentences about folders that cannot be used.
        known: how many files were left out because they are in the queue already.
        copies: how many because they are annotated copies; outside of folders these are kept.
    """

    def __init__(self, inputs: Sequence[str]) -> None:
        self.found: deque[Found] = deque()
        self.examined: deque[Examined] = deque()
        self.problems: list[str] = []
        self.known = self.copies = 0
        self._inputs = inputs
        self.task: Task[None] = Task(self._work)

    def _work(self, task: Task[None]) -> None:
        every: list[Found] = []
        for given in self._inputs:
            try:
                found = jobs.find([given])
            except (HowIFeelError, OSError) as error:
                self.problems.append(str(error))
                continue
            if Path(given).is_dir():
                films = [each for each in found if not jobs.is_annotated(each)]
                self.copies += len(found) - len(films)
                found = films
            every += found
        self.found.extend(every)
        for found in every:
            if task.stopped():
                return
            self.examined.append(_examine(found))


def _examine(found: Found) -> Examined:
    try:
        with video.open_source(found.spec) as source:
            return Examined(found, source.info.duration_s)
    except HowIFeelError as error:
        return Examined(found, problem=str(error))
    except Exception as error:
        return Examined(found, problem=f"{Path(found.spec).name}: {error}")


class Run:
    """Works on one job in the background.

    Args:
        job: what to do.
        settings: thresholds, model, detector.
        engine: from the run before, so that nothing is loaded twice; None for the first.
        load: loads an engine.
    """

    def __init__(
        self,
        job: Job,
        settings: Settings,
        engine: Engine | None,
        load: Callable[[Settings], Engine],
    ) -> None:
        self.progress = Progress(0, None)
        self._job, self._settings, self._engine, self._load = job, settings, engine, load
        self._started = time.monotonic()
        self.task: Task[Outcome] = Task(self._work)

    @property
    def wall_s(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._started

    @property
    def engine(self) -> Engine | None:
        """For the next run."""
        return self._engine

    def _work(self, task: Task[Outcome]) -> Outcome:
        def show(progress: Progress) -> None:
            self.progress = progress
            if task.stopped():
                raise CancelledError

        if self._engine:
            self._engine = self._engine.renewed(self._settings)
        else:
            self._engine = self._load(self._settings)
        if task.stopped():
            raise CancelledError
        self._started = time.monotonic()
        return annotate.annotate(self._job, self._engine, show)
