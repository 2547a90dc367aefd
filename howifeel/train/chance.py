"""Random numbers for a batch of faces, drawn where the faces are."""

from __future__ import annotations

import numpy as np
import torch
from torch import Generator, Tensor


class Chance:
    """The only source of randomness of augmentation; the same seed gives the same numbers.

    Numbers for each face come from the device, numbers for a whole batch from the host, so that
    nobody waits for the device.

    Args:
        seed: start of both.
        device: where the faces are.
    """

    def __init__(self, seed: int, device: torch.device) -> None:
        self.device = device
        self.host = np.random.default_rng(seed)
        self.generator = Generator(device).manual_seed(seed)

    def uniform(self, *shape: int) -> Tensor:
        """float32 between 0 and 1."""
        return torch.rand(shape, generator=self.generator, device=self.device)

    def signed(self, *shape: int) -> Tensor:
        """float32 between -1 and 1."""
        return 2 * self.uniform(*shape) - 1

    def normal(self, *shape: int) -> Tensor:
        """float32 with mean 0 and deviation 1."""
        return torch.randn(shape, generator=self.generator, device=self.device)

    def chosen(self, count: int, probability: float) -> Tensor:
        """Which faces are changed, bool (count, 1, 1, 1)."""
        return self.uniform(count, 1, 1, 1) < probability

    def order(self, count: int) -> Tensor:
        """A random order, int64 (count,)."""
        return torch.randperm(count, generator=self.generator, device=self.device)
