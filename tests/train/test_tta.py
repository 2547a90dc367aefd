import numpy as np
import pytest

from howifeel.train import tta


@pytest.fixture
def faces():
    return np.random.default_rng(0).integers(0, 256, (3, 48, 48)).astype(np.uint8)


def test_a_single_view_is_the_face_itself(faces):
    (view,) = tta.views(faces, tta.SINGLE)
    assert np.array_equal(view, faces)


def test_flip_adds_the_mirror_image(faces):
    first, second = tta.views(faces, tta.FLIP)
    assert np.array_equal(first, faces)
    assert np.array_equal(second, faces[:, :, ::-1])


def test_ten_crop_is_four_corners_and_the_middle_each_mirrored():
    faces = np.zeros((1, 48, 48), np.uint8)
    for value, (row, column) in enumerate(((1, 1), (1, 46), (46, 1), (46, 46)), 1):
        faces[0, row, column] = 60 * value
    views = list(tta.views(faces, tta.TEN_CROP))
    assert len(views) == 10
    assert all(view.shape == (1, 48, 48) for view in views)
    for plain, mirrored in zip(views[::2], views[1::2], strict=True):
        assert np.array_equal(mirrored, plain[:, :, ::-1])
    seen = [sorted({round(float(v)) for v in view.ravel() if v > 30}) for view in views[::2]]
    corners = [max(values) for values in seen[:4]]
    assert corners == sorted(corners)
    assert corners[0] < 60 <= corners[1]
    assert seen[4] == []


def test_enlarged_parts_keep_flat_areas_and_slopes():
    slope = np.tile(np.arange(48, dtype=np.float32), (2, 48, 1))
    flat = np.full((2, 48, 48), 77, np.float32)
    for view in tta.ten_crop(flat):
        assert view == pytest.approx(flat)
    left, *_ = tta.ten_crop(slope)
    assert np.diff(left[0, 0])[1:-1] == pytest.approx(44 / 48, abs=1e-4)
    assert left[0, 0, 0] == pytest.approx(0)
    assert left[0, 0, -1] == pytest.approx(43)
