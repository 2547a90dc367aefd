"""All pieces of a batch on the workers of a Dask cluster, one at a time on each.

Every piece is sent to a worker of its own. So it is known for sure on which piece a worker died,
and no piece suffers from another one.
"""

from __future__ import annotations

import logging
import signal
import tempfile
import time
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import Any

from howifeel import __version__
from howifeel.annotate import Job, Progress
from howifeel.batch import work
from howifeel.batch.plan import Key
from howifeel.batch.watch import Watch
from howifeel.batch.work import Abandoned, Result
from howifeel.config import Settings
from howifeel.errors import ClusterError, MissingPackageError

_MISSING = "Several workers need Dask: pip install 'howifeel[dist]', or use --workers 1."
_GONE = "The scheduler is gone; what is done is kept, run it again."
_POLL_S = 0.05
_ROLL_CALL_S = 0.5
_TELL_S = 0.5
_CONNECT_S = 10
_PATIENCE_S = 300


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the workers are.

    Attributes:
        client: the connection to their scheduler, a `distributed.Client`.
        patience_s: how long there may be no worker; None: as long as it takes.
    """

    client: Any
    patience_s: float | None


def available() -> bool:
    """Whether Dask is installed."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        return False
    return True


def cores() -> int:
    """How many processor cores this process may use."""
    from dask.system import CPU_COUNT

    return CPU_COUNT


@contextmanager
def local(workers: int) -> Iterator[Cluster]:
    """Processes on this computer, which nobody else can reach.

    Raises:
        MissingPackageError: Dask is not installed.
        ClusterError: no process answers.
    """
    distributed = _distributed()
    from dask import config

    settings = {"distributed.scheduler.allowed-failures": 0}
    with (
        config.set(settings),
        tempfile.TemporaryDirectory(prefix="howifeel-") as scratch,
        _loop_for_children() as loop,
    ):
        try:
            started = distributed.LocalCluster(
                loop=loop,
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                protocol="tls://",
                security=True,
                dashboard_address=None,
                memory_limit=0,
                local_directory=scratch,
                silence_logs=logging.CRITICAL,
            )
        except ImportError:
            raise MissingPackageError(_MISSING) from None
        except (OSError, RuntimeError) as error:
            raise ClusterError(f"No worker could be started: {error}; use --workers 1.") from error
        with started, distributed.Client(started, set_as_default=False) as client:
            yield Cluster(client, _PATIENCE_S)


@contextmanager
def existing(address: str) -> Iterator[Cluster]:
    """The workers of a scheduler that runs already, such as tcp://10.0.0.5:8786.

    Raises:
        MissingPackageError: Dask is not installed.
        ClusterError: nothing answers there, or a worker has no or another HowIFeel.
    """
    distributed = _distributed()
    try:
        with warnings.catch_warnings(action="ignore"):
            client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"No scheduler answers at {address}; start one (dask scheduler), or check the address."
        ) from error
    with client:
        _check_versions(client)
        yield Cluster(client, None)


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
        self._futures = _distributed().as_completed(
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
            if isinstance(error, _distributed().KilledWorker | _distributed().CancelledError):
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
    from distributed import get_worker

    worker = get_worker()
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


def _check_versions(client: Any) -> None:
    for worker, said in client.run(_version, on_error="return").items():
        if said != __version__:
            has = f"HowIFeel {said}" if isinstance(said, str) else "no HowIFeel that can be loaded"
            raise ClusterError(f"The worker {worker} has {has}; install {__version__} there.")


def _version() -> str:
    return __version__


@contextmanager
def _loop_for_children() -> Iterator[Any]:
    """An event loop whose processes do not hear Ctrl-C: this process ends them in good order.

    A signal that a thread blocks stays blocked in the threads and processes that it starts, but
    starting the resource tracker of multiprocessing unblocks it. So that comes first.
    """
    from distributed.utils import LoopRunner

    resource_tracker.ensure_running()
    runner = LoopRunner(asynchronous=False)
    if not hasattr(signal, "pthread_sigmask"):
        runner.start()
    else:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            runner.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    try:
        yield runner.loop
    finally:
        runner.stop()


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise MissingPackageError(_MISSING) from None
    return distributed
