import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from howifeel.classify.curve import KNOTS, STRAIGHT, bend

SLOPES = st.tuples(*[st.floats(0.05, 20)] * 4)


def test_straight_changes_nothing():
    x = np.log(np.array([[0.001, 0.05, 0.2, 0.5, 0.99, 1.0]]))
    assert bend(x, STRAIGHT) == pytest.approx(x)


def test_slopes_by_hand():
    slopes = (4.0, 3.0, 2.0, 1.0)
    first, second, third = np.log(KNOTS)
    assert bend(np.array([third]), slopes) == pytest.approx([third])
    assert bend(np.array([second]), slopes) == pytest.approx([third + 2 * (second - third)])
    below = third + 2 * (second - third) + 3 * (first - second) - 4
    assert bend(np.array([first - 1]), slopes) == pytest.approx([below])


@given(st.lists(st.floats(-50, 0), min_size=2, max_size=7), SLOPES)
def test_the_order_stays(values, slopes):
    x = np.sort(np.array(values))
    bent = bend(x, slopes)
    assert (np.diff(bent) >= 0).all()
    assert (bent <= 0).all()
    assert bend(np.zeros(1), slopes) == 0
