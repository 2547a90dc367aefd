import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from howifeel.train.detector.caffe_writer import CaffeGraph
from howifeel.train.detector.priors import (
    DEFAULT_MAPS,
    PriorMap,
    decode,
    encode,
    make_priors,
    to_corners,
)


def test_priors_are_those_of_opencvs_prior_box_layer():
    level = PriorMap(16, 10, 40)
    graph = CaffeGraph("Priors", channels=3, height=64, width=96)
    top = graph.add("Pooling", "map", "data", params={"pooling_param": {
        "pool": "MAX", "kernel_size": 16, "stride": 16}})  # fmt: skip
    shape = {"min_size": 10.0, "max_size": 40.0, "flip": False, "clip": False,
             "variance": (0.1, 0.1, 0.2, 0.2), "step": 16, "offset": 0.5}  # fmt: skip
    graph.add("PriorBox", "priors", top, "data", params={"prior_box_param": shape})
    net = cv2.dnn.readNetFromCaffe(
        np.frombuffer(graph.prototxt().encode(), np.uint8),
        np.frombuffer(graph.caffemodel(), np.uint8),
    )
    net.setInput(np.zeros((1, 3, 64, 96), np.float32))

    theirs = net.forward()[0, 0].reshape(-1, 4) * [96, 64, 96, 64]

    np.testing.assert_allclose(to_corners(make_priors((level,), 96, 64)), theirs, atol=1e-4)


def test_every_centred_square_face_is_near_a_prior():
    sides = np.array([side for level in DEFAULT_MAPS for side in level.sides])
    for face in np.linspace(10, 250, 100):
        ratios = (np.minimum(sides, face) / np.maximum(sides, face)) ** 2
        assert ratios.max() > 0.6


corner = st.floats(0, 300, width=32)
side = st.floats(2, 200, width=32)


@given(st.lists(st.tuples(corner, corner, side, side), min_size=1, max_size=8), st.integers(0, 99))
def test_decoding_undoes_encoding(boxes, first):
    x, y, width, height = np.array(boxes, np.float32).T
    boxes = np.stack([x, y, x + width, y + height], axis=1)
    priors = make_priors(DEFAULT_MAPS, 320, 256)[first * 30 :][: len(boxes)]

    np.testing.assert_allclose(decode(encode(boxes, priors), priors), boxes, rtol=1e-3, atol=0.02)
