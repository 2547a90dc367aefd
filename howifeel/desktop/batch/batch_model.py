"""What the batch page knows and does, without drawing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from howifeel import engine as engines
from howifeel.annotate import Job
from howifeel.config import Settings
from howifeel.desktop.batch.entry import Entry
from howifeel.desktop.batch.plan import Outputs, WhenThere, jobs_for, there
from howifeel.desktop.batch.work import CancelledError, Examined, Run, Search
from howifeel.engine import Engine
from howifeel.errors import HowIFeelError
from howifeel.jobs import Found

POLL_MS = 100
STOP_WITHIN_S = 1.5


class BatchModel(QObject):
    """A queue of files, and the one that is worked on.

    Args:
        settings: asked for thresholds, model and detector when a file begins.

    Signals:
        listed: entries came, went or changed places.
        changed: place of an entry whose state or progress changed.
        running_changed: whether the queue is worked on.
        problem: a sentence for the user.
        left_out: of what was added, how many files are in the queue already, and how many are
            annotated copies.
    """

    listed = Signal()
    changed = Signal(int)
    running_changed = Signal(bool)
    problem = Signal(str)
    left_out = Signal(int, int)

    def __init__(
        self,
        settings: Callable[[], Settings],
        parent: QObject | None = None,
        *,
        load: Callable[[Settings], Engine] = engines.load,
    ) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []
        self.outputs = Outputs()
        self.pause_after = False
        self._settings, self._load = settings, load
        self._numbers = 0
        self._searches: list[Search] = []
        self._run: Run | None = None
        self._engine: Engine | None = None
        self._active = False
        self._when_there: WhenThere = "both"
        self._jobs: dict[int, Job | None] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def running(self) -> bool:
        """Whether the queue is worked on."""
        return self._active

    @property
    def searching(self) -> bool:
        """Whether files are still looked for."""
        return bool(self._searches)

    @property
    def left_s(self) -> float | None:
        """Seconds until the whole queue is done, as far as lengths and speed are known."""
        now = next((entry for entry in self.entries if entry.state == "running"), None)
        if now is None or now.left_s is None or not now.share or not now.length_s:
            return None
        speed = now.length_s * now.share / now.wall_s
        waiting = sum(e.length_s or 0 for e in self.entries if e.state == "waiting")
        return now.left_s + waiting / speed

    # Filling the queue

    def add(self, inputs: Sequence[str]) -> None:
        """Look at files and folders in the background, and put what can be read into the queue."""
        if inputs:
            self._searches.append(Search(list(inputs)))
            self._timer.start()

    def remove(self, numbers: Collection[int]) -> None:
        """Take entries out; the one that is worked on stays."""
        kept = [e for e in self.entries if e.number not in numbers or e.state == "running"]
        self._list(kept)

    def remove_ended(self) -> None:
        """Take out what is done, failed, skipped or cancelled."""
        self.remove([entry.number for entry in self.entries if entry.ended])

    def retry(self, numbers: Collection[int]) -> None:
        """Put entries that ended back into the queue."""
        for place, entry in enumerate(self.entries):
            if entry.number in numbers and entry.ended:
                fresh = Entry(entry.number, entry.found, entry.length_s)
                self._jobs.pop(entry.number, None)
                self._replace(place, fresh)

    # Working through it

    def conflicts(self) -> tuple[Path, ...]:
        """Outputs of waiting files that exist already.

        Raises:
            SettingsError: the outputs are impossible, see `plan.jobs_for`.
        """
        planned = jobs_for([entry.found for entry in self._waiting()], self.outputs)
        return tuple(path for job in planned if job for path in there(job))

    def start(self, when_there: WhenThere = "both") -> None:
        """Work through the queue, one file after the other."""
        if self._active or not self._waiting():
            return
        self._jobs, self._when_there = {}, when_there
        try:
            self._plan()
        except HowIFeelError as error:
            self.problem.emit(str(error))
            return
        self.problem.emit("")
        self._active, self.pause_after = True, False
        self._timer.start()
        self.running_changed.emit(True)
        self._next()

    def cancel(self) -> None:
        """End the file that is worked on, keep nothing of it, and stop there."""
        self.pause_after = True
        if self._run:
            self._run.task.stop()

    def close(self) -> None:
        """End everything that runs, within two seconds; the queue stays and can be used again."""
        self._timer.stop()
        for search in self._searches:
            search.task.stop()
        self._searches.clear()
        if self._run:
            self.cancel()
            self._run.task.wait(STOP_WITHIN_S)
            self._watch(self._run)
        if self._run:  # it hangs in a file; what comes of it is still told
            self._timer.start()

    def _waiting(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.state == "waiting"]

    def _plan(self) -> None:
        """Give each waiting entry that has none yet its job."""
        fresh = [entry for entry in self._waiting() if entry.number not in self._jobs]
        taken = [path for job in self._jobs.values() if job for path in job.targets]
        found = [entry.found for entry in fresh]
        planned = jobs_for(found, self.outputs, self._when_there, taken)
        self._jobs |= {entry.number: job for entry, job in zip(fresh, planned, strict=True)}

    def _next(self) -> None:
        """Begin with the next waiting entry, or end."""
        try:
            self._plan()
        except HowIFeelError as error:
            self.problem.emit(str(error))
            self.pause_after = True
        for place, entry in enumerate(self.entries):
            if entry.state != "waiting" or self.pause_after:
                continue
            job = self._jobs[entry.number]
            if job:
                self._run = Run(job, self._settings(), self._engine, self._load)
                self._replace(place, replace(entry, state="running"))
                return
            self._replace(place, replace(entry, state="skipped"))
        self._active = False
        self.running_changed.emit(False)

    # What happens meanwhile

    def _poll(self) -> None:
        for search in list(self._searches):
            self._collect(search)
        if self._run:
            self._watch(self._run)
        if not self._searches and not self._run:
            self._timer.stop()

    def _collect(self, search: Search) -> None:
        ended = search.task.done
        fresh = self._fresh([search.found.popleft() for _ in range(len(search.found))], search)
        if fresh:
            self._list([*self.entries, *fresh])
        while search.examined:
            self._learn(search.examined.popleft())
        if ended:
            self._searches.remove(search)
            for sentence in search.problems:
                self.problem.emit(sentence)
            if not search.problems and (search.known or search.copies):
                self.left_out.emit(search.known, search.copies)
            self.listed.emit()

    def _fresh(self, found: Sequence[Found], search: Search) -> list[Entry]:
        """Entries for the files that are not in the queue; the others are counted."""
        listed = {entry.found.spec for entry in self.entries}
        written = {str(path) for entry in self.entries for path in entry.written}
        new = [each for each in found if each.spec not in listed | written]
        search.known += sum(each.spec in listed for each in found)
        search.copies += sum(each.spec in written - listed for each in found)
        return [self._entry(each) for each in new]

    def _entry(self, found: Found) -> Entry:
        self._numbers += 1
        return Entry(self._numbers, found)

    def _learn(self, examined: Examined) -> None:
        for place, entry in enumerate(self.entries):
            if entry.found.spec == examined.found.spec and not entry.ended:
                state = "failed" if examined.problem and entry.state == "waiting" else entry.state
                told = replace(entry, length_s=examined.length_s, state=state)
                self._replace(place, replace(told, message=examined.problem))

    def _watch(self, run: Run) -> None:
        place = next(i for i, entry in enumerate(self.entries) if entry.state == "running")
        entry, progress = self.entries[place], run.progress
        share = min(1.0, progress.frames / progress.total) if progress.total else None
        entry = replace(entry, frames=progress.frames, share=share, wall_s=run.wall_s)
        if not run.task.done:
            self._replace(place, entry)
            return
        self._run, self._engine = None, run.engine
        try:
            outcome = run.task.result()
        except CancelledError:
            self._replace(place, replace(entry, state="cancelled", share=None))
        except HowIFeelError as error:
            self._replace(place, replace(entry, state="failed", share=None, message=str(error)))
        except Exception as error:
            sentence = f"Unexpected {type(error).__name__}: {error}"
            self._replace(place, replace(entry, state="failed", share=None, message=sentence))
        else:
            done = replace(
                entry,
                state="done",
                share=1.0,
                frames=outcome.frames,
                wall_s=outcome.wall_s,
                message=" ".join(outcome.notes),
                written=outcome.written,
            )
            self._replace(place, done)
        self._next()

    def _replace(self, place: int, entry: Entry) -> None:
        self.entries[place] = entry
        self.changed.emit(place)

    def _list(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)
        self.listed.emit()
