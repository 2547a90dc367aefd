"""Arrays that an interrupted run has computed, so that it need not do so again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from howifeel.files import atomic
from howifeel.lab.kit.out import Out


def array(out: Out, key: dict[str, Any], compute: Callable[[], NDArray[Any]]) -> NDArray[Any]:
    """What `compute` answers, or what it has answered for the same key before.

    Args:
        out: whose `work` keeps it.
        key: all that the answer depends on, as JSON knows it.
        compute: gives an array of numbers.
    """
    text = json.dumps(key, sort_keys=True)
    path = out.work / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.npy"
    if path.exists():
        return np.load(path, allow_pickle=False)
    found = compute()
    with atomic(path, force=True) as unfinished, unfinished.open("wb") as file:
        np.save(file, found, allow_pickle=False)
    return found
