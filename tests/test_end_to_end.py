"""The installed command on real videos, from outside."""

import csv
import json
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

import demo
import media
import shared
from howifeel import timeline

COMMAND = Path(sys.executable).with_name("howifeel-video")

# Share of the frames in which a face is found: at least, at most. By eye, a face is visible in
# every frame of all clips but `no_face` and the second part of `face_noface`; in a part of
# `short_hamilton_clip` only an audience out of focus in the dark.
FACES = {
    "again.mkv": (0.9, 1),
    "book.mkv": (0.9, 1),
    "driving_d0.mp4": (0.98, 1),
    "driving_d10.mp4": (0.98, 1),
    "driving_d11.mp4": (0.98, 1),
    "driving_d12.mp4": (0.98, 1),
    "driving_d3.mp4": (0.98, 1),
    "driving_d6.mp4": (0.98, 1),
    "no_face.mp4": (0, 0.02),
    "short_hamilton_clip.mp4": (0.9, 1),
    "single_face.mp4": (0.98, 1),
    "source_s18.mp4": (0.98, 1),
}


def run(*arguments):
    return subprocess.run(
        [COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=170
    )


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def share_with_face(table):
    frames = [list(group) for _, group in groupby(table, key=lambda row: row["frame"])]
    return sum(not frame[0]["gap"] for frame in frames) / len(frames)


def check_same_stream(clip, annotated, table):
    before, after = media.probe(clip), media.probe(annotated)
    assert len(after.times) == len(before.times)
    assert np.subtract(after.times, before.times) == pytest.approx(0, abs=1e-6)
    assert after.size == before.size
    assert after.sound == before.sound
    times = [float(next(group)["time_s"]) for _, group in groupby(table, key=lambda r: r["frame"])]
    assert times == pytest.approx(before.times, abs=1e-6)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    demo.build_clip(path)
    return path


def test_demo_film(film, tmp_path):
    out, table = tmp_path / "out.mp4", tmp_path / "out.csv"
    done = run(film, "--out", out, "--timeline", table)
    assert done.returncode == 0, done.stderr
    found = rows(table)
    check_same_stream(film, out, found)
    at = {row["frame"]: row for row in found}
    assert at["0"]["top"] == "happy"
    assert at[str(int(6.5 * 25))]["gap"] == "no face"
    report = json.loads(timeline.sidecar_of(table).read_text())
    assert report["source"] == str(film)
    assert len(report["model_sha256"]) == 64
    assert report["settings"]["face_score"] == 0.55
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.csv", "out.csv.json", "out.mp4"]


@pytest.mark.parametrize("name", FACES)
def test_real_clip(name, tmp_path):
    clip = shared.existing("videos", name)
    out, table = tmp_path / f"out{clip.suffix}", tmp_path / "out.csv"
    done = run(clip, "--out", out, "--timeline", table)
    assert done.returncode == 0, done.stderr
    found = rows(table)
    check_same_stream(clip, out, found)
    low, high = FACES[name]
    assert low <= share_with_face(found) <= high


def test_clip_that_loses_its_face(tmp_path):
    clip = shared.existing("videos", "face_noface.mov")
    out, table = tmp_path / "out.mov", tmp_path / "out.csv"
    assert run(clip, "--out", out, "--timeline", table).returncode == 0
    found = rows(table)
    check_same_stream(clip, out, found)
    first, last = found[: len(found) // 3], found[-len(found) // 3 :]
    assert share_with_face(first) > 0.98
    assert share_with_face(last) < 0.02
