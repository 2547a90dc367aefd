"""File formats of a timeline. One file each, named like the suffix."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

from howifeel import plugins
from howifeel.errors import SettingsError

if TYPE_CHECKING:
    from howifeel.types import Moment


class Writer(Protocol):
    """Writes one file bit by bit, so that memory stays flat over hours."""

    def add(self, moment: Moment) -> None:
        """Append what is known about the next frame."""
        ...


def writer_for(path: Path) -> AbstractContextManager[Writer]:
    """A context manager that opens the file and gives its writer; the suffix names the format.

    Raises:
        SettingsError: no format has this suffix.
    """
    return load(path).open_writer(path)


def check_suffix(path: Path) -> None:
    """Accept a path whose suffix names a format.

    Raises:
        SettingsError: no format has this suffix.
    """
    suffix = path.suffix.lower()
    known = tuple("." + name for name in plugins.names(__name__))
    if suffix not in known:
        raise SettingsError(f"A timeline cannot end in {suffix!r}; use {', '.join(known)}.")


def load(path: Path) -> ModuleType:
    """The module of the format that the path's suffix names.

    Raises:
        SettingsError: no format has this suffix.
    """
    check_suffix(path)
    return plugins.load(__name__, path.suffix.lower()[1:])
