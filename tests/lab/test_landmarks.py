"""Points of faces, and cuts that bring them into place."""

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from howifeel.lab.kit import landmarks  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402

TEMPLATE = np.array([[16, 18], [32, 18], [24, 27], [18, 35], [30, 35]], np.float32)


def moved(points, angle=0.0, scale=1.0, shift=(0.0, 0.0)):
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    turned = points @ np.array([[cosine, sine], [-sine, cosine]])
    return (turned + shift).astype(np.float32)


def applied(matrix, points):
    return points @ matrix[:, :2].T + matrix[:, 2]


def spots(points):
    """A picture with a bright spot at each point."""
    image = np.zeros((48, 48), np.float32)
    for x, y in points:
        image[round(float(y)), round(float(x))] = 255
    return (cv2.GaussianBlur(image, (0, 0), 1) * 6).clip(0, 255).astype(np.uint8)


@pytest.fixture
def finder(facenet_package):
    return landmarks.Finder(0.9, "cpu")


class TestSimilarity:
    def test_a_moved_face_is_brought_back(self):
        points = moved(TEMPLATE, angle=0.3, scale=0.8, shift=(5, -2))
        matrix = landmarks.similarity(points, TEMPLATE)
        assert applied(matrix, points) == pytest.approx(TEMPLATE, abs=1e-4)

    def test_without_turning_size_and_place_are_brought_back_and_the_tilt_is_kept(self):
        points = moved(TEMPLATE, angle=0.3, scale=0.8, shift=(5, -2))
        found = applied(landmarks.similarity(points, TEMPLATE, turn=False), points)
        assert found.mean(0) == pytest.approx(TEMPLATE.mean(0), abs=1e-4)
        assert np.linalg.norm(found - found.mean(0)) == pytest.approx(
            np.linalg.norm(TEMPLATE - TEMPLATE.mean(0)), rel=1e-4
        )
        eyes = found[1] - found[0]
        assert np.arctan2(eyes[1], eyes[0]) == pytest.approx(0.3, abs=1e-4)

    def test_it_is_the_least_squares_one(self):
        draw = np.random.default_rng(1)
        points = TEMPLATE + draw.normal(0, 2, TEMPLATE.shape)
        best = landmarks.similarity(points, TEMPLATE)

        def distance(matrix):
            return ((applied(matrix, points) - TEMPLATE) ** 2).sum()

        for _ in range(20):
            a, b, x, y = draw.normal(0, 0.02, 4)
            other = best + np.array([[a, -b, x], [b, a, y]])
            assert distance(best) < distance(other)


class TestCut:
    def test_points_lie_where_the_template_has_them(self):
        points = moved(TEMPLATE, angle=0.2, scale=1.1, shift=(2, -6))
        image = spots(points)
        (changed,) = landmarks.cut(image[None], points[None], TEMPLATE, upright=True)
        wanted = spots(TEMPLATE)
        assert np.corrcoef(changed.ravel(), wanted.ravel())[0, 1] > 0.9
        assert np.corrcoef(image.ravel(), wanted.ravel())[0, 1] < 0.5

    def test_a_picture_without_points_stays_as_it_is(self):
        images = np.random.default_rng(1).integers(0, 255, (2, 48, 48)).astype(np.uint8)
        points = np.stack([moved(TEMPLATE, angle=0.2), np.full((5, 2), np.nan, np.float32)])
        changed = landmarks.cut(images, points, TEMPLATE, upright=True)
        assert landmarks.known(points).tolist() == [True, False]
        assert not np.array_equal(changed[0], images[0])
        assert np.array_equal(changed[1], images[1])


def test_points_of_a_portrait_are_where_the_face_has_them(astronaut, finder, tmp_path):
    grey = cv2.cvtColor(astronaut[40:200, 150:310], cv2.COLOR_BGR2GRAY)
    face = cv2.resize(grey, (48, 48), interpolation=cv2.INTER_AREA)
    nothing = np.full((48, 48), 90, np.uint8)
    points = finder.points(np.stack([face, nothing]), Out(tmp_path, tmp_path), "points")
    assert landmarks.known(points).tolist() == [True, False]
    left, right, nose, low_left, low_right = points[0]
    assert left[0] < nose[0] < right[0]
    assert max(left[1], right[1]) < nose[1] < min(low_left[1], low_right[1])
    assert low_left[0] < low_right[0]
    assert 8 < right[0] - left[0] < 24


def test_without_any_points_one_sentence_says_so(finder, tmp_path, monkeypatch):
    from howifeel.lab import crops
    from howifeel.lab.kit import drawn, study
    from howifeel.train.data import DataError, FaceSet

    faces = drawn.faces(10, 3)
    grey = FaceSet(faces.images // 64, faces.labels, faces.usage)
    monkeypatch.setattr(study, "faces", lambda options: (grey, "grey"))
    with pytest.raises(DataError, match="found points in no picture"):
        crops.run(crops.Options(epochs=1, min_score=1.0), Out(tmp_path, tmp_path))
