import math

import numpy as np
import pytest

from howifeel.steady import SteadyBox
from howifeel.types import Box

FPS = 30


def square(center, size):
    half = size / 2
    return Box(*(round(v) for v in (center - half, 500 - half, center + half, 500 + half)))


def followed(boxes, fps=FPS):
    steady = SteadyBox.start(boxes[0], 0.0)
    result = [steady.box]
    for n, box in enumerate(boxes[1:], start=1):
        steady = steady.moved(box, n / fps)
        result.append(steady.box)
    return result


@pytest.mark.parametrize("size", [40, 400])
def test_the_box_of_a_still_face_trembles_much_less_than_its_detections(size):
    noise = np.random.default_rng(0).normal(0, 0.02 * size, (20 * FPS, 2))
    boxes = [square(600 + dx, size + ds) for dx, ds in noise]
    steady = followed(boxes)

    def tremble(which):
        return np.diff([b.width for b in which[FPS:]]).std() / size

    assert tremble(steady) < 0.5 * tremble(boxes)


@pytest.mark.parametrize("fps", [10, 30])
def test_a_head_that_moves_one_side_a_second_lags_little(fps):
    size = 200
    boxes = [square(300 + size * n / fps, size) for n in range(3 * fps)]
    steady = followed(boxes, fps)
    lags = [b.center[0] - s.center[0] for b, s in zip(boxes, steady, strict=True)]
    assert max(lags) < 0.05 * size
    assert lags[-1] < 0.03 * size


def test_a_shaken_head_stays_in_its_box():
    size = 200
    boxes = [square(600 + 100 * math.sin(2 * math.pi * n / FPS), size) for n in range(5 * FPS)]
    assert min(b.iou(s) for b, s in zip(boxes, followed(boxes), strict=True)) > 0.85


def test_a_movement_is_expected_to_go_on_but_not_for_long():
    steady = SteadyBox.start(square(300, 100), 0.0)
    for n in range(1, 61):
        steady = steady.moved(square(300 + 3 * n, 100), n / FPS)
    next_frame, soon, late = (steady.expected(2 + s) for s in (1 / FPS, 5.0, 50.0))
    assert next_frame == pytest.approx([433, 450, 533, 550], abs=1)
    assert next_frame[0] < soon[0] == late[0]
    assert steady.expected(2.0) == pytest.approx(steady.edges)


@pytest.mark.parametrize("passed_s", [-1.0, 0.0, 5e-324])
def test_a_clock_that_stands_still_starts_the_filter_anew(passed_s):
    steady = SteadyBox.start(square(300, 100), 0.0).moved(square(340, 100), passed_s)
    assert steady.box == square(340, 100)
    assert not steady.velocity.any()


def test_the_box_is_never_empty():
    steady = SteadyBox.start(Box(1, 1, 2, 2), 0.0)
    for n in range(1, 20):
        steady = steady.moved(Box(n % 3, n % 2, n % 3 + 1, n % 2 + 1), n / FPS)
        assert steady.box.area >= 1
