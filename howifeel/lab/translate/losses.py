"""What the two networks of a translation are trained on (Choi et al. 2018, section 3.1).

The adversarial part is the hinge loss (Lim and Ye 2017, "Geometric GAN"), which goes with spectral
normalisation, in place of the paper's Wasserstein loss.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional

EXPRESSION_WEIGHT, CYCLE_WEIGHT = 5.0, 10.0
"""Of the expression and of the way back, against the adversarial part.

With the paper's weight of the expression, 1, the generator learns to keep faces as they are.
"""


@dataclass(frozen=True, slots=True, eq=False)
class GeneratorLoss:
    """The parts of the generator's loss.

    Attributes:
        fooled: how fake its faces look, hinge; may be below 0.
        expression: cross-entropy of the wanted expressions in its faces, as the guide reads them.
        cycle: mean distance of pixels, -1..1, between a face and the face changed there and back.
    """

    fooled: Tensor
    expression: Tensor
    cycle: Tensor

    @property
    def total(self) -> Tensor:
        """The weighted sum."""
        return self.fooled + EXPRESSION_WEIGHT * self.expression + CYCLE_WEIGHT * self.cycle


def generator(
    realness: Tensor, logits: Tensor, wanted: Tensor, faces: Tensor, back: Tensor
) -> GeneratorLoss:
    """The generator's loss.

    Args:
        realness: of its faces, float, any shape.
        logits: what the guide says of its faces, float (n, 7).
        wanted: expressions that it was told, int64 (n,).
        faces: what it was given, float (n, 1, 48, 48).
        back: the same, changed there and back.
    """
    return GeneratorLoss(
        -realness.mean(), functional.cross_entropy(logits, wanted), functional.l1_loss(back, faces)
    )


def discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """The discriminator's loss, hinge on real and made faces.

    Args:
        real: how real the real faces look, float, any shape.
        fake: the same of the made ones.
    """
    return functional.relu(1 - real).mean() + functional.relu(1 + fake).mean()
