"""What the last minute remembers: curves with gaps, labels with their age, faces that leave."""

import numpy as np

from builders import face, moment, reading
from howifeel.desktop.live.history import History


def of(track, top="happy"):
    return reading(top, of=face(track=track))


def test_a_face_has_looked_as_it_does_since_its_label_changed():
    history = History()
    for index in range(50):
        history.add(moment(index, of(1, "sad" if index < 20 else "happy")))
    (state,) = history.faces()
    assert state.reading.top == "happy"
    assert state.since_s == (49 - 20) / 25
    assert state.seen_s == 0


def test_a_face_that_was_away_starts_anew():
    history = History()
    history.add(moment(0, of(1)))
    history.add(moment(30, of(1)))
    assert history.faces()[0].since_s == 0


def test_a_face_that_left_has_no_card_after_a_while():
    history = History()
    history.add(moment(0, of(1), of(2)))
    history.add(moment(30, of(2)))
    assert [(state.track, state.present) for state in history.faces()] == [(2, True), (1, False)]
    history.add(moment(60, of(2)))
    assert [state.track for state in history.faces()] == [2]


def test_curves_end_now_and_break_where_nothing_was_read():
    history = History()
    for index in (*range(10), *range(60, 70)):
        history.add(moment(index, of(1)))
    times, probs = history.series(1)
    assert times[-1] == 0
    assert (np.diff(times) > 0).all()
    assert np.isnan(probs[:, 0]).sum() == 1
    assert probs.shape == (21, 7)


def test_a_slow_analysis_makes_no_gaps():
    history = History()
    for index in range(0, 1000, 25):
        history.add(moment(index, of(1)))
    assert not np.isnan(history.series(1)[1]).any()


def test_only_the_last_minute_is_kept():
    history = History(seconds=2)
    for index in range(1000):
        history.add(moment(index, of(index)))
    assert len(history.series(999)[0]) == 1
    assert len(history.series(10)[0]) == 0
    assert len(history._moments) <= 52
    assert len(history._labels) <= 52


def test_a_stream_that_begins_again_clears_it():
    history = History()
    history.add(moment(500, of(1)))
    history.add(moment(0, of(2)))
    assert [state.track for state in history.faces()] == [2]


def test_an_unknown_face_has_no_curve():
    times, probs = History().series(3)
    assert times.shape == (0,) and probs.shape == (0, 7)
