"""The small pictures of a comparison: what is hidden in them."""

import cv2
import numpy as np
import pytest

from builders import face, moment, reading
from howifeel.compare.pictures import taker
from howifeel.timeline import Table

STRIPES = (np.indices((90, 144)).sum(0) // 3 % 2 * 255).astype(np.uint8)


@pytest.fixture(scope="module")
def blurred():
    return taker("blurred")


def difference(take, film, table):
    """How far each pixel is from that of the picture with nothing hidden, (90, 144)."""
    plain, other = (
        cv2.imdecode(np.frombuffer(make(film, table), np.uint8), cv2.IMREAD_COLOR).astype(int)
        for make in (taker("plain"), take)
    )
    return np.abs(plain - other).max(2)


def test_a_face_that_only_the_timeline_knows_is_hidden(blurred, tmp_path):
    """No detector finds a face in stripes; the timeline has two at that time, and later others."""
    cv2.imwrite(str(tmp_path / "stripes.png"), STRIPES)
    here = moment(0, reading(of=face(10, 10, 20)), reading(of=face(100, 50, 20, track=2)))
    table = Table.of([here, moment(2, reading(of=face(60, 30, 10))),
                      moment(50, reading(of=face(10, 60, 20, score=0.5)))])  # fmt: skip
    changed = difference(blurred, tmp_path / "stripes.png", table)
    for x, y, size in ((10, 10, 20), (100, 50, 20), (60, 30, 10)):
        assert np.median(changed[y : y + size, x : x + size]) > 20
    assert np.median(changed[60:80, 10:30]) == 0


@pytest.mark.parametrize("x", [130, 500])
def test_a_film_that_was_replaced_by_a_smaller_one_does_no_harm(blurred, tmp_path, x):
    cv2.imwrite(str(tmp_path / "stripes.png"), STRIPES)
    table = Table.of([moment(0, reading(of=face(x, 10, 40)))])
    hidden = difference(blurred, tmp_path / "stripes.png", table).max() > 20
    assert hidden == (x < 144)
