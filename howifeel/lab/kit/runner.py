"""Runs an experiment into a folder that appears whole or not at all."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from importlib import metadata
from pathlib import Path

from howifeel import __version__, lab
from howifeel.errors import OutputError, Stopped
from howifeel.files import atomic
from howifeel.lab.kit import options as lab_options
from howifeel.lab.kit.options import Options
from howifeel.lab.kit.out import OnProgress, Out
from howifeel.lab.kit.page import page
from howifeel.lab.kit.place import Place, is_complete
from howifeel.lab.kit.result import RESULT_FILE, Record, read
from howifeel.train.commit import commit

REPORT_FILE = "report.html"
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

    A folder that the same options have made already is left as it is where `resume` is given.

    Args:
        name: the experiment.
        options: its own.
        target: the folder for result.json, figures and report.html.
        quick: what the record says about it.
        resume: go on with what an interrupted run left.
        force: replace an existing folder.
        on_progress: see `OnProgress`.

    Raises:
        OutputError: the folder exists or cannot be written, or another run works there.
        HowIFeelError: what the experiment itself raises.
        Stopped: Ctrl-C; it says what was kept.
    """
    config = lab_options.as_dict(options)
    if resume and is_complete(target, config):
        return read(target)
    place = Place(target, config, force=force, resume=resume)
    with place.held():
        try:
            if not place.begin():
                _perform(name, options, place, quick, on_progress)
            place.settle()
        except KeyboardInterrupt as stop:
            raise Stopped(place.tidy()) from stop
        except OSError as error:
            told = f"Cannot write {target}: {error.strerror or error}; {place.tidy()}"
            raise OutputError(told) from error
        except Exception:
            place.tidy()
            raise
    return read(target)


def _perform(
    name: str, options: Options, place: Place, quick: bool, on_progress: OnProgress | None
) -> None:
    """Run the experiment and write all files of its folder, the record as the last of them."""
    folder = place.unfinished
    started, clock = datetime.now().astimezone(), time.monotonic()
    result = lab.load(name).run(options, Out(folder, place.work, on_progress))
    record = Record(
        experiment=name,
        summary=lab.summary(name),
        config=dict(place.config),
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
    (folder / REPORT_FILE).write_text(page([(record, folder)], name, beside=folder), "utf-8")
    with atomic(folder / RESULT_FILE, force=True) as unfinished:
        unfinished.write_text(record.to_json(), "utf-8")


def report(folders: Sequence[Path], target: Path, *, force: bool = False) -> None:
    """Write one page about several finished experiments.

    Raises:
        AssetError: a folder holds no result.
        OutputError: the file exists or cannot be written.
    """
    found = [(read(folder), folder) for folder in folders]
    with atomic(target, force=force) as unfinished:
        unfinished.write_text(page(found, beside=target.parent), "utf-8")


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found
