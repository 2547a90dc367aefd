"""The small convolutional network of many tutorials: four convolutions, three dense layers.

It is here to be compared with. It has no normalisation, so faces in a batch do not influence each
other.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from howifeel.train.nets._net import Dense, Net, initialise

_CELLS = 3
"""Side of the features of a face of 48x48."""


class Cnn(Net):
    """Four times convolution, ReLU and pooling; then three fully connected layers.

    Args:
        classes: number of logits.
        width: channels of the first convolution; each later one has twice as many.
        dense: sizes of the first two dense layers.
        dropout: share dropped after each of these, 0..1.
    """

    pooled = False

    def __init__(self, classes: int, width: int, dense: tuple[int, ...], dropout: float) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 1
        for stage in range(4):
            outputs = width * 2**stage
            layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
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
    classes: int, width: int = 32, dense: tuple[int, ...] = (256, 128), dropout: float = 0.5
) -> Cnn:
    """A fresh network with random weights.

    Args:
        classes: number of logits.
        width: channels of the first convolution; each later one has twice as many.
        dense: sizes of the first two dense layers.
        dropout: share dropped after each of these, 0..1.
    """
    return Cnn(classes, width, dense, dropout)
