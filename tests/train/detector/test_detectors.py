"""Detectors as they are evaluated."""

import sys

import cv2
import numpy as np
import pytest

from howifeel import assets, probe
from howifeel.detect.caffe_ssd import CaffeSSD
from howifeel.errors import AssetError
from howifeel.train.detector.detectors import caffe_detector, named_detector
from howifeel.types import Frame


@pytest.fixture
def foreign_pair(tmp_path):
    """The shipped pair, but for a comment."""
    prototxt, caffemodel = assets.detector_files()
    copy = tmp_path / "net.prototxt"
    copy.write_text(prototxt.read_text() + "# a copy\n")
    return copy, caffemodel


def test_what_is_evaluated_is_what_the_program_finds(foreign_pair, astronaut):
    stretched = cv2.resize(astronaut, (700, 500))
    found = CaffeSSD(*assets.detector_files(), 0.3).detect(Frame(stretched, 0, 0.0))
    boxes = [(face.box.x0, face.box.y0, face.box.x1, face.box.y1) for face in found]
    assert boxes
    for detect in (caffe_detector(*foreign_pair), named_detector("caffe_ssd")):
        rows = detect(stretched)
        assert len(rows) > len(boxes)
        rows = rows[rows[:, 4] >= 0.3]
        np.testing.assert_array_equal(np.rint(rows[:, :4]), boxes)
        np.testing.assert_allclose(rows[:, 4], [face.score for face in found], rtol=1e-6)


def test_a_foreign_pair_is_tried_out_in_another_process(foreign_pair, monkeypatch):
    monkeypatch.setattr(probe, "_command", lambda: [sys.executable, "-c", "import os; os.abort()"])
    probe.check.cache_clear()
    with pytest.raises(AssetError, match="ended the program that tried them out"):
        caffe_detector(*foreign_pair)


def test_the_number_of_threads_stays(foreign_pair):
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(2)
        caffe_detector(*foreign_pair)
        assert cv2.getNumThreads() == 2
    finally:
        cv2.setNumThreads(before)
