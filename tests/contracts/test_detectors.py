"""What every detector in the folder must do."""

import numpy as np
import pytest

from howifeel import detect, plugins
from howifeel.config import Settings
from howifeel.errors import MissingPackageError
from howifeel.types import Box, Frame

pytest.importorskip("skimage")

ASTRONAUT_FACE = Box(170, 60, 275, 185)


@pytest.fixture(scope="module", params=plugins.names("howifeel.detect"))
def detector(request):
    try:
        return detect.build(Settings(detector=request.param))
    except MissingPackageError as error:
        pytest.skip(str(error))


def frame(image):
    return Frame(np.ascontiguousarray(image, np.uint8), 0, 0.0)


def test_finds_the_one_face_of_a_portrait(detector, astronaut):
    found = detector.detect(frame(astronaut))
    faces = [face for face in found if face.score >= Settings().face_score]
    assert len(faces) == 1
    assert faces[0].box.iou(ASTRONAUT_FACE) > 0.4


def test_finds_nothing_on_an_empty_picture(detector):
    assert detector.detect(frame(np.full((240, 320, 3), 127))) == ()


def test_gives_the_same_answer_twice_and_leaves_the_frame_alone(detector, astronaut):
    before = astronaut.copy()
    given = frame(astronaut)
    assert detector.detect(given) == detector.detect(given)
    assert np.array_equal(given.image, before)


def test_boxes_lie_inside_frames_of_any_shape(detector, astronaut):
    for image in (astronaut[:200, 150:300], astronaut[60:, 180:270], astronaut[:7, :9]):
        height, width = image.shape[:2]
        for face in detector.detect(frame(image)):
            assert face.box.x1 <= width
            assert face.box.y1 <= height


def test_best_face_comes_first(detector, astronaut):
    two = np.hstack([astronaut, astronaut[:, ::-1]])
    scores = [face.score for face in detector.detect(frame(two))]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)


def test_tells_its_name(detector):
    assert detector.name
    assert detector.sha256 is None or len(detector.sha256) == 64
