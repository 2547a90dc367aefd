"""What the real command does when disk, source or target fail under it."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clips import corners, write_clip
from howifeel import timeline
from media import probe

VIDEO = [sys.executable, "-m", "howifeel.cli.video"]


def run(*arguments, prefix=(), timeout=120):
    line = [*prefix, *VIDEO, *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, timeout=timeout)


def sentence(done):
    """The one line that a failure says, besides those of progress."""
    lines = [line for line in done.stderr.splitlines() if " per " not in line]
    assert done.returncode == 1, done.stderr
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture
def film(tmp_path):
    """A second of noise with sound: more than 200 kB."""
    return write_clip(tmp_path / "film.mp4", frames=25, sound=("aac",))


def mounted(folder, options):
    """A prefix that gives a command a file system of its own in a folder."""
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", str(folder)]
    if not shutil.which("unshare") or subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("this system lets nobody mount")
    script = (
        f"mount -t tmpfs -o {options} tmpfs '{folder}' && \"$@\"; code=$?; "
        f"ls -A '{folder}'; exit $code"
    )
    return ["unshare", "-rm", "sh", "-c", script, "sh"]


@pytest.mark.parametrize("target", ["out.mp4", "out.mkv"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(film, tmp_path, target):
    place = tmp_path / "small"
    place.mkdir()
    done = run(film, "--out", place / target, prefix=mounted(place, "size=32k"))
    assert "make room" in sentence(done)
    assert done.stdout == ""


@pytest.mark.parametrize("target", ["a.csv", "a.parquet"])
def test_a_full_disk_takes_no_table_half(film, tmp_path, target):
    place = tmp_path / "small"
    place.mkdir()
    done = run(film, "--timeline", place / target, prefix=mounted(place, "size=4k"))
    assert "No space left" in sentence(done)
    assert done.stdout == ""


def test_a_read_only_target_is_refused_before_any_work(film, tmp_path):
    place = tmp_path / "fixed"
    place.mkdir()
    done = run(film, "--out", place / "a.mp4", prefix=mounted(place, "ro"))
    assert "Read-only file system" in sentence(done)


def slowly(path, target):
    """The command at work on a film of many frames, once it has begun."""
    started = subprocess.Popen(
        [*VIDEO, str(path), "--timeline", str(target)], stderr=subprocess.PIPE, text=True
    )
    folder = target.parent
    until = time.monotonic() + 60
    while not list(folder.glob(".howifeel-*")) and time.monotonic() < until:
        time.sleep(0.02)
    return started


def end_of(work):
    """What the command said until its end."""
    try:
        return work.communicate(timeout=150)[1]
    except subprocess.TimeoutExpired:
        work.kill()
        work.communicate()
        raise


@pytest.fixture
def long_film(tmp_path):
    return write_clip(
        tmp_path / "long.mkv", frames=300, codec="mpeg4", picture=lambda n: corners(96, 64)
    )


def test_a_source_that_is_removed_while_it_is_read(long_film, tmp_path):
    work = slowly(long_film, tmp_path / "a.csv")
    long_film.unlink()
    said = end_of(work)
    assert work.returncode == 0, said
    assert timeline.read_table(tmp_path / "a.csv").frames == 300


def test_a_source_that_is_cut_while_it_is_read(long_film, tmp_path):
    work = slowly(long_film, tmp_path / "a.csv")
    os.truncate(long_film, long_film.stat().st_size // 2)
    said = end_of(work)
    assert work.returncode in (0, 1), said
    assert "Traceback" not in said
    if work.returncode == 0:
        read = timeline.read_table(tmp_path / "a.csv").frames
        assert read == 300 or "damaged" in said


def test_a_source_that_grows_while_it_is_read(long_film, tmp_path):
    whole = long_film.read_bytes()
    growing = tmp_path / "growing.mkv"
    growing.write_bytes(whole[: len(whole) // 3])
    work = slowly(growing, tmp_path / "a.csv")
    with growing.open("ab") as file:
        file.write(whole[len(whole) // 3 :])
    said = end_of(work)
    assert work.returncode == 0, said
    table = timeline.read_table(tmp_path / "a.csv")
    assert 50 < table.frames <= 300
    assert table.frames == 300 or "damaged" in said


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_thousand_frames_with_every_kind_of_damage(tmp_path):
    path = tmp_path / "long.avi"
    write_clip(path, frames=10_000, codec="mpeg4", picture=lambda n: corners(96, 64))
    data, rng = bytearray(path.read_bytes()), random.Random(7)
    for _ in range(60):
        at = rng.randrange(10_000, len(data) - 10_000)
        data[at : at + 64] = rng.choice([bytes(64), b"\xff" * 64, rng.randbytes(64)])
    for _ in range(200):
        data[rng.randrange(10_000, len(data))] ^= 1 << rng.randrange(8)
    del data[len(data) // 3 : len(data) // 3 + 5000]
    path.write_bytes(data[: -len(data) // 20])
    done = run(path, "--timeline", tmp_path / "a.parquet", "--out", tmp_path / "a.mp4", timeout=800)
    assert done.returncode == 0, done.stderr
    assert "damaged" in done.stderr
    table = timeline.read_table(tmp_path / "a.parquet")
    assert table.frames > 5000
    assert len(probe(tmp_path / "a.mp4").times) == table.frames


def test_no_length_of_time_is_taken_from_a_clock_that_can_be_set():
    package = Path(__file__).parents[2] / "howifeel"
    for folder in ("live", "video", "session"):
        for path in (package / folder).rglob("*.py"):
            assert "time.time(" not in path.read_text("utf-8"), path
