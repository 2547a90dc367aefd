"""Taking up the states that a checkpoint holds, which may be damaged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from howifeel.errors import AssetError


@contextmanager
def one_sentence_if_damaged() -> Iterator[None]:
    """Tell what goes wrong when the block loads states.

    Raises:
        AssetError: a state lacks something, or does not fit what it is loaded into.
    """
    try:
        yield
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
        raise AssetError(
            "The checkpoint is damaged: its weights do not fit its recipe; use a complete copy."
        ) from error
