"""What the two networks of a translation are trained on (Choi et al. 2018, section 3.1).

The adversarial part is the hinge loss (Lim and Ye 2017, "Geometric GAN"), which goes with spectral
normalisation, in place of the paper's Wasserstein loss.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional

EXPRESSION_WEIGHT, CYCLE_WEIGHT, CYCLE_FROM = 10.0, 10.0, 0.25
"""Weights of the expression and of the way back, against the adversarial part (1 and 10 in the
paper), and the share of the training after which the latter is reached."""


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

    def total(self, share: float) -> Tensor:
        """The weighted sum after a share of the training, 0..1.

        The way back counts fully only after `CYCLE_FROM`: a generator that must keep faces from the
        first step on learns nothing else.
        """
        cycle_weight = CYCLE_WEIGHT * min(1.0, share / CYCLE_FROM)
        return self.fooled + EXPRESSION_WEIGHT * self.expression + cycle_weight * self.cycle


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
