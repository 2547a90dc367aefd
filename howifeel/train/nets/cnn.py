"""The small convolutional network of many tutorials: some convolutions, then dense layers.

It is here to be compared with. It has no normalisation, so faces in a batch do not influence each
other.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from howifeel.train.nets._net import Dense, Net, initialise

_CELLS = 3
"""Side of the features that the dense layers read: that of a face of 48x48, four times halved."""

_DEEPEST = 4


class Cnn(Net):
    """Convolution, ReLU and pooling, four times by default; then fully connected layers.

    Args:
        classes: number of logits.
        width: channels of the first convolution; each later one has twice as many.
        dense: sizes of the dense layers before the last one.
        dropout: share dropped after each of these, 0..1.
        depth: number of convolutions.
        kernel: side of their kernels, an odd number.

    Raises:
        ValueError: a face of 48 pixels cannot be halved so often, or the kernel is even.
    """

    pooled = False

    def __init__(
        self,
        classes: int,
        width: int,
        dense: tuple[int, ...],
        dropout: float,
        depth: int,
        kernel: int,
    ) -> None:
        super().__init__()
        if not 1 <= depth <= _DEEPEST:
            raise ValueError(f"depth must lie between 1 and {_DEEPEST}")
        if kernel < 1 or kernel % 2 == 0:
            raise ValueError("kernel must be odd")
        layers: list[nn.Module] = []
        inputs = 1
        for stage in range(depth):
            outputs = width * 2**stage
            convolution = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)
            layers += [convolution, nn.ReLU(), nn.MaxPool2d(2)]
            inputs = outputs
        self.features = nn.Sequential(*layers)
        self.dense = Dense(inputs * _CELLS**2, dense, dropout)
        self.head = nn.Linear(self.dense.outputs, classes)
        initialise(self)

    def base(self, faces: Tensor) -> Tensor:
        """Features of the last convolution."""
        return self.features(faces)

    def top(self, features: Tensor) -> Tensor:
        """Logits; maps of another side than 3 are resampled to it."""
        cells = functional.adaptive_avg_pool2d(features, _CELLS)
        return self.head(self.dense(cells.flatten(1)))


def build(
    classes: int,
    width: int = 32,
    dense: tuple[int, ...] = (256, 128),
    dropout: float = 0.5,
    depth: int = 4,
    kernel: int = 3,
) -> Cnn:
    """A fresh network with random weights.

    Args:
        classes: number of logits.
        width: channels of the first convolution; each later one has twice as many.
        dense: sizes of the dense layers before the last one.
        dropout: share dropped after each of these, 0..1.
        depth: number of convolutions, 1 to 4.
        kernel: side of their kernels, an odd number.
    """
    return Cnn(classes, width, dense, dropout, depth, kernel)
