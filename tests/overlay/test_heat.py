from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from builders import face, moment, reading
from howifeel import overlay
from howifeel.config import Settings
from howifeel.overlay.heat import colours
from howifeel.pipeline import Analyser
from howifeel.types import Face, Frame, Heat


def draw(image, *readings):
    return overlay.drawn(image, moment(0, *readings), [overlay.build("heat", Settings())])


def grey(height=240, width=320):
    return np.full((height, width, 3), 90, np.uint8)


def hot(*cells, x=80, y=40, side=120, size=6):
    values = np.zeros((size, size), np.float32)
    for cell in cells:
        values[cell] = 1
    return replace(reading(of=face(80, 40, 100)), heat=Heat(values, x, y, side))


def change(one, other):
    return np.abs(one.astype(int) - other).sum(axis=2)


def test_the_glow_is_where_the_heat_is():
    painted = change(draw(grey(), hot((4, 1))), grey())
    row, column = np.unravel_index(painted.argmax(), painted.shape)
    assert row == pytest.approx(40 + 4.5 * 20, abs=10)
    assert column == pytest.approx(80 + 1.5 * 20, abs=10)


def test_cold_places_and_everything_beyond_the_square_stay():
    painted = change(draw(grey(), hot((4, 1))), grey())
    assert not painted[40:80].any()
    assert not painted[:, 141:].any()
    assert not draw(grey(), hot())[0, 0].sum() - 270
    np.testing.assert_array_equal(draw(grey(), hot()), grey())


def test_a_face_without_heat_stays():
    np.testing.assert_array_equal(draw(grey(), reading(of=face(80, 40))), grey())


def test_no_edge_of_the_square_is_seen():
    everywhere = hot(*np.ndindex(6, 6))
    drawn = draw(grey(), everywhere).astype(int)
    step = max(np.abs(np.diff(drawn, axis=axis)).max() for axis in (0, 1))
    assert change(draw(grey(), everywhere), grey()).max() > 100
    assert step < 20


@given(
    st.integers(-400, 400), st.integers(-400, 400), st.integers(1, 500), st.sampled_from([1, 3, 12])
)
def test_a_square_may_lie_anywhere(x, y, side, size):
    drawn = draw(grey(), hot(*np.ndindex(size, size), x=x, y=y, side=side, size=size))
    rows, columns = np.nonzero(change(drawn, grey()))
    assert not len(rows) or (y <= rows.min() and rows.max() < y + side)
    assert not len(columns) or (x <= columns.min() and columns.max() < x + side)


def test_hotter_is_lighter_in_even_steps():
    lab = cv2.cvtColor(colours()[None], cv2.COLOR_BGR2LAB)[0].astype(int)
    steps = np.diff(lab[::15, 0])
    assert steps.min() > 0
    assert steps.max() < 2.5 * steps.mean()
    blue, _, red = colours().T.astype(int)
    assert blue[0] > red[0]
    assert red[-1] > blue[-1]


# From the classifier to the reading


def read(*, wanted, maps=True):
    image = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    detector = fakes.FakeDetector([Face(face(20, 20, 60).box, 0.9)])
    analyser = Analyser(detector, fakes.FakeClassifier("fear", maps=maps), Settings())
    analyser.heat = wanted
    return analyser.read(Frame(image, 0, 0.0)).readings[0]


def test_readings_tell_where_they_were_read_when_asked():
    heat = read(wanted=True).heat
    assert heat.values.tolist() == [[1, 0], [0, 0]]
    assert (heat.x, heat.y, heat.side) == (20, 20, 60)
    assert read(wanted=False).heat is None
    assert read(wanted=True, maps=False).heat is None


def test_heat_makes_no_other_reading():
    assert read(wanted=True) == read(wanted=False)
