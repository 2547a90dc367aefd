import dataclasses

import pytest

from howifeel.classify.spec import ModelSpec
from howifeel.errors import AssetError

SPEC = ModelSpec(
    size=48, channels=1, mean=(0.5,), std=(0.25,), margin=0.05, temperature=1.4, unsure_below=0.45,
    trained_on="FER-2013", recipe='name = "test"\n', commit="abc", scores={"accuracy": 0.5},
)  # fmt: skip


def test_metadata_round_trip():
    assert ModelSpec.from_metadata(SPEC.to_metadata()) == SPEC


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(ModelSpec)])
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
        ("scores", "[]"), ("labels", '["happy"]'),
    ],
)  # fmt: skip
def test_wrong_entry_is_named(name, text):
    metadata = SPEC.to_metadata() | {f"howifeel.{name}": text}
    with pytest.raises(AssetError, match=f"howifeel.{name} must be"):
        ModelSpec.from_metadata(metadata)


def test_other_schema_is_refused():
    with pytest.raises(AssetError, match="schema 9"):
        ModelSpec.from_metadata(SPEC.to_metadata() | {"howifeel.schema": "9"})


def test_foreign_onnx_is_refused():
    with pytest.raises(AssetError, match="carries no HowIFeel metadata"):
        ModelSpec.from_metadata({"author": "someone"})
