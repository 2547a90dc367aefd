"""howifeel-video on several workers, and everything that can happen to them meanwhile.

Every test runs the real command and its real processes.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest

from batches import Command, check_complete, check_finished, names, rows, states, write_films

FATAL = """
import os
import av

import time

usual = av.open

def fatal(path, *arguments, **options):
    if str(path).endswith("/poison.mp4"):
        os.kill(os.getpid(), 9)
    if str(path).endswith("/endless.mp4"):
        time.sleep(1000)
    return usual(path, *arguments, **options)

av.open = fatal
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def films(tmp_path):
    return write_films(tmp_path / "films", "a", "b", "c", "d")


@pytest.fixture
def fatal(tmp_path):
    """The environment of a command that dies at a file called poison, and hangs at endless."""
    (tmp_path / "sitecustomize.py").write_text(FATAL)
    return os.environ | {"PYTHONPATH": str(tmp_path)}


@pytest.fixture
def poisoned(films, fatal):
    (films / "c.mp4").rename(films / "poison.mp4")
    return fatal


def test_two_workers_share_the_work(films, tmp_path):
    out = tmp_path / "out"
    command = Command(films, out, "--workers", 2)
    command.wait_for_work()
    workers = command.workers()
    listening = [c for p in command.family for c in p.net_connections() if c.status == "LISTEN"]
    threads = max(worker.num_threads() for worker in workers)
    code, lines, err = command.wait()
    assert code == 0, err
    assert len(workers) == 2
    assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}
    assert threads < 40
    assert sorted(line.split(":")[0] for line in lines.splitlines()) == [
        f"{name}.mp4" for name in "abcd"
    ]
    assert "4 done (4 with notes); 0.1 min of film" in err
    assert {row.tries for row in rows(out).values()} == {1}
    check_finished(films, out)


def test_a_dead_worker_costs_nothing_but_time(films, tmp_path):
    out = tmp_path / "out"
    command = Command(films, out, "--workers", 2)
    command.wait_for_work()
    victim = next(w for w in command.workers() if any("films" in f.path for f in w.open_files()))
    victim.kill()
    code, _, err = command.wait()
    assert code == 0, err
    assert "The worker died once while it read this file." in err
    assert sorted(row.tries for row in rows(out).values()) == [1, 1, 1, 2]
    check_finished(films, out)


def test_a_poison_file_takes_no_other_with_it(films, poisoned, tmp_path):
    out = tmp_path / "out"
    code, _, err = Command(films, out, "--workers", 2, "--tries", 2, env=poisoned).wait()
    assert code == 1
    assert "3 done (3 with notes), 1 quarantined" in err
    bad = rows(out)["poison.mp4"]
    assert (bad.state, bad.tries) == ("quarantined", 2)
    assert "--tries 4 lets it try again" in bad.error
    assert bad.error in err
    assert {row.tries for name, row in rows(out).items() if name != "poison.mp4"} == {1}
    assert not list(out.glob(".howifeel-*"))

    code, lines, err = Command(films, out, "--workers", 2, "--tries", 2, env=poisoned).wait()
    assert (code, lines) == (1, "")
    assert "3 done before, 1 quarantined" in err

    assert Command(films, out, "--tries", 3).wait()[0] == 0
    check_finished(films, out)


def test_a_file_that_hangs_ends_as_a_poison_file(films, fatal, tmp_path):
    out = tmp_path / "out"
    (films / "c.mp4").rename(films / "endless.mp4")
    flags = ("--workers", 2, "--tries", 1, "--stall", 10)
    code, _, err = Command(films, out, *flags, env=fatal).wait()
    assert code == 1, err
    assert "3 done (3 with notes), 1 quarantined" in err
    said = "No frame of this file came for 10 s, once; --tries 2 lets it try again."
    assert (rows(out)["endless.mp4"].state, rows(out)["endless.mp4"].error) == ("quarantined", said)
    assert said in err
    assert not list(out.glob(".howifeel-*"))


def test_a_poison_file_comes_last_when_there_is_one_process(films, poisoned, tmp_path):
    out = tmp_path / "out"
    killed = Command(films, out, "--workers", 1, env=poisoned).wait()[0]
    again = Command(films, out, "--workers", 1, env=poisoned).wait()[0]
    assert (killed, again) == (-signal.SIGKILL, -signal.SIGKILL)
    assert states(out) == {
        "a.mp4": "done",
        "b.mp4": "done",
        "d.mp4": "done",
        "poison.mp4": "running",
    }
    check_complete(out)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_a_true_manifest_and_nothing_else(films, tmp_path, number):
    out = tmp_path / "out"
    command = Command(films, out, "--workers", 2)
    command.wait_for_work()
    if number == signal.SIGINT:
        os.killpg(command.process.pid, number)
    else:
        command.process.send_signal(number)
    code, _, err = command.wait()
    assert code == 130
    assert err.strip().splitlines()[-1] == (
        "howifeel-video: stopped; nothing unfinished was left behind."
    )
    assert "Traceback" not in err
    done = [name for name, state in states(out).items() if state == "done"]
    assert set(states(out).values()) <= {"done", "waiting"}
    assert not list(out.glob(".*"))
    assert {f"{Path(name).stem}-annotated.mp4" for name in done} <= set(names(out))
    check_complete(out)
    code, _, err = Command(films, out, "--workers", 2).wait()
    assert code == 0, err
    check_finished(films, out)


@pytest.mark.parametrize(
    "runs",
    [pytest.param(3), pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])],
)
def test_killed_at_any_moment_and_taken_up_again(films, tmp_path, runs):
    chance, out = random.Random(7), tmp_path / "out"
    for _ in range(runs):
        flags = ["--workers", 2] if chance.random() < 0.5 else ["--workers", 1]
        force = ["--force"] if chance.random() < 0.5 else []
        before = states(out) if out.exists() else {}
        command = Command(films, out, *flags, *force)
        finished = len(before) == 4 and set(before.values()) == {"done"}
        if chance.random() < 0.8 and (force or not finished):
            command.wait_for_work()
        time.sleep(chance.uniform(0, 2))
        command.workers()
        command.kill_all()
        check_complete(out)
        after = states(out) if out.exists() else {}
        if not force:
            assert {n for n, s in before.items() if s == "done"} <= {
                n for n, s in after.items() if s == "done"
            }
    assert Command(films, out, "--workers", 2).wait()[0] == 0
    check_finished(films, out)
