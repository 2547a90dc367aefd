import cv2
import numpy as np
import pytest

from howifeel import emotions
from howifeel.classify import Answer
from howifeel.classify.crop import crop_square, face_crop
from howifeel.classify.heat import heat_map
from howifeel.types import Box

HAPPY = emotions.NAMES.index("happy")


def answer(maps):
    return Answer(np.full((len(maps), 7), 1 / 7, np.float32), np.asarray(maps, np.float32))


def test_the_hottest_place_is_where_the_model_saw_most():
    maps = np.zeros((2, 7, 6, 6))
    maps[1, HAPPY, 4, 1] = 3
    heat = heat_map(answer(maps), 1, "happy", 48)
    assert (heat.shape, heat.dtype) == ((48, 48), np.float32)
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    assert (row // 8, column // 8) == (4, 1)
    assert heat.max() == pytest.approx(1, abs=0.15)
    assert not heat_map(answer(maps), 0, "happy", 48).any()
    assert not heat_map(answer(maps), 1, "sad", 48).any()


def test_what_speaks_against_an_expression_is_cold():
    maps = np.full((1, 7, 6, 6), -2.0)
    maps[0, HAPPY, 0, 0] = 1
    heat = heat_map(answer(maps), 0, "happy", 60)
    assert heat.min() == 0
    assert (heat[20:] == 0).all()


def test_a_model_without_maps_has_no_heat():
    assert heat_map(Answer(np.ones((1, 7), np.float32) / 7, None), 0, "happy", 48) is None


def test_the_square_is_what_the_crop_shows():
    image = np.random.default_rng(0).integers(0, 255, (80, 90, 3)).astype(np.uint8)
    box = Box(30, 20, 52, 50)
    left, top, side = crop_square(box, 0.1)
    by_hand = cv2.resize(
        image[top : top + side, left : left + side], (24, 24), interpolation=cv2.INTER_AREA
    )
    assert np.array_equal(face_crop(image, box, margin=0.1, size=24), by_hand)
