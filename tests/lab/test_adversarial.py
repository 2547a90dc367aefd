"""Attacks: what the protocol says of them, and what passes bring."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("foolbox")

from howifeel.lab import adversarial  # noqa: E402
from howifeel.lab.kit import gradients, models, study  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402

OPTIONS = adversarial.Options(epochs=12, attacked=84, epsilons=(8,), steps=2)


@pytest.fixture(scope="module")
def small_net(tmp_path_factory):
    """A small net that has learned drawn faces, and these."""
    folder = tmp_path_factory.mktemp("adversarial")
    torch.set_num_threads(1)
    found = study.study(OPTIONS)
    return models.trained_here(OPTIONS, found, Out(folder, folder)), found


def test_more_passes_make_a_change_for_all_that_misleads_more(small_net):
    model, found = small_net
    logits = gradients.Logits(model).eval()
    some = study.fewer(found.fit, OPTIONS.attacked, 1)
    faces = gradients.faces(some.images, model)
    labels = torch.from_numpy(some.labels.copy())
    right = []
    for passes in (1, OPTIONS.passes):
        change = adversarial._universal(
            logits, faces, some.labels, 8 / 255, replace(OPTIONS, passes=passes)
        )
        assert change.abs().max() <= 8 / 255 + 1e-6
        right.append(np.mean(adversarial._right(logits, (faces + change).clamp(0, 1), labels)))
    assert right[1] < right[0] - 0.05


def test_protocol_says_how_many_steps_the_change_for_all_took(tmp_path):
    torch.set_num_threads(1)
    options = replace(OPTIONS, pictures=112, epochs=1, passes=3, attacked=70)
    result = adversarial.run(options, Out(tmp_path, tmp_path))
    assert "in 3 passes, 6 steps" in result.protocol


def test_the_largest_epsilon_is_drawn_in_whatever_order_they_are_given(tmp_path):
    torch.set_num_threads(1)
    options = replace(OPTIONS, pictures=112, epochs=1, passes=1, attacked=7, epsilons=(8, 2, 8))
    result = adversarial.run(options, Out(tmp_path, tmp_path))
    fgsm = [number.name for number in result.numbers if number.name.startswith("FGSM")]
    assert fgsm == ["FGSM, epsilon 2", "FGSM, epsilon 8"]
    assert "at most 8 of 255" in result.figures[-1].caption
