import cv2
import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st

from builders import face
from howifeel.config import Settings
from howifeel.quality import SIDE_PX, sharpness, usable
from howifeel.types import Box, Face, Frame

ASTRONAUT = np.ascontiguousarray(skimage.data.astronaut()[:, :, ::-1])
HER_FACE = Face(Box(175, 70, 270, 190), 0.9)


def grey_face(image=ASTRONAUT):
    box = HER_FACE.box
    cut = cv2.resize(image[box.y0 : box.y1, box.x0 : box.x1], (SIDE_PX, SIDE_PX))
    return cv2.cvtColor(cut, cv2.COLOR_BGR2GRAY)


def shaken(image, length_px, angle):
    """What a camera sees of something that moves during the exposure."""
    steps = np.linspace(-length_px / 2, length_px / 2, 2 * length_px + 1)
    size = image.shape[1::-1]
    moved = [
        cv2.warpAffine(
            image.astype(np.float32),
            np.array([[1, 0, s * np.cos(angle)], [0, 1, s * np.sin(angle)]]),
            size,
            borderMode=cv2.BORDER_REFLECT,
        )
        for s in steps
    ]
    return np.mean(moved, axis=0).astype(np.uint8)


def gap(image, *faces, **settings):
    return usable(Frame(image, 0, 0.0), faces, Settings(**settings))


@pytest.mark.parametrize("angle", np.arange(0, np.pi, np.pi / 6))
def test_movement_in_any_direction_costs_sharpness(angle):
    crisp = sharpness(grey_face())
    values = [sharpness(shaken(grey_face(), length, angle)) for length in (4, 8, 16)]
    assert crisp > values[0] > values[1] > values[2]
    assert values[2] < 0.05 * crisp


def test_a_lens_out_of_focus_costs_sharpness():
    values = [sharpness(cv2.GaussianBlur(grey_face(), (0, 0), s)) for s in (0.5, 1, 2, 3)]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("light", [0.2, 0.5])
def test_the_light_makes_little_difference(light):
    dark = (light * grey_face()).astype(np.uint8)
    assert sharpness(dark) == pytest.approx(sharpness(grey_face()), rel=0.1)


@given(st.integers(0, 255))
def test_a_flat_picture_has_no_sharpness(level):
    assert sharpness(np.full((SIDE_PX, SIDE_PX), level, np.uint8)) == 0


def test_a_crisp_face_is_usable_down_to_twenty_pixels():
    for scale in (1, 0.5, 20 / 120 + 0.005):
        image = cv2.resize(ASTRONAUT, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        box = HER_FACE.box
        small = Face(Box(*(round(scale * v) for v in (box.x0, box.y0, box.x1, box.y1))), 0.9)
        assert gap(image, small) == ((small,), None)


def test_a_face_that_moved_by_a_third_of_its_width_is_blurred():
    for angle in (0, 0.8, 1.6):
        assert gap(shaken(ASTRONAUT, 32, angle), HER_FACE) == ((), "blurred")


def test_without_a_face_there_is_none():
    assert gap(ASTRONAUT) == ((), "no face")


def test_small_faces_are_left_out_and_are_the_reason_when_all_are_small():
    small = face(200, 100, 19)
    assert gap(ASTRONAUT, small) == ((), "too small")
    assert gap(ASTRONAUT, small, HER_FACE) == ((HER_FACE,), None)
    assert gap(ASTRONAUT, small, min_face_px=19, min_sharpness=0) == ((small,), None)


def test_a_blurred_face_beside_small_ones_is_the_reason():
    flat = np.zeros_like(ASTRONAUT)
    assert gap(flat, face(0, 0, 10), face(200, 100, 60)) == ((), "blurred")


def test_zero_sharpness_accepts_everything():
    flat = np.zeros_like(ASTRONAUT)
    assert gap(flat, HER_FACE, min_sharpness=0) == ((HER_FACE,), None)


@pytest.mark.parametrize("box", [Box(0, 0, 1, 512), Box(0, 0, 512, 1), Box(511, 511, 512, 512)])
def test_degenerate_boxes_are_survived(box):
    faces, reason = gap(ASTRONAUT, Face(box, 0.5), min_face_px=1)
    assert bool(faces) != bool(reason)
