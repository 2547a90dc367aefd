"""Opening a source, whatever kind it is."""

from __future__ import annotations

from pathlib import Path

from howifeel.errors import SourceError
from howifeel.video.camera import open_camera
from howifeel.video.file import open_file, open_url
from howifeel.video.pattern import open_pattern
from howifeel.video.picture import open_picture
from howifeel.video.source import Source
from howifeel.video.spelling import kind_of, local_path


def open_source(spec: str | Path, *, threads: int | None = None) -> Source:
    """Open a source of frames.

    Args:
        spec: a path or file:// URL of a video or picture, a URL such as rtsp://host/stream, a
            camera number such as "0" or a device such as /dev/video0, or "test:" for a moving
            test pattern (see `pattern.open_pattern`). A file whose name is a number is spelled
            "./0". Pipes are refused, because sound is read from the file a second time.
        threads: how many decode a video; None chooses by the size of its frames.

    Raises:
        SourceError: it does not exist, cannot be read, or holds no picture.
    """
    text = str(spec)
    path = local_path(text)
    if path is not None:
        _check_file(path)
        return open_picture(path) if kind_of(text) == "picture" else open_file(path, threads)
    match kind_of(text):
        case "pattern":
            return open_pattern(text)
        case "camera":
            return open_camera(text)
        case _:
            return open_url(text, threads)


def _check_file(path: Path) -> None:
    """Refuse what is no regular file: a pipe can be read only once, but sound is read anew."""
    try:
        if path.is_dir():
            raise SourceError(f"{path} is a folder; name a video or picture in it.")
        if not path.exists():
            raise SourceError(f"There is no file {path}; check the name.")
        if not path.is_file():
            raise SourceError(f"{path} is a pipe or device, not a file; save it to a file first.")
        if path.stat().st_size == 0:
            raise SourceError(f"{path} is empty (0 bytes); copy or record it again.")
    except OSError as error:
        raise SourceError(f"Cannot read {path}: {error.strerror}.") from error
