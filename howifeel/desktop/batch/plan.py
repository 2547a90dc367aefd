"""What each file of the queue becomes: names and places of its outputs."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from howifeel import jobs, overlay, plugins, timeline
from howifeel.annotate import Job
from howifeel.errors import SettingsError
from howifeel.jobs import Found

WhenThere: TypeAlias = Literal["both", "replace", "skip"]
"""What to do where an output exists: keep both, replace it, or leave this file out."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is written for each file.

    Attributes:
        annotated: an annotated copy of the video or picture.
        table: format of the timeline, such as "csv"; "" for none.
        report: a page with charts and statistics.
        overlays: what is drawn into the annotated copy, in this order.
        folder: where the outputs go; None for the folder of each file.
    """

    annotated: bool = True
    table: str = "csv"
    report: bool = False
    overlays: tuple[str, ...] = overlay.DEFAULT
    folder: Path | None = None

    def as_dict(self) -> dict[str, object]:
        """As values that JSON knows."""
        return {
            "annotated": self.annotated,
            "table": self.table,
            "report": self.report,
            "overlays": list(self.overlays),
            "folder": str(self.folder or ""),
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, object]) -> Outputs:
        """What `as_dict` gave; what no longer fits is left out."""
        known = plugins.names("howifeel.overlay")
        names, table, folder = kept.get("overlays"), kept.get("table"), kept.get("folder")
        default = cls()
        return cls(
            annotated=kept.get("annotated") is not False,
            table=table if isinstance(table, str) and table in ("", *tables()) else default.table,
            report=kept.get("report") is True,
            overlays=tuple(name for name in names if name in known)
            if isinstance(names, list)
            else default.overlays,
            folder=Path(folder) if isinstance(folder, str) and folder else None,
        )


def tables() -> tuple[str, ...]:
    """The formats of timelines by name."""
    return plugins.names("howifeel.timeline.formats")


def jobs_for(
    found: Sequence[Found],
    outputs: Outputs,
    when_there: WhenThere | None = None,
    taken: Iterable[Path] = (),
) -> tuple[Job | None, ...]:
    """A job for each file, in their order; no two have an output of the same name.

    Args:
        found: local files.
        outputs: what to write and where.
        when_there: what to do where an output exists. None plans as if nothing existed. With
            "skip", a file of which any output exists has no job: None.
        taken: outputs of earlier jobs, which none of these may have.

    Raises:
        SettingsError: nothing is to be written, or a file would be read and written.
    """
    if not (outputs.annotated or outputs.table or outputs.report):
        raise SettingsError("Nothing to write: choose an annotated copy, a table or a report.")
    reserved = set(taken)
    made: list[Job | None] = []
    for each, folder in _placed(found, outputs.folder):
        job: Job | None = _job(each, folder, outputs)
        if reserved.intersection(job.targets) or (there(job) and when_there == "both"):
            job = _numbered(each, folder, outputs, reserved)
        elif there(job) and when_there == "skip":
            job = None
        if job:
            job = replace(job, force=when_there == "replace")
            reserved.update(job.targets)
        made.append(job)
    jobs.check_targets(job for job in made if job)
    return tuple(made)


def there(job: Job) -> tuple[Path, ...]:
    """The outputs of a job that exist."""
    return tuple(target for target in job.targets if target.exists())


def table_of(written: Iterable[Path]) -> Path | None:
    """The timeline among written files, if it can be opened again."""
    readable = {".csv", ".jsonl", ".parquet"}
    return next((path for path in written if path.suffix in readable), None)


def _job(each: Found, folder: Path, outputs: Outputs) -> Job:
    table = folder / f"{each.name}.{outputs.table}" if outputs.table else None
    if table:
        timeline.check_suffix(table)
    return Job(
        source=each.spec,
        annotated=folder / each.annotated if outputs.annotated else None,
        timeline=table,
        report=folder / f"{each.name}.html" if outputs.report else None,
        overlays=outputs.overlays,
    )


def _placed(found: Sequence[Found], folder: Path | None) -> list[tuple[Found, Path]]:
    """Each file with its folder, and with a name that is its own there."""
    if folder:
        return [(each, folder) for each in jobs.distinct(found)]
    beside: dict[Path, list[Found]] = defaultdict(list)
    for each in found:
        beside[Path(each.spec).parent].append(Found(each.spec, Path(each.spec).stem))
    named = {place: iter(jobs.distinct(here)) for place, here in beside.items()}
    return [(next(named[place]), place) for place in (Path(each.spec).parent for each in found)]


def _numbered(each: Found, folder: Path, outputs: Outputs, reserved: set[Path]) -> Job:
    for number in itertools.count(2):
        job = _job(Found(each.spec, f"{each.name}-{number}"), folder, outputs)
        if not there(job) and not reserved.intersection(job.targets):
            return job
    raise AssertionError("there is always a next number")
