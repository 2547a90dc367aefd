"""Face detectors: a frame in, faces out. One file each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from howifeel import plugins

if TYPE_CHECKING:
    from howifeel.config import Settings
    from howifeel.types import Face, Frame


class Detector(Protocol):
    """Finds the faces of one frame, each frame by itself."""

    name: str
    """What to show to a user."""

    sha256: str | None
    """Hash of the detector's files; None where it has none of its own."""

    ships: bool
    """Whether it is one that ships with HowIFeel."""

    def detect(self, frame: Frame) -> tuple[Face, ...]:
        """The faces with at least the score of the settings, best first, boxes inside the frame."""
        ...


def build(settings: Settings) -> Detector:
    """Make the detector that the settings name.

    Raises:
        SettingsError: there is no such detector.
        AssetError: its files are missing or damaged.
        MissingPackageError: it needs a package that is not installed.
    """
    return plugins.load(__name__, settings.detector).build(settings)
