"""The sources to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from howifeel import video

TEST_PATTERN = "test:1280x720@30"


@dataclass(frozen=True, slots=True)
class Choice:
    """A source to choose: how it is spelled, and what to show."""

    spec: str
    label: str


def choices(recent: str = "") -> tuple[Choice, ...]:
    """Cameras by their names, the source that was used last, and a test pattern."""
    cameras = [Choice(spec, name) for spec, name in video.camera_names().items()]
    pattern = Choice(TEST_PATTERN, QCoreApplication.translate("Source", "Test pattern"))
    known = {choice.spec for choice in (*cameras, pattern)}
    last = [described(recent)] if recent and recent not in known and _there(recent) else []
    return (*cameras, *last, pattern)


def described(spec: str) -> Choice:
    """A source as it is shown in a list: a file without its folder, a URL without a password."""
    path = video.local_path(spec)
    if path is not None:
        return Choice(spec, path.name)
    if video.kind_of(spec) == "camera":
        name = video.camera_names().get(spec)
        return Choice(spec, name or QCoreApplication.translate("Source", "Camera {}").format(spec))
    return Choice(spec, video.display_name(spec))


def _there(spec: str) -> bool:
    path = video.local_path(spec)
    return path is None or Path(path).is_file()
