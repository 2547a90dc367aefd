import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from howifeel.classify.crop import face_crop, to_input
from howifeel.classify.spec import ModelSpec
from howifeel.types import Box


def gradient(height=60, width=80):
    """Blue holds the column, green the row, red is constant."""
    rows, columns = np.mgrid[:height, :width]
    return np.dstack([columns, rows, np.full_like(rows, 200)]).astype(np.uint8)


def test_square_box_of_the_same_size_is_cut_out_exactly():
    image = gradient()
    assert np.array_equal(
        face_crop(image, Box(10, 20, 34, 44), margin=0, size=24), image[20:44, 10:34]
    )


def test_margin_widens_on_each_side():
    image = gradient()
    crop = face_crop(image, Box(20, 20, 40, 40), margin=0.1, size=24)
    assert np.array_equal(crop, image[18:42, 18:42])


def test_tall_box_keeps_its_proportions():
    crop = face_crop(gradient(), Box(30, 10, 40, 50), margin=0, size=40)
    assert np.array_equal(crop, gradient()[10:50, 15:55])


def test_beyond_the_picture_its_edge_is_repeated():
    crop = face_crop(gradient(), Box(0, 0, 20, 20), margin=0.5, size=40)
    assert np.array_equal(crop[:10, :10], np.full((10, 10, 3), (0, 0, 200)))
    assert np.array_equal(crop[10:, 10:], gradient()[:30, :30])


@given(
    st.integers(0, 78), st.integers(0, 58), st.integers(1, 80), st.integers(1, 60),
    st.floats(-0.4, 2), st.integers(8, 64),
)  # fmt: skip
def test_any_box_gives_a_crop_of_the_asked_size(x0, y0, width, height, margin, size):
    box = Box(x0, y0, min(x0 + width, 80), min(y0 + height, 60))
    crop = face_crop(gradient(), box, margin=margin, size=size)
    assert crop.shape == (size, size, 3)
    assert (crop[..., 2] == 200).all()


def spec(channels):
    return ModelSpec(
        size=8, channels=channels, mean=(0.5,) * channels, std=(0.25,) * channels, margin=0,
        temperature=1, unsure_below=0, trained_on="", recipe="", commit="",
    )  # fmt: skip


def test_grey_input_is_luma_normalised():
    blue = np.full((8, 8, 3), (255, 0, 0), np.uint8)
    batch = to_input([blue], spec(1))
    assert batch.shape == (1, 1, 8, 8)
    assert batch.dtype == np.float32
    assert batch[0, 0, 0, 0] == pytest.approx((29 / 255 - 0.5) / 0.25)


def test_colour_input_is_rgb():
    blue = np.full((8, 8, 3), (255, 0, 0), np.uint8)
    batch = to_input([blue, blue], spec(3))
    assert batch.shape == (2, 3, 8, 8)
    assert batch[1, :, 0, 0].tolist() == [-2, -2, 2]
