"""Lets torchvision be imported beside a PyTorch without CUDA.

The torchvision that PyPI offers is built for PyTorch with CUDA; beside a PyTorch for CPUs alone its
operators are missing. facenet-pytorch needs one of them, non-maximum suppression.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import torch
from torch import Tensor

_LIBRARIES: list[torch.library.Library] = []
"""Operators live as long as their library."""


def provide() -> None:
    """Give torchvision its operator where it has none; does nothing where it works or is absent."""
    if _LIBRARIES:
        return
    try:
        importlib.import_module("torchvision.ops")
        return
    except ImportError:
        return
    except RuntimeError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
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
        low = torch.maximum(boxes[best, :2], boxes[order, :2])
        high = torch.minimum(boxes[best, 2:], boxes[order, 2:])
        shared = (high - low).clamp(min=0).prod(1)
        order = order[shared <= iou_threshold * (areas[best] + areas[order] - shared)]
    return torch.tensor(kept, dtype=torch.long)
