"""What the spelling of a source means; nothing is opened here."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.request import url2pathname

from howifeel.printable import printable
from howifeel.video.source import PICTURE_SUFFIXES, Kind

_FILE_SCHEME = "file://"


def kind_of(spec: str) -> Kind:
    """What a source is. A URL such as file:///a.mp4 is the file that it names.

    >>> [kind_of(spec) for spec in ("0", "./0", "a.JPG", "rtsp://host/a", "test:")]
    ['camera', 'file', 'picture', 'url', 'pattern']
    """
    if spec.startswith("test:"):
        return "pattern"
    if re.fullmatch(r"\d+|/dev/video\d+", spec):
        return "camera"
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", spec) and not _is_file_url(spec):
        return "url"
    return "picture" if _path(spec).suffix.lower() in PICTURE_SUFFIXES else "file"


def local_path(spec: str) -> Path | None:
    """The path of a video or picture; None for other URLs, cameras and test patterns.

    >>> local_path("file:///films/two%20faces.mp4").as_posix()
    '/films/two faces.mp4'
    >>> local_path("https://host/film.mp4") is None
    True
    """
    return _path(spec) if kind_of(spec) in ("file", "picture") else None


def display_name(spec: str) -> str:
    """What to show and to keep of a source: a URL without user, password, query and fragment.

    Everything else stays, but for letters that act instead of being shown (see `printable`).

    >>> display_name("rtsp://user:secret@host:554/stream?token=secret")
    'rtsp://host:554/stream'
    """
    if kind_of(spec) != "url":
        return printable(spec)
    scheme, host, path = _split(spec)
    return printable(f"{scheme}://{host.rpartition('@')[2]}{path}")


def _is_file_url(spec: str) -> bool:
    return spec.lower().startswith(_FILE_SCHEME)


def _path(spec: str) -> Path:
    if not _is_file_url(spec):
        return Path(spec)
    _, host, path = _split(spec)
    is_here = host.lower() in ("", "localhost")
    return Path(url2pathname(path if is_here else f"//{host}{path}"))


def _split(url: str) -> tuple[str, str, str]:
    """Scheme, host with what belongs to it, and path of a URL; no spelling is an error."""
    scheme, _, rest = url.partition("://")
    host, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    return scheme, host, slash + path
