import dataclasses

import numpy as np
import pytest

from howifeel.classify.spec import ModelSpec
from howifeel.errors import AssetError

SPEC = ModelSpec(
    size=48, channels=1, mean=(0.5,), std=(0.25,), margin=0.05, temperature=1.4, unsure_below=0.45,
    trained_on="FER-2013", recipe='name = "test"\n', commit="abc", scores={"accuracy": 0.5},
)  # fmt: skip


def test_metadata_round_trip():
    assert ModelSpec.from_metadata(SPEC.to_metadata()) == SPEC


OPTIONAL = ("curve", "bias", "precision", "mirrored", "networks")
REQUIRED = [f.name for f in dataclasses.fields(ModelSpec) if f.name not in OPTIONAL]


@pytest.mark.parametrize("name", REQUIRED)
def test_missing_entry_is_named(name):
    metadata = SPEC.to_metadata()
    del metadata[f"howifeel.{name}"]
    with pytest.raises(AssetError, match=f"lacks howifeel.{name}"):
        ModelSpec.from_metadata(metadata)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("size", "4"), ("size", "true"), ("size", "48.5"), ("size", "{"), ("channels", "2"),
        ("mean", "[0.5, 0.5]"), ("mean", '["a"]'), ("mean", "[NaN]"), ("std", "[0]"),
        ("margin", "9"), ("temperature", "0"), ("temperature", "null"), ("unsure_below", "2"),
        ("bias", "[0, 0]"), ("bias", "[0, 0, 0, 0, 0, 0, NaN]"), ("precision", "fp8"),
        ("mirrored", "1"), ("networks", "0"),
        ("curve", "[1, 1]"), ("curve", "[1, 1, 0, 1, 1, 1]"), ("curve", "[1, 1, NaN, 1, 1, 1]"),
        ("scores", "[]"), ("labels", '["happy"]'),
    ],
)  # fmt: skip
def test_wrong_entry_is_named(name, text):
    metadata = SPEC.to_metadata() | {f"howifeel.{name}": text}
    with pytest.raises(AssetError, match=f"howifeel.{name} must be"):
        ModelSpec.from_metadata(metadata)


def test_a_file_that_says_nothing_of_curve_bias_and_precision_has_none_and_is_fp32():
    metadata = SPEC.to_metadata()
    for name in OPTIONAL:
        del metadata[f"howifeel.{name}"]
    assert ModelSpec.from_metadata(metadata) == SPEC


def test_probabilities_are_divided_by_the_temperature_then_shifted_by_the_bias():
    spec = dataclasses.replace(SPEC, temperature=2.0, bias=(0, 0, 0, 0, 0, 0, np.log(3)))
    logits = np.array([[2, 0, 0, 0, 0, 0, 0], [0] * 7], np.float32)
    assert spec.probabilities(logits)[0] == pytest.approx(
        np.array([np.e, *[1] * 5, 3]) / (np.e + 8)
    )
    assert spec.probabilities(logits)[1] == pytest.approx(np.array([*[1] * 6, 3]) / 9)


def test_other_schema_is_refused():
    with pytest.raises(AssetError, match="schema 9"):
        ModelSpec.from_metadata(SPEC.to_metadata() | {"howifeel.schema": "9"})


def test_foreign_onnx_is_refused():
    with pytest.raises(AssetError, match="carries no HowIFeel metadata"):
        ModelSpec.from_metadata({"author": "someone"})
