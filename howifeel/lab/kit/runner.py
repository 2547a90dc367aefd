"""Runs an experiment into a folder that appears whole or not at all."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from importlib import metadata
from pathlib import Path

from howifeel import __version__, lab
from howifeel.errors import OutputError
from howifeel.files import atomic
from howifeel.lab.kit import options as lab_options
from howifeel.lab.kit.options import Options
from howifeel.lab.kit.out import OnProgress, Out
from howifeel.lab.kit.page import page
from howifeel.lab.kit.result import RESULT_FILE, Record, read
from howifeel.train.commit import commit

REPORT_FILE = "report.html"
_UNFINISHED, _WORK = ".unfinished", ".work"
_PACKAGES = ("numpy", "torch", "onnxruntime", "scikit-learn", "captum", "foolbox", "fairlearn",
             "optuna")  # fmt: skip


def run(
    name: str,
    options: Options,
    target: Path,
    *,
    quick: bool = False,
    resume: bool = False,
    force: bool = False,
    on_progress: OnProgress | None = None,
) -> Record:
    """Run one experiment and write its folder.

    While it is under way its files lie in `TARGET.unfinished`. What can be continued (trained
    networks, a search) stays there when it is interrupted; the target appears when all is done.

    Args:
        name: the experiment.
        options: its own.
        target: the folder for result.json, figures and report.html.
        quick: what the record says about it.
        resume: go on with what an interrupted run left.
        force: replace an existing folder.
        on_progress: see `OnProgress`.

    Raises:
        OutputError: the folder exists or cannot be written.
        HowIFeelError: what the experiment itself raises.
    """
    module = lab.load(name)
    check_folder(target, force=force)
    unfinished = target.with_name(target.name + _UNFINISHED)
    work = unfinished / _WORK
    if unfinished.exists() and not resume:
        if work.is_dir() and any(work.iterdir()) and not force:
            raise OutputError(
                f"{unfinished} holds an interrupted run; use --resume to continue it or --force to "
                "start again."
            )
        shutil.rmtree(unfinished)
    try:
        work.mkdir(parents=True, exist_ok=True)
        started, clock = datetime.now().astimezone(), time.monotonic()
        result = module.run(options, Out(unfinished, work, on_progress))
        record = Record(
            experiment=name,
            summary=lab.summary(name),
            config=lab_options.as_dict(options),
            seed=options.seed,
            quick=quick,
            commit=commit(),
            version=__version__,
            packages=_versions(),
            machine=f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
            started=started.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - clock, 1),
            result=result,
        )
        (unfinished / RESULT_FILE).write_text(record.to_json(), "utf-8")
        (unfinished / REPORT_FILE).write_text(page([(record, unfinished)], name), "utf-8")
        shutil.rmtree(work)
        _settle(unfinished, target, force=force)
    except OSError as error:
        raise OutputError(f"Cannot write {target}: {error.strerror or error}.") from error
    finally:
        _tidy(unfinished)
    return record


def report(folders: Sequence[Path], target: Path, *, force: bool = False) -> None:
    """Write one page about several finished experiments.

    Raises:
        AssetError: a folder holds no result.
        OutputError: the file exists or cannot be written.
    """
    found = [(read(folder), folder) for folder in folders]
    with atomic(target, force=force) as unfinished:
        unfinished.write_text(page(found), "utf-8")


def check_folder(target: Path, *, force: bool) -> None:
    """Refuse a target folder that exists or cannot be made, before any work is done.

    Raises:
        OutputError: it is so.
    """
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target} is a file; name a folder.")
    if target.is_dir() and any(target.iterdir()):
        if not force:
            raise OutputError(f"{target} exists and was kept; use --force to replace it.")
        if not (target / RESULT_FILE).exists():
            raise OutputError(f"{target} holds no result of the lab and was kept; name another.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot create {target.parent}: {error.strerror}.") from error


def _settle(unfinished: Path, target: Path, *, force: bool) -> None:
    check_folder(target, force=force)
    if target.is_dir():
        old = target.with_name(target.name + ".old")
        target.rename(old)
        unfinished.rename(target)
        shutil.rmtree(old)
    else:
        unfinished.rename(target)


def _tidy(unfinished: Path) -> None:
    """Of an interrupted run keep only what it can be continued from."""
    if not unfinished.exists():
        return
    for path in unfinished.iterdir():
        if path.name != _WORK:
            path.unlink()
    with suppress(OSError):  # holds what --resume needs
        (unfinished / _WORK).rmdir()
        unfinished.rmdir()


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found
