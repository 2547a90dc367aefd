"""Overlays: a picture and its moment in, a new picture with drawings out. One file, one kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from howifeel import plugins

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from howifeel.config import Settings
    from howifeel.types import Moment

DEFAULT = ("boxes", "bars")
"""What is drawn unless the user chooses, in this order."""


class Overlay(Protocol):
    """Draws one kind of information."""

    def draw(self, image: NDArray[np.uint8], moment: Moment) -> None:
        """Draw into a picture.

        Args:
            image: uint8 (height, width, 3), BGR; it is changed.
            moment: what is known about this picture; boxes are in its pixels.
        """
        ...


def drawn(image: NDArray[np.uint8], moment: Moment, layers: Sequence[Overlay]) -> NDArray[np.uint8]:
    """A new picture with all layers, the last one on top; without layers, the given one.

    Args:
        image: uint8 (height, width, 3), BGR, possibly read-only; it stays as it is.
        moment: what is known about this picture; boxes are in its pixels.
        layers: what to draw.
    """
    if not layers:
        return image
    canvas = image.copy()
    for layer in layers:
        layer.draw(canvas, moment)
    return canvas


def build(name: str, settings: Settings) -> Overlay:
    """Make an overlay by its file name.

    Raises:
        SettingsError: there is no such overlay.
    """
    return plugins.load(__name__, name).build(settings)
