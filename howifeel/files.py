"""Output files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from howifeel.errors import OutputError


def real(path: Path) -> Path:
    """The absolute path without links; links in a ring stay as they are.

    (`Path.resolve` raises RuntimeError for these up to Python 3.12.)
    """
    return Path(os.path.realpath(path))


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
    check_target(target, force=force)
    target = real(target)
    unfinished = target.with_name(f"{_begin(mark)}{secrets.token_hex(4)}.part{target.suffix}")
    try:
        unfinished.touch(exist_ok=False)
        yield unfinished
        _settle(unfinished, target, force=force)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"Cannot write {target}: {error.strerror or error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def sweep(folder: Path, mark: str) -> None:
    """Remove the unfinished files with this mark, which nobody may be writing any more."""
    for left in folder.glob(f"{_begin(mark)}*.part*"):
        with suppress(OSError):
            left.unlink()


def _begin(mark: str) -> str:
    return f".howifeel-{mark}-" if mark else ".howifeel-"


def _settle(unfinished: Path, target: Path, *, force: bool) -> None:
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    if not force and os.path.lexists(target):
        raise OutputError(f"{target} appeared meanwhile and was kept; use --force to replace it.")
    unfinished.replace(target)
