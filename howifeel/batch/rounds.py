"""All pieces of a batch on the workers of a Dask cluster, one at a time on each.

Every piece is sent to a worker of its own. So it is known for sure on which piece a worker died,
and no piece suffers from another one.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
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
    cluster: Cluster, keys: Iterable[Key], settings: Settings, watch: Watch, topic: str
) -> None:
    """Do every piece.

    Args:
        cluster: where the workers are.
        keys: the pieces.
        settings: thresholds, model, detector.
        watch: gets to know what happens.
        topic: a name under which the workers tell their progress, not used by anybody else.

    Raises:
        ClusterError: the scheduler is gone, or no worker has been there for long.
        OutputError: what happens cannot be recorded.
    """
    _Rounds(cluster, keys, settings, watch, topic).run()


class _Rounds:
    """Looks around again and again: who is there, what has ended, who can be given work."""

    def __init__(
        self, cluster: Cluster, keys: Iterable[Key], settings: Settings, watch: Watch, topic: str
    ) -> None:
        self._client = cluster.client
        self._patience_s = cluster.patience_s
        self._settings, self._watch, self._topic = settings, watch, topic
        self._waiting = deque(keys)
        self._running: dict[str, tuple[Key, Any]] = {}
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
                self._client.cancel([future for _, future in self._running.values()])
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
            self._running[worker] = key, future
            self._futures.add(future)

    def _collect(self) -> None:
        for future, result in self._futures.next_batch(block=False):
            worker = next((w for w, (_, f) in self._running.items() if f is future), None)
            if worker is None:
                continue
            if isinstance(result, Result):
                key, _ = self._running.pop(worker)
                self._told.pop(future.key, None)
                self._watch.ended(key, result)
                continue
            error = result[1] if isinstance(result, tuple) else result
            if isinstance(error, distributed.KilledWorker | distributed.CancelledError):
                self._lose(worker)
                continue
            key, _ = self._running.pop(worker)
            said = f"The worker {worker} cannot do it: {type(error).__name__}: {error}."
            self._watch.ended(key, Result(error=said))

    def _lose(self, worker: str) -> None:
        key, future = self._running.pop(worker)
        self._there -= {worker}
        self._told.pop(future.key, None)
        future.cancel()
        if self._watch.lost(key):
            self._waiting.append(key)

    def _tell(self) -> None:
        for key, future in self._running.values():
            if progress := self._told.get(future.key):
                self._watch.going(key, progress)
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
