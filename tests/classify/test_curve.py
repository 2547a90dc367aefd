import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from howifeel.classify.curve import KNOTS, STRAIGHT, bend

SLOPES = st.tuples(*[st.floats(0.05, 20)] * len(STRAIGHT))


def test_straight_changes_nothing():
    x = np.log(np.array([[0.001, 0.05, 0.2, 0.5, 0.99, 1.0]]))
    assert bend(x, STRAIGHT) == pytest.approx(x)


def test_slopes_by_hand():
    slopes = (4.0, 1.0, 1.0, 1.0, 2.0, 3.0)
    first, *_, fourth, last = np.log(KNOTS)
    assert bend(np.array([last]), slopes) == pytest.approx([3 * last])
    assert bend(np.array([fourth]), slopes) == pytest.approx([3 * last + 2 * (fourth - last)])
    at_first = 3 * last + 2 * (fourth - last) + (first - fourth)
    assert bend(np.array([first - 1]), slopes) == pytest.approx([at_first - 4])


@given(st.lists(st.floats(-50, 0), min_size=2, max_size=7), SLOPES)
def test_the_order_stays(values, slopes):
    x = np.sort(np.array(values))
    bent = bend(x, slopes)
    assert (np.diff(bent) >= 0).all()
    assert (bent <= 0).all()
    assert bend(np.zeros(1), slopes) == 0
