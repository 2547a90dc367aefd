"""The files that ship, not the checkpoints they were made of, on real data."""

import numpy as np
import pytest

import shared
from howifeel import assets, emotions
from howifeel.classify.onnx import OnnxClassifier
from howifeel.train.data import PUBLIC
from howifeel.train.evaluate import evaluate, open_model

SCORES_MAY_DIFFER = 0.003
"""Processors round int8 models differently; eleven of 3,589 pictures."""


@pytest.fixture(scope="module")
def public():
    from howifeel.train import readers

    return readers.read(shared.existing("fer2013", "public-test.parquet"))


@pytest.fixture(scope="module")
def spec():
    return open_model(assets.model_file())[1]


def told(spec, figure):
    """A figure of the metadata that was measured on all of PublicTest, single view."""
    (value,) = (
        value
        for name, value in spec.scores.items()
        if name.startswith(f"{PUBLIC}, single view") and name.endswith(f": {figure}")
    )
    return value


def test_the_shipped_model_measures_what_it_tells_of_itself(public, spec):
    (scores,) = evaluate(assets.model_file(), public, (PUBLIC,))
    assert scores.count == 3589
    assert scores.accuracy == pytest.approx(told(spec, "accuracy"), abs=SCORES_MAY_DIFFER)
    assert scores.macro_f1 == pytest.approx(told(spec, "macro F1"), abs=2 * SCORES_MAY_DIFFER)
    assert scores.nll == pytest.approx(told(spec, "NLL"), abs=2 * SCORES_MAY_DIFFER)
    assert scores.ece_after == pytest.approx(told(spec, "ECE"), abs=2 * SCORES_MAY_DIFFER)
    assert scores.covered == pytest.approx(told(spec, "named"), abs=2 * SCORES_MAY_DIFFER)


def test_the_shipped_model_is_good_enough_to_ship(public):
    (scores,) = evaluate(assets.model_file(), public.where(np.arange(0, 3589, 4)), (PUBLIC,))
    assert scores.accuracy > 0.63
    assert scores.covered_accuracy > scores.accuracy + 0.02
    assert scores.covered == pytest.approx(0.8, abs=0.05)


def test_the_shipped_model_has_heat_maps_and_is_corrected_for_neutral_faces(spec):
    classifier = OnnxClassifier(assets.model_file(), "cpu")
    from howifeel.types import Box, Face, Frame

    image = np.random.default_rng(0).integers(0, 255, (60, 60, 3)).astype(np.uint8)
    answer = classifier.classify(Frame(image, 0, 0.0), (Face(Box(0, 0, 60, 60), 0.9),))
    assert answer.maps is not None
    assert answer.maps.shape[1] == len(emotions.NAMES)
    assert max(spec.bias) == spec.bias[emotions.NAMES.index("neutral")] > 0


@pytest.mark.slow
def test_neutral_faces_of_photographs_are_read_as_neutral_more_often_than_without_the_correction():
    from howifeel.config import Settings
    from howifeel.train import end_to_end

    data = shared.existing("expressions", "lfw-expressions.parquet")
    plain, corrected = end_to_end.evaluate(data, Settings())
    assert corrected.recall["neutral"] > plain.recall["neutral"] + 0.1
    assert corrected.accuracy > plain.accuracy - 0.03
    assert corrected.missed <= 0.01 * corrected.count
