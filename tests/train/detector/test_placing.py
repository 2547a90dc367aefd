import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from howifeel.train.detector.picture import Picture
from howifeel.train.detector.placing import move_boxes, place
from howifeel.train.detector.strengths import Augment


def red_oval(width, height):
    """A black picture with one red oval in the middle, marked by its box."""
    image = np.zeros((height, width, 3), np.uint8)
    center, half = (width / 2, height / 2), (width / 6, height / 5)
    x, y = np.arange(width) + 0.5, np.arange(height)[:, None] + 0.5
    image[((x - center[0]) / half[0]) ** 2 + ((y - center[1]) / half[1]) ** 2 < 1] = (0, 0, 255)
    box = [center[0] - half[0], center[1] - half[1], center[0] + half[0], center[1] + half[1]]
    return Picture(image, np.array([box], np.float32))


def inside(box, width, height):
    return (box[:2] > 0).all() and (box[2:] < (width, height)).all()


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10_000), st.integers(80, 300), st.integers(80, 300), st.floats(0.6, 3))
def test_boxes_stay_on_their_faces(seed, width, height, zoom):
    how = Augment(rotate=0.5)
    sample = place(np.random.default_rng(seed), red_oval(width, height), 160, 128, zoom, how)
    if len(sample.faces) and inside(sample.faces[0], 160, 128):
        red = sample.image[..., 2] > sample.image[..., 0].astype(int) + 127
        rows, columns = np.nonzero(red)
        seen = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        drawn_pixel = zoom * max(160 / width, 128 / height)
        np.testing.assert_allclose(seen, sample.faces[0], atol=1 + drawn_pixel)


@given(st.floats(-3, 3), st.floats(0.2, 3), st.floats(0.2, 3))
def test_a_moved_box_holds_the_moved_ellipse_and_touches_it(turn, scale_x, scale_y):
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = rotation @ np.diag([scale_x, scale_y])
    affine = np.concatenate([linear, [[5.0], [7.0]]], axis=1)
    box = np.array([[10, 20, 40, 60]], np.float32)

    angle = np.linspace(0, 2 * np.pi, 2000)
    ellipse = np.stack([25 + 15 * np.cos(angle), 40 + 20 * np.sin(angle)])
    moved = affine[:, :2] @ ellipse + affine[:, 2:]

    expected = [*moved.min(axis=1), *moved.max(axis=1)]
    np.testing.assert_allclose(move_boxes(box, affine)[0], expected, atol=0.01)


def test_a_face_mostly_outside_is_ignored_and_a_far_one_dropped():
    image = np.zeros((100, 100, 3), np.uint8)
    inside, cut, outside = (10, 10, 60, 60), (80, 10, 150, 80), (300, 300, 340, 340)
    picture = Picture(image, np.array([inside, cut, outside], np.float32))
    how = Augment(aspect_log=(0, 0), rotate=0)
    sample = place(np.random.default_rng(0), picture, 100, 100, 1.0, how)
    assert len(sample.faces) == 1
    assert len(sample.ignored) == 1


def test_a_tiny_face_is_ignored():
    picture = Picture(np.zeros((100, 100, 3), np.uint8), np.array([(50, 50, 54, 55)], np.float32))
    sample = place(np.random.default_rng(0), picture, 100, 100, 1.0, Augment(rotate=0))
    assert not len(sample.faces)
    assert len(sample.ignored) == 1


def test_a_turned_head_is_turned_before_the_picture_is_squashed():
    """A square picture in a wide window: a circle stays an upright ellipse however it is turned."""
    image = np.zeros((200, 200, 3), np.uint8)
    y, x = np.mgrid[:200, :200] + 0.5
    image[(x - 100) ** 2 + (y - 100) ** 2 < 40**2] = 255
    picture = Picture(image, np.array([[60, 60, 140, 140]], np.float32))
    how = Augment(rotate=1, rotate_degrees=(45, 45), aspect_log=(0, 0), aim=0)
    sample = place(np.random.default_rng(0), picture, 200, 100, 0.6, how)
    rows, columns = np.nonzero(sample.image[..., 0] > 200)
    tilt = np.cov(columns, rows)
    assert abs(tilt[0, 1]) < 0.02 * tilt[0, 0]


@pytest.mark.parametrize(("aliased", "flat"), [(0.0, True), (1.0, False)])
def test_a_strong_reduction_is_averaged_unless_told_otherwise(aliased, flat):
    image = np.zeros((512, 512, 3), np.uint8)
    image[:, ::2] = 255
    how = Augment(aliased=aliased, rotate=0, aspect_log=(0, 0), aim=0)
    picture = Picture(image, np.zeros((0, 4), np.float32))
    sample = place(np.random.default_rng(3), picture, 101, 101, 1.0, how)
    inner = sample.image[10:-10, 10:-10].astype(int)
    assert (np.ptp(inner) < 20) == flat
