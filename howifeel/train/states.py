"""States in files: written whole, and taken up with care, as they may be damaged."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from howifeel.errors import AssetError
from howifeel.files import atomic


def write(values: dict[str, Any], path: Path) -> None:
    """Write or replace a file of tensors and plain values.

    Raises:
        OutputError: it cannot be written.
    """
    whole = io.BytesIO()  # in a file, torch.save tells of a full disk with a RuntimeError
    torch.save(values, whole)
    with atomic(path, force=True) as unfinished:
        unfinished.write_bytes(whole.getbuffer())


@contextmanager
def one_sentence_if_damaged() -> Iterator[None]:
    """Tell what goes wrong when the block loads states.

    Raises:
        AssetError: a state lacks something, or does not fit what it is loaded into.
    """
    try:
        yield
    except torch.OutOfMemoryError:
        raise
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
        raise AssetError(
            "The checkpoint is damaged: its weights do not fit its recipe; use a complete copy."
        ) from error
