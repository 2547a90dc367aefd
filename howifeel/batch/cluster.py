"""Dask clusters for a batch: processes of this computer, or workers that are there already."""

from __future__ import annotations

import asyncio
import atexit
import logging
import shutil
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from howifeel import __version__
from howifeel.errors import ClusterError, MissingPackageError, SettingsError

_MISSING = "Several workers need Dask: pip install 'howifeel[dist]', or use --workers 1."
_LOCAL = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
}
"""No second try by Dask itself, no pages about the work for other users of the computer, no
watching of itself, which takes some percent of every core, and memory that is kept from frame to
frame: Dask's own threshold would give it back each time, which takes a quarter of every core."""

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
def local(workers: int, scratch: Path) -> Iterator[Cluster]:
    """Processes on this computer, which nobody else can reach.

    Args:
        workers: how many.
        scratch: a folder for them, which is theirs alone; it is removed before and after.

    Raises:
        MissingPackageError: Dask is not installed.
        ClusterError: no process answers.
    """
    distributed = _distributed()
    from dask import config

    with config.set(_LOCAL), _emptied(scratch), _loop_for_children() as loop:
        try:
            started = distributed.LocalCluster(
                loop=loop,
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                protocol="tls://",
                security=True,
                scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
                memory_limit=0,
                local_directory=str(scratch),
                silence_logs=logging.CRITICAL,
            )
        except ImportError:
            raise MissingPackageError(_MISSING) from None
        except KeyboardInterrupt:
            # At its exit Dask would complain of what is not complete.
            atexit.unregister(distributed.deploy.spec.close_clusters)
            raise
        except (OSError, RuntimeError) as error:
            raise ClusterError(f"No worker could be started: {error}; use --workers 1.") from error
        with started, distributed.Client(started, set_as_default=False) as client:
            yield Cluster(client, _PATIENCE_S)


def check_address(address: str) -> None:
    """Refuse what does not name a scheduler's scheme, host and port.

    Raises:
        SettingsError: telling how an address is written.
    """
    try:
        parts = urlsplit(address)
        whole = parts.scheme and parts.hostname and parts.port
    except ValueError:
        whole = False
    if not whole:
        raise SettingsError(f"{address} names no scheduler; write tcp://HOST:PORT.")


@contextmanager
def existing(address: str) -> Iterator[Cluster]:
    """The workers of a scheduler that runs already, such as tcp://10.0.0.5:8786.

    Raises:
        MissingPackageError: Dask is not installed.
        ClusterError: nothing answers there, or a worker has no or another HowIFeel.
    """
    distributed = _distributed()
    try:
        asyncio.run(_reach(address))
        with warnings.catch_warnings(action="ignore"):
            client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"No scheduler answers at {address}; start one (dask scheduler), or check the address."
        ) from error
    with client:
        _check_versions(client)
        yield Cluster(client, None)


async def _reach(address: str) -> None:
    """Connect once and hang up, because a client that does not connect hangs when it is closed.

    Raises:
        OSError, ValueError, TypeError: nobody answers, or the address or its keys are wrong.
    """
    from distributed import Security
    from distributed.comm.core import connect

    keys = Security().get_connection_args("client")
    async with asyncio.timeout(_CONNECT_S):  # for one that takes the call and says nothing
        comm = await connect(address, timeout=_CONNECT_S, **keys)
    await comm.close()


def _check_versions(client: Any) -> None:
    for worker, said in client.run(_version, on_error="return").items():
        if said != __version__:
            has = f"HowIFeel {said}" if isinstance(said, str) else "no HowIFeel that can be loaded"
            raise ClusterError(f"The worker {worker} has {has}; install {__version__} there.")


def _version() -> str:
    return __version__


@contextmanager
def _emptied(scratch: Path) -> Iterator[None]:
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


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
