"""Where the files of this program lie."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from howifeel import assets
from howifeel.config import SESSIONS_VARIABLE
from howifeel.session import default_folder


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or file and what is in it."""

    label: str
    path: Path

    @property
    def folder(self) -> Path:
        """The folder to open now: itself, or where it lies or will lie."""
        return self.path if self.path.is_dir() else self.path.parent


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


def sessions_folder(chosen: Path | None) -> Path:
    """Where sessions are kept: the environment goes before the choice, the usual place is last."""
    return default_folder() if chosen is None or os.environ.get(SESSIONS_VARIABLE) else chosen
