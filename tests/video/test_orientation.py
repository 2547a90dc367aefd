"""Phones store pictures lying and note how to turn them; cv2.VideoCapture is the judge."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from clips import corner_names, corners, write_clip
from howifeel.video import VideoSink, open_source
from howifeel.video.orientation import Orientation


def clip(path, **how):
    return write_clip(path, frames=3, picture=lambda index: corners(), **how)


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_same_way_up_as_opencv(tmp_path, suffix, rotation):
    path = clip(tmp_path / f"a.{suffix}", rotation=rotation)
    capture = cv2.VideoCapture(str(path))
    expected = capture.read()[1]
    capture.release()
    with open_source(path) as source:
        image = next(iter(source)).image
    assert corner_names(image) == corner_names(expected)
    assert image.shape == expected.shape
    assert (source.info.height, source.info.width) == image.shape[:2]


def test_turned_by_a_quarter_to_the_left(tmp_path):
    path = clip(tmp_path / "a.mp4", rotation=90)
    with open_source(path) as source:
        image = next(iter(source)).image
    assert corner_names(image) == ["green", "white", "red", "blue"]


def test_mirrored(tmp_path):
    path = clip(tmp_path / "a.mp4", mirrored=True)
    with open_source(path) as source:
        image = next(iter(source)).image
    assert corner_names(image) == ["green", "red", "white", "blue"]


def test_pixel_aspect_turns_too(tmp_path):
    path = clip(tmp_path / "a.mp4", rotation=90, pixel_aspect=Fraction(4, 3))
    with open_source(path) as source:
        assert source.info.pixel_aspect == Fraction(3, 4)


def test_a_written_copy_is_upright_for_good(tmp_path):
    path, copy = clip(tmp_path / "a.mp4", rotation=90), tmp_path / "b.mp4"
    with open_source(path) as source, VideoSink(copy, source.info, sound_from=path) as sink:
        for frame in source:
            sink.write(frame.image, frame.time_s)
    capture = cv2.VideoCapture(str(copy))
    assert capture.get(cv2.CAP_PROP_ORIENTATION_META) == 0
    assert corner_names(capture.read()[1]) == ["green", "white", "red", "blue"]
    capture.release()


@pytest.mark.parametrize("transpose", [False, True])
@pytest.mark.parametrize("mirror_x", [False, True])
@pytest.mark.parametrize("mirror_y", [False, True])
def test_all_eight_ways(transpose, mirror_x, mirror_y):
    stored = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    expected = stored.swapaxes(0, 1) if transpose else stored
    expected = expected[:, ::-1] if mirror_x else expected
    expected = expected[::-1] if mirror_y else expected
    turned = Orientation(transpose, mirror_x, mirror_y).apply(stored)
    assert np.array_equal(turned, expected)
    assert turned.flags.c_contiguous
