"""What every overlay in the folder must do."""

from dataclasses import replace

import numpy as np
import pytest

from builders import moment, reading
from howifeel import overlay, plugins
from howifeel.config import Settings
from howifeel.emotions import NAMES
from howifeel.types import Box, Face, Heat, Moment

SIZES = [(1, 1), (1, 500), (500, 1), (33, 17), (360, 640), (854, 480), (2160, 3840)]


@pytest.fixture(params=plugins.names("howifeel.overlay"))
def drawing(request):
    return overlay.build(request.param, Settings())


def picture(height, width):
    random = np.random.default_rng(height * width)
    image = random.integers(0, 256, (height, width, 3), np.uint8)
    image.setflags(write=False)
    return image


def crowd(height, width, count=20):
    """Faces of many sizes anywhere in a picture, some at its borders, some of one pixel."""
    random = np.random.default_rng(count)
    boxes = [Box(0, 0, width, height), Box(0, 0, 1, 1), Box(width - 1, height - 1, width, height)]
    while len(boxes) < count:
        x0, y0 = random.integers(0, width), random.integers(0, height)
        side = random.integers(1, max(width, height) + 1)
        boxes.append(Box(int(x0), int(y0), int(min(x0 + side, width)), int(min(y0 + side, height))))
    heat = Heat(random.random((6, 6), np.float32), -width // 2, height // 3, max(width, height))
    return [
        replace(
            reading(NAMES[n % 7], 0.6, of=Face(box, 0.9, n + 1), unsure=n % 4 == 3),
            heat=heat if n % 3 == 0 else None,
        )
        for n, box in enumerate(boxes)
    ]


def check(drawing, image, what):
    before = image.copy()
    drawn = overlay.drawn(image, what, [drawing])
    assert drawn.shape == image.shape
    assert drawn.dtype == np.uint8
    assert not np.shares_memory(drawn, image)
    np.testing.assert_array_equal(image, before)
    return drawn


@pytest.mark.parametrize("size", SIZES)
def test_a_new_picture_of_the_same_size_comes_out(drawing, size):
    everybody = crowd(*size)
    for readings in ([], everybody[:1], everybody):
        check(drawing, picture(*size), moment(0, *readings))


@pytest.mark.parametrize("size", SIZES[:5])
def test_faces_that_were_not_read_are_no_trouble(drawing, size):
    faces = tuple(reading.face for reading in crowd(*size))
    check(drawing, picture(*size), Moment(0, 0.0, (), "blurred", faces[:10], faces[10:]))


def test_the_picture_may_be_a_view_that_is_not_contiguous(drawing):
    flipped = picture(360, 640)[:, ::-1]
    check(drawing, flipped, moment(0, *crowd(360, 640)))


def test_the_same_input_gives_the_same_drawing(drawing):
    image, what = picture(360, 640), moment(0, *crowd(360, 640))
    once, again = (overlay.drawn(image, what, [drawing]) for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_faces_without_a_track_are_drawn(drawing):
    heat = Heat(np.ones((6, 6), np.float32), 50, 50, 100)
    nameless = [
        replace(reading(of=Face(Box(x, 50, x + 80, 150), 0.9)), heat=heat) for x in (50, 300)
    ]
    drawn = check(drawing, picture(360, 640), moment(0, *nameless))
    assert (drawn != picture(360, 640)).any()
