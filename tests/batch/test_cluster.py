import os
import socket

import pytest

from howifeel.batch import cluster
from howifeel.errors import ClusterError


def test_who_takes_the_call_and_says_nothing_is_no_scheduler(monkeypatch):
    monkeypatch.setattr(cluster, "_CONNECT_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with (
            pytest.raises(ClusterError, match=f"No scheduler answers at {address}"),
            cluster.existing(address),
        ):
            raise AssertionError


def test_workers_keep_their_memory_from_frame_to_frame(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_", raising=False)
    with cluster.local(1, tmp_path / "scratch") as started:
        (threshold,) = started.client.run(os.getenv, "MALLOC_TRIM_THRESHOLD_").values()
        (threads,) = started.client.run(os.getenv, "OMP_NUM_THREADS").values()
    assert threshold is None
    assert threads == "1"
