"""Neutral faces on the live page: taken, used, switched off, failed, forgotten."""

from builders import face, moment, reading
from howifeel import emotions
from howifeel.desktop.live.neutral_model import NeutralModel


def at(index, track=1):
    return moment(index, reading("sad", 0.5, of=face(track=track)))


def learnt():
    neutral = NeutralModel()
    neutral.begin(1)
    completed = [neutral.add(at(index)) for index in range(80)]
    assert completed.count(True) == 1
    return neutral


def test_three_seconds_of_a_neutral_look_are_used_at_once():
    neutral = learnt()
    (baseline,) = neutral.in_use.values()
    assert baseline[emotions.NAMES.index("sad")] == max(baseline)
    assert neutral.progress(1) is None


def test_progress_grows_while_it_is_taken():
    neutral = NeutralModel()
    neutral.begin(1)
    seen = []
    for index in range(60):
        neutral.add(at(index))
        seen.append(neutral.progress(1))
    assert seen == sorted(seen) and 0.6 < seen[-1] < 1


def test_it_can_be_switched_off_and_on():
    neutral = learnt()
    neutral.use(1, False)
    assert neutral.in_use == {} and 1 in neutral.known
    neutral.use(1, True)
    assert 1 in neutral.in_use
    neutral.use(2, True)
    assert 2 not in neutral.in_use


def test_a_face_that_leaves_gives_a_sentence_and_another_try_clears_it():
    neutral = NeutralModel()
    neutral.begin(1)
    for index in range(40):
        neutral.add(at(index) if index < 5 else moment(index))
    assert neutral.failure(1).startswith("The face left the picture")
    assert neutral.in_use == {}
    neutral.begin(1)
    assert neutral.failure(1) == ""


def test_everything_can_be_forgotten():
    neutral = learnt()
    neutral.begin(2)
    neutral.clear()
    assert neutral.in_use == {} and neutral.progress(2) is None
