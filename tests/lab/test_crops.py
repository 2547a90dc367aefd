"""Points of faces that an interrupted run has found."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from howifeel.lab import crops  # noqa: E402
from howifeel.lab.kit import drawn  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402
from howifeel.train.data import PUBLIC  # noqa: E402


class Finder:
    """Finds the same points in every picture, and none in the first one."""

    def __init__(self):
        self.asked = 0

    def points(self, images, out, label):
        self.asked += 1
        found = np.full((len(images), 5, 2), 20, np.float32)
        found[0] = np.nan
        return found


def test_points_are_looked_for_once_for_the_same_pictures_and_score(tmp_path):
    faces, finder, out = drawn.faces(1, 2).part(PUBLIC), Finder(), Out(tmp_path, tmp_path)
    options = crops.Options()
    first = crops._points(finder, faces, options, out, "test")
    again = crops._points(finder, faces, options, out, "test")
    np.testing.assert_array_equal(first, again)
    assert finder.asked == 1
    crops._points(finder, faces, replace(options, min_score=0.5), out, "test")
    assert finder.asked == 2
