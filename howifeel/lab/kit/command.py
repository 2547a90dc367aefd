"""The command that repeats a run."""

from __future__ import annotations

import shlex
from pathlib import Path

from howifeel.lab.kit.result import Record


def command(record: Record, *, names_only: bool = False) -> str:
    """What runs it again, with every option, as a shell takes it.

    Args:
        record: the run.
        names_only: of files only their names, for those who have others.
    """
    words = ["howifeel-lab", record.experiment]
    for name, value in record.config.items():
        if value is None or value is False or value in ([], ""):
            continue
        words.append("--" + name.replace("_", "-"))
        if value is not True:
            several = value if isinstance(value, list) else [value]
            words += [_name(each) if names_only else str(each) for each in several]
    return shlex.join(words)


def _name(value: object) -> str:
    text = str(value)
    return text if "://" in text else Path(text).name
