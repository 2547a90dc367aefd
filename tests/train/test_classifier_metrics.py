import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from howifeel.classify.curve import bend
from howifeel.train import calibrate, metrics

sklearn_metrics = pytest.importorskip("sklearn.metrics")


@pytest.fixture(scope="module")
def answers():
    """Logits of an overconfident classifier, labels drawn from its honest probabilities."""
    generator = np.random.default_rng(3)
    honest = generator.normal(0, 1.2, (6000, 7))
    probabilities = metrics.softmax(honest)
    labels = np.array([generator.choice(7, p=p) for p in probabilities])
    return 2.5 * honest, labels


def test_figures_equal_scikit_learn(answers):
    logits, labels = answers
    predicted = logits.argmax(1)
    matrix = metrics.confusion(labels, predicted, 7)
    assert np.array_equal(matrix, sklearn_metrics.confusion_matrix(labels, predicted))
    assert metrics.macro_f1(matrix) == pytest.approx(
        sklearn_metrics.f1_score(labels, predicted, average="macro")
    )
    assert metrics.recalls(matrix) == pytest.approx(
        sklearn_metrics.recall_score(labels, predicted, average=None)
    )
    probabilities = metrics.softmax(logits)
    assert metrics.negative_log_likelihood(probabilities, labels) == pytest.approx(
        sklearn_metrics.log_loss(labels, probabilities)
    )


def test_macro_f1_is_the_mean_over_the_labels_that_occur():
    labels, predicted = np.array([0, 0, 2, 2]), np.array([0, 5, 2, 2])
    matrix = metrics.confusion(labels, predicted, 7)
    assert metrics.macro_f1(matrix) == pytest.approx(
        sklearn_metrics.f1_score(labels, predicted, average="macro", labels=np.unique(labels))
    )
    assert np.isnan(metrics.recalls(matrix)[1])


@given(
    hnp.arrays(np.float64, (5, 7), elements=st.floats(-50, 50)),
    st.floats(0.1, 10),
)
def test_softmax_gives_probabilities_in_the_logits_order(logits, temperature):
    probabilities = metrics.softmax(logits, temperature)
    assert np.allclose(probabilities.sum(1), 1)
    assert (probabilities >= 0).all()
    top = np.take_along_axis(probabilities, logits.argmax(1)[:, None], 1)[:, 0]
    assert np.array_equal(top, probabilities.max(1))


@given(st.integers(1, 3000), st.data())
def test_wilson_interval_holds_the_share_and_is_mirrored(count, data):
    hits = data.draw(st.integers(0, count))
    low, high = metrics.wilson(hits, count)
    assert 0 <= low <= hits / count + 1e-12
    assert hits / count - 1e-12 <= high <= 1
    mirrored = metrics.wilson(count - hits, count)
    assert mirrored == pytest.approx((1 - high, 1 - low))


def test_wilson_solves_its_defining_equation():
    z, hits, count = 1.959964, 2451, 3589
    share = hits / count
    for bound in metrics.wilson(hits, count):
        assert abs(share - bound) == pytest.approx(z * math.sqrt(bound * (1 - bound) / count))


def test_calibration_error_by_hand():
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    labels = np.array([0, 1, 0, 0])
    by_hand = 0.5 * abs(0.5 - 0.9) + 0.5 * abs(1.0 - 0.6)
    assert metrics.calibration_error(probabilities, labels) == pytest.approx(by_hand)
    certain = np.eye(2)[[0, 1, 1]]
    assert metrics.calibration_error(certain, np.array([0, 1, 1])) == 0


def test_temperature_finds_how_overconfident_the_logits_are(answers):
    logits, labels = answers
    temperature = calibrate.fit_temperature(logits, labels)
    assert temperature == pytest.approx(2.5, rel=0.05)
    before = metrics.calibration_error(metrics.softmax(logits), labels)
    after = metrics.calibration_error(metrics.softmax(logits, temperature), labels)
    assert after < before / 4


def test_the_curve_makes_honest_what_a_temperature_cannot(answers):
    logits, labels = answers
    honest = metrics.softmax(logits / 2.5)
    bent = bend(
        np.log(honest), (0.5, 0.5, 2.0, 2.0, 0.5, 2.0)
    )  # what the classifier says in its place
    temperature = calibrate.fit_temperature(bent, labels)
    slopes = calibrate.fit_curve(bent, labels, temperature)
    before = metrics.softmax(bent, temperature)
    after = metrics.softmax(bend(np.log(before), slopes))
    nll = [metrics.negative_log_likelihood(p, labels) for p in (honest, before, after)]
    assert nll[1] - nll[0] > 3 * (nll[2] - nll[0])
    ece = [metrics.calibration_error(p, labels) for p in (before, after)]
    assert ece[1] < ece[0] / 1.5
    assert np.array_equal(after.argmax(1), bent.argmax(1))


def test_the_curve_serves_the_top_answer_first(monkeypatch):
    """Where it is honest, though the answers below it are told apart better than they are."""
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 1.5, (6000, 7))
    honest = metrics.softmax(logits)
    top = honest.argmax(1)
    right = generator.random(len(top)) < honest.max(1)
    others = (top + generator.integers(1, 7, len(top))) % 7
    labels = np.where(right, top, others)
    errors = {}
    for share in (0.0, calibrate._TOP_SHARE):
        monkeypatch.setattr(calibrate, "_TOP_SHARE", share)
        temperature = calibrate.fit_temperature(logits, labels)
        slopes = calibrate.fit_curve(logits, labels, temperature)
        found = metrics.softmax(bend(np.log(metrics.softmax(logits, temperature)), slopes))
        errors[share] = metrics.calibration_error(found, labels)
    assert errors[calibrate._TOP_SHARE] < 0.8 * errors[0.0], errors


@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.95, 1.0])
def test_unsure_threshold_names_as_much_as_wanted_and_no_step_more(answers, coverage):
    logits, labels = answers
    probabilities = metrics.softmax(logits)
    threshold = calibrate.choose_unsure_below(probabilities, coverage)
    share, _ = metrics.covered(probabilities, labels, threshold)
    less, _ = metrics.covered(probabilities, labels, threshold + 0.01)
    assert share >= coverage
    assert less < coverage


def test_accuracy_of_the_surest_by_hand():
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.6, 0.4]])
    labels = np.array([0, 0, 0, 1])
    figures = [metrics.accuracy_at(probabilities, labels, count) for count in (1, 2, 3, 4)]
    assert figures == pytest.approx([1, 1 / 2, 2 / 3, 1 / 2])
    assert math.isnan(metrics.accuracy_at(probabilities, labels, 0))


def test_lost_pictures_count_as_errors():
    matrix = np.array([[3, 1], [0, 4]])
    lost = np.array([4, 0])
    assert metrics.recalls(matrix, lost).tolist() == [3 / 8, 1]
    f1 = [2 * 3 / (2 * 3 + 0 + 5), 2 * 4 / (2 * 4 + 1 + 0)]
    assert metrics.macro_f1(matrix, lost) == pytest.approx(np.mean(f1))


def test_nothing_covered_has_no_accuracy():
    share, accuracy = metrics.covered(np.full((2, 2), 0.5), np.array([0, 1]), 0.9)
    assert share == 0
    assert math.isnan(accuracy)
