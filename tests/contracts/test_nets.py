import pytest

torch = pytest.importorskip("torch")

from howifeel.classify.runtime import open_session  # noqa: E402
from howifeel.errors import SettingsError  # noqa: E402
from howifeel.train import graph, nets  # noqa: E402


def small(name):
    """Options that make a net quick to test."""
    return {"width": 8} if "width" in nets.options(name, {}) else {}


LARGE = {"facenet"}
"""These have no option that makes them small."""


@pytest.fixture(
    params=[
        pytest.param(name, marks=pytest.mark.slow) if name in LARGE else name
        for name in nets.names()
    ]
)
def net(request):
    if request.param == "facenet":
        request.getfixturevalue("facenet_package")
    torch.manual_seed(0)
    return nets.build(request.param, 7, small(request.param))


@pytest.mark.parametrize("side", [24, 48])
def test_logits_come_from_the_features(net, side):
    net.eval()
    faces = torch.randn(3, 1, side, side)
    logits, answered = net(faces)
    features = net.base(faces)
    assert logits.shape == (3, 7)
    assert len(features) == 3
    assert features.shape[2] == features.shape[3] < side
    assert torch.equal(logits, net.top(features))
    if net.pooled:
        assert torch.allclose(logits, net.head(features.mean((2, 3))), atol=1e-5)
        assert torch.equal(answered, features)
    else:
        assert answered is None


def test_every_weight_gets_a_gradient_once_it_has_moved(net):
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    for _ in range(2):
        optimizer.zero_grad()
        logits, _ = net(torch.randn(8, 1, 48, 48))
        torch.nn.functional.cross_entropy(logits, torch.arange(8) % 7).backward()
        optimizer.step()
    without = [name for name, p in net.named_parameters() if p.grad is None or not p.grad.any()]
    assert without == []


def test_onnx_computes_the_same_for_any_number_of_faces(net):
    with torch.no_grad():
        for _ in range(3):
            net(torch.randn(8, 1, 48, 48))  # moves the running statistics
    for name, value in net.named_parameters():
        if name.endswith(("norm2.weight", "norm3.weight")):
            torch.nn.init.uniform_(value, 0.2, 0.5)
    net.eval()
    model = graph.to_onnx(net, 48)
    assert "BatchNormalization" not in {node.op_type for node in model.graph.node}
    assert model.opset_import[0].version >= 17
    session = open_session(model.SerializeToString(), "net")
    for count in (1, 2, 5):
        assert graph.check_parity(net, session, torch.randn(count, 1, 48, 48)) < 1e-4


@pytest.mark.parametrize("name", nets.names())
def test_a_wrong_option_is_one_sentence(name):
    with pytest.raises(SettingsError, match=f"The net {name} has no option 'colour'; it has "):
        nets.options(name, {"colour": 3})
    option = next(iter(nets.options(name, {})))
    with pytest.raises(SettingsError, match=f"The net's {option} cannot be 'much'"):
        nets.options(name, {option: "much"})


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("resnet", {"strides": [1, 2]}, "strides must name"),
        ("resnet", {"attention": "all"}, "attention must be one of"),
        ("vit", {"embedding": 30}, "multiple of 4"),
        ("facenet", {"inside": 48}, "inside must be at least 80"),
    ],
)
def test_options_that_do_not_fit_are_one_sentence(name, options, sentence):
    with pytest.raises(SettingsError, match=f"The net {name} cannot be built: .*{sentence}"):
        nets.build(name, 7, options)


@pytest.mark.parametrize("attention", ["se", "cbam"])
@pytest.mark.parametrize("name", ["resnet", "resnet50"])
def test_attention_weighs_what_passes(name, attention):
    torch.manual_seed(0)
    weighed = nets.build(name, 7, {"width": 8, "attention": attention}).train()
    logits, features = weighed(torch.randn(4, 1, 48, 48))
    logits.sum().backward()
    for block in weighed.stages:
        assert block.attention.weigh[0].weight.grad is not None
    assert features.isfinite().all()


def test_dense_layers_end_the_activation_maps():
    net = nets.build("vgg16", 7, {"width": 8, "dense": [16, 12], "norm": False}).eval()
    logits, features = net(torch.randn(2, 1, 48, 48))
    assert features is None
    assert logits.shape == (2, 7)
    assert net.head.in_features == 12
