"""Classifiers of experiments."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from howifeel import assets  # noqa: E402
from howifeel.errors import AssetError  # noqa: E402
from howifeel.lab.kit import models  # noqa: E402

FACES = np.random.default_rng(0).integers(0, 256, (3, 48, 48), np.uint8)


def without_features(tmp_path):
    """The shipped model without all outputs but its logits."""
    onnx = pytest.importorskip("onnx")
    model = onnx.load(assets.model_file(assets.DEFAULT_MODEL))
    kept = [output for output in model.graph.output if output.name == "logits"]
    del model.graph.output[:]
    model.graph.output.extend(kept)
    path = tmp_path / "small.onnx"
    onnx.save(model, path)
    return path


class TestFeatures:
    def test_a_model_without_features_is_refused_and_says_what_to_name(self, tmp_path):
        model = models.named(str(without_features(tmp_path)), "cpu")
        assert model.logits(FACES).shape == (3, 7)
        with pytest.raises(AssetError, match="does not give its features; name the checkpoint"):
            model.features(FACES)

    def test_the_shipped_model_gives_features(self):
        found = models.named(assets.DEFAULT_MODEL, "cpu").features(FACES)
        assert found.shape[0] == 3
        assert found.shape[1] > 7
