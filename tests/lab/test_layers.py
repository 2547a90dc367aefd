"""What layers pass on, and what random layers are."""

import copy

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from howifeel.lab.kit import layers  # noqa: E402
from howifeel.train import nets  # noqa: E402
from howifeel.train.recipe import Recipe  # noqa: E402

FACES = torch.rand(8, 1, 48, 48, generator=torch.Generator().manual_seed(0))


class Looked:
    """As much of a `TorchModel` as layers are asked of."""

    def __init__(self, net):
        self.net, self.recipe, self.device = net.eval(), Recipe(), torch.device("cpu")


def resnet():
    """A network whose norms have seen something."""
    torch.manual_seed(1)
    net = nets.build("resnet", 7, {"width": 4, "blocks": (1, 1), "strides": (1, 2, 2)})
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 2)
            torch.nn.init.uniform_(module.bias, -1, 1)
            torch.nn.init.uniform_(module.running_mean, -1, 1)
    return net.eval()


def inputs_of(net, module, images):
    """What a module of the network reads."""
    taken = []
    hook = module.register_forward_pre_hook(lambda _, inputs: taken.append(inputs[0]))
    layers.answers({}, Looked(net), images)
    hook.remove()
    return taken[0]


class TestAnswers:
    IMAGES = np.random.default_rng(0).integers(0, 256, (3, 48, 48), np.uint8)

    def test_a_convolution_is_seen_as_the_next_one_reads_it(self):
        net = resnet()
        block = net.stages[0]
        looked = {"stem": net.stem[0], "first": block.conv1}
        found = layers.answers(looked, Looked(net), self.IMAGES)
        torch.testing.assert_close(found["stem"], inputs_of(net, block.conv1, self.IMAGES))
        torch.testing.assert_close(found["first"], inputs_of(net, block.conv2, self.IMAGES))

    def test_what_a_sum_follows_is_seen_behind_its_norm_and_keeps_its_sign(self):
        net = resnet()
        block = net.stages[0]
        found = layers.answers({"second": block.conv2}, Looked(net), self.IMAGES)["second"]
        torch.testing.assert_close(found, inputs_of(net, block.attention, self.IMAGES))
        assert (found < 0).any()

    def test_modules_of_norm_and_activation_are_followed_too(self):
        net = nets.build("vgg13", 7, {"width": 4})
        found = layers.answers({"first": net.features[0]}, Looked(net), self.IMAGES)["first"]
        second = next(m for m in [*net.features][1:] if isinstance(m, torch.nn.Conv2d))
        torch.testing.assert_close(found, inputs_of(net, second, self.IMAGES))


class TestRandomise:
    def test_nothing_that_was_learned_is_left(self):
        net = resnet()
        before = copy.deepcopy(net.state_dict())
        layers.randomise(layers.weighted(net), 1, lambda: net(FACES))
        for name, value in net.state_dict().items():
            if "num_batches" not in name:
                assert not torch.equal(value, before[name]), name

    def test_norms_measure_what_reaches_them(self):
        net = resnet()
        norm = net.stages[1].norm1
        layers.randomise(layers.weighted(net), 1, lambda: net(FACES))
        answers = []
        hook = norm.register_forward_hook(lambda _, inputs, answer: answers.append(answer))
        net(FACES)
        hook.remove()
        assert not norm.training
        torch.testing.assert_close(answers[0].mean((0, 2, 3)), torch.zeros(8), atol=0.05, rtol=0)
        torch.testing.assert_close(answers[0].std((0, 2, 3)), torch.ones(8), atol=0.1, rtol=0)

    def test_layers_that_are_not_named_keep_all_they_have(self):
        net = resnet()
        before = copy.deepcopy(net.state_dict())
        layers.randomise(layers.weighted(net)[-1:], 1, lambda: net(FACES))
        changed = [n for n, v in net.state_dict().items() if not torch.equal(v, before[n])]
        assert changed == ["head.weight", "head.bias"]

    def test_other_seeds_give_other_weights_and_no_other_random_numbers(self):
        first, second = resnet(), resnet()
        torch.manual_seed(5)
        expected = torch.rand(1)
        torch.manual_seed(5)
        layers.randomise(layers.weighted(first), 1, lambda: first(FACES))
        assert torch.equal(torch.rand(1), expected)
        layers.randomise(layers.weighted(second), 2, lambda: second(FACES))
        assert not torch.equal(first.head.weight, second.head.weight)

    @pytest.mark.parametrize("net", nets.names())
    def test_every_architecture_can_be_started_anew(self, net, request):
        if net == "facenet":
            request.getfixturevalue("facenet_package")
        built = nets.build(net, 7, {"width": 8} if "width" in nets.options(net, {}) else {}).eval()
        layers.randomise(layers.weighted(built), 1, lambda: built(FACES[:2]))
