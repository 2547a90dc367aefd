import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from builders import face, moment, probs, reading
from howifeel import engine
from howifeel.baseline import (
    LEARN_S,
    NEUTRAL,
    REFERENCE,
    Collecting,
    Done,
    Failed,
    Learner,
    relative,
)
from howifeel.config import Settings
from howifeel.pipeline import Analyser
from howifeel.types import Face, Frame, Moment
from howifeel.video import open_source
from shared import existing

FPS = 25
WHOLE = int(LEARN_S * FPS)
distributions = st.lists(st.floats(0.001, 1), min_size=7, max_size=7).map(
    lambda values: tuple(value / sum(values) for value in values)
)


def learn(*moments, track=1):
    learner = Learner(track)
    return [learner.add(moment) for moment in moments]


def watched(count=WHOLE + 1, top="sad", p=0.5, of=None):
    return [moment(n, reading(top, p, of=of), fps=FPS) for n in range(count)]


# Readings relative to a neutral face


@given(distributions, distributions)
def test_what_comes_out_are_probabilities(seen, neutral):
    out = relative(np.array(seen), neutral)
    assert out.shape == (7,)
    assert out.min() >= 0
    assert out.sum() == pytest.approx(1)


@given(distributions)
def test_the_neutral_face_itself_looks_clearly_neutral(neutral):
    out = relative(np.array(neutral), neutral)
    assert out.argmax() == NEUTRAL
    assert out[NEUTRAL] >= REFERENCE[NEUTRAL] - 1e-9


@given(distributions)
def test_a_face_that_reads_as_the_reference_changes_nothing(seen):
    np.testing.assert_allclose(relative(np.array(seen), REFERENCE), seen, atol=1e-9)


@given(distributions, distributions)
def test_no_expression_gains_on_neutral(seen, neutral):
    before = np.array(seen) / seen[NEUTRAL]
    after = relative(np.array(seen), neutral)
    assert (after / after[NEUTRAL] <= before * (1 + 1e-9)).all()


@given(distributions, distributions, st.integers(0, 5), st.floats(1.1, 3))
def test_the_more_it_shows_at_rest_the_less_it_counts(seen, neutral, expression, factor):
    more = np.array(neutral)
    more[expression] *= factor
    more /= more.sum()
    less, least = relative(np.array(seen), neutral), relative(np.array(seen), more)
    assert least[expression] / least[NEUTRAL] <= less[expression] / less[NEUTRAL] * (1 + 1e-9)


@given(distributions, distributions)
def test_rows_are_independent(seen, other):
    together = relative(np.array([seen, other]), other)
    np.testing.assert_allclose(together[0], relative(np.array(seen), other))


def test_a_strong_expression_survives_a_baseline_that_leans_to_it():
    out = relative(np.array(probs("sad", 0.99)), probs("sad", 0.4))
    assert out.argmax() == 4
    faint = relative(np.array(probs("sad", 0.5)), probs("sad", 0.4))
    assert faint.argmax() == NEUTRAL


def test_certain_readings_are_survived():
    certain = np.eye(7)
    for row, other in itertools.product(certain, certain):
        assert np.isfinite(relative(row, tuple(other))).all()


# Learning


def test_three_seconds_of_a_face_are_its_baseline():
    states = learn(*watched())
    assert [type(state) for state in states] == [Collecting] * WHOLE + [Done]
    progress = [state.progress for state in states[:-1]]
    assert progress == sorted(progress)
    assert progress[0] == 0
    assert states[-1].baseline == pytest.approx(probs("sad", 0.5))


def test_other_faces_do_not_matter():
    stranger = reading("happy", 0.99, of=face(200, 10, track=2))
    (*_, last) = learn(*(Moment(m.index, m.time_s, (stranger, *m.readings)) for m in watched()))
    assert last.baseline == pytest.approx(probs("sad", 0.5))


def test_few_moments_take_longer():
    states = learn(*(moment(n, reading("sad", 0.5), fps=2.5) for n in range(9)))
    assert isinstance(states[7], Collecting)
    assert isinstance(states[8], Done)


def test_short_gaps_are_bridged():
    stream = watched()
    stream[10:20] = [moment(n, fps=FPS) for n in range(10, 20)]
    assert isinstance(learn(*stream)[-1], Done)


def test_a_face_that_leaves_has_none():
    stream = watched(20) + [moment(n, fps=FPS) for n in range(20, 50)]
    assert learn(*stream)[-1] == Failed("The face left the picture; come back and try again.")


def test_a_face_that_never_comes_has_none():
    assert isinstance(learn(*watched(), track=9)[-1], Failed)


def test_a_face_that_cannot_be_read_has_none():
    blurred = (face(track=1),)
    stream = [Moment(n, n / FPS, (), "blurred", blurred) for n in range(40)]
    assert "too blurred" in learn(*stream)[-1].reason


@pytest.mark.parametrize("box", [face(40, 10, track=1), face(10, 10, 60, track=1)])
def test_a_face_that_moves_or_comes_closer_has_none(box):
    stream = [*watched(20), *(moment(n, reading(of=box), fps=FPS) for n in range(20, 40))]
    assert "moved" in learn(*stream)[-1].reason


def test_a_jump_in_time_ends_it():
    for jump in (0, 500):
        states = learn(*watched(20), moment(jump, reading("sad", 0.5), fps=FPS))
        assert isinstance(states[-1], Failed)


def test_the_end_is_final():
    stream = watched(20) + [moment(n, fps=FPS) for n in range(20, 50)] + watched()
    states = learn(*stream)
    assert len(set(map(id, states[-WHOLE:]))) == 1


def test_it_learns_from_what_was_read_before_the_baseline_in_use():
    plain = reading("sad", 0.5)
    shown = [
        Moment(
            n,
            n / FPS,
            (type(plain)(plain.face, probs("neutral", 0.9), "neutral", False, unadjusted=plain),),
        )
        for n in range(WHOLE + 1)
    ]
    assert learn(*shown)[-1].baseline == pytest.approx(probs("sad", 0.5))


# In the pipeline


def analyser(expression="sad", faces=1):
    found = [Face(face(20 + 70 * n, 20, 50).box, 0.9) for n in range(faces)]
    detector = fakes.FakeDetector(*[found] * 200)
    return Analyser(detector, fakes.FakeClassifier(expression), Settings())


def frames():
    image = np.random.default_rng(0).integers(0, 256, (120, 200, 3), np.uint8)
    return (Frame(image, n, n / FPS) for n in itertools.count())


def test_a_baseline_changes_the_shown_reading_at_once_and_keeps_the_other():
    reads, stream = analyser(), frames()
    before = [reads.read(next(stream)).readings[0] for _ in range(30)][-1]
    assert before.top == "sad"
    assert before.unadjusted is None
    reads.baselines = {1: before.probs}
    now = reads.read(next(stream)).readings[0]
    assert now.top == "neutral"
    assert not now.unsure
    assert now.unadjusted == before
    reads.baselines = {}
    assert reads.read(next(stream)).readings[0] == before


def test_only_the_face_whose_baseline_it_is_changes():
    reads, stream = analyser(faces=2), frames()
    left, right = reads.read(next(stream)).readings
    reads.baselines = {right.face.track: right.probs}
    tops = [r.top for r in reads.read(next(stream)).readings]
    assert tops == ["sad", "neutral"]
    assert left.face.track != right.face.track


def test_another_model_drops_the_baselines():
    reads = analyser()
    reads.baselines = {1: probs("sad", 0.5)}
    detector = fakes.FakeDetector()
    same = reads._classifier
    reads.use(detector, same, Settings())
    assert reads.baselines
    reads.use(detector, fakes.FakeClassifier(), Settings())
    assert not reads.baselines


def test_faces_without_a_track_have_none():
    class Trackless:
        def update(self, faces, time_s, least_score):
            return faces

        def missed(self, time_s, *, width, height):
            return ()

    reads, stream = analyser(), frames()
    reads._tracker = Trackless()
    reads.baselines = {1: probs("sad", 0.9)}
    assert reads.read(next(stream)).readings[0].top == "sad"


def test_a_real_face_that_looks_sad_at_rest_is_neutral_afterwards():
    """A frowning person; the clip's first three seconds count as the neutral face."""
    reads = engine.load(Settings()).analyser()
    learner, shown = None, []
    with open_source(str(existing("videos", "driving_d3.mp4"))) as source:
        for frame in itertools.islice(source, 0, 300, 6):
            now = reads.read(frame)
            learner = learner or Learner(now.readings[0].face.track)
            state = learner.add(now)
            if isinstance(state, Done):
                reads.baselines = {learner.track: state.baseline}
            shown += [r for r in now.readings if r.unadjusted]
    assert len(shown) > 25
    sad_before = sum(r.unadjusted.probs[4] for r in shown)
    assert sum(r.probs[4] for r in shown) < 0.5 * sad_before
    neutral_before = sum(r.unadjusted.probs[NEUTRAL] for r in shown)
    assert sum(r.probs[NEUTRAL] for r in shown) > 1.5 * neutral_before
