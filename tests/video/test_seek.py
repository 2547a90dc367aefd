"""Pictures at any time are those that reading from the begin gives."""

import math
import random

import numpy as np
import pytest

from clips import corners, noise, write_clip
from howifeel.errors import SourceError
from howifeel.video import open_source, write_picture
from howifeel.video.seek import Seeker, open_seekable
from shared import existing

CLIPS = (
    "again.mkv", "book.mkv", "driving_d0.mp4", "driving_d10.mp4", "driving_d11.mp4",
    "driving_d12.mp4", "driving_d3.mp4", "driving_d6.mp4", "face_noface.mov", "no_face.mp4",
    "short_hamilton_clip.mp4", "single_face.mp4", "source_s18.mp4",
)  # fmt: skip
PROBES = 8
FORMATS = {
    "mp4": {}, "mov": {}, "mkv": {}, "ts": {}, "avi": {"codec": "mpeg4"},
    "webm": {"codec": "libvpx-vp9", "options": {"deadline": "realtime"}},
}  # fmt: skip


def read(path, last_s=math.inf):
    """Times of all frames, and the pictures of those up to a time."""
    with open_source(path) as source:
        frames = list(source) if last_s == math.inf else []
        for frame in source:
            if frame.time_s > last_s:
                break
            frames.append(frame)
    return frames


def agrees(seeker, frames, time_s):
    wanted = max((f for f in frames if f.time_s <= time_s), key=lambda f: f.time_s)
    still = seeker.at(time_s)
    assert still.time_s == pytest.approx(wanted.time_s, abs=1e-6)
    assert np.array_equal(still.image, wanted.image)


@pytest.mark.parametrize("name", CLIPS)
def test_a_real_clip_at_any_time(name):
    path = existing("videos", name)
    frames = read(path, last_s=8)
    end_s = frames[-1].time_s
    chosen = random.Random(name)
    times = [chosen.uniform(frames[0].time_s, end_s - 0.1) for _ in range(PROBES)]
    with Seeker(path) as seeker:
        for time_s in (*times, frames[0].time_s, frames[-2].time_s):
            agrees(seeker, frames, time_s)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_frame_forwards_backwards_and_shuffled(tmp_path, suffix):
    path = write_clip(tmp_path / f"a.{suffix}", frames=70, **FORMATS[suffix])
    frames = read(path)
    order = list(range(len(frames)))
    shuffled = random.Random(1).sample(order, len(order))
    with Seeker(path) as seeker:
        for n in (*order, *reversed(order), *shuffled):
            agrees(seeker, frames, frames[n].time_s)


def test_long_groups_of_pictures_and_b_frames(tmp_path):
    path = write_clip(
        tmp_path / "a.mp4", frames=300, picture=lambda n: noise(n % 7),
        options={"g": "120", "bf": "3", "sc_threshold": "0"},
    )  # fmt: skip
    frames = read(path)
    with Seeker(path) as seeker:
        for n in (299, 0, 150, 119, 120, 121, 240, 10, 298):
            agrees(seeker, frames, frames[n].time_s)


def test_variable_rate(tmp_path):
    ticks = [int(t) for t in np.cumsum([0, 33, 100, 7, 250, 33, 33, 1000, 1, 50])]
    path = write_clip(tmp_path / "a.mkv", frames=10, time_base=None, rate=1000, ticks=ticks)
    frames = read(path)
    with Seeker(path) as seeker:
        for frame in reversed(frames):
            agrees(seeker, frames, frame.time_s)
        still = seeker.at(0.2)
        assert (still.time_s, still.until_s) == pytest.approx((0.14, 0.39), abs=1e-6)


def test_before_the_first_and_after_the_last_frame(tmp_path):
    path = write_clip(tmp_path / "a.mp4", frames=20)
    frames = read(path)
    with Seeker(path) as seeker:
        assert np.array_equal(seeker.at(-5).image, frames[0].image)
        last = seeker.at(99)
        assert np.array_equal(last.image, frames[-1].image)
        assert last.until_s == math.inf
        assert np.array_equal(seeker.at(0).image, frames[0].image)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_pictures_are_upright(tmp_path, rotation):
    path = write_clip(tmp_path / "a.mp4", frames=3, rotation=rotation)
    with Seeker(path) as seeker:
        assert np.array_equal(seeker.at(0).image, read(path)[0].image)


def test_it_stops_when_told_to(tmp_path):
    path = write_clip(tmp_path / "a.mp4", frames=50)
    with Seeker(path) as seeker:
        assert seeker.at(1.5, stopped=lambda: True) is None
        assert seeker.at(1.5).time_s == pytest.approx(1.48)


def test_what_is_no_video_is_said(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_text("not a video")
    with pytest.raises(SourceError, match=r"not a video that can be read"):
        Seeker(path)


def test_a_picture_is_shown_at_any_time(tmp_path):
    write_picture(tmp_path / "a.png", corners())
    shown = open_seekable(tmp_path / "a.png")
    assert np.array_equal(shown.at(0).image, corners())
    assert shown.at(99) is shown.at(-1)
    shown.close()
