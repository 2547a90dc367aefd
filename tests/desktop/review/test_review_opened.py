import numpy as np
import pytest

from builders import face, moment, reading
from howifeel.desktop.review import opened as sessions
from howifeel.desktop.review import thinning
from howifeel.desktop.review.opened import NOTHING, UNSURE, Span
from howifeel.emotions import NAMES
from howifeel.session import Session
from howifeel.timeline import Table
from howifeel.types import Moment


@pytest.fixture
def made(moments):
    return sessions.prepare(Session(None, Table.of(moments), None, 0.0, None))


def test_faces_come_with_the_longest_read_first_and_gaps_in_their_curves(made):
    first, second = made.faces
    assert (first.track, second.track) == (1, 2)
    assert (first.read_s, second.read_s) == pytest.approx((3.0, 1.0))
    assert np.isnan(first.probs).all(axis=1).sum() == 2
    assert first.times_s[np.isnan(first.probs[:, 0])] == pytest.approx([2.0, 4.0])
    assert second.shown.tolist() == [UNSURE] * 25 + [NOTHING]
    assert (second.begin_s, second.end_s) == pytest.approx((3.0, 4.0))


def test_gaps_are_stretches_with_their_reason(made):
    (gap,) = made.gaps
    assert gap.reason == "blurred"
    assert (gap.begin_s, gap.end_s) == pytest.approx((2.0, 3.0))


def test_the_moment_at_a_time_is_that_of_the_frame_shown_then(made, moments):
    for time_s, index in (
        (0.0, 0),
        (0.037, 0),
        (0.0385, 1),
        (0.04, 1),
        (0.0785, 2),
        (-3, 0),
        (3.97, 99),
    ):
        assert made.moment_at(time_s).index == moments[index].index
    assert made.moment_at(2.5).gap == "blurred"
    assert [r.face.track for r in made.moment_at(3.5).readings] == [1, 2]


def test_over_a_pause_of_the_stream_nothing_is_known():
    times = [n / 25 for n in range(25)] + [10 + n / 25 for n in range(25)]
    moments = [Moment(n, t, (reading(),)) for n, t in enumerate(times)]
    made = sessions.prepare(Session(None, Table.of(moments), None, 0.0, None))
    assert made.moment_at(0.5).readings and made.moment_at(10.5).readings
    assert made.moment_at(5).gap == "no face"


def test_the_stage_is_the_smallest_usual_picture_that_holds_all_boxes():
    for x, size in ((10, (640, 480)), (1000, (1280, 720)), (5000, (5040, 50))):
        table = Table.of([moment(0, reading(of=face(x=x, track=1)))])
        assert sessions.prepare(Session(None, table, None, 0.0, None)).size == size


def test_an_empty_and_a_faceless_session_can_be_prepared():
    for moments in ([moment(0)], [moment(0), moment(1)]):
        made = sessions.prepare(Session(None, Table.of(moments), None, 0.0, None))
        assert made.faces == ()
        assert made.moment_at(0).gap == "no face"


class TestThinning:
    def test_few_readings_are_given_as_they_are(self, made):
        face = made.faces[0]
        times_s, probs = thinning.curves(face, 0, 4, bins=1000)
        assert np.array_equal(times_s, face.times_s)
        assert np.array_equal(probs, face.probs, equal_nan=True)

    def test_many_are_means_with_gaps_kept(self, made):
        times_s, probs = thinning.curves(made.faces[0], 0, 4, bins=8)
        happy, sad = NAMES.index("happy"), NAMES.index("sad")
        assert len(times_s) == 8
        assert probs[:2, happy] == pytest.approx([0.7, 0.7])
        assert probs[2:4, sad] == pytest.approx([0.7, 0.7])
        assert np.isnan(probs[5]).all()
        assert probs[6:, sad] == pytest.approx([0.7, 0.7])
        read = ~np.isnan(probs[:, 0])
        assert probs[read].sum(axis=1) == pytest.approx(1)

    def test_a_stretch_holds_its_own_readings_and_one_beside_it(self, made):
        times_s, _ = thinning.curves(made.faces[0], 0.5, 1.0, bins=1000)
        assert times_s[0] < 0.5 <= times_s[1] and times_s[-2] <= 1.0 <= times_s[-1]

    @pytest.mark.parametrize("bins", [4, 40, 400])
    def test_the_ribbon_shows_what_was_shown_however_wide_it_is(self, made, bins):
        codes = thinning.ribbon(made.faces[0], 0, 4, bins)
        quarter = bins // 4
        assert set(codes[:quarter].tolist()) == {NAMES.index("happy")}
        assert set(codes[quarter : 2 * quarter].tolist()) == {NAMES.index("sad")}
        inside = codes[2 * quarter + 1 : 3 * quarter - 1].tolist()
        assert set(inside) <= {NOTHING}
        assert set(thinning.ribbon(made.faces[1], 0, 4, bins)[3 * quarter :].tolist()) == {UNSURE}

    def test_short_gaps_are_joined_or_left_out(self):
        spans = [Span(0, 1, "blurred"), Span(1.05, 2, "blurred"), Span(5, 5.01, "blurred")]
        assert thinning.merged(spans, 0.1) == ((0, 2),)
        assert thinning.merged(spans, 0.0) == ((0, 1), (1.05, 2), (5, 5.01))
        assert thinning.merged([], 1) == ()
