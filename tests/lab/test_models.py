"""Classifiers of experiments."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from howifeel import assets, lab  # noqa: E402
from howifeel.classify.curve import STRAIGHT  # noqa: E402
from howifeel.errors import AssetError  # noqa: E402
from howifeel.lab.kit import models, study  # noqa: E402
from howifeel.lab.kit.options import ModelOptions  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402
from howifeel.train import metrics  # noqa: E402

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


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    """A small net after one epoch."""
    folder = tmp_path_factory.mktemp("net")
    options = ModelOptions(pictures=56, epochs=1, device="cpu")
    return models.trained_here(options, study.study(options), Out(folder, folder))


class TestProbabilities:
    def test_those_of_a_file_have_its_curve_and_before_a_camera_its_bias(self):
        model = models.OnnxModel(assets.model_file())
        logits, spec = model.logits(FACES), model.spec
        assert spec.curve != STRAIGHT and any(spec.bias)
        found, seen = model.probabilities(FACES), model.probabilities(FACES, camera=True)
        assert found == pytest.approx(spec.unbiased().probabilities(logits))
        assert seen == pytest.approx(spec.probabilities(logits))
        assert np.abs(found - metrics.softmax(logits, spec.temperature)).max() > 0.01
        assert np.abs(found - seen).max() > 0.01

    def test_which_correction_they_have_is_said(self):
        model = models.OnnxModel(assets.model_file())
        assert models.camera_note(model) == "with the correction for cameras that the program uses"
        model.spec = model.spec.unbiased()
        assert "which howifeel.onnx does not have" in models.camera_note(model)

    def test_those_of_a_checkpoint_have_the_temperature_that_suits_its_chosen_on_part(self, net):
        pictures, labels = net.saved.choose_images.numpy(), net.saved.choose_labels.numpy()
        found = net.probabilities(pictures)
        logits = net.logits(pictures)
        losses = [
            metrics.negative_log_likelihood(metrics.softmax(logits, temperature), labels)
            for temperature in np.geomspace(0.05, 20, 60)
        ]
        assert metrics.negative_log_likelihood(found, labels) <= min(losses) + 1e-6
        assert np.array_equal(net.probabilities(pictures, camera=True), found)
        assert "no checkpoint has" in models.camera_note(net)


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


class TestGradients:
    def test_the_shipped_model_has_them(self):
        model = models.with_gradients(assets.DEFAULT_MODEL, "cpu")
        pictures = torch.rand(2, 1, 48, 48, requires_grad=True)
        model.net(pictures)[0].sum().backward()
        assert pictures.grad is not None and pictures.grad.abs().sum() > 0
        assert model.logits(FACES).shape == (3, 7)
        assert "single view" in model.facts.about

    def test_without_a_name_it_is_the_shipped_model_or_for_drawn_faces_none(self, tmp_path):
        assert models.given(ModelOptions(device="cpu")) is None
        real = models.given(ModelOptions(data=tmp_path, device="cpu"))
        assert real is not None and real.facts.name == "howifeel.onnx"

    @pytest.mark.parametrize("name", ["adversarial", "representations", "saliency"])
    def test_a_model_without_them_is_told_before_any_work(self, name, tmp_path, monkeypatch):
        onnx = pytest.importorskip("onnx")
        for needed in ("captum", "foolbox"):
            pytest.importorskip(needed)
        model = onnx.load(assets.model_file())
        for entry in model.metadata_props:
            if entry.key == "howifeel.recipe":
                entry.value = 'net = "vit"'
        onnx.save(model, tmp_path / "other.onnx")
        monkeypatch.setattr(study, "study", lambda *_, **__: pytest.fail("it began to work"))
        experiment = lab.load(name)
        options = experiment.Options(model=str(tmp_path / "other.onnx"), device="cpu")
        with pytest.raises(AssetError, match="cannot be trained or looked into"):
            experiment.run(options, Out(tmp_path, tmp_path))
