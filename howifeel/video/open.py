"""Which kind of source a spelling means, and opening it."""

from __future__ import annotations

import re
from pathlib import Path

from howifeel.errors import SourceError
from howifeel.video.camera import open_camera
from howifeel.video.file import open_file, open_url
from howifeel.video.pattern import open_pattern
from howifeel.video.picture import open_picture
from howifeel.video.source import PICTURE_SUFFIXES, Kind, Source


def kind_of(spec: str) -> Kind:
    """What a source is, by its spelling alone; nothing is opened.

    >>> [kind_of(spec) for spec in ("0", "./0", "a.JPG", "rtsp://host/a", "test:")]
    ['camera', 'file', 'picture', 'url', 'pattern']
    """
    if spec.startswith("test:"):
        return "pattern"
    if re.fullmatch(r"\d+|/dev/video\d+", spec):
        return "camera"
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", spec):
        return "url"
    return "picture" if Path(spec).suffix.lower() in PICTURE_SUFFIXES else "file"


def open_source(spec: str | Path) -> Source:
    """Open a source of frames.

    Args:
        spec: a path of a video or picture, a URL such as rtsp://host/stream, a camera number
            such as "0" or a device such as /dev/video0, or "test:" for a moving test pattern
            (see `pattern.open_pattern`). A file whose name is a number is spelled "./0".

    Raises:
        SourceError: it does not exist, cannot be read, or holds no picture.
    """
    text, path = str(spec), Path(spec)
    match kind_of(text):
        case "pattern":
            return open_pattern(text)
        case "camera":
            return open_camera(text)
        case "url":
            return open_url(text)
        case "picture":
            _check_file(path)
            return open_picture(path)
        case "file":
            _check_file(path)
            return open_file(path)


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise SourceError(f"{path} is a folder; name a video or picture in it.")
        if not path.exists():
            raise SourceError(f"There is no file {path}; check the name.")
        if path.is_file() and path.stat().st_size == 0:
            raise SourceError(f"{path} is empty (0 bytes); copy or record it again.")
    except OSError as error:
        raise SourceError(f"Cannot read {path}: {error.strerror}.") from error
