"""The network that tells real faces from made ones."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

_HALVINGS = 4


class Discriminator(nn.Module):
    """Convolutions that halve the side four times (Choi et al. 2018, appendix).

    Spectral normalisation (Miyato et al. 2018) keeps it steady; it costs far less than a penalty
    on gradients.

    Args:
        width: channels of the first layer; each layer doubles them.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 1
        for outputs in (width * 2**place for place in range(_HALVINGS)):
            layers += [spectral_norm(nn.Conv2d(inputs, outputs, 4, 2, 1)), nn.LeakyReLU(0.01)]
            inputs = outputs
        self.layers = nn.Sequential(*layers)
        self.real = spectral_norm(nn.Conv2d(inputs, 1, 3, padding=1))

    def forward(self, faces: Tensor) -> Tensor:
        """How real each part of the faces looks, float (n, 1, 3, 3).

        Args:
            faces: float32 (n, 1, 48, 48), -1 to 1.
        """
        return self.real(self.layers(faces))
