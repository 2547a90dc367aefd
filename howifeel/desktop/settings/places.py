"""Where the files of this program lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from howifeel import assets


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or file and what is in it."""

    label: str
    path: Path


def places(sessions: Path, preferences: Path) -> tuple[Place, ...]:
    """Everything that is read and written when nobody says otherwise.

    Args:
        sessions: folder of the recorded sessions.
        preferences: file of what the window remembers.
    """
    return (
        Place(QCoreApplication.translate("Places", "Sessions"), sessions),
        Place(QCoreApplication.translate("Places", "Preferences"), preferences),
        Place(QCoreApplication.translate("Places", "Models"), assets.folder("models")),
        Place(
            QCoreApplication.translate("Places", "Face detector"), assets.folder("faceDetection")
        ),
    )
