"""Where sessions lie, and what their folders and files are called."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from howifeel import lock
from howifeel.config import SESSIONS_VARIABLE
from howifeel.errors import OutputError

INFO = "session.json"
TABLE = "timeline.parquet"
JOURNAL = "recording.arrows"
VIDEO = "video.mkv"

_LONGEST_NAME = 40


def default_folder() -> Path:
    """The user's folder of sessions: the platform's place for data, or `HOWIFEEL_SESSIONS`."""
    if chosen := os.environ.get(SESSIONS_VARIABLE):
        return Path(chosen)
    home = Path.home()
    if sys.platform == "win32":
        data = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        data = home / "Library" / "Application Support"
    else:
        data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return data / "howifeel" / "sessions"


def make(folder: Path) -> None:
    """Make a folder of sessions that only its owner may look into; one that exists stays so.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def name_of(started: datetime, name: str) -> str:
    """What the folder of a session is called.

    >>> name_of(datetime(2026, 11, 21, 15, 30, 12), "A talk: zoë & me")
    '2026-11-21-153012-a-talk-zoë-me'
    """
    words = re.sub(r"\W+", "-", name.lower()).strip("-_")[:_LONGEST_NAME].strip("-_")
    return f"{started:%Y-%m-%d-%H%M%S}" + (f"-{words}" if words else "")


def part_of(folder: Path) -> Path:
    """Where a session lies while it is being recorded."""
    return folder.with_name(f".{folder.name}.part")


def lock_of(part: Path) -> Path:
    """What is locked as long as a part is written. It lies beside the part, which is renamed."""
    return part.with_suffix(".lock")


def has_links(folder: Path) -> bool:
    """Whether a session, a part, or a file in one leads elsewhere; writing it could end any file.

    Raises:
        OSError: the folder cannot be read.
    """
    return folder.is_symlink() or any(path.is_symlink() for path in folder.iterdir())


def hold(part: Path) -> IO[bytes] | None:
    """Lock a part, so that nobody takes it for what was left; closing the result opens the lock.

    None on file systems without locks, where nobody takes up what was left either.
    """
    with suppress(OSError):
        return lock.acquire(lock_of(part))
    return None


def id_of_part(part: Path) -> str:
    """The session that a part becomes.

    >>> id_of_part(part_of(Path("2026-11-21-153012-talk")))
    '2026-11-21-153012-talk'
    """
    return part.name.removeprefix(".").removesuffix(".part")


@contextmanager
def output_errors(folder: Path) -> Iterator[None]:
    """Say in one sentence that a folder of sessions cannot be written."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"Cannot write to the sessions in {folder}: {error.strerror or error}; "
            "make room or choose another folder."
        ) from error
