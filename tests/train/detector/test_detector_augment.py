import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from howifeel.train.detector.augment import (
    Augment,
    change_look,
    make_sample,
    move_boxes,
    place,
    vary_negative,
)
from howifeel.train.detector.picture import Picture


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


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_samples_have_the_right_size_and_boxes_inside(seed):
    picture = red_oval(200, 150)
    how = Augment(mosaic=0.5, degrade=0.5)
    rng = np.random.default_rng(seed)
    sample = make_sample(rng, lambda rng, negatives: picture, 128, 64, how)
    assert sample.image.shape == (64, 128, 3)
    assert sample.image.dtype == np.uint8
    for boxes in (sample.faces, sample.ignored):
        assert (boxes >= 0).all()
        assert (boxes <= [128, 64, 128, 64]).all()
        assert (boxes[:, 2:] > boxes[:, :2]).all()


def test_the_same_seed_gives_the_same_sample():
    picture = red_oval(200, 150)
    one, two = (
        make_sample(np.random.default_rng(7), lambda *_: picture, 128, 128, Augment())
        for _ in range(2)
    )
    np.testing.assert_array_equal(one.image, two.image)
    np.testing.assert_array_equal(one.faces, two.faces)


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


def test_a_grey_negative_gets_colour_or_becomes_a_gradient():
    grey = np.random.default_rng(0).integers(0, 256, (40, 60, 1)).astype(np.uint8).repeat(3, axis=2)
    picture = Picture(grey, np.zeros((0, 4), np.float32))
    rng = np.random.default_rng(1)

    coloured = vary_negative(rng, picture, Augment(colour_negatives=1, smooth_negatives=0)).image
    assert np.ptp(coloured, axis=2).max() > 20
    smooth = vary_negative(rng, picture, Augment(colour_negatives=0, smooth_negatives=1)).image
    assert np.abs(np.diff(smooth.astype(int), axis=1)).max() < 64
    same = vary_negative(rng, picture, Augment(colour_negatives=0, smooth_negatives=0)).image
    np.testing.assert_array_equal(same, grey)


@pytest.mark.parametrize("kind", ["grey", "hue_saturation", "tone", "degrade"])
def test_each_change_of_look_changes_pixels_only(kind):
    off = {"grey": 0.0, "hue_saturation": 0.0, "tone": 0.0, "degrade": 0.0}
    how = Augment(**(off | {kind: 1.0}))
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (40, 60, 3)).astype(np.uint8)
    for _ in range(12):
        changed = change_look(rng, image.copy(), how)
        assert changed.shape == image.shape
        assert changed.dtype == np.uint8
        assert (changed != image).any()
    unchanged = change_look(rng, image.copy(), Augment(**off))
    np.testing.assert_array_equal(unchanged, image)


def test_areas_that_show_a_picture_without_a_face_are_known_in_a_mosaic():
    blue, black = np.full((60, 80, 3), (255, 0, 0), np.uint8), np.zeros((60, 80, 3), np.uint8)
    face = np.array([[20, 10, 60, 50]], np.float32)

    def draw(rng, negatives):
        return Picture(blue, face[:0]) if rng.random() < 0.5 else Picture(black, face)

    plain = Augment(mosaic=1, grey=0, hue_saturation=0, tone=0, degrade=0, rotate=0)
    partly = 0
    for seed in range(20):
        sample = make_sample(np.random.default_rng(seed), draw, 160, 128, plain)
        known = np.zeros((128, 160), bool)
        for x0, y0, x1, y1 in sample.empty.astype(int):
            known[y0:y1, x0:x1] = True
        seen = (sample.image[..., 0] == 255) & (sample.image[..., 1] == 0)
        assert not (seen & ~known).any()
        partly += len(sample.empty) > 0 and len(sample.faces) > 0
    assert partly


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
