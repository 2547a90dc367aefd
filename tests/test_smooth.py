from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import face, probs
from howifeel import emotions
from howifeel.smooth import MapSmoother, Smoother

rows = st.lists(st.floats(0.001, 1), min_size=7, max_size=7).map(lambda v: np.array(v) / sum(v))
streams = st.lists(rows, min_size=1, max_size=20)
half_lives = st.floats(0.01, 10)
FPS = 25


def smoothed(stream, half_life_s=0.25, hold=0.08, unsure_below=0.4, fps=FPS):
    smoother = Smoother(half_life_s, hold, unsure_below)
    faces = (face(track=1),)
    return [smoother.update(faces, np.array([p]), n / fps)[0] for n, p in enumerate(stream)]


@given(streams, half_lives)
def test_probabilities_sum_to_one_and_stay_between_the_inputs(stream, half_life_s):
    for n, reading in enumerate(smoothed(stream, half_life_s), start=1):
        assert sum(reading.probs) == pytest.approx(1, abs=1e-9)
        past = np.array(stream[:n])
        assert (np.array(reading.probs) >= past.min(axis=0) - 1e-12).all()
        assert (np.array(reading.probs) <= past.max(axis=0) + 1e-12).all()


@given(rows, half_lives, st.integers(2, 30))
def test_a_constant_input_is_kept(row, half_life_s, count):
    for reading in smoothed([row] * count, half_life_s):
        np.testing.assert_allclose(reading.probs, row, atol=1e-12)


@given(streams)
def test_without_smoothing_each_frame_stands_for_itself(stream):
    for row, reading in zip(stream, smoothed(stream, half_life_s=0, hold=0.3), strict=True):
        assert reading.probs == tuple(row)
        assert reading.top == emotions.NAMES[row.argmax()]
        assert reading.unsure == (row.max() < 0.4)


@given(streams)
def test_without_hold_the_likeliest_expression_is_shown(stream):
    for reading in smoothed(stream, hold=0):
        assert reading.top_prob == max(reading.probs)


@given(streams, st.floats(0.01, 0.5))
def test_the_shown_expression_is_never_behind_by_the_hold(stream, hold):
    for reading in smoothed(stream, hold=hold):
        assert max(reading.probs) - reading.top_prob < hold


@pytest.mark.parametrize("fps", [4, 20, 100])
def test_after_one_half_life_a_change_counts_for_half_at_any_frame_rate(fps):
    old, new = probs("sad", 0.9), probs("happy", 0.9)
    readings = smoothed([old] * fps + [new] * fps, half_life_s=0.5, fps=fps)
    halfway = readings[fps - 1 + fps // 2]
    np.testing.assert_allclose(halfway.probs, np.add(old, new) / 2, atol=1e-9)


def test_irregular_time_stamps_weigh_by_the_time_that_passed():
    smoother = Smoother(0.5, 0.08, 0.4)
    one = (face(track=1),)
    smoother.update(one, np.array([probs("sad", 0.9)]), 0.0)
    smoother.update(one, np.array([probs("happy", 0.9)]), 0.07)
    (reading,) = smoother.update(one, np.array([probs("happy", 0.9)]), 0.5)
    np.testing.assert_allclose(
        reading.probs, np.add(probs("sad", 0.9), probs("happy", 0.9)) / 2, atol=1e-9
    )


def test_two_nearly_equal_expressions_do_not_flicker():
    rng = np.random.default_rng(0)
    stream = []
    for _ in range(200):
        p = rng.normal(0.4, 0.03)
        stream.append([0.02, 0.02, p, 0.02, 0.02, 0.1, 0.82 - p])
    raw = [emotions.NAMES[int(np.argmax(row))] for row in stream]
    shown = [reading.top for reading in smoothed(stream, unsure_below=0.2)]
    assert sum(a != b for a, b in pairwise(raw)) > 20
    assert len(set(shown)) == 1


def test_a_clear_change_is_shown_soon():
    shown = [r.top for r in smoothed([probs("neutral", 0.8)] * FPS + [probs("happy", 0.9)] * FPS)]
    assert FPS < shown.index("happy") < FPS + 0.4 * FPS
    assert set(shown[shown.index("happy") :]) == {"happy"}


def test_unsure_has_a_threshold_and_does_not_flicker_around_it():
    assert smoothed([probs("happy", 0.39)])[0].unsure
    assert not smoothed([probs("happy", 0.41)])[0].unsure
    around = [probs("happy", 0.4 + 0.015 * (-1) ** n) for n in range(100)]
    unsure = [r.unsure for r in smoothed(around, half_life_s=0.001)]
    assert sum(a != b for a, b in pairwise(unsure)) <= 1


def test_unsure_ends_when_the_probability_is_clear():
    readings = smoothed([probs("happy", 0.3)] * 5 + [probs("happy", 0.6)] * FPS)
    assert readings[0].unsure
    assert not readings[-1].unsure


def test_a_threshold_of_zero_names_everything_and_one_can_still_be_reached():
    assert not smoothed([probs("happy", 0.2)], unsure_below=0)[0].unsure
    certain = [probs("happy", 0.5)] + [probs("happy", 1.0)] * 100
    assert not smoothed(certain, half_life_s=0.001, unsure_below=0.99)[-1].unsure


def test_tracks_do_not_influence_each_other():
    two = (face(track=1), face(200, track=2))
    rows = np.array([probs("sad", 0.9), probs("happy", 0.9)])
    together = Smoother(0.25, 0.08, 0.4)
    for n in range(5):
        left, right = together.update(two, rows, n / FPS)
        mixed = together.update(two[::-1], rows[::-1], n / FPS)
        assert mixed == (right, left)
    np.testing.assert_allclose(left.probs, rows[0])
    np.testing.assert_allclose(right.probs, rows[1])


@pytest.mark.parametrize("back_s", [1.5, -1.5])
def test_a_track_unseen_for_more_than_a_second_starts_anew(back_s):
    smoother = Smoother(5.0, 0.08, 0.4)
    one = (face(track=1),)
    smoother.update(one, np.array([probs("sad", 0.9)]), 10.0)
    (reading,) = smoother.update(one, np.array([probs("happy", 0.9)]), 10.0 + back_s)
    assert reading.top == "happy"
    np.testing.assert_allclose(reading.probs, probs("happy", 0.9))


def test_a_small_step_back_in_time_is_survived():
    smoother = Smoother(0.25, 0.08, 0.4)
    one = (face(track=1),)
    smoother.update(one, np.array([probs("sad", 0.9)]), 1.0)
    (reading,) = smoother.update(one, np.array([probs("happy", 0.9)]), 0.9)
    assert reading.top == "sad"


def test_faces_without_a_track_are_read_by_themselves():
    smoother = Smoother(5.0, 0.08, 0.4)
    smoother.update((face(),), np.array([probs("sad", 0.9)]), 0.0)
    (reading,) = smoother.update((face(),), np.array([probs("happy", 0.9)]), 0.1)
    assert reading.top == "happy"


def test_memory_stays_flat():
    smoother = Smoother(0.25, 0.08, 0.4)
    for track in range(1, 1000):
        smoother.update((face(track=track),), np.array([probs()]), track / 10)
    assert len(smoother._states) <= 11


def test_no_face_gives_no_reading():
    assert Smoother(0.25, 0.08, 0.4).update((), np.empty((0, 7), np.float32), 0.0) == ()


# Activation maps


def calm_maps(*frames, half_life_s=0.25, track=1, fps=20):
    smoother = MapSmoother(half_life_s)
    who = (face(track=track),)
    return [
        smoother.update(who, np.full((1, 7, 2, 2), level, np.float32), n / fps)[0, 0, 0, 0]
        for n, level in enumerate(frames)
    ]


def test_maps_fade_with_the_half_life():
    levels = calm_maps(1, 0, 0, 0, 0, 0)
    assert levels == sorted(levels, reverse=True)
    assert levels[5] == pytest.approx(0.5)


def test_without_half_life_or_track_maps_stand_for_themselves():
    assert calm_maps(1, 0, 3, half_life_s=0) == [1, 0, 3]
    assert calm_maps(1, 0, 3, track=None) == [1, 0, 3]


def test_maps_are_forgotten_and_those_of_another_model_do_not_mix():
    assert calm_maps(1, 0, fps=0.5) == [1, 0]
    smoother, who = MapSmoother(1.0), (face(track=1),)
    smoother.update(who, np.ones((1, 7, 2, 2), np.float32), 0.0)
    other = smoother.update(who, np.zeros((1, 7, 3, 3), np.float32), 0.04)
    assert not other.any()


def test_each_face_has_its_own_maps_and_what_was_given_stays():
    smoother, who = MapSmoother(1.0), (face(track=1), face(track=2))
    for n in range(2):
        maps = np.stack([np.full((7, 2, 2), level, np.float32) for level in (0, 4)])
        before = maps.copy()
        calm = smoother.update(who, maps, n / 25)
        np.testing.assert_array_equal(maps, before)
        np.testing.assert_array_equal(calm, before)
    assert smoother.update((), np.zeros((0, 7, 2, 2), np.float32), 0.1).shape == (0, 7, 2, 2)
