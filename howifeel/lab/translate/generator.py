"""The network that is given a face and an expression, and answers the face with that expression."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from howifeel import emotions

_CLASSES = len(emotions.NAMES)


class Generator(nn.Module):
    """Down twice, some residual blocks, up twice; the answer is a change that is added to the face.

    The layers are those of Choi et al. 2018 (appendix) with fewer channels, but for the way up,
    where transposed convolutions would leave a chequered pattern (Odena et al. 2016, "Deconvolution
    and checkerboard artifacts"). It begins with hardly any change, so that a short training already
    keeps who is seen.

    Args:
        width: channels of the first layer; each halving of the side doubles them.
        blocks: residual blocks at a quarter of the side.
    """

    def __init__(self, width: int, blocks: int) -> None:
        super().__init__()
        self.enter = _Layer(nn.Conv2d(1 + _CLASSES, width, 5, padding=2, bias=False))
        self.down = nn.Sequential(
            _Layer(nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False)),
            _Layer(nn.Conv2d(2 * width, 4 * width, 4, 2, 1, bias=False)),
        )
        self.blocks = nn.Sequential(*(_Residual(4 * width) for _ in range(blocks)))
        self.up = nn.Sequential(
            nn.Upsample(scale_factor=2, mode="bilinear"),
            _Layer(nn.Conv2d(4 * width, 2 * width, 3, padding=1, bias=False)),
            nn.Upsample(scale_factor=2, mode="bilinear"),
            _Layer(nn.Conv2d(2 * width, width, 3, padding=1, bias=False)),
        )
        self.leave = nn.Conv2d(width, 1, 5, padding=2)
        with torch.no_grad():
            for parameter in self.leave.parameters():
                parameter.normal_(std=1e-3)

    def forward(self, faces: Tensor, wanted: Tensor) -> Tensor:
        """The faces with the wanted expressions.

        Args:
            faces: float32 (n, 1, 48, 48), -1 (black) to 1 (white).
            wanted: int64 (n,), positions in `emotions.NAMES`.

        Returns:
            float32 (n, 1, 48, 48), -1 to 1.
        """
        flags = functional.one_hot(wanted, _CLASSES).to(faces.dtype)[:, :, None, None]
        told = torch.cat([faces, flags.expand(-1, -1, *faces.shape[2:])], 1)
        change = torch.tanh(self.leave(self.up(self.blocks(self.down(self.enter(told))))))
        return (faces + change).clamp(-1, 1)


class _Layer(nn.Sequential):
    def __init__(self, convolution: nn.Conv2d) -> None:
        norm = nn.InstanceNorm2d(convolution.out_channels, affine=True)
        super().__init__(convolution, norm, nn.ReLU())


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            _Layer(nn.Conv2d(channels, channels, 3, padding=1, bias=False)),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.InstanceNorm2d(channels, affine=True),
        )

    def forward(self, features: Tensor) -> Tensor:
        return features + self.layers(features)
