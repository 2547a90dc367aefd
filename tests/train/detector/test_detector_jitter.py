import numpy as np
import pytest

from howifeel.train.detector.jitter import jitter
from howifeel.types import Frame


def frames(number):
    return [Frame(np.zeros((200, 200, 3), np.uint8), n, n / 25) for n in range(number)]


def detector(shifts, score=0.9):
    """A face of 40x40 pixels that is moved to the right by one shift a frame; None is no face."""
    answers = iter(shifts)

    def detect(image):
        shift = next(answers)
        if shift is None:
            return np.zeros((0, 5), np.float32)
        weak = (0, 0, 20, 20, 0.3)
        return np.array([weak, (50 + shift, 50, 90 + shift, 90, score)], np.float32)

    return detect


def test_a_box_that_stands_still_does_not_jitter():
    result = jitter(detector([0] * 5), frames(5), 0.5)
    assert (result.frames, result.found, result.raw, result.tracked) == (5, 1.0, 0.0, 0.0)


def test_jitter_is_a_share_of_the_box_and_less_after_tracking():
    result = jitter(detector([0, 2] * 20), frames(40), 0.5)
    assert result.raw == pytest.approx(2 / 40)
    assert 0 < result.tracked < result.raw / 2


def test_frames_without_a_face_are_counted_and_not_compared():
    result = jitter(detector([0, None, 4, 4]), frames(4), 0.5)
    assert result.found == 0.75
    assert result.raw == 0
    assert jitter(detector([0] * 3, score=0.4), frames(3), 0.5).found == 0
