"""howifeel-video and the places that a batch reads from, writes to and works in."""

import os
import signal
import subprocess
import sys
import time

import pytest

from batches import (
    Command,
    check_complete,
    check_finished,
    rows,
    states,
    write_films,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="mounts and signals of POSIX")

CLUSTER = """
import sys
import time
from distributed import LocalCluster

if __name__ == "__main__":
    settings = dict(processes=True, threads_per_worker=1, dashboard_address=None, memory_limit=0)
    with LocalCluster(n_workers=int(sys.argv[1]), host="127.0.0.1", **settings) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def films(tmp_path):
    return write_films(tmp_path / "films", "a", "b", "c")


@pytest.fixture
def mounted(tmp_path):
    """Mounts a small file system that a test can fill or make read-only."""
    place = tmp_path / "small"
    place.mkdir()

    def mount(*options):
        done = subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", place], check=False)
        if done.returncode:
            pytest.skip("may not mount a file system here")
        return place

    yield mount
    subprocess.run(["umount", place], check=False, stderr=subprocess.DEVNULL)


@pytest.fixture
def scheduler(tmp_path):
    """Address of a Dask cluster that runs already, with two workers."""
    program = tmp_path / "cluster.py"
    program.write_text(CLUSTER)
    with subprocess.Popen(
        [sys.executable, program, "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process.stdout.readline().strip()
        process.stdin.close()


def gone(pattern, folder):
    deadline = time.monotonic() + 60
    while list(folder.glob(pattern)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_cluster_that_is_there_already(films, tmp_path, scheduler):
    out = tmp_path / "out"
    command = Command(films, out, "--scheduler", scheduler)
    command.wait_for_work()
    command.process.send_signal(signal.SIGINT)
    code, _, err = command.wait()
    assert code == 130, err
    gone(".howifeel-*.part.mp4", out)
    check_complete(out)

    command = Command(films, out, "--scheduler", scheduler)
    command.wait_for_work()
    command.process.kill()
    command.wait()
    gone(".howifeel-*.part.mp4", out)
    check_complete(out)

    code, _, err = Command(films, out, "--scheduler", scheduler).wait()
    assert code == 0, err
    check_finished(films, out)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "quark://127.0.0.1:9"])
def test_no_scheduler(films, tmp_path, address):
    out = tmp_path / "out"
    code, lines, err = Command(films, out, "--scheduler", address).wait()
    assert (code, lines) == (1, "")
    assert err == (
        f"howifeel-video: No scheduler answers at {address}; "
        "start one (dask scheduler), or check the address.\n"
    )
    assert not list(out.iterdir())


def test_one_run_in_a_folder(films, tmp_path):
    out = tmp_path / "out"
    first = Command(films, out, "--workers", 1)
    first.wait_for_work()
    first.process.send_signal(signal.SIGSTOP)
    code, _, err = Command(films, out, "--workers", 1).wait()
    first.process.send_signal(signal.SIGCONT)
    assert code == 1
    assert "Another run works in" in err
    assert first.wait()[0] == 0
    check_finished(films, out)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_leaves_no_half_file(films, tmp_path, mounted, workers):
    out = mounted("-o", "size=1200k") / "out"
    code, _, err = Command(films, out, "--workers", workers).wait()
    assert code == 1
    assert "No space left" in err
    assert not list(out.glob(".howifeel-*.part*"))
    check_complete(out)
    assert set(states(out).values()) <= {"done", "waiting"}
    assert "waiting" in states(out).values()
    assert {row.tries for row in rows(out).values() if row.state == "waiting"} == {0}
    assert err.count("No space left") == 1
    subprocess.run(["mount", "-o", "remount,size=50m", out.parent], check=True)
    code, _, err = Command(films, out, "--workers", workers).wait()
    assert code == 0, err
    check_finished(films, out)


def test_a_folder_that_may_not_be_written(films, tmp_path, mounted):
    place = mounted()
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    for out in (place, place / "out"):
        code, _, err = Command(films, out, "--workers", 2).wait()
        assert code == 1
        assert err.strip() == f"howifeel-video: Cannot write into {out}: Read-only file system."


def test_a_source_that_goes_while_it_waits_and_one_that_grows(films, tmp_path):
    out = tmp_path / "out"
    command = Command(films, out, "--workers", 1)
    command.wait_for_work()
    (films / "c.mp4").rename(tmp_path / "c.mp4")
    code, _, err = command.wait()
    assert code == 1
    assert "There is no file c.mp4; check the name." in err
    assert states(out) == {"a.mp4": "done", "b.mp4": "done", "c.mp4": "failed"}

    (tmp_path / "c.mp4").rename(films / "c.mp4")
    with (films / "a.mp4").open("ab") as file:
        file.write(b"\0" * 8)
    code, lines, _ = Command(films, out, "--workers", 1).wait()
    assert code == 0
    assert lines.count(" -> ") == 2
    check_finished(films, out)


def test_without_dask_one_process_does_it(films, tmp_path):
    (tmp_path / "distributed.py").write_text("raise ImportError")
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    out = tmp_path / "out"
    code, _, err = Command(films, out, "--workers", 2, env=env).wait()
    assert code == 1
    assert err == (
        "howifeel-video: Several workers need Dask: pip install 'howifeel[dist]', "
        "or use --workers 1.\n"
    )
    code, _, err = Command(films, out, env=env).wait()
    assert code == 0
    assert "One file at a time; pip install 'howifeel[dist]'" in err
    check_finished(films, out)
