"""All pieces of a batch on the workers of a Dask cluster, one at a time on each.

Every piece is sent to a worker of its own. So it is known for sure on which piece a worker died,
and no piece suffers from another one.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import distributed

from howifeel.annotate import Job, Progress
from howifeel.batch import work
from howifeel.batch.cluster import Cluster
from howifeel.batch.plan import Key
from howifeel.batch.watch import Watch
from howifeel.batch.work import Abandoned, Result
from howifeel.config import Settings
from howifeel.errors import ClusterError

_GONE = "The scheduler is gone; what is done is kept, run it again."
_POLL_S = 0.05
_ROLL_CALL_S = 0.5
_TELL_S = 0.5


def work_through(
    cluster: Cluster,
    keys: Iterable[Key],
    settings: Settings,
    watch: Watch,
    topic: str,
    stall_s: float,
) -> None:
    """Do every piece.

    Args:
        cluster: where the workers are.
        keys: the pieces.
        settings: thresholds, model, detector.
        watch: gets to know what happens.
        topic: a name under which the workers tell their progress, not used by anybody else.
        stall_s: a worker that shows no new frame for so many seconds is ended, if its nanny can.

    Raises:
        ClusterError: the scheduler is gone, or no worker has been there for long.
        OutputError: what happens cannot be recorded.
    """
    _Rounds(cluster, keys, settings, watch, topic, stall_s).run()


@dataclass(slots=True)
class _Work:
    """What one worker does, and when it last showed a new frame."""

    key: Key
    future: Any
    _frames: int = 0
    _moved_s: float = field(default_factory=time.monotonic)

    def silent_s(self, told: Progress | None) -> float:
        """Seconds since the last new frame, or since the work was handed out."""
        if told and told.frames != self._frames:
            self._frames, self._moved_s = told.frames, time.monotonic()
        return time.monotonic() - self._moved_s


class _Rounds:
    """Looks around again and again: who is there, what has ended, who can be given work."""

    def __init__(
        self,
        cluster: Cluster,
        keys: Iterable[Key],
        settings: Settings,
        watch: Watch,
        topic: str,
        stall_s: float,
    ) -> None:
        self._client = cluster.client
        self._patience_s = cluster.patience_s
        self._settings, self._watch, self._topic = settings, watch, topic
        self._stall_s = stall_s
        self._waiting = deque(keys)
        self._running: dict[str, _Work] = {}
        self._told: dict[str, Progress] = {}
        self._there: frozenset[str] = frozenset()
        self._seen_s = time.monotonic()
        self._next_roll_call_s = 0.0
        self._futures = distributed.as_completed(
            loop=self._client.loop, with_results=True, raise_errors=False
        )

    def run(self) -> None:
        self._client.subscribe_topic(self._topic, self._hear)
        try:
            while self._waiting or self._running:
                self._roll_call()
                self._hand_out()
                self._collect()
                self._tell()
                time.sleep(_POLL_S)
        finally:
            with suppress(Exception):
                self._client.cancel([piece.future for piece in self._running.values()])
                self._client.unsubscribe_topic(self._topic)

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        """Called by Dask in a thread of its own."""
        said = event[1]
        self._told[said["task"]] = Progress(said["frames"], said["total"])

    def _roll_call(self) -> None:
        now = time.monotonic()
        if now < self._next_roll_call_s:
            return
        self._next_roll_call_s = now + _ROLL_CALL_S
        if self._client.status != "running":
            raise ClusterError(_GONE)
        try:
            self._there = frozenset(self._client.nthreads())
        except (OSError, TimeoutError) as error:
            raise ClusterError(_GONE) from error
        if self._there:
            self._seen_s = now
        elif self._patience_s is not None and now - self._seen_s > self._patience_s:
            raise ClusterError("All workers are gone; what is done is kept, run it again.")
        for worker in set(self._running) - self._there:
            self._lose(worker)
        for worker, piece in list(self._running.items()):
            if piece.silent_s(self._told.get(piece.future.key)) > self._stall_s:
                self._end(worker)

    def _end(self, worker: str) -> None:
        try:
            self._client.restart_workers([worker], raise_for_error=False)
        except ValueError:  # it has no nanny, so nobody can end it
            return
        self._lose(worker, self._stall_s)

    def _hand_out(self) -> None:
        for worker in self._there - set(self._running):
            if not self._waiting:
                return
            key = self._waiting.popleft()
            future = self._client.submit(
                _on_worker,
                self._watch.begun(key),
                self._settings,
                self._topic,
                workers=[worker],
                allow_other_workers=False,
                pure=False,
            )
            self._running[worker] = _Work(key, future)
            self._futures.add(future)

    def _collect(self) -> None:
        for future, result in self._futures.next_batch(block=False):
            worker = next((w for w, piece in self._running.items() if piece.future is future), None)
            if worker is None:
                continue
            if isinstance(result, Result):
                self._told.pop(future.key, None)
                self._watch.ended(self._running.pop(worker).key, result)
                continue
            error = result[1] if isinstance(result, tuple) else result
            if isinstance(error, distributed.KilledWorker | distributed.CancelledError):
                self._lose(worker)
                continue
            said = f"The worker {worker} cannot do it: {type(error).__name__}: {error}."
            self._watch.ended(self._running.pop(worker).key, Result(error=said))

    def _lose(self, worker: str, silent_s: float | None = None) -> None:
        piece = self._running.pop(worker)
        self._there -= {worker}
        self._told.pop(piece.future.key, None)
        piece.future.cancel()
        if self._watch.lost(piece.key, silent_s):
            self._waiting.append(piece.key)

    def _tell(self) -> None:
        for piece in self._running.values():
            if progress := self._told.get(piece.future.key):
                self._watch.going(piece.key, progress)
        self._watch.waiting()


def _on_worker(job: Job, settings: Settings, topic: str) -> Result:
    """What a worker runs. It stops when nobody wants the result any more."""
    worker = distributed.get_worker()
    task = worker.get_current_task()
    next_s = 0.0

    def going(progress: Progress) -> None:
        nonlocal next_s
        state = worker.state.tasks.get(task)
        if state is None or state.state != "executing":
            raise Abandoned
        if time.monotonic() >= next_s:
            next_s = time.monotonic() + _TELL_S
            said = {"task": task, "frames": progress.frames, "total": progress.total}
            worker.log_event(topic, said)

    try:
        return work.do(job, settings, going)
    except Abandoned:
        return Result(error="Nobody waits for it any more.")
