"""Output files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from howifeel.errors import OutputError


def real(path: Path) -> Path:
    """The absolute path without links; links in a ring stay as they are.

    (`Path.resolve` raises RuntimeError for these up to Python 3.12.)
    """
    return Path(os.path.realpath(path))


class Places:
    """Finds the real paths of many files that lie in few folders: each folder is looked up once."""

    def __init__(self) -> None:
        self._folders: dict[Path, Path] = {}

    def folder(self, folder: Path) -> Path:
        """As `real`."""
        if folder not in self._folders:
            self._folders[folder] = real(folder)
        return self._folders[folder]

    def file(self, path: Path) -> Path:
        """As `real`, also for a file that is a link itself."""
        place = self.folder(path.parent) / path.name
        return real(path) if path.name in ("", "..") or place.is_symlink() else place


def check_target(target: Path, *, force: bool) -> None:
    """Refuse a target that cannot or must not be written, before any work is done.

    Raises:
        OutputError: its folder is missing or read-only, it is a folder, or it exists and
            `force` is false.
    """
    folder = target.parent
    try:
        if not folder.is_dir():
            raise OutputError(f"The folder {folder} does not exist; create it or choose another.")
        if target.is_dir():
            raise OutputError(f"{target} is a folder; name a file.")
        if os.path.lexists(target) and not force:
            raise OutputError(f"{target} exists and was kept; use --force to replace it.")
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(f"Cannot write {target}: {error.strerror}.") from error


@contextmanager
def atomic(target: Path, *, force: bool = False, mark: str = "") -> Iterator[Path]:
    """Give a temporary path beside the target; rename it to the target when the block succeeds.

    The temporary name keeps the target's suffix. When the block raises, the temporary file is
    removed and the target is as it was. A link as target is followed.

    Args:
        target: the file to write.
        force: replace it if it exists.
        mark: letters and digits for the temporary name, by which `sweep` finds what a process
            that was killed could not remove.

    Raises:
        OutputError: see `check_target`; also when the disk is full.

    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "notes.txt"
    >>> with atomic(target) as unfinished:
    ...     _ = unfinished.write_text("done")
    >>> target.read_text()
    'done'
    """
    with atomic_all([target], force=force, mark=mark) as unfinished:
        yield unfinished[target]


@contextmanager
def atomic_all(
    targets: Collection[Path], *, force: bool = False, mark: str = ""
) -> Iterator[dict[Path, Path]]:
    """Give a temporary path for each of several targets; when the block succeeds, rename them all.

    As `atomic`, and none is renamed before all of them can be.

    Raises:
        OutputError: see `atomic`.
    """
    for target in targets:
        check_target(target, force=force)
    places = {target: real(target) for target in targets}
    unfinished = {
        target: place.with_name(f"{_begin(mark)}{secrets.token_hex(4)}.part{place.suffix}")
        for target, place in places.items()
    }
    try:
        for path in unfinished.values():
            path.touch(exist_ok=False)
        yield unfinished
        for path in unfinished.values():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        for target, place in places.items():
            if not force and os.path.lexists(place):
                raise OutputError(
                    f"{target} appeared meanwhile and was kept; use --force to replace it."
                )
        for target, path in unfinished.items():
            path.replace(places[target])
    except OSError as error:
        if isinstance(error, BrokenPipeError) or not targets:
            raise
        blamed = [each for each, path in unfinished.items() if str(path) == str(error.filename)]
        told = ", ".join(str(each) for each in blamed or targets)
        raise OutputError(f"Cannot write {told}: {error.strerror or error}.") from error
    finally:
        for path in unfinished.values():
            path.unlink(missing_ok=True)


def sweep(folder: Path, mark: str) -> None:
    """Remove the unfinished files with this mark, which nobody may be writing any more."""
    for left in folder.glob(f"{_begin(mark)}*.part*"):
        with suppress(OSError):
            left.unlink()


def _begin(mark: str) -> str:
    return f".howifeel-{mark}-" if mark else ".howifeel-"
