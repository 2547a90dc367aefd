import cv2
import numpy as np
import pytest

from howifeel import assets
from howifeel.detect.caffe_ssd import CaffeSSD, halved
from howifeel.errors import AssetError
from howifeel.train.detector.caffe_writer import CaffeGraph
from howifeel.types import Box, Frame

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
    path.write_text(text.replace(old, new, 1))
    return path


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_input_size_in_every_spelling_of_caffe(tmp_path, astronaut, spelling):
    old = 'input: "data"\n' + SHAPE if spelling == "input layer" else SHAPE
    prototxt = rewritten(tmp_path, old, SPELLINGS[spelling])
    detector = CaffeSSD(prototxt, CAFFEMODEL, 0.5)
    assert detector.input_size(640, 480) == (320, 256)
    frame = Frame(astronaut, 0, 0.0)
    assert detector.detect(frame) == CaffeSSD(PROTOTXT, CAFFEMODEL, 0.5).detect(frame) != ()


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        ((640, 480), (320, 256)),
        ((1920, 1080), (320, 192)),
        ((1080, 1920), (192, 320)),
        ((500, 500), (320, 320)),
        ((4000, 10), (320, 64)),
        ((7, 9), (256, 320)),
    ],
)
def test_input_size_follows_the_picture_where_the_prototxt_allows_it(tmp_path, picture, size):
    assert CaffeSSD(PROTOTXT, CAFFEMODEL, 0.5).input_size(*picture) == (320, 256)
    says = "# Input sides may be other multiples of 64.\nname:"
    free = CaffeSSD(rewritten(tmp_path, "name:", says), CAFFEMODEL, 0.5)
    assert free.input_size(*picture) == size
    width, height = picture
    assert free.rows(np.zeros((height, width, 3), np.uint8)).shape[1] == 7


def test_a_program_for_the_classic_pair_runs_this_one(astronaut):
    """As people write it since OpenCV 3.3, with an input of 300x300 whatever the picture's is."""
    net = cv2.dnn.readNetFromCaffe(str(PROTOTXT), str(CAFFEMODEL))
    height, width = astronaut.shape[:2]
    resized = cv2.resize(astronaut, (300, 300))
    net.setInput(cv2.dnn.blobFromImage(resized, 1.0, (300, 300), (104.0, 177.0, 123.0)))
    detections = net.forward()
    found = []
    for i in range(detections.shape[2]):
        if detections[0, 0, i, 2] > 0.5:
            box = detections[0, 0, i, 3:7] * np.array([width, height, width, height])
            found.append(box.astype(int))
    assert len(found) == 1
    x0, y0, x1, y1 = found[0].tolist()
    assert Box(x0, y0, x1, y1).iou(Box(170, 60, 275, 185)) > 0.4


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


@pytest.mark.parametrize(
    ("said", "asked", "least"),
    [("0.01", 0, 0.01), ("1e-2", 0.3, 0.3), (".01f", 0.3, 0.3), ("0.6", 0.3, 0.6)],
)
def test_the_net_is_not_asked_for_scores_that_nobody_wants(tmp_path, astronaut, said, asked, least):
    says = "confidence_threshold: "
    prototxt = rewritten(tmp_path, f"{says}0.01", says + said)
    scores = CaffeSSD(prototxt, CAFFEMODEL, asked).rows(astronaut)[:, 2]
    every = CaffeSSD(PROTOTXT, CAFFEMODEL, 0).rows(astronaut)[:, 2]
    np.testing.assert_array_equal(scores[scores > 0], every[every >= least])


def test_what_is_far_wider_than_high_is_no_face(astronaut):
    stretched = cv2.resize(astronaut, (1536, 512))
    detector = CaffeSSD(PROTOTXT, CAFFEMODEL, 0.5)
    assert np.any(detector.rows(stretched)[:, 2] > 0.5)
    assert detector.detect(Frame(stretched, 0, 0.0)) == ()


def test_fine_grain_of_a_large_picture_is_averaged(astronaut):
    small = cv2.resize(astronaut, (320, 256)).clip(10, 225)
    grain = np.full((4, 4, 1), -10)
    grain[1:3, 1:3] = 30  # where a resize without averages looks
    large = (small.repeat(4, 0).repeat(4, 1) + np.tile(grain, (256, 320, 1))).astype(np.uint8)
    detector = CaffeSSD(PROTOTXT, CAFFEMODEL, 0.05)
    np.testing.assert_allclose(detector.rows(large), detector.rows(small), atol=1e-5)


@pytest.mark.parametrize(
    ("size", "few"),
    [
        ((640, 480), (640, 480)),
        ((1280, 720), (640, 360)),
        ((1920, 1080), (480, 270)),
        ((720, 1280), (360, 640)),
        ((1281, 1025), (320, 256)),
    ],
)
def test_a_picture_is_halved_while_it_stays_larger_than_the_input(size, few):
    image = np.zeros((size[1], size[0], 3), np.uint8)
    assert halved(image, 320, 256).shape == (few[1], few[0], 3)


def classic_pair(folder):
    """Written like the classic one, for 300x300: a "face" is a bright spot, 60 pixels wide."""
    graph = CaffeGraph("Spots", channels=3, height=300, width=300)
    look = np.zeros((3, 3, 3, 3), np.float32)
    look[[0, 1, 2], [0, 1, 2], 1, 1] = 0.05
    cells = graph.convolution("cells", graph.input, look, np.zeros(3, np.float32), stride=15)
    faces = np.zeros((2, 3, 1, 1), np.float32)
    faces[1] = 1
    faces = graph.convolution("conf", cells, faces, np.array([9, 0], np.float32))
    still = graph.convolution("loc", cells, np.zeros((4, 3, 1, 1), np.float32), np.zeros(4, "f4"))
    flat = {"flatten_param": {"axis": 1}}
    tops = []
    for name, top in (("loc", still), ("conf", faces)):
        order = {"permute_param": {"order": (0, 2, 3, 1)}}
        top = graph.add("Permute", f"{name}_permute", top, params=order)
        tops.append(graph.add("Flatten", f"{name}_flat", top, params=flat))
    size = {"min_size": 60.0, "flip": True, "clip": False, "variance": (0.1, 0.1, 0.2, 0.2)}
    prior = {"prior_box_param": {**size, "step": 15, "offset": 0.5}}
    priors = graph.add("PriorBox", "priors", cells, graph.input, params=prior)
    shape = {"reshape_param": {"shape": {"dim": (0, -1, 2)}}}
    top = graph.add("Reshape", "conf_reshape", tops[1], params=shape)
    top = graph.add("Softmax", "softmax", top, params={"softmax_param": {"axis": 2}})
    top = graph.add("Flatten", "scores", top, params=flat)
    output = {
        "num_classes": 2, "share_location": True, "background_label_id": 0,
        "nms_param": {"nms_threshold": 0.2, "top_k": 400}, "code_type": "CENTER_SIZE",
        "keep_top_k": 200, "confidence_threshold": 0.01,
    }  # fmt: skip
    params = {"detection_output_param": output}
    graph.add("DetectionOutput", "detection_out", tops[0], top, priors, params=params)
    (folder / "deploy.prototxt").write_text(graph.prototxt())
    (folder / "spots.caffemodel").write_bytes(graph.caffemodel())
    return folder / "deploy.prototxt", folder / "spots.caffemodel"


def test_another_pair_runs_as_its_prototxt_says(tmp_path):
    detector = CaffeSSD(*classic_pair(tmp_path), 0.5)
    assert detector.input_size(640, 480) == (300, 300)
    image = np.zeros((480, 640, 3), np.uint8)
    cv2.circle(image, (400, 200), 20, (255, 255, 255), -1)
    (face,) = detector.detect(Frame(image, 0, 0.0))
    assert face.box.iou(Box(336, 152, 464, 248)) > 0.6
    assert face.score > 0.9


@pytest.mark.parametrize(("middle", "kept"), [(15, True), (128, False), (240, True)])
def test_a_wide_box_is_a_face_where_the_upper_or_lower_edge_may_cut_it(tmp_path, middle, kept):
    detector = CaffeSSD(*classic_pair(tmp_path), 0.5)
    image = np.zeros((256, 640, 3), np.uint8)
    cv2.ellipse(image, (400, middle), (20, 8), 0, 0, 360, (255, 255, 255), -1)
    assert np.any(detector.rows(image)[:, 2] > 0.5)
    faces = detector.detect(Frame(image, 0, 0.0))
    assert bool(faces) == kept
    assert all(face.box.width > 2 * face.box.height for face in faces)
