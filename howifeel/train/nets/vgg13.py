"""VGG-13: ten convolutions in five stages (configuration B of Simonyan and Zisserman 2015).

With width 64 it has 9.4 million parameters (without dense layers) and takes torchvision's weights.
"""

from __future__ import annotations

from howifeel.train.nets._vgg import Vgg


def build(
    classes: int,
    width: int = 64,
    dense: tuple[int, ...] = (),
    norm: bool = True,
    last_pool: bool = False,
    dropout: float = 0.1,
) -> Vgg:
    """A fresh network with random weights.

    Args:
        classes: number of logits.
        width: channels of the first stage; each later one has twice as many, at most eight times.
        dense: sizes of fully connected layers after pooling.
        norm: batch normalisation after each convolution.
        last_pool: halve after the last stage too.
        dropout: share of the pooled features that is dropped in training, 0..1.
    """
    return Vgg(classes, (2, 2, 2, 2, 2), width, dense, norm, last_pool, dropout)
