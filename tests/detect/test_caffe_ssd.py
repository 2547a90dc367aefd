import cv2
import numpy as np
import pytest

from howifeel import assets
from howifeel.detect.caffe_ssd import CaffeSSD
from howifeel.errors import AssetError
from howifeel.types import Frame

PROTOTXT, CAFFEMODEL = assets.detector_files()
SHAPE = "input_shape {\n  dim: 1\n  dim: 3\n  dim: 256\n  dim: 320\n}"
SPELLINGS = {
    "input_shape": SHAPE,
    "input_dim": "input_dim: 1 input_dim: 3 # channels\ninput_dim: 256\ninput_dim: 320",
    "input layer": (
        'layer { name: "data" type: "Input" top: "data" '
        "input_param { shape: { dim: 1 dim: 3 dim: 256 dim: 320 } } }"
    ),
    "on one line": "input_shape { dim: 1 dim: 3 dim: 256 dim: 320 }",
}


def rewritten(tmp_path, old, new):
    text = PROTOTXT.read_text()
    assert old in text
    path = tmp_path / "net.prototxt"
    path.write_text(text.replace(old, new))
    return path


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_input_size_in_every_spelling_of_caffe(tmp_path, astronaut, spelling):
    old = 'input: "data"\n' + SHAPE if spelling == "input layer" else SHAPE
    prototxt = rewritten(tmp_path, old, SPELLINGS[spelling])
    detector = CaffeSSD(prototxt, CAFFEMODEL, 0.5)
    assert detector.input_size == (320, 256)
    frame = Frame(astronaut, 0, 0.0)
    assert detector.detect(frame) == CaffeSSD(PROTOTXT, CAFFEMODEL, 0.5).detect(frame) != ()


def test_net_without_a_colour_input_is_refused(tmp_path):
    prototxt = rewritten(tmp_path, SHAPE, SHAPE.replace("dim: 3\n", "dim: 1\n"))
    with pytest.raises(AssetError, match="3 channels"):
        CaffeSSD(prototxt, CAFFEMODEL, 0.5)


def test_least_score_decides(astronaut):
    frame = Frame(astronaut, 0, 0.0)
    scores = [face.score for face in CaffeSSD(PROTOTXT, CAFFEMODEL, 0.05).detect(frame)]
    strict = CaffeSSD(PROTOTXT, CAFFEMODEL, 0.5).detect(frame)
    assert [score for score in scores if score >= 0.5] == [face.score for face in strict]
    assert len(scores) > len(strict)


def test_what_is_far_wider_than_high_is_no_face(astronaut):
    stretched = cv2.resize(astronaut, (1536, 512))
    detector = CaffeSSD(PROTOTXT, CAFFEMODEL, 0.5)
    assert np.any(detector.rows(stretched)[:, 2] > 0.5)
    assert detector.detect(Frame(stretched, 0, 0.0)) == ()
