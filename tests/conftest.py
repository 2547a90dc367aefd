"""Fixtures that many tests share."""

import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# A busy machine makes no test fail; pytest-timeout ends what hangs.
settings.register_profile("howifeel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("howifeel")


@pytest.fixture(scope="session")
def astronaut():
    """A portrait, uint8 (512, 512, 3), BGR; one face at about (181, 62) to (268, 172)."""
    data = pytest.importorskip("skimage.data")
    return np.ascontiguousarray(data.astronaut()[:, :, ::-1])


@pytest.fixture(scope="session")
def torchvision_ops():
    """Makes a torchvision for CUDA importable beside a CPU torch, by giving it its one operator.

    torchvision's wheel from PyPI brings no CPU operators. The only one that MTCNN needs is
    non-maximum suppression.
    """
    torch = pytest.importorskip("torch")
    try:
        import torchvision.ops

        return
    except RuntimeError:
        for name in [n for n in sys.modules if n.split(".")[0] == "torchvision"]:
            del sys.modules[name]
    library = torch.library.Library("torchvision", "DEF")
    library.define("nms(Tensor boxes, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor boxes, Tensor scores, float iou_threshold) -> Tensor")
    library.impl("nms", _nms, "CPU")
    torchvision_ops.library = library  # operators live as long as their library object
    import torchvision.extension

    torchvision.extension._has_ops = lambda: True


def _nms(boxes, scores, iou_threshold):
    import torch

    areas = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    order = scores.argsort(descending=True).tolist()
    kept = []
    while order:
        best, *rest = order
        kept.append(best)
        rest_index = torch.tensor(rest, dtype=torch.long)
        low = torch.maximum(boxes[best, :2], boxes[rest_index, :2])
        high = torch.minimum(boxes[best, 2:], boxes[rest_index, 2:])
        shared = (high - low).clamp(min=0).prod(1)
        iou = shared / (areas[best] + areas[rest_index] - shared)
        order = [index for index, value in zip(rest, iou.tolist(), strict=True)
                 if value <= iou_threshold]  # fmt: skip
    return torch.tensor(kept, dtype=torch.long)
