"""Finds the timelines to compare: in a manifest, in a folder, or one by one."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from howifeel import files, timeline
from howifeel.batch import manifest
from howifeel.batch.manifest import Entry
from howifeel.compare.naming import natural, told_apart
from howifeel.errors import SourceError
from howifeel.printable import printable
from howifeel.report.comparison import Missing

SUFFIXES = (".parquet", ".csv", ".jsonl")
"""What a timeline may end with, the quickest to read first."""

_STATES = {
    "waiting": "It was not begun; run howifeel-video again.",
    "running": "It was interrupted; run howifeel-video again.",
    "failed": "It failed.",
    "quarantined": "It was given up after several tries.",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A timeline to compare.

    Attributes:
        name: what readers call it: the film's path inside its folder, and as much of that folder
            as tells it apart.
        table: the timeline.
        film: the film itself, where it is known; it may be gone.
        notes: sentences that a reader must know.
    """

    name: str
    table: Path
    film: Path | None
    notes: tuple[str, ...] = ()


def find(inputs: Iterable[str | Path]) -> tuple[list[Found], list[Missing]]:
    """All timelines in the natural order of their names, and what is missing with the reason.

    Args:
        inputs: manifests of `howifeel-video`, folders with one or with timelines, timelines.

    Raises:
        SourceError: an input does not exist or holds nothing of this kind.
        OutputError: a manifest cannot be read.
    """
    found: dict[Path, tuple[Path, Found]] = {}
    missing: list[tuple[Path, Missing]] = []
    for given in map(Path, inputs):
        if not given.exists():
            raise SourceError(f"{given} does not exist; name a folder, manifest or timeline.")
        if given.is_dir() and (given / manifest.NAME).is_file():
            given /= manifest.NAME
        if given.is_dir():
            place, every = given, _in_folder(given)
        elif given.name == manifest.NAME:
            place = given.parent
            every, lost = _in_manifest(given)
            missing += [(files.real(place), each) for each in lost]
        else:
            place, every = given.parent, [_alone(given, given.parent)]
        for each in every:
            found.setdefault(files.real(each.table), (files.real(place), each))
    return _told_apart(list(found.values()), missing)


def _told_apart(
    found: Sequence[tuple[Path, Found]], missing: Sequence[tuple[Path, Missing]]
) -> tuple[list[Found], list[Missing]]:
    """The same under names of which no two timelines share one."""
    names = map(printable, told_apart([(place, each.name) for place, each in (*found, *missing)]))
    films = [replace(each, name=name) for (_, each), name in zip(found, names, strict=False)]
    lost = [replace(each, name=name) for (_, each), name in zip(missing, names, strict=True)]
    shared = Counter(each.name for each in films)
    films = [
        each if shared[each.name] == 1 else replace(each, name=each.name + each.table.suffix)
        for each in films
    ]
    return sorted(films, key=lambda film: natural(film.name)), lost


def _in_manifest(path: Path) -> tuple[list[Found], list[Missing]]:
    found, missing = [], []
    entries = manifest.read(path)
    names = told_apart([(Path(entry.folder), entry.source) for entry in entries])
    for entry, name in zip(entries, map(printable, names), strict=True):
        table = _table_of(entry, path.parent)
        if entry.state not in ("done", "skipped"):
            reason = entry.error or _STATES[entry.state]
            told = without_folders(reason, path.parent, files.real(path.parent), Path(entry.folder))
            missing.append(Missing(name, printable(told)))
        elif table is None:
            reason = "It has no timeline; run howifeel-video again with --timeline."
            missing.append(Missing(name, reason))
        else:
            film = Path(entry.folder, entry.source) if entry.folder else None
            found.append(Found(name, table, film, entry.notes))
    return found, missing


def _table_of(entry: Entry, folder: Path) -> Path | None:
    tables = [folder / output for output in entry.outputs if Path(output).suffix in SUFFIXES]
    return min(tables, key=lambda path: SUFFIXES.index(path.suffix), default=None)


def _in_folder(folder: Path) -> list[Found]:
    """One timeline of each film: where it was written in several formats, the quickest to read."""
    tables: dict[Path, Path] = {}
    for suffix in SUFFIXES:
        for path in folder.rglob(f"*{suffix}"):
            if not path.name.startswith(".") and timeline.sidecar_of(path).is_file():
                tables.setdefault(path.with_suffix(""), path)
    found = [_alone(tables[stem], folder) for stem in sorted(tables)]
    if not found:
        raise SourceError(
            f"The folder {folder} holds no {manifest.NAME} and no timeline with its .json; "
            "name a folder into which howifeel-video wrote."
        )
    return found


def _alone(table: Path, folder: Path) -> Found:
    """A timeline without a manifest; the `.json` beside it tells the film and the notes."""
    try:
        about = json.loads(timeline.sidecar_of(table).read_text("utf-8"))
    except (OSError, ValueError):
        about = {}
    about = about if isinstance(about, dict) else {}
    source, notes = about.get("source"), about.get("notes")
    name = printable(table.relative_to(folder).with_suffix("").as_posix())
    return Found(
        name=name,
        table=table,
        film=Path(source) if isinstance(source, str) and source else None,
        notes=tuple(map(str, notes)) if isinstance(notes, list) else (),
    )


def without_folders(sentence: str, *folders: Path) -> str:
    """A sentence for readers elsewhere, without the folders of this machine.

    >>> without_folders("Cannot read /home/zoe/a.csv.", Path("/home/zoe"))
    'Cannot read a.csv.'
    """
    for folder in folders:
        if folder != Path():
            sentence = sentence.replace(f"{folder}{os.sep}", "")
    return sentence
