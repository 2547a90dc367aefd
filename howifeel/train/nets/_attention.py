from __future__ import annotations

import torch
from torch import Tensor, nn

KINDS = ("", "se", "cbam")


def attention(kind: str, channels: int) -> nn.Module:
    """A layer that weighs its input: "se", "cbam", or "" for none."""
    if kind not in KINDS:
        raise ValueError(f"attention must be one of {', '.join(map(repr, KINDS))}")
    return {"": nn.Identity, "se": SqueezeExcite, "cbam": BlockAttention}[kind](channels)


class SqueezeExcite(nn.Module):
    """Channels are weighed by what all cells say together (Hu et al. 2018, section 3)."""

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        inner = max(4, channels // reduction)
        self.weigh = nn.Sequential(
            nn.Conv2d(channels, inner, 1), nn.ReLU(), nn.Conv2d(inner, channels, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.weigh(x.mean((2, 3), keepdim=True)))


class BlockAttention(nn.Module):
    """Channels, then cells, are weighed by their means and maxima (CBAM, Woo et al. 2018)."""

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        inner = max(4, channels // reduction)
        self.weigh = nn.Sequential(
            nn.Conv2d(channels, inner, 1), nn.ReLU(), nn.Conv2d(inner, channels, 1)
        )
        self.where = nn.Conv2d(2, 1, 7, padding=3, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        mean, most = x.mean((2, 3), keepdim=True), x.amax((2, 3), keepdim=True)
        x = x * torch.sigmoid(self.weigh(mean) + self.weigh(most))
        cells = torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)
        return x * torch.sigmoid(self.where(cells))
