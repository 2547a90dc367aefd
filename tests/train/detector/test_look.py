import numpy as np
import pytest

from howifeel.train.detector.look import change_look, vary_negative
from howifeel.train.detector.picture import Picture
from howifeel.train.detector.strengths import Augment


def test_a_grey_negative_gets_colour_or_becomes_a_gradient():
    grey = np.random.default_rng(0).integers(0, 256, (40, 60, 1)).astype(np.uint8).repeat(3, axis=2)
    picture = Picture(grey, np.zeros((0, 4), np.float32))
    rng = np.random.default_rng(1)

    coloured = vary_negative(rng, picture, Augment(colour_negatives=1, smooth_negatives=0)).image
    assert np.ptp(coloured, axis=2).max() > 20
    smooth = vary_negative(rng, picture, Augment(colour_negatives=0, smooth_negatives=1)).image
    assert np.abs(np.diff(smooth.astype(int), axis=1)).max() < 64
    same = vary_negative(rng, picture, Augment(colour_negatives=0, smooth_negatives=0)).image
    np.testing.assert_array_equal(same, grey)


@pytest.mark.parametrize("kind", ["grey", "hue_saturation", "tone", "degrade"])
def test_each_change_of_look_changes_pixels_only(kind):
    off = {"grey": 0.0, "hue_saturation": 0.0, "tone": 0.0, "degrade": 0.0}
    how = Augment(**(off | {kind: 1.0}))
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (40, 60, 3)).astype(np.uint8)
    for _ in range(12):
        changed = change_look(rng, image.copy(), how)
        assert changed.shape == image.shape
        assert changed.dtype == np.uint8
        assert (changed != image).any()
    unchanged = change_look(rng, image.copy(), Augment(**off))
    np.testing.assert_array_equal(unchanged, image)
