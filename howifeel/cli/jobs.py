"""Turns what the user typed into one job for each source: folders opened, targets named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from howifeel import timeline, video
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
        if video.kind_of(given) == "camera" and not live:
            raise SettingsError(f"{given} is a camera; add --live to record from it.")
        if Path(given).is_dir():
            found += _in_folder(Path(given))
        else:
            found.append(Found(given, _name(given)))
    return _distinct(found)


def _in_folder(folder: Path) -> list[Found]:
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in _READABLE)
    visible = [p for p in paths if p.is_file() and not p.name.startswith(".")]
    if not visible:
        raise SourceError(f"The folder {folder} holds no video or picture; name another.")
    return [Found(str(p), "-".join(p.relative_to(folder).with_suffix("").parts)) for p in visible]


def _name(given: str) -> str:
    if video.kind_of(given) in ("file", "picture"):
        return Path(given).stem
    return re.sub(r"[^\w.-]+", "-", given).strip("-.") or "source"


def _distinct(found: list[Found]) -> list[Found]:
    """Names that occur twice get their suffix, names that still do get a number."""
    names = [f.name for f in found]
    suffixed = [
        f.name + Path(f.spec).suffix.replace(".", "-") if names.count(f.name) > 1 else f.name
        for f in found
    ]
    seen: dict[str, int] = {}
    result = []
    for each, name in zip(found, suffixed, strict=True):
        seen[name] = seen.get(name, 0) + 1
        result.append(Found(each.spec, name if seen[name] == 1 else f"{name}-{seen[name]}"))
    return result


def jobs(
    found: list[Found],
    out: str | None,
    table: str | None,
    *,
    overlays: tuple[str, ...],
    force: bool,
    stop_after_s: float | None,
) -> list[Job]:
    """One job for each source.

    Args:
        found: the sources.
        out: --out: a file, an existing folder, or a name with {name} in it.
        table: --timeline: a file, or a name with {name} in it.
        overlays: names of the overlays to draw.
        force: replace targets that exist.
        stop_after_s: end each stream after this many seconds.

    Raises:
        SettingsError: there is nothing to write, or several sources would write one file.
    """
    if not out and not table:
        raise SettingsError("Nothing to write: give --out FILE, --timeline FILE, or both.")
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
                stop_after_s=stop_after_s,
            )
        )
    return made


def _check_suffix(annotated: Path, spec: str) -> None:
    picture = video.kind_of(spec) == "picture"
    allowed = sorted(video.PICTURE_SUFFIXES if picture else video.SINK_SUFFIXES)
    if annotated.suffix.lower() not in allowed:
        kind = "picture" if picture else "video"
        raise SettingsError(f"--out {annotated} is no {kind}; use {', '.join(allowed)}.")


def _suffix(spec: str) -> str:
    suffix = Path(spec).suffix.lower()
    return suffix if suffix in (*video.PICTURE_SUFFIXES, *video.SINK_SUFFIXES) else ".mp4"
