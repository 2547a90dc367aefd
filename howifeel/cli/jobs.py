"""Turns what the user typed into one job for each source: folders opened, targets named."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from howifeel import overlay, timeline, video
from howifeel.annotate import Job
from howifeel.errors import SettingsError, SourceError

_NAME = "{name}"
_READABLE = video.PICTURE_SUFFIXES | {
    ".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts",
      ".wmv", ".flv", ".3gp", ".ogv", ".gif",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A source and the name that its targets get, without suffix."""

    spec: str
    name: str


def sources(inputs: Iterable[str], *, live: bool) -> list[Found]:
    """All sources: files, URLs and test patterns as given, folders by their videos and pictures.

    Raises:
        SourceError: a folder holds nothing that can be read.
        SettingsError: a camera is named without --live.
    """
    found: list[Found] = []
    for given in inputs:
        if Path(given).is_dir():
            found += _in_folder(Path(given))
        elif video.kind_of(given) == "camera" and not live:
            raise SettingsError(f"{given} is a camera; add --live to record from it.")
        else:
            found.append(Found(given, _name(given)))
    return _distinct(found)


def _in_folder(folder: Path) -> list[Found]:
    found = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.suffix.lower() in _READABLE and path.is_file() and not hidden:
            found.append(Found(str(path), "-".join(inside.with_suffix("").parts)))
    if not found:
        raise SourceError(f"The folder {folder} holds no video or picture; name another.")
    return found


def _name(given: str) -> str:
    path = video.local_path(given)
    if path:
        return path.stem
    return re.sub(r"[^\w.-]+", "-", video.display_name(given)).strip("-.") or "source"


def _distinct(found: list[Found]) -> list[Found]:
    """Names that occur twice get their suffix, names that are taken even so a number."""
    names = [f.name for f in found]
    taken: dict[str, Found] = {}
    for each in found:
        suffix = Path(each.spec).suffix.replace(".", "-")
        name = each.name + suffix if names.count(each.name) > 1 else each.name
        numbered = (f"{name}-{count}" for count in itertools.count(2))
        while name in taken:
            name = next(numbered)
        taken[name] = Found(each.spec, name)
    return list(taken.values())


def jobs(
    found: list[Found],
    out: str | None,
    table: str | None,
    *,
    overlays: tuple[str, ...] = overlay.DEFAULT,
    force: bool = False,
    live: bool = False,
    stop_after_s: float | None = None,
) -> list[Job]:
    """One job for each source.

    Args:
        found: the sources.
        out: --out: a file, an existing folder, or a name with {name} in it.
        table: --timeline: a file, or a name with {name} in it.
        overlays: names of the overlays to draw.
        force: replace targets that exist.
        live: sources without an end are allowed.
        stop_after_s: end each stream after this many seconds.

    Raises:
        SettingsError: there is nothing to write, several jobs would write one file, or one would
            write what another reads.
    """
    if not out and not table:
        raise SettingsError("Nothing to write: give --out FILE, --timeline FILE, or both.")
    if out and not Path(out).suffix and not Path(out).is_dir():
        raise SettingsError(
            f"The folder {out} does not exist; create it, or name a file for --out."
        )
    several = len(found) > 1
    into_folder = bool(out) and Path(out or "").is_dir()
    if out and several and not into_folder and _NAME not in out:
        raise SettingsError(
            f"Several sources need --out with an existing folder or {_NAME} in it, "
            f"such as {out.rstrip('/')}/{_NAME}.mp4, not {out}."
        )
    if table and several and _NAME not in table:
        raise SettingsError(
            f"Several sources need --timeline with {_NAME} in it, such as {_NAME}.csv, not {table}."
        )
    if table:
        timeline.check_suffix(Path(table))
    made = []
    for each in found:
        annotated = None
        if out and into_folder:
            annotated = Path(out) / f"{each.name}-annotated{_suffix(each.spec)}"
        elif out:
            annotated = Path(out.replace(_NAME, each.name))
        if annotated:
            _check_suffix(annotated, each.spec)
        made.append(
            Job(
                source=each.spec,
                annotated=annotated,
                timeline=Path(table.replace(_NAME, each.name)) if table else None,
                overlays=overlays,
                force=force,
                live=live,
                stop_after_s=stop_after_s,
            )
        )
    _check_targets(made)
    return made


def _check_targets(made: list[Job]) -> None:
    paths = (video.local_path(job.source) for job in made)
    read = {path.resolve() for path in paths if path}
    written: set[Path] = set()
    for target in (target.resolve() for job in made for target in job.targets):
        if target in read:
            raise SettingsError(f"{target.name} would be read and written; choose another name.")
        if target in written:
            raise SettingsError(f"{target.name} would be written twice; choose another name.")
        written.add(target)


def _check_suffix(annotated: Path, spec: str) -> None:
    picture = video.kind_of(spec) == "picture"
    allowed = sorted(video.PICTURE_SUFFIXES if picture else video.SINK_SUFFIXES)
    if annotated.suffix.lower() not in allowed:
        kind = "picture" if picture else "video"
        raise SettingsError(
            f"{Path(spec).name} is a {kind}, so --out {annotated} must end in "
            f"{', '.join(allowed[:-1])} or {allowed[-1]}."
        )


def _suffix(spec: str) -> str:
    suffix = Path(spec).suffix.lower()
    return suffix if suffix in (*video.PICTURE_SUFFIXES, *video.SINK_SUFFIXES) else ".mp4"
