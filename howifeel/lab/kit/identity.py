"""Whether two pictures show the same person.

Embeddings of a network for that (Schroff et al. 2015, "FaceNet") tell it best. facenet-pytorch has
one, whose weights do not come with its package; without them only stand-ins are left, which
compare pictures and not people: structural similarity (Wang et al. 2004), and whether a face is
found again among all others by its shape.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from howifeel import facenet
from howifeel.errors import AssetError
from howifeel.lab.kit.hog import hog

WEIGHTS = "20180402-114759-vggface2.pt"
"""The file of facenet-pytorch's weights for faces."""

_SIDE = 160
_BATCH = 32

Pictures = NDArray[np.uint8]


def alike(first: Pictures, second: Pictures) -> NDArray[np.float64]:
    """Structural similarity of each pair of faces uint8 (n, 48, 48), float64 (n,), 1: the same."""
    values = [
        structural_similarity(
            one, other, data_range=255, gaussian_weights=True, use_sample_covariance=False
        )
        for one, other in zip(first, second, strict=True)
    ]
    return np.array(values, np.float64)


def found_again(originals: Pictures, changed: Pictures) -> NDArray[np.bool_]:
    """Whether each changed face, uint8 (n, 48, 48), is nearest to its own original, bool (n,).

    Nearest is the greatest cosine of histograms of oriented gradients.
    """
    return _nearest(hog(originals), hog(changed)) == np.arange(len(originals))


def weights_file(given: Path | None) -> Path | None:
    """The file of the weights: the given one, or that which facenet-pytorch has downloaded before.

    Raises:
        AssetError: the given one does not exist.
    """
    if given is not None:
        if not given.is_file():
            raise AssetError(f"There is no file {given}; name {WEIGHTS} of facenet-pytorch.")
        return given
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    home = Path(os.environ.get("TORCH_HOME", Path(cache, "torch"))).expanduser()
    found = home / "checkpoints" / WEIGHTS
    return found if found.is_file() else None


class Embedder:
    """facenet-pytorch's network for faces.

    Args:
        weights: a state dictionary of tensors alone.

    Raises:
        MissingPackageError: facenet-pytorch is missing.
        AssetError: the file is damaged or of another network.
    """

    def __init__(self, weights: Path) -> None:
        self._net: Any = facenet.package().InceptionResnetV1(pretrained=None).eval()
        try:
            values = torch.load(weights, map_location="cpu", weights_only=True)
            missing, _ = self._net.load_state_dict(values, strict=False)
        except Exception as error:  # torch.load raises whatever its decoders raise
            raise AssetError(f"{weights} is damaged; use a complete copy.") from error
        if missing:
            raise AssetError(f"{weights} is of another network; name {WEIGHTS}.")

    @torch.no_grad()
    def embeddings(self, images: Pictures) -> NDArray[np.float32]:
        """Unit vectors, float32 (n, 512), of faces uint8 (n, 48, 48)."""
        parts = []
        for start in range(0, len(images), _BATCH):
            large = np.stack(
                [cv2.resize(image, (_SIDE, _SIDE)) for image in images[start : start + _BATCH]]
            )
            faces = torch.from_numpy((large.astype(np.float32) - 127.5) / 128)
            parts.append(self._net(faces.unsqueeze(1).expand(-1, 3, -1, -1)).numpy())
        return np.concatenate(parts)


def _nearest(known: NDArray[np.float32], asked: NDArray[np.float32]) -> NDArray[np.intp]:
    unit = [each / np.maximum(np.linalg.norm(each, axis=1, keepdims=True), 1e-9)
            for each in (known, asked)]  # fmt: skip
    return (unit[1] @ unit[0].T).argmax(1)
