"""A net that is widened computes what the narrow one computed, but for a little noise."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from howifeel.errors import SettingsError
from howifeel.train import nets, pretrained
from howifeel.train.nets import Net
from howifeel.train.recipe import Recipe


def vgg(width: int, name: str = "vgg8") -> Net:
    torch.manual_seed(0)
    net = nets.build(name, 7, {"width": width})
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.running_mean)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
            torch.nn.init.normal_(module.bias)
    return net.eval()


def widen(tmp_path: Path, start: Net, net: Net) -> str:
    torch.save(start.state_dict(), tmp_path / "start.pt")
    return pretrained.prepare(net, Recipe(start=str(tmp_path / "start.pt"), widen=True))


def test_a_wider_net_answers_like_the_narrow_one(tmp_path: Path) -> None:
    narrow, wide = vgg(4), vgg(7)
    faces = torch.randn(8, 1, 48, 48)
    assert widen(tmp_path, narrow, wide).startswith("widened from ")
    with torch.inference_mode():
        expected, found = narrow(faces)[0], wide(faces)[0]
    assert (found - expected).std() < 0.2 * expected.std()
    assert not torch.equal(found, expected), "copies without noise would stay copies for ever"


def test_the_same_width_takes_the_weights_as_they_are(tmp_path: Path) -> None:
    narrow, same = vgg(4), nets.build("vgg8", 7, {"width": 4})
    widen(tmp_path, narrow, same)
    for name, value in narrow.state_dict().items():
        assert torch.equal(value, same.state_dict()[name]), name


@pytest.mark.parametrize(
    ("start", "net", "message"),
    [
        (("vgg8", 8), ("vgg8", 4), "choose a greater width"),
        (("compact", 8), ("vgg8", 8), "choose the start's net"),
        (("resnet", 8), ("resnet", 12), "no link of one"),
    ],
)
def test_what_cannot_be_widened(
    tmp_path: Path, start: tuple[str, int], net: tuple[str, int], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        widen(tmp_path, vgg(start[1], start[0]), vgg(net[1], net[0]))


def test_widening_needs_a_start() -> None:
    with pytest.raises(SettingsError, match="widen"):
        Recipe(widen=True)
