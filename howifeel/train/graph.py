"""A trained network as an ONNX graph that computes the same."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from howifeel.errors import HowIFeelError
from howifeel.train.nets import Net

OPSET = 17
TOLERANCE = 1e-4
"""Greatest difference between PyTorch and ONNX Runtime, relative to 1 + the value."""


class ExportError(HowIFeelError):
    """The ONNX file does not compute what the network computes."""


class Mirrored(Net):
    """A network that looks at each face and at its mirror image, and answers the mean of both.

    Its features are the mean of both, too, those of the mirror image turned back.

    Args:
        net: the network.
    """

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net
        self.head = net.head

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor | None]:
        """As of the network itself."""
        count = faces.shape[0]
        logits, features = self.net(torch.cat([faces, faces.flip(3)]))
        if features is not None:
            features = (features[:count] + features[count:].flip(3)) / 2
        return (logits[:count] + logits[count:]) / 2, features


class Together(Net):
    """Several networks that answer the mean of their logits.

    Every other one sees the mirror image of the face, so that they differ in that, too. Their
    features stand one behind the other, those of the mirror image turned back; there are none
    where one of them has none, or another number of cells.

    Args:
        nets: at least two, in evaluation mode.
        size: side of the faces in pixels.
    """

    def __init__(self, nets: Sequence[Net], size: int) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)
        heads = [net.head for net in nets]
        self.head = nn.Linear(sum(head.in_features for head in heads), heads[0].out_features)
        with torch.no_grad():
            self.head.weight.copy_(torch.cat([head.weight for head in heads], 1) / len(nets))
            self.head.bias.copy_(torch.stack([head.bias for head in heads]).mean(0))
            maps = [net(torch.zeros(1, 1, size, size))[1] for net in nets]
        cells = {None if each is None else each.shape[2:] for each in maps}
        self.pooled = len(cells) == 1 and None not in cells

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor | None]:
        """See `Net`."""
        logits, maps = [], []
        for place, net in enumerate(self.nets):
            turned = place % 2 == 1
            answer, features = net(faces.flip(3) if turned else faces)
            logits.append(answer)
            if self.pooled and features is not None:
                maps.append(features.flip(3) if turned else features)
        return torch.stack(logits).mean(0), torch.cat(maps, 1) if self.pooled else None


class Outputs(nn.Module):
    """A network with the outputs that a model file has.

    Args:
        net: with seven logits.
    """

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, faces: Tensor) -> tuple[Tensor, ...]:
        """Logits (n, 7); where there are features, also these and activation maps (n, 7, h, w).

        The mean of an activation map plus the bias of its expression is its logit (Zhou et al.
        2016, "Learning deep features for discriminative localization", section 2).
        """
        logits, features = self.net(faces)
        if features is None:
            return (logits,)
        weights = self.net.head.weight[:, :, None, None]
        return logits, features, functional.conv2d(features, weights)


def to_onnx(net: Net, size: int) -> onnx.ModelProto:
    """The net as ONNX: `face` (N, 1, size, size) in; `logits`, `features`, `cam` out; norms folded.

    Args:
        net: in evaluation mode; see `Outputs`.
        size: side of the input in pixels.
    """
    whole = Outputs(net).eval()
    faces = torch.zeros(2, 1, size, size)
    with torch.no_grad():
        names = ["logits", "features", "cam"][: len(whole(faces))]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        path = Path(folder, "net.onnx")
        torch.onnx.export(
            whole,
            (faces,),
            path,
            input_names=["face"],
            output_names=names,
            dynamic_axes={name: {0: "N"} for name in ("face", *names)},
            opset_version=OPSET,
            do_constant_folding=True,
            dynamo=False,
        )
        return onnx.load(path)


@torch.no_grad()
def check_parity(net: Net, session: ort.InferenceSession, batch: Tensor) -> float:
    """Compare PyTorch and ONNX Runtime on a normalised batch, float32 (n, 1, size, size).

    Returns:
        The greatest difference, relative to 1 + the value.

    Raises:
        ExportError: it exceeds `TOLERANCE`, or the activation maps do not add up to the logits.
    """
    wanted = Outputs(net)(batch)
    given = [torch.from_numpy(np.asarray(g)) for g in session.run(None, {"face": batch.numpy()})]
    worst = max(_difference(g, w) for g, w in zip(given, wanted, strict=True))
    if len(given) == 3:
        summed = given[2].mean((2, 3)) + net.head.bias
        worst = max(worst, _difference(summed, wanted[0]))
    if not worst <= TOLERANCE:
        raise ExportError(
            f"The exported model differs from the network by {worst:.1e}, more than {TOLERANCE}; "
            "nothing was written."
        )
    return worst


def check_batches(images: NDArray[np.float32], seed: int = 0) -> tuple[Tensor, ...]:
    """What to compare on: noise, one face of noise, and the given faces (n, 1, size, size)."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(8, *images.shape[1:], generator=generator)
    return noise, noise[:1], torch.from_numpy(images)


def _difference(given: Tensor, wanted: Tensor) -> float:
    return float((given - wanted).abs().div(1 + wanted.abs()).max())
