"""The folder of a run: refused, taken up again, and moved into place when all is done.

While a run is under way its files lie in `TARGET.unfinished`, and there in `.work` what it can be
continued from.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from howifeel import files, lock
from howifeel.errors import OutputError
from howifeel.lab.kit.options import in_words
from howifeel.lab.kit.result import RESULT_FILE, read

_UNFINISHED, _WORK, _OPTIONS_FILE = ".unfinished", ".work", "options.json"


class Place:
    """Where a run writes.

    Args:
        target: the folder that appears when all is done.
        config: the options of the run, as JSON knows them.
        force: replace what lies there.
        resume: go on with what an interrupted run left.

    Raises:
        OutputError: the folder exists or cannot be made.
    """

    def __init__(
        self, target: Path, config: Mapping[str, Any], *, force: bool = False, resume: bool = False
    ) -> None:
        self.target = files.real(target) if target.is_symlink() else target
        self.config, self.force, self.resume = config, force, resume
        check_folder(self.target, config if resume else None, force=force)
        self.unfinished = self.target.with_name(self.target.name + _UNFINISHED)
        self.work = self.unfinished / _WORK

    def held(self) -> AbstractContextManager[None]:
        """Keeps other runs out inside the block.

        Raises:
            OutputError: another run works there.
        """
        return lock.held(
            self.target.with_name(f".{self.target.name}.howifeel-lab.lock"), self.target
        )

    def begin(self) -> bool:
        """Make the folder of the unfinished run, or take it up again.

        Returns:
            Whether it is finished, and only has to be moved.

        Raises:
            OutputError: it holds an interrupted run that is not to be continued, or one with other
                options.
        """
        took_up = self.resume and self._keeps()
        if self._keeps() and not (self.resume or self.force):
            raise OutputError(
                f"{self.unfinished} holds an interrupted run; use --resume to continue it or "
                "--force to start again."
            )
        if took_up and (other := differences(self._began(), self.config)):
            if not self.force:
                raise OutputError(
                    f"{self.unfinished} was begun with other options ({other}); give the same, or "
                    "--force to start again."
                )
            took_up = False
        if not took_up and self.unfinished.exists():
            shutil.rmtree(self.unfinished)
        self.work.mkdir(parents=True, exist_ok=True)
        with files.atomic(self.work / _OPTIONS_FILE, force=True) as path:
            path.write_text(json.dumps(self.config, indent=2), "utf-8")
        return self._is_complete()

    def settle(self) -> None:
        """Give the finished folder its name, in place of what lies there.

        Raises:
            OSError: that cannot be done; both are as they were.
        """
        check_folder(self.target, force=self.force)
        if self.target.is_dir():
            aside = Path(tempfile.mkdtemp(dir=self.target.parent, prefix=".howifeel-lab-"))
            try:
                old = self.target.rename(aside / "old")
                try:
                    self.unfinished.rename(self.target)
                except OSError:
                    old.rename(self.target)
                    raise
                shutil.rmtree(old, ignore_errors=True)
            finally:
                with suppress(OSError):
                    aside.rmdir()
        else:
            self.unfinished.rename(self.target)
        shutil.rmtree(self.target / _WORK, ignore_errors=True)

    def tidy(self) -> str:
        """Of an interrupted run keep only what it can be continued from; how to go on, in words."""
        if self._is_complete():
            return f"{self.unfinished} holds the finished result: move it with --resume."
        if self._keeps():
            for path in self.unfinished.iterdir():
                if path.name != _WORK:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            return f"{self.unfinished} keeps what was done: go on with --resume."
        shutil.rmtree(self.unfinished, ignore_errors=True)
        return f"nothing of {self.target} was kept, so it starts again the next time."

    def _is_complete(self) -> bool:
        return (self.unfinished / RESULT_FILE).exists()

    def _keeps(self) -> bool:
        """Whether there is anything to continue from."""
        left = {path for path in self.work.rglob("*") if path.is_file()}
        return self._is_complete() or bool(left - {self.work / _OPTIONS_FILE})

    def _began(self) -> dict[str, Any]:
        path = self.work / _OPTIONS_FILE
        return json.loads(path.read_text("utf-8")) if path.exists() else {}


def check_folder(target: Path, config: Mapping[str, Any] | None = None, *, force: bool) -> None:
    """Refuse a target folder that exists or cannot be made, before any work is done.

    Args:
        target: the folder.
        config: options of the run; where the folder holds the result of others, that is said.
        force: it may hold a result.

    Raises:
        OutputError: it is so.
    """
    here, place = Path.cwd(), files.real(target)
    if place == here or place in here.parents:
        raise OutputError(f"{target} is the folder that you are in, or holds it; name a new one.")
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target} is a file; name a folder.")
    if target.is_dir() and any(target.iterdir()):
        if not force:
            other = differences(read(target).config, config) if config and _holds(target) else ""
            told = f", made with other options ({other})," if other else ""
            raise OutputError(f"{target} exists{told} and was kept; use --force to replace it.")
        if not _holds(target):
            raise OutputError(f"{target} holds no result of the lab and was kept; name another.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot create {target.parent}: {error.strerror}.") from error


def is_complete(target: Path, config: Mapping[str, Any]) -> bool:
    """Whether an earlier run with the same options has made the folder.

    Raises:
        AssetError: its result is damaged.
    """
    return _holds(target) and read(target).config == config


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Options that are not the same, in words; empty where there is none.

    >>> differences({"runs": 10, "seed": 1}, {"runs": 2, "seed": 1})
    'runs 10, now 2'
    """
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return ", ".join(f"{n} {in_words(before.get(n))}, now {in_words(now.get(n))}" for n in names)


def _holds(folder: Path) -> bool:
    return (folder / RESULT_FILE).exists()
