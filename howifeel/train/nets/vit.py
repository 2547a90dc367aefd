"""A small vision transformer: patches of the face as words, mean of all words at the end.

Dosovitskiy et al. 2021, with fixed positions and mean pooling as in Beyer et al. 2022, "Better
plain ViT baselines" (arXiv 2205.01580). With an embedding of 192 numbers it has 2.7 million
parameters.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from howifeel.train.nets._net import Net, pool


class _Layer(nn.Module):
    def __init__(self, embedding: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(embedding)
        self.mix = nn.Linear(embedding, 3 * embedding)
        self.out = nn.Linear(embedding, embedding)
        self.norm2 = nn.LayerNorm(embedding)
        self.think = nn.Sequential(
            nn.Linear(embedding, 4 * embedding), nn.GELU(), nn.Linear(4 * embedding, embedding)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, words: Tensor) -> Tensor:
        count, length, embedding = words.shape
        mixed = self.mix(self.norm1(words)).view(
            count, length, 3, self.heads, embedding // self.heads
        )
        query, key, value = mixed.permute(2, 0, 3, 1, 4).unbind(0)
        seen = functional.scaled_dot_product_attention(query, key, value)
        words = words + self.dropout(
            self.out(seen.transpose(1, 2).reshape(count, length, embedding))
        )
        return words + self.dropout(self.think(self.norm2(words)))


class VisionTransformer(Net):
    """Patches, layers of attention, mean over the patches, one linear layer.

    Args:
        classes: number of logits.
        embedding: numbers that describe a patch; a multiple of 4 and of heads.
        layers: layers of attention.
        heads: attention heads of each layer.
        patch: side of a patch in pixels.
        dropout: share dropped after each layer, 0..1.

    Raises:
        ValueError: embedding is no multiple of 4 and of heads.
    """

    def __init__(
        self, classes: int, embedding: int, layers: int, heads: int, patch: int, dropout: float
    ) -> None:
        super().__init__()
        if embedding % heads or embedding % 4:
            raise ValueError("embedding must be a multiple of 4 and of heads")
        self.patches = nn.Conv2d(1, embedding, patch, patch)
        self.layers = nn.Sequential(*(_Layer(embedding, heads, dropout) for _ in range(layers)))
        self.norm = nn.LayerNorm(embedding)
        self.head = nn.Linear(embedding, classes)

    def base(self, faces: Tensor) -> Tensor:
        """The described patches as a map (n, embedding, rows, columns)."""
        patches = self.patches(faces)
        count, embedding, rows, columns = patches.shape
        words = patches.flatten(2).transpose(1, 2) + _positions(
            rows, columns, embedding, patches.device
        ).to(patches.dtype)
        words = self.norm(self.layers(words))
        return words.transpose(1, 2).reshape(count, embedding, rows, columns)

    def top(self, features: Tensor) -> Tensor:
        """Logits of the mean patch."""
        return self.head(pool(features))


def _positions(rows: int, columns: int, embedding: int, device: torch.device) -> Tensor:
    """Sines and cosines of row and column, float32 (rows * columns, embedding)."""

    def count(end: int) -> Tensor:
        return torch.arange(end, device=device, dtype=torch.float32)

    frequencies = torch.exp(-math.log(10_000) * count(embedding // 4) / (embedding // 4))
    places = torch.meshgrid(count(rows), count(columns), indexing="ij")
    angles = torch.cat([place.reshape(-1, 1) * frequencies for place in places], 1)
    return torch.cat((angles.sin(), angles.cos()), 1)


def build(
    classes: int,
    embedding: int = 192,
    layers: int = 6,
    heads: int = 4,
    patch: int = 6,
    dropout: float = 0.1,
) -> VisionTransformer:
    """A fresh network with random weights.

    Args:
        classes: number of logits.
        embedding: numbers that describe a patch; a multiple of 4 and of heads.
        layers: layers of attention.
        heads: attention heads of each layer.
        patch: side of a patch in pixels.
        dropout: share dropped after each layer, 0..1.
    """
    return VisionTransformer(classes, embedding, layers, heads, patch, dropout)
