import pytest

torch = pytest.importorskip("torch")

from howifeel import plugins  # noqa: E402
from howifeel.train import export  # noqa: E402
from howifeel.train.evaluate import open_session  # noqa: E402

PACKAGE = "howifeel.train.nets"


@pytest.fixture(params=plugins.names(PACKAGE))
def net(request):
    torch.manual_seed(0)
    return plugins.load(PACKAGE, request.param).build(7, width=8, dropout=0.1)


@pytest.mark.parametrize("side", [24, 48])
def test_logits_come_from_pooled_features(net, side):
    net.eval()
    logits, features = net(torch.randn(3, 1, side, side))
    assert logits.shape == (3, 7)
    assert features.shape[0] == 3
    assert features.shape[2] == features.shape[3] < side
    assert torch.allclose(logits, net.head(features.mean((2, 3))), atol=1e-5)


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
    for _ in range(3):
        net(torch.randn(16, 1, 48, 48))  # moves the running statistics
    for name, value in net.named_parameters():
        if name.endswith("norm2.weight"):
            torch.nn.init.uniform_(value, 0.5, 1.5)
    net.eval()
    model = export.to_onnx(net, 48)
    assert "BatchNormalization" not in {node.op_type for node in model.graph.node}
    assert model.opset_import[0].version >= 17
    session = open_session(model.SerializeToString(), "net")
    for count in (1, 2, 5):
        assert export.check_parity(net, session, torch.randn(count, 1, 48, 48)) < 1e-4
