"""Recordings that end abruptly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import media
from builders import moment
from clips import write_clip
from howifeel.session import Marker, Store
from recordings import CAMERA, ORIGIN, add, record

TESTS = Path(__file__).parents[1]
CHILD = """
import sys, numpy as np
from pathlib import Path
from builders import face, moment, reading
from howifeel.session import Store
from recordings import CAMERA, ORIGIN, add
recorder = Store(Path(sys.argv[1])).record("a talk", CAMERA, ORIGIN, sys.argv[2])
for n in range(10**6):
    add(recorder, moment(n, reading(of=face(track=1))))
    if n == 100:
        recorder.mark("here")
    print(n, flush=True)
"""


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "sessions")


@pytest.fixture
def start(store):
    """Start a recording in another process and wait for its 250th frame, which is second 10."""
    running = []

    def start(picture):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, store.folder, picture],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (TESTS, TESTS.parent)))},
        )
        running.append(child)
        assert any(line == "250\n" for line in child.stdout)
        return child

    yield start
    for child in running:
        child.kill()
        child.communicate()


@pytest.mark.parametrize("picture", ["none", "full", "blurred"])
def test_a_killed_recording_loses_seconds_at_most(store, start, picture):
    child = start(picture)
    child.kill()
    child.wait()
    assert store.list() == ()
    (id,) = store.recover()
    session = store.open(id)
    info = session.info
    assert info == store.list()[0]
    assert (info.recovered, info.name, info.picture) == (True, "a talk", picture)
    assert info.markers == (Marker(4.0, "here"),)
    assert info.duration_s >= 9
    assert info.frames == session.table.frames == round(info.duration_s * 25)
    if picture != "none":
        times = media.probe(session.video).times
        assert times[0] == 0
        assert times[-1] >= info.duration_s - 3
    names = {"session.json", "timeline.parquet"} | ({"video.mkv"} if session.video else set())
    assert {path.name for path in session.folder.iterdir()} == names
    assert list(store.folder.iterdir()) == [session.folder]
    assert store.recover() == ()


def test_a_running_recording_is_left_alone(store, start):
    start("none")
    recorder = store.record("mine", CAMERA, ORIGIN)
    add(recorder, moment(0))
    assert store.recover() == ()
    assert recorder.finish().name == "mine"


@pytest.mark.parametrize("has_info", [False, True])
def test_a_recording_that_was_killed_before_its_first_frame_is_removed(store, has_info):
    id = record(store, moment(0))
    part = (store.folder / id).rename(store.folder / f".{id}.part")
    (part / "timeline.parquet").unlink()
    if not has_info:
        (part / "session.json").unlink()
    assert store.recover() == ()
    assert list(store.folder.iterdir()) == []


def test_a_recording_that_was_killed_just_before_it_was_named_is_kept(store):
    id = record(store, moment(0), name="a talk")
    (store.folder / id).rename(store.folder / f".{id}.part")
    assert store.recover() == (id,)
    assert store.open(id).info.recovered is False


def test_a_recording_whose_blurred_picture_is_damaged_shows_no_other(tmp_path, store):
    clip = write_clip(tmp_path / "a.mp4")
    recorder = store.record("a talk", CAMERA, ORIGIN, "blurred", sound_from=clip)
    add(recorder, *(moment(n) for n in range(30)))
    (part,) = store.folder.glob(".*.part")
    recorder._close()
    recorder._lock.close()
    (part / "video.mkv").write_bytes(b"no film")
    (id,) = store.recover()
    session = store.open(id)
    assert (session.info.picture, session.video, session.info.frames) == ("blurred", None, 30)
    assert {path.name for path in session.folder.iterdir()} == {"session.json", "timeline.parquet"}


def test_what_a_deletion_left_is_removed(store):
    store.folder.mkdir()
    rest = store.folder / ".2026-11-21-153012-talk-0a1b2c3d.deleted"
    rest.mkdir()
    (rest / "video.mkv").write_bytes(b"secret")
    id = record(store, moment(0))
    assert store.recover() == ()
    assert [path.name for path in store.folder.iterdir()] == [id]


def test_a_store_that_is_not_there_yet_is_empty(store):
    assert (store.list(), store.damaged(), store.recover()) == ((), (), ())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_full_disk_ends_a_recording_and_keeps_what_there_is(store):
    script = """
import resource, signal, sys
from pathlib import Path
from builders import moment
from clips import write_clip
from clips import noise
from howifeel.errors import OutputError
from howifeel.session import Store
from recordings import CAMERA, ORIGIN, add
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
recorder = Store(Path(sys.argv[1])).record("a talk", CAMERA, ORIGIN, "full")
try:
    for n in range(2000):
        add(recorder, moment(n), picture=noise(n, 96, 64))
except OutputError as error:
    print(error)
recorder.finish()
"""
    done = subprocess.run(
        [sys.executable, "-c", script, store.folder],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (TESTS, TESTS.parent)))},
    )
    assert done.returncode == 0, done.stderr
    assert "make room" in done.stdout
    (info,) = store.list()
    session = store.open(info.id)
    times = media.probe(session.video).times
    assert info.recovered
    assert 2 < times[-1] <= info.duration_s < times[-1] + 5


@pytest.mark.parametrize(
    "name", ["timeline.parquet", "session.json", "recording.arrows", "folder", "lock"]
)
def test_a_recording_that_leads_elsewhere_is_left_alone(tmp_path, store, name):
    recorder = store.record("a talk", CAMERA, ORIGIN)
    add(recorder, *(moment(n) for n in range(30)))
    (part,) = store.folder.glob(".*.part")
    recorder._close()
    recorder._lock.close()
    moved = {"folder": part, "lock": part.with_suffix(".lock")}.get(name, part / name)
    precious = tmp_path / "precious"
    if moved.exists():
        moved.rename(precious)
    else:
        precious.write_bytes(b"not a timeline")
    moved.symlink_to(precious)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert store.recover() == ()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
