import functools
import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import face, moment, reading
from howifeel import engine, overlay
from howifeel.config import Settings
from howifeel.overlay.blur import CELLS
from howifeel.types import Box, Face, Frame, Moment
from howifeel.video import open_source
from shared import existing


def draw(image, moment):
    return overlay.drawn(image, moment, [overlay.build("blur", Settings())])


@functools.cache
def noise(height=240, width=320):
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)


def inside(image, box):
    return image[box.y0 : box.y1, box.x0 : box.x1]


def boxes(width=320, height=240):
    def box(x, y, w, h):
        return Box(x, y, min(x + w, width), min(y + h, height))

    sides = st.integers(1, 400), st.integers(1, 400)
    return st.builds(box, st.integers(0, width - 1), st.integers(0, height - 1), *sides)


@settings(max_examples=40)
@given(boxes())
def test_a_face_is_left_with_few_colours(box):
    drawn = draw(noise(), moment(0, reading(of=Face(box, 0.9))))
    colours = np.unique(inside(drawn, box).reshape(-1, 3), axis=0)
    assert len(colours) <= CELLS**2


@settings(max_examples=40)
@given(boxes(), boxes())
def test_faces_that_were_not_read_or_missed_are_hidden_too(unread, missed):
    both = Moment(0, 0.0, (), "too small", (Face(unread, 0.9),), (Face(missed, 0.9),))
    drawn = draw(noise(), both)
    for box in (unread, missed):
        few = np.unique(inside(drawn, box).reshape(-1, 3), axis=0)
        assert len(few) <= 2 * CELLS**2


def test_two_pictures_with_the_same_means_become_the_same():
    """What the mosaic drops cannot come back: detail of mean zero leaves no trace."""
    flat = np.full((240, 320, 3), 128, np.uint8)
    detail = flat.copy()
    detail[:, ::2] += 60
    detail[:, 1::2] -= 60
    who = moment(0, reading(of=face(100, 60, 100)))
    box = who.readings[0].face.box
    change = inside(draw(flat, who), box).astype(int) - inside(draw(detail, who), box)
    assert np.abs(change).max() <= 60 / 25


def test_nothing_far_from_the_face_changes():
    image = noise()
    drawn = draw(image, moment(0, reading(of=face(100, 60, 40))))
    changed = np.argwhere((drawn != image).any(axis=2))
    assert changed.min(axis=0) == pytest.approx((40, 80), abs=3)
    assert changed.max(axis=0) == pytest.approx((119, 159), abs=3)


def test_without_a_face_the_picture_stays():
    np.testing.assert_array_equal(draw(noise(), moment(0)), noise())


@pytest.fixture(scope="module")
def loaded():
    return engine.load(Settings())


def test_our_own_detector_does_not_find_the_faces_again(loaded):
    checked = found = 0
    for clip in ("driving_d12.mp4", "single_face.mp4", "source_s18.mp4"):
        analyser = loaded.analyser()
        with open_source(str(existing("videos", clip))) as source:
            for frame in itertools.islice(source, 0, 250, 12):
                what = analyser.read(frame)
                hidden = Frame(draw(frame.image, what), 0, 0.0)
                again = loaded.detector.detect(hidden)
                for reading in what.readings:
                    checked += 1
                    found += any(face.box.iou(reading.face.box) > 0.3 for face in again)
    assert checked >= 40
    assert found <= 0.1 * checked


def test_a_frame_in_which_the_detector_fails_hides_the_face_all_the_same(loaded, astronaut):
    small = cv2.resize(astronaut, (320, 320))
    analyser = loaded.analyser()
    (reading,) = analyser.read(Frame(small, 0, 0.0)).readings
    lost = analyser.read(Frame(np.zeros_like(small), 1, 0.04))
    assert lost.gap == "no face"
    her_face = inside(draw(small, lost), reading.face.box)
    assert len(np.unique(her_face.reshape(-1, 3), axis=0)) <= CELLS**2
    gone = analyser.read(Frame(np.zeros_like(small), 2, 0.6))
    np.testing.assert_array_equal(draw(small, gone), small)
