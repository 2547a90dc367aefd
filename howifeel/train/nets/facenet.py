"""FaceNet: facenet-pytorch's InceptionResnetV1 as the base, for expressions instead of people.

Schroff et al. 2015 for the idea, Szegedy et al. 2017 for the network. It takes weights that were
trained on faces through a recipe's `start`: the file `20180402-114759-vggface2.pt` of the project
facenet-pytorch. Needs the package facenet-pytorch.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from howifeel import facenet
from howifeel.train.nets._net import Net, pool

_LAYERS = (
    "conv2d_1a", "conv2d_2a", "conv2d_2b", "maxpool_3a", "conv2d_3b", "conv2d_4a", "conv2d_4b",
    "repeat_1", "mixed_6a", "repeat_2", "mixed_7a", "repeat_3", "block8",
)  # fmt: skip
_SMALLEST_PX = 80


class FaceNet(Net):
    """The layers of InceptionResnetV1 up to global average pooling, one linear layer.

    Args:
        classes: number of logits.
        inside: side in pixels to which faces are enlarged, as the network halves them often.
        dropout: share of the pooled features that is dropped in training, 0..1.

    Raises:
        MissingPackageError: facenet-pytorch is not installed.
        ValueError: `inside` is too small.
    """

    def __init__(self, classes: int, inside: int, dropout: float) -> None:
        super().__init__()
        if inside < _SMALLEST_PX:
            raise ValueError(f"inside must be at least {_SMALLEST_PX}")
        whole = facenet.package().InceptionResnetV1(pretrained=None)
        self.layers = nn.Sequential()
        for name in _LAYERS:
            self.layers.add_module(name, getattr(whole, name))
        self.inside = inside
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(1792, classes)

    def base(self, faces: Tensor) -> Tensor:
        """Features (n, 1792, h, w) of the enlarged faces."""
        large = functional.interpolate(faces, (self.inside, self.inside), mode="bilinear")
        return self.layers(large.expand(-1, 3, -1, -1))

    def top(self, features: Tensor) -> Tensor:
        """Logits of the pooled features."""
        return self.head(self.dropout(pool(features)))

    def translate(self, state: dict[str, Tensor]) -> dict[str, Tensor]:
        """From the names of facenet-pytorch."""
        return {
            f"layers.{name}" if name.split(".")[0] in _LAYERS else name: value
            for name, value in state.items()
        }


def build(classes: int, inside: int = 96, dropout: float = 0.3) -> FaceNet:
    """A fresh network with random weights.

    Args:
        classes: number of logits.
        inside: side in pixels to which faces are enlarged.
        dropout: share of the pooled features that is dropped in training, 0..1.
    """
    return FaceNet(classes, inside, dropout)
