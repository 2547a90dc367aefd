"""HowIFeel shows what a face looks like it expresses, on the user's own machine.

>>> import howifeel
>>> for moment in howifeel.analyse("test:320x240@10x1"):
...     assert moment.gap == "no face"
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from howifeel.config import Settings
    from howifeel.engine import analyse
    from howifeel.types import Face, Frame, Moment, Reading, Timeline

# From 1.29 on, ONNX Runtime tells Microsoft about each session, under an identifier that it keeps
# in the user's folder. It looks here once, before its first use, so this stands before each import.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"

__all__ = ["Face", "Frame", "Moment", "Reading", "Settings", "Timeline", "analyse"]

_HOMES = {"Settings": "howifeel.config", "analyse": "howifeel.engine"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'howifeel' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES.get(name, "howifeel.types")), name)
