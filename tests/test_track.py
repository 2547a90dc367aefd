import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import face
from howifeel.track import Tracker
from howifeel.types import Box, Face

FPS = 25


def boxes(width=640, height=480):
    corner = st.tuples(st.integers(0, width - 20), st.integers(0, height - 20))
    size = st.tuples(st.integers(1, 300), st.integers(1, 300))
    return st.builds(
        lambda at, by: Box(*at, min(at[0] + by[0], width), min(at[1] + by[1], height)),
        corner,
        size,
    )


def frames(most_faces=6):
    faces = st.builds(Face, boxes(), st.floats(0, 1))
    frame = st.lists(faces, max_size=most_faces, unique_by=lambda f: f.box).map(tuple)
    return st.lists(frame, min_size=1, max_size=8)


def follow(stream, fps=FPS):
    tracker = Tracker()
    return [tracker.update(tuple(faces), n / fps) for n, faces in enumerate(stream)]


def ids(faces):
    return [f.track for f in faces]


@given(frames())
def test_no_face_is_lost_or_invented_and_ids_are_unique(stream):
    for given_faces, tracked in zip(stream, follow(stream), strict=True):
        assert [f.score for f in tracked] == [f.score for f in given_faces]
        assert None not in ids(tracked)
        assert len(set(ids(tracked))) == len(tracked)


@given(frames(), st.randoms())
def test_shuffled_faces_get_the_same_tracks_and_boxes(stream, random):
    shuffled = [tuple(random.sample(faces, len(faces))) for faces in stream]
    for in_order, mixed in zip(follow(stream), follow(shuffled), strict=True):
        assert set(in_order) == set(mixed)


@given(frames(most_faces=1))
def test_steady_boxes_stay_within_what_the_track_has_shown(stream):
    seen = {}
    for given_faces, tracked in zip(stream, follow(stream), strict=True):
        for old, new in zip(given_faces, tracked, strict=True):
            seen.setdefault(new.track, []).append(old.box)
            history = seen[new.track]
            assert min(b.x0 for b in history) <= new.box.x0 < new.box.x1
            assert new.box.x1 <= max(b.x1 for b in history)
            assert min(b.y0 for b in history) <= new.box.y0 < new.box.y1
            assert new.box.y1 <= max(b.y1 for b in history)


@given(st.lists(boxes(), max_size=8, unique=True))
def test_still_faces_keep_ids_and_boxes(still):
    faces = tuple(Face(box, 0.9) for box in still)
    first, *later = follow([faces] * 10)
    assert all(tracked == first for tracked in later)
    assert [f.box for f in first] == still


@given(frames(), st.lists(st.floats(-1e6, 1e6), min_size=8, max_size=8))
def test_any_clock_is_survived(stream, clock):
    tracker = Tracker()
    used = set()
    for faces, time_s in zip(stream, clock, strict=False):
        tracked = tracker.update(faces, time_s)
        assert len(tracked) == len(faces)
        used |= set(ids(tracked))
    assert used == set(range(1, len(used) + 1))


def test_ids_count_from_one_from_left_to_right():
    (tracked,) = follow([[face(500), face(10), face(200)]])
    assert ids(tracked) == [3, 1, 2]


def test_a_face_that_is_missed_for_half_a_second_keeps_its_id():
    stream = [[face(100)], *[[] for _ in range(FPS // 2)], [face(104)]]
    assert ids(follow(stream)[-1]) == [1]


def test_a_face_that_returns_after_long_gets_a_new_id():
    stream = [[face(100)], *[[] for _ in range(2 * FPS)], [face(100)]]
    assert ids(follow(stream)[-1]) == [2]


def test_a_jump_of_the_clock_starts_new_tracks():
    tracker = Tracker()
    assert ids(tracker.update((face(),), 100.0)) == [1]
    assert ids(tracker.update((face(),), 3.0)) == [2]


def test_a_repeated_time_stamp_keeps_the_id_and_takes_the_new_box():
    tracker = Tracker()
    tracker.update((face(100),), 1.0)
    assert tracker.update((face(110),), 1.0) == (face(110, track=1),)


@pytest.mark.parametrize("fps", [5, 10, 30])
@pytest.mark.parametrize("speed", [60, 150, 300])
def test_two_faces_that_cross_keep_their_ids(fps, speed):
    count = int(fps * 800 / speed)
    stream = [
        [face(100 + speed * n // fps, 300, 100), face(900 - speed * n // fps, 310, 104)]
        for n in range(count)
    ]
    assert {tuple(ids(tracked)) for tracked in follow(stream, fps)} == {(1, 2)}


def test_one_face_that_hides_behind_another_comes_out_with_its_id():
    def frame(n):
        left, right = 100 + 8 * n, 700 - 8 * n
        hidden = abs(left - right) < 60
        return [face(left, 300, 100)] if hidden else [face(left, 300, 100), face(right, 300)]

    tracked = follow([frame(n) for n in range(70)])
    assert ids(tracked[-1]) == [1, 2]


def test_a_quick_head_is_followed_at_a_low_frame_rate():
    stream = [[face(100 + 40 * n, 100, 80)] for n in range(12)]
    assert {tuple(ids(tracked)) for tracked in follow(stream, fps=8)} == {(1,)}


def test_a_face_of_another_size_at_the_same_place_is_another_face():
    tracked = follow([[face(100, 100, 200)], [face(170, 170, 60)]])
    assert ids(tracked[-1]) == [2]


def test_fifty_faces_that_drift_keep_their_ids():
    seats = list(itertools.product(range(10), range(5)))

    def crowd(n):
        return [face(100 * c + 2 * n, 100 * r + n, 60) for c, r in seats]

    tracked = follow([crowd(n) for n in range(25)])
    assert all(ids(faces) == ids(tracked[0]) for faces in tracked)
    assert sorted(ids(tracked[0])) == list(range(1, 51))


# Missed faces


def missed(tracker, time_s, width=640, height=480):
    return tracker.missed(time_s, width=width, height=height)


def test_a_face_that_is_not_found_is_missed_for_half_a_second():
    tracker = Tracker()
    (seen,) = tracker.update((face(100, 100, score=0.7),), 0.0)
    assert missed(tracker, 0.0) == ()
    tracker.update((), 0.3)
    assert missed(tracker, 0.3) == (seen,)
    tracker.update((), 0.5)
    assert missed(tracker, 0.5) == (seen,)
    tracker.update((), 0.54)
    assert missed(tracker, 0.54) == ()


def test_a_face_that_returns_is_no_longer_missed():
    tracker = Tracker()
    for n, found in enumerate([(face(100, 100),), (), (face(102, 100),)]):
        tracker.update(found, n / FPS)
    assert missed(tracker, 2 / FPS) == ()


def test_a_missed_face_is_where_it_was_and_where_it_goes():
    tracker = Tracker()
    for n in range(10):
        tracker.update((face(100 + 6 * n, 100),), n / FPS)
    tracker.update((), 10 / FPS)
    (gone,) = missed(tracker, 10 / FPS)
    assert gone.box.x0 <= 154
    assert gone.box.x1 >= 200


@given(frames())
def test_each_face_is_either_found_or_missed_inside_the_picture(stream):
    tracker = Tracker()
    for n, faces in enumerate(stream):
        found = tracker.update(tuple(faces), n / FPS)
        lost = missed(tracker, n / FPS)
        assert not set(ids(found)) & set(ids(lost))
        assert all(f.box.x1 <= 640 and f.box.y1 <= 480 for f in lost)


def test_a_weak_face_goes_on_with_one_that_was_there_and_begins_none():
    tracker = Tracker()
    sure, weak, elsewhere = face(100, score=0.6), face(110, score=0.45), face(300, score=0.45)
    assert tracker.update((weak,), 0.0, 0.55) == ()
    assert ids(tracker.update((sure,), 0.1, 0.55)) == [1]
    for n in range(2, 9):
        followed = tracker.update((weak, elsewhere), n / 10, 0.55)
        assert [(f.track, f.score) for f in followed] == [(1, 0.45)]
    assert tracker.update((), 0.9, 0.55) == ()
    assert tracker.update((weak,), 1.5, 0.55) == ()


def test_a_weak_double_of_a_face_is_no_second_face():
    tracker = Tracker()
    tracker.update((face(100, score=0.9),), 0.0, 0.55)
    both = tracker.update((face(100, score=0.9), face(115, score=0.5)), 0.1, 0.55)
    assert [(f.track, f.score) for f in both] == [(1, 0.9)]
