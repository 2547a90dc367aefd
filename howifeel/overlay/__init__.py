"""Overlays: a picture and its moment in, a new picture with drawings out. One file each."""

from __future__ import annotations

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

    def draw(self, image: NDArray[np.uint8], moment: Moment) -> NDArray[np.uint8]:
        """A new picture with the drawing; the given one stays as it is.

        Args:
            image: uint8 (height, width, 3), BGR, possibly read-only.
            moment: what is known about this picture; boxes are in its pixels.
        """
        ...


def build(name: str, settings: Settings) -> Overlay:
    """Make an overlay by its file name.

    Raises:
        SettingsError: there is no such overlay.
    """
    return plugins.load(__name__, name).build(settings)
