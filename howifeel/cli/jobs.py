"""Turns what the user typed into one job for each source."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from howifeel import overlay, timeline, video
from howifeel.annotate import Job
from howifeel.errors import SettingsError, SourceError
from howifeel.jobs import Found, check_targets, find

_NAME = "{name}"


def sources(
    inputs: Iterable[str], *, live: bool, tell: Callable[[str], None] = lambda note: None
) -> list[Found]:
    """All sources, see `howifeel.jobs.find`.

    Args:
        inputs: what was named.
        live: cameras are allowed.
        tell: gets a note on files that were named twice.

    Raises:
        SourceError: a folder holds nothing that can be read.
        SettingsError: a camera is named without --live.
    """
    given = list(inputs)
    for each in given:
        if video.kind_of(each) == "camera" and not Path(each).is_dir() and not live:
            raise SettingsError(f"{each} is a camera; add --live to record from it.")
    return find(given, lambda count: tell(_repeated(count)))


def check_there(found: Iterable[Found]) -> None:
    """Refuse to begin when no source exists, which a wrong name tells best before all else.

    Raises:
        SourceError: naming the first.
    """
    paths = [video.local_path(each.spec) for each in found]
    if all(path and _is_missing(path) for path in paths):
        raise SourceError(f"There is no file {paths[0]}; check the name.")


def jobs(
    found: list[Found],
    out: str | None,
    table: str | None,
    report: str | None = None,
    *,
    overlays: tuple[str, ...] = overlay.DEFAULT,
    force: bool = False,
    live: bool = False,
    stop_after_s: float | None = None,
    makes_folder: bool = False,
    others: Iterable[Path] = (),
) -> list[Job]:
    """One job for each source.

    Args:
        found: the sources.
        out: --out: a file, a folder, or a name with {name} in it.
        table: --timeline: a file, or a name with {name} in it.
        report: --report: a .html file, or a name with {name} in it.
        overlays: names of the overlays to draw.
        force: replace targets that exist.
        live: sources without an end are allowed.
        stop_after_s: end each stream after this many seconds.
        makes_folder: a folder for --out need not exist yet.
        others: files that are written beside.

    Raises:
        SettingsError: there is nothing to write, several jobs would write one file, or one would
            write what another reads.
    """
    if not out and not table and not report:
        raise SettingsError(
            "Nothing to write: give --out FILE, --timeline FILE, --report FILE, or several of them."
        )
    into_folder = bool(out) and is_folder(out or "")
    if out and into_folder and not makes_folder and not Path(out).is_dir():
        raise SettingsError(
            f"The folder {out} does not exist; create it, or name a file for --out."
        )
    several = len(found) > 1
    if out and several and not into_folder and _NAME not in out:
        raise SettingsError(
            f"Several sources need --out with a folder or {_NAME} in it, "
            f"such as {_NAME}.mp4, not {out}."
        )
    for flag, given, suffix in (("--timeline", table, ".csv"), ("--report", report, ".html")):
        if given and several and _NAME not in given:
            raise SettingsError(
                f"Several sources need {flag} with {_NAME} in it, such as {_NAME}{suffix}, "
                f"not {given}."
            )
    if table:
        timeline.check_suffix(Path(table))
    if report and Path(report).suffix.lower() != ".html":
        raise SettingsError(f"A report is a web page: --report must end in .html, not {report}.")
    made = []
    for each in found:
        annotated = None
        if out and into_folder:
            annotated = Path(out) / each.annotated
        elif out:
            annotated = Path(out.replace(_NAME, each.name))
        if annotated:
            _check_suffix(annotated, each.spec)
        made.append(
            Job(
                source=each.spec,
                annotated=annotated,
                timeline=Path(table.replace(_NAME, each.name)) if table else None,
                report=Path(report.replace(_NAME, each.name)) if report else None,
                overlays=overlays,
                force=force,
                live=live,
                stop_after_s=stop_after_s,
            )
        )
    check_targets(made, others)
    return made


def is_folder(out: str) -> bool:
    """Whether --out means a folder: one that exists, or a name without a suffix.

    >>> is_folder("results"), is_folder("results.new/"), is_folder("{name}.mp4")
    (True, True, False)
    """
    named = not Path(out).suffix or out.endswith(("/", os.sep))
    return (named and _NAME not in out) or Path(out).is_dir()


def place_of(out: str | None, table: str | None, report: str | None) -> Path:
    """The folder that a batch writes into: --out, or what comes before {name} in a file's name.

    >>> place_of(None, "results/{name}/readings.csv", None).as_posix()
    'results'
    """
    if out and is_folder(out):
        return Path(out)
    given = Path(out or table or report or "")
    fixed = [part for part in given.parents if _NAME not in str(part)]
    return fixed[0] if fixed else Path()


def _repeated(count: int) -> str:
    if count == 1:
        return "1 file was named twice; it is done once."
    return f"{count} files were named twice; each is done once."


def _is_missing(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _check_suffix(annotated: Path, spec: str) -> None:
    picture = video.kind_of(spec) == "picture"
    allowed = sorted(video.PICTURE_SUFFIXES if picture else video.SINK_SUFFIXES)
    if annotated.suffix.lower() not in allowed:
        kind = "picture" if picture else "video"
        raise SettingsError(
            f"{Path(spec).name} is a {kind}, so --out {annotated} must end in "
            f"{', '.join(allowed[:-1])} or {allowed[-1]}."
        )
