"""A VGG of eight convolutions whose dense layers are replaced by global average pooling.

The stages are those of Khaireddin and Chen 2021 (arXiv 2105.03588). With width 64 it has
4.7 million parameters, needs 468 million multiplications for a face of 48x48, and has features of
6x6 cells.
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
        width: channels of the first stage; each later stage has twice as many.
        dense: sizes of fully connected layers after pooling.
        norm: batch normalisation after each convolution.
        last_pool: halve after the last stage too.
        dropout: share of the pooled features that is dropped in training, 0..1.
    """
    return Vgg(classes, (2, 2, 2, 2), width, dense, norm, last_pool, dropout)
