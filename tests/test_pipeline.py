import numpy as np
import pytest

import fakes
from howifeel.config import Settings
from howifeel.pipeline import analyse
from howifeel.types import Box, Face, Frame


def frames(count, image=None):
    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    return [Frame(noise if image is None else image, k, k / 25) for k in range(count)]


def faces(*boxes):
    return [Face(Box(*box), 0.9) for box in boxes]


LEFT, RIGHT = (10, 10, 60, 70), (90, 20, 140, 80)


def run(detector, given, classifier=None, **settings):
    classifier = classifier or fakes.FakeClassifier()
    return list(analyse(given, detector, classifier, Settings(**settings)))


def test_one_moment_per_frame_with_its_time():
    moments = run(fakes.FakeDetector(faces(LEFT), [], faces(LEFT, RIGHT)), frames(3))
    assert [(m.index, m.time_s) for m in moments] == [(0, 0), (1, 0.04), (2, 0.08)]
    assert [len(m.readings) for m in moments] == [1, 0, 2]
    assert moments[1].gap == "no face"


def test_faces_keep_their_track():
    moments = run(fakes.FakeDetector(*[faces(LEFT, RIGHT)] * 5), frames(5))
    assert {tuple(r.face.track for r in m.readings) for m in moments} == {(1, 2)}


def test_all_faces_of_a_frame_are_classified_at_once():
    classifier = fakes.FakeClassifier()
    run(fakes.FakeDetector(faces(LEFT, RIGHT), faces(LEFT)), frames(2), classifier)
    assert classifier.calls == [2, 1]


def test_faces_that_cannot_be_read_are_gaps():
    small = run(fakes.FakeDetector(faces((0, 0, 30, 19))), frames(1))
    flat = np.full((120, 160, 3), 90, np.uint8)
    blurred = run(fakes.FakeDetector(faces(LEFT)), frames(1, flat))
    assert [m.gap for m in small + blurred] == ["too small", "blurred"]


@pytest.mark.parametrize(("threshold", "unsure"), [(None, False), (0.95, True)])
def test_threshold_of_the_settings_wins_over_the_models(threshold, unsure):
    (moment,) = run(fakes.FakeDetector(faces(LEFT)), frames(1), unsure_below=threshold)
    assert moment.readings[0].top == "happy"
    assert moment.readings[0].unsure is unsure


def test_is_lazy():
    def endless():
        yield from frames(2)
        raise AssertionError("read further than asked")

    moments = analyse(endless(), fakes.FakeDetector([], []), fakes.FakeClassifier(), Settings())
    assert next(moments).index == 0
    assert next(moments).index == 1


def test_faces_that_are_not_read_are_known():
    small = Face(Box(100, 90, 115, 105), 0.9)
    both, lost = run(fakes.FakeDetector([*faces(LEFT), small], []), frames(2))
    assert [reading.face.box for reading in both.readings] == [Box(*LEFT)]
    assert [face.box for face in both.unread] == [small.box]
    assert both.missed == ()
    assert lost.unread == ()
    assert {face.box for face in lost.missed} == {Box(*LEFT), small.box}


def test_a_blurred_face_is_unread():
    flat = np.full((120, 160, 3), 90, np.uint8)
    (moment,) = run(fakes.FakeDetector(faces(LEFT)), frames(1, flat))
    assert [face.box for face in moment.unread] == [Box(*LEFT)]
