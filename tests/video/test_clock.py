from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from howifeel.video.clock import Clock

MILLISECOND = Fraction(1, 1000)
ticks = st.integers(-(2**40), 2**40)


def clock(origin=0):
    return Clock(MILLISECOND, frame_s=Fraction(1, 25), origin=origin)


@given(st.lists(ticks | st.none(), min_size=2))
def test_time_grows_whatever_the_stamps(stamps):
    each = clock()
    seconds = [each.seconds(stamp) for stamp in stamps]
    assert all(a < b for a, b in pairwise(seconds))


@given(st.lists(ticks, min_size=1, unique=True), ticks)
def test_good_stamps_are_kept_exactly(stamps, origin):
    each = clock(origin)
    for stamp in sorted(stamps):
        assert each.seconds(stamp) == float((stamp - origin) * MILLISECOND)


def test_missing_stamps_are_a_frame_apart():
    each = clock()
    assert [each.seconds(None) for _ in range(3)] == [0.0, 0.04, 0.08]


def test_one_repeated_stamp_does_not_shift_what_follows():
    each = clock()
    assert [each.seconds(stamp) for stamp in (0, 40, 40, 80)] == [0.0, 0.04, 0.041, 0.08]


def test_a_clock_that_restarts_runs_on():
    each = clock()
    stamps = (90_000, 90_040, 0, 40, 80)
    assert [each.seconds(stamp) for stamp in stamps] == [90.0, 90.04, 90.08, 90.12, 90.16]


def test_stamps_beyond_all_measure_are_not_believed():
    each = clock()
    stamps = (2**62, 2**62 + 40, 80, -(2**62), 2**61)
    assert [each.seconds(stamp) for stamp in stamps] == [0.0, 0.04, 0.08, 0.12, 0.16]
