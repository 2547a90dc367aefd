from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from howifeel import emotions
from howifeel.types import Box, Face, Frame, Moment, Provenance, Reading

EVEN = (1 / 7,) * 7


@given(*[st.floats(-1e4, 1e4)] * 4, st.integers(1, 500), st.integers(1, 500))
def test_clipped_boxes_lie_inside(x0, y0, x1, y1, width, height):
    box = Box.clipped(x0, y0, x1, y1, width=width, height=height)
    if box is not None:
        assert 0 <= box.x0 < box.x1 <= width
        assert 0 <= box.y0 < box.y1 <= height


@pytest.mark.parametrize(
    "corners", [(30, 0, 40, 10), (5, 5, 5, 9), (9, 0, 2, 5), (float("nan"), 0, 1, 1)]
)
def test_nothing_left_after_clipping(corners):
    assert Box.clipped(*corners, width=20, height=20) is None


@given(*[st.integers(0, 50)] * 4, *[st.integers(1, 50)] * 4)
def test_iou_is_the_share_of_common_pixels(x, y, u, v, w, h, m, n):
    canvas = np.zeros((100, 100), int)
    canvas[y : y + h, x : x + w] += 1
    canvas[v : v + n, u : u + m] += 1
    a, b = Box(x, y, x + w, y + h), Box(u, v, u + m, v + n)
    assert a.iou(b) == pytest.approx((canvas == 2).sum() / (canvas > 0).sum())


def test_frame_is_read_only_but_its_giver_is_not():
    image = np.zeros((4, 5, 3), np.uint8)
    frame = Frame(image, 0, 0.0)
    assert (frame.width, frame.height) == (5, 4)
    with pytest.raises(ValueError, match="read-only"):
        frame.image[0] = 1
    assert image.flags.writeable


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 4), (0, 5, 3)])
def test_frame_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match="height, width, 3"):
        Frame(np.zeros(shape, np.uint8), 0, 0.0)


def test_reading_refuses_what_is_no_distribution():
    face = Face(Box(0, 0, 1, 1), 1.0)
    for probs in ((0.5,) * 7, (1.0,), (2.0, -1.0, 0, 0, 0, 0, 0)):
        with pytest.raises(ValueError, match="probabilities"):
            Reading(face, probs, "happy", False)
    with pytest.raises(ValueError, match="unknown expression"):
        Reading(face, EVEN, "bored", False)


def test_entropy_runs_from_certain_to_clueless():
    face = Face(Box(0, 0, 1, 1), 1.0)
    assert Reading(face, (1.0, 0, 0, 0, 0, 0, 0), "angry", False).entropy == 0
    assert Reading(face, EVEN, "angry", True).entropy == pytest.approx(np.log2(7))


def test_moment_has_readings_or_a_gap():
    reading = Reading(Face(Box(0, 0, 1, 1), 1.0), EVEN, "happy", True)
    with pytest.raises(ValueError, match="either"):
        Moment(0, 0.0)
    with pytest.raises(ValueError, match="either"):
        Moment(0, 0.0, (reading,), "no face")


def test_every_expression_has_its_own_colour():
    assert set(emotions.COLOURS_BGR) == set(emotions.NAMES)
    assert len(set(emotions.COLOURS_BGR.values())) == 7


@pytest.mark.parametrize(
    ("label", "name"),
    [("Anger", "angry"), (" surprised ", "surprise"), ("disgust", "disgust"), ("contempt", None)],
)
def test_labels_of_other_data_sets(label, name):
    assert emotions.from_label(label) == name


@pytest.mark.parametrize("folder", ["/home/zoe/", "C:\\Users\\zoe\\", "file:///home/zoe/"])
def test_what_others_see_of_an_origin_has_no_folders(folder):
    origin = Provenance(
        folder + "talk.mp4", "m.onnx", "ab", "caffe_ssd", None, "cpu",
        {"model": folder + "m.onnx", "detector_files": (folder + "a", folder + "b"), "hold": 0.1},
        "1",
    )  # fmt: skip
    public = origin.public()
    assert (public.source, public.detector) == ("talk.mp4", "caffe_ssd")
    assert public.settings == {"model": "m.onnx", "detector_files": ["a", "b"], "hold": 0.1}
    assert replace(origin, source="rtsp://host/a/b").public().source == "rtsp://host/a/b"
