"""The package facenet-pytorch, imported beside any build of PyTorch.

It imports torchvision, and the torchvision that PyPI offers is built for PyTorch with CUDA; beside
a PyTorch for CPUs alone its operators are missing. facenet-pytorch needs one of them, non-maximum
suppression.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from howifeel.errors import MissingPackageError

if TYPE_CHECKING:
    from torch import Tensor

_LIBRARIES: list[Any] = []
"""Operators live as long as their library."""


def package() -> ModuleType:
    """The module `facenet_pytorch`.

    Raises:
        MissingPackageError: it, torch or torchvision is missing or damaged.
    """
    try:
        _provide_operators()
        return importlib.import_module("facenet_pytorch")
    except (ImportError, RuntimeError) as error:
        raise MissingPackageError(
            f"The package facenet-pytorch cannot be loaded ({error}); run: "
            'pip install "howifeel[face]"'
        ) from error


def _provide_operators() -> None:
    """Give torchvision its operator where it has none."""
    if _LIBRARIES:
        return
    try:
        importlib.import_module("torchvision.ops")
        return
    except RuntimeError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
    import torch

    library = torch.library.Library("torchvision", "DEF")
    library.define("nms(Tensor boxes, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor boxes, Tensor scores, float iou_threshold) -> Tensor")
    library.impl("nms", _nms, "CPU")
    _LIBRARIES.append(library)
    extension: Any = importlib.import_module("torchvision.extension")
    extension._has_ops = lambda: True


def _nms(boxes: Tensor, scores: Tensor, iou_threshold: float) -> Tensor:
    """Positions int64 of the boxes, float (n, 4), that no better one overlaps by more."""
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    order = scores.argsort(descending=True)
    kept = []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(int(best))
        low = boxes[order, :2].maximum(boxes[best, :2])
        high = boxes[order, 2:].minimum(boxes[best, 2:])
        shared = (high - low).clamp(min=0).prod(1)
        order = order[shared <= iou_threshold * (areas[best] + areas[order] - shared)]
    return order.new_tensor(kept)
