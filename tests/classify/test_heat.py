import cv2
import numpy as np

from howifeel import emotions
from howifeel.classify import Answer
from howifeel.classify.crop import crop_square, face_crop
from howifeel.classify.heat import heat_of
from howifeel.types import Box

HAPPY = emotions.NAMES.index("happy")


def answer(maps):
    return Answer(np.full((len(maps), 7), 1 / 7, np.float32), np.asarray(maps, np.float32))


BOX = Box(30, 20, 52, 50)


def heat(maps, face, expression):
    return heat_of(answer(maps), face, expression, box=BOX, margin=0.1)


def test_the_hottest_place_is_where_the_model_saw_most():
    maps = np.zeros((2, 7, 6, 6))
    maps[1, HAPPY, 4, 1] = 3
    happy = heat(maps, 1, "happy").values
    assert (happy.shape, happy.dtype) == ((6, 6), np.float32)
    assert np.unravel_index(happy.argmax(), happy.shape) == (4, 1)
    assert happy.max() == 1
    assert not heat(maps, 0, "happy").values.any()
    assert not heat(maps, 1, "sad").values.any()


def test_what_speaks_against_an_expression_is_cold():
    maps = np.full((1, 7, 6, 6), -2.0)
    maps[0, HAPPY, 0, 0] = 1
    values = heat(maps, 0, "happy").values
    assert values.min() == 0
    assert values.sum() == 1


def test_heat_lies_on_the_square_that_the_model_saw():
    happy = heat(np.ones((1, 7, 6, 6)), 0, "happy")
    assert (happy.x, happy.y, happy.side) == crop_square(BOX, 0.1)


def test_a_model_without_maps_has_no_heat():
    blind = Answer(np.ones((1, 7), np.float32) / 7, None)
    assert heat_of(blind, 0, "happy", box=BOX, margin=0) is None


def test_the_square_is_what_the_crop_shows():
    image = np.random.default_rng(0).integers(0, 255, (80, 90, 3)).astype(np.uint8)
    left, top, side = crop_square(BOX, 0.1)
    by_hand = cv2.resize(
        image[top : top + side, left : left + side], (24, 24), interpolation=cv2.INTER_AREA
    )
    assert np.array_equal(face_crop(image, BOX, margin=0.1, size=24), by_hand)
