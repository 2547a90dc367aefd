"""What a stretch comes to, and how often its intervals are right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import face, moment, reading
from howifeel import emotions
from howifeel.timeline import Summary, Table
from howifeel.timeline.statistics import LEAST_S, statistics
from howifeel.types import Moment

tops = st.sampled_from(emotions.NAMES)
found = st.lists(st.tuples(tops, st.floats(0.3, 1), st.booleans()), max_size=3)


@settings(deadline=None)
@given(st.lists(found, min_size=1, max_size=60))
def test_the_same_as_the_summary_of_the_whole(frames):
    stream = [
        moment(
            n,
            *(reading(top, p, of=face(track=t), unsure=unsure)
              for t, (top, p, unsure) in enumerate(of_frame)),
        )
        for n, of_frame in enumerate(frames)
    ]  # fmt: skip
    whole = Summary()
    for each in stream:
        whole.add(each)
    expected, result = whole.as_dict(), statistics(Table.of(stream))
    read_s = sum(one.read_s for one in result.faces)
    for name in emotions.NAMES:
        if read_s:
            shown_s = sum(one.shares[name].value * one.read_s for one in result.faces)
            assert shown_s / read_s == pytest.approx(expected["time_share"][name], abs=2e-5)
            mean = sum(one.mean_probs[name].value * one.read_s for one in result.faces) / read_s
            assert mean == pytest.approx(expected["mean_probability"][name], abs=2e-5)
    assert result.read_s / result.known_s == pytest.approx(expected["coverage"], abs=1e-5)
    assert result.read_s + sum(result.gaps_s.values()) == pytest.approx(result.known_s)
    for one in result.faces:
        shares = [share.value for share in one.shares.values()]
        assert sum(shares) + one.unsure.value == pytest.approx(1)


def test_a_stretch_counts_alone():
    stream = [moment(n, reading("sad" if n < 50 else "happy")) for n in range(100)]
    (one,) = statistics(Table.of(stream), 1.0, 3.0).faces
    assert (one.shares["sad"].value, one.shares["happy"].value) == (0.5, 0.5)
    assert one.read_s == pytest.approx(2)
    assert (one.track, one.top) == (1, "happy")


def test_gaps_have_reasons_and_pauses_count_for_nothing():
    stream = [Moment(n, n / 10, gap="no face") for n in range(10)]
    stream += [Moment(n, 20 + n / 10, gap="blurred") for n in range(10, 30)]
    result = statistics(Table.of(stream))
    assert result.gaps_s == pytest.approx({"no face": 1.4, "blurred": 2.0})
    assert result.known_s == pytest.approx(3.4)
    assert (result.read_s, result.faces, result.frames) == (0, (), 30)


def test_an_empty_stretch_has_no_numbers():
    result = statistics(Table.of([moment(0, reading())]), 5, 6)
    assert (result.frames, result.known_s, result.faces, result.gaps_s) == (0, 0, (), {})


@pytest.mark.parametrize(("seconds", "known"), [(LEAST_S - 1, False), (LEAST_S, True)])
def test_no_interval_is_given_for_less_than_a_minute(seconds, known):
    stream = [moment(n, reading("sad" if n // 7 % 2 else "happy"), fps=1) for n in range(seconds)]
    (one,) = statistics(Table.of(stream)).faces
    assert (one.shares["sad"].low is not None) is known
    assert one.shares["fear"].low is None


def test_intervals_cover_what_faces_show_in_the_long_run():
    """Sad or happy for three seconds at a time."""
    generator = np.random.default_rng(1)
    covered = widths = 0
    runs, seconds, fps = 60, 300, 2
    for _ in range(runs):
        sad = np.logical_xor.accumulate(generator.random(seconds * fps) < 1 / (3 * fps))
        stream = [moment(n, reading("sad" if s else "happy"), fps=fps) for n, s in enumerate(sad)]
        (one,) = statistics(Table.of(stream)).faces
        estimate = one.shares["sad"]
        assert estimate.low < estimate.value < estimate.high
        covered += estimate.low <= 0.5 <= estimate.high
        widths += estimate.high - estimate.low
    assert covered >= 0.85 * runs
    assert widths / runs < 0.3
