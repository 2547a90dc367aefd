"""What a run of a batch has to do: what is asked for, compared with what the manifest knows."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from howifeel import files, jobs, video
from howifeel.annotate import Job
from howifeel.batch.manifest import Entry
from howifeel.jobs import Found
from howifeel.types import Provenance

Key: TypeAlias = tuple[str, str]
"""Folder and source, see `Entry.key`."""

_ONLY_SPEED = ("model", "detector_files", "device", "threads")
"""Settings without a say in the results, or with a hash of their own."""

_DECIDES = ("size", "modified", "outputs", "settings_sha256", "model_sha256", "detector_sha256")
"""What makes results obsolete when it changes."""

_KEPT = "Its outputs exist and were kept; use --force to replace them."
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Basis:
    """What results depend on, beside the source. The version is told, but no reason to redo."""

    settings_sha256: str
    model_sha256: str
    detector_sha256: str
    version: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One source of a run: its row of the manifest, and the job if there is something to do."""

    entry: Entry
    job: Job | None = None


def fingerprint(origin: Provenance, overlays: Sequence[str], stop_after_s: float | None) -> Basis:
    """What results will depend on, from what the engine says of itself and from the flags."""
    settings = {k: v for k, v in origin.settings.items() if k not in _ONLY_SPEED}
    told = settings | {"overlays": list(overlays), "stop_after_s": stop_after_s}
    return Basis(
        settings_sha256=hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
        model_sha256=origin.model_sha256,
        detector_sha256=origin.detector_sha256 or "",
        version=origin.version,
    )


def keys(found: Iterable[Found]) -> list[Key]:
    """The key of each source; no two are the same."""
    made: dict[Key, None] = {}
    places = files.Places()
    for each in found:
        folder, source = _key(each, places)
        numbered = (f"{source} ({number})" for number in itertools.count(2))
        while (folder, source) in made:
            source = next(numbered)
        made[folder, source] = None
    return list(made)


def labels(keyed: Iterable[Key]) -> dict[Key, str]:
    """What to call each source: its path within its folder, with the folder where two share it."""
    every = list(keyed)
    shared = Counter(source for _, source in every)
    return {key: key[1] if shared[key[1]] == 1 else str(Path(*key)) for key in every}


def followed(found: Sequence[Found], known: Iterable[Entry]) -> list[Entry]:
    """The rows of a manifest, those of a folder that lies elsewhere now under its new path.

    A source is known again by its place in the folder, its size and its time of last change.
    """
    asked = dict(zip(keys(found), found, strict=True))
    rows = list(known)
    taken = {entry.key for entry in rows}
    new = {
        (source, *_size_and_time(each)): folder
        for (folder, source), each in asked.items()
        if (folder, source) not in taken
    }
    return [
        row if row.key in asked else replace(row, folder=new.get(_content(row), row.folder))
        for row in rows
    ]


def named(found: Sequence[Found], known: Iterable[Entry]) -> list[Found]:
    """Sources that the manifest knows keep their names, the others get names that are free."""
    names = {entry.key: entry.name for entry in known}
    keyed = list(zip(found, keys(found), strict=True))
    free = iter(
        jobs.distinct([each for each, key in keyed if key not in names], frozenset(names.values()))
    )
    return [_renamed(each, names[key]) if key in names else next(free) for each, key in keyed]


def plan(
    found: Sequence[Found],
    planned: Sequence[Job],
    known: Iterable[Entry],
    place: Path,
    basis: Basis,
    *,
    tries: int,
    force: bool = False,
) -> list[Piece]:
    """One piece for each source, in their order, but those that a dead run had begun come last.

    Args:
        found: the sources, see `named`.
        planned: a job for each.
        known: the rows of the manifest, see `followed`.
        place: the folder of the manifest.
        basis: what results depend on.
        tries: after how many lost workers a source is quarantined.
        force: do everything anew, whatever is known or exists.
    """
    rows = {row.key: row for row in known}
    pieces, places = [], files.Places()
    for each, key, job in zip(found, keys(found), planned, strict=True):
        job = replace(job, path=key[1])
        size, modified = _size_and_time(each)
        old = rows.get(key)
        entry = Entry(
            source=key[1],
            folder=key[0],
            name=text(each.name),
            size=size,
            modified=modified,
            outputs=tuple(_within(place, target, places) for target in job.targets),
            settings_sha256=basis.settings_sha256,
            model_sha256=basis.model_sha256,
            detector_sha256=basis.detector_sha256,
            version=basis.version,
        )
        there = _there(entry, job)
        if old:
            entry = replace(entry, wrote=_still_there(old, entry, there, place))
        if force:
            pieces.append(Piece(entry, replace(job, force=True)))
        else:
            pieces.append(_compared(entry, job, old, there, tries))
    return sorted(pieces, key=lambda piece: _was_running(rows.get(piece.entry.key)))


def _there(entry: Entry, job: Job) -> dict[str, Path]:
    """The targets that exist, by what the manifest calls them."""
    targets = zip(entry.outputs, job.targets, strict=True)
    return {output: target for output, target in targets if os.path.lexists(target)}


def _still_there(
    old: Entry, entry: Entry, there: Mapping[str, Path], place: Path
) -> tuple[str, ...]:
    """What runs of this batch wrote and nobody has removed, for this plan or an earlier one."""
    others = {each for each in old.wrote if each not in entry.outputs}
    left = there.keys() | {each for each in others if os.path.lexists(place / each)}
    return tuple(each for each in old.wrote if each in left)


def _compared(
    entry: Entry, job: Job, old: Entry | None, there: Mapping[str, Path], tries: int
) -> Piece:
    """The piece of one source. Files that no run of this batch wrote are kept."""
    same = old is not None and all(getattr(old, name) == getattr(entry, name) for name in _DECIDES)
    if old and same and old.state == "quarantined" and old.tries >= tries:
        return Piece(old)
    foreign = [target for output, target in there.items() if output not in entry.wrote]
    complete = len(there) == len(entry.outputs)
    if foreign and complete and len(foreign) == len(there):
        return Piece(replace(entry, state="skipped", error=_KEPT))
    if foreign:
        sentence = f"{foreign[0]} exists and was kept; use --force to replace it."
        return Piece(replace(old or entry, wrote=entry.wrote, state="failed", error=text(sentence)))
    if old and same and complete and (old.state == "done" or old.frames is not None):
        return Piece(replace(old, state="done", error=""))
    lost = 0
    if old and same and old.state in ("waiting", "running", "quarantined"):
        lost = old.tries - (old.state == "running")
    return Piece(replace(entry, tries=lost), job)


def _renamed(found: Found, name: str) -> Found:
    """The source under the name of its row, which may be a name spelled out."""
    return found if text(found.name) == name else replace(found, name=name)


def _key(found: Found, places: files.Places) -> Key:
    path = video.local_path(found.spec)
    if path is None:
        return "", text(video.display_name(found.spec))
    if found.folder:
        return text(places.folder(found.folder)), text(path.relative_to(found.folder).as_posix())
    return text(places.folder(path.parent)), text(path.name)


def _content(row: Entry) -> tuple[str, int | None, datetime | None]:
    return row.source, row.size, row.modified


def _was_running(row: Entry | None) -> bool:
    return row is not None and row.state == "running"


def _size_and_time(found: Found) -> tuple[int | None, datetime | None]:
    """Bytes and time of last change; None where the source is no file that can be reached."""
    path = video.local_path(found.spec)
    try:
        facts = path.stat() if path else None
    except (OSError, ValueError):
        facts = None
    if not facts:
        return None, None
    return facts.st_size, _EPOCH + timedelta(microseconds=facts.st_mtime_ns // 1000)


def _within(place: Path, target: Path, places: files.Places) -> str:
    whole, folder = places.folder(target.parent) / target.name, places.folder(place)
    inside = whole.is_relative_to(folder)
    return text(whole.relative_to(folder).as_posix() if inside else whole)


def text(path: Path | str) -> str:
    """A path or sentence that every file can hold: bytes that are no text are spelled out."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")
