"""The sanity check of maps."""

from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("captum")

from howifeel.lab import saliency  # noqa: E402
from howifeel.lab.kit import gradients, models, study  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402
from howifeel.train import nets  # noqa: E402
from howifeel.train.recipe import Recipe  # noqa: E402

OPTIONS = saliency.Options(pictures=112, epochs=1, checked=7, levels=2, seeds=2)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A small net as maps see it, and faces."""
    folder = tmp_path_factory.mktemp("saliency")
    torch.set_num_threads(1)
    found = study.study(OPTIONS)
    model = models.trained_here(OPTIONS, found, Out(folder, folder))
    return (
        gradients.Logits(model),
        gradients.faces(found.test.images[:7], model),
        Out(folder, folder),
    )


class TestSanity:
    def test_it_is_the_mean_over_networks_with_random_weights(self, trained):
        from dataclasses import replace

        logits, faces, out = trained
        both = saliency._sanity(logits, faces, OPTIONS, out)
        alone = [
            saliency._sanity(logits, faces, replace(OPTIONS, seeds=1, seed=seed), out)
            for seed in (OPTIONS.seed, OPTIONS.seed + 1)
        ]
        assert set(both) >= {"gradient", "Grad-CAM"}
        for name, values in both.items():
            assert values.shape == (2, 7)
            np.testing.assert_allclose(values, (alone[0][name] + alone[1][name]) / 2, atol=1e-9)
        assert not np.allclose(alone[0]["gradient"], alone[1]["gradient"])

    def test_the_trained_network_stays_as_it_is(self, trained):
        logits, faces, out = trained
        before = logits(faces).detach()
        saliency._sanity(logits, faces, OPTIONS, out)
        assert torch.equal(logits(faces), before)


class TestMethods:
    @pytest.mark.parametrize(("net", "guided"), [("resnet", True), ("vit", False)])
    def test_back_propagation_is_guided_where_there_is_a_relu(self, net, guided):
        model = SimpleNamespace(net=nets.build(net, 7, {}), recipe=Recipe(net=net))
        found = saliency.methods(gradients.Logits(model).eval())
        assert ("guided back-propagation" in found) == guided
        assert {"gradient", "integrated gradients"} <= set(found)


def test_as_many_pictures_are_checked_as_were_asked_for():
    test = study.study(OPTIONS).test
    assert len(saliency._some(test, 7, 1)) == 7
    assert len(saliency._some(test, 1000, 1)) == len(test)
