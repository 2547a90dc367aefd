"""From files and folders to one job each: folders opened, targets named, nothing written twice."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from howifeel import files, video
from howifeel.annotate import Job
from howifeel.errors import SettingsError, SourceError

_READABLE = video.PICTURE_SUFFIXES | {
    ".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts",
      ".wmv", ".flv", ".3gp", ".ogv", ".gif",
}  # fmt: skip


_ANNOTATED = "-annotated"


@dataclass(frozen=True, slots=True)
class Found:
    """A source and the name that its targets get, without suffix.

    `folder` is where it was looked for; None for what was named itself.
    """

    spec: str
    name: str
    folder: Path | None = None

    @property
    def annotated(self) -> str:
        """File name of its annotated copy, of the same kind where that can be written."""
        suffix = Path(self.spec).suffix.lower()
        writable = suffix in (*video.PICTURE_SUFFIXES, *video.SINK_SUFFIXES)
        return f"{self.name}{_ANNOTATED}{suffix if writable else '.mp4'}"


def find(
    inputs: Iterable[str], on_repeats: Callable[[int], None] = lambda count: None
) -> list[Found]:
    """All sources: files, URLs and test patterns as given, folders by their videos and pictures.

    A file that is found twice, also by a link, is one source.

    Args:
        inputs: what was named.
        on_repeats: told how many files were found once more, if any were.

    Raises:
        SourceError: a folder holds nothing that can be read.
    """
    found: list[Found] = []
    for given in inputs:
        found += _in_folder(Path(given)) if Path(given).is_dir() else [Found(given, _name(given))]
    once = _once(found)
    if len(once) < len(found):
        on_repeats(len(found) - len(once))
    return distinct(once)


def is_annotated(found: Found) -> bool:
    """Whether a file has the name of an annotated copy.

    >>> is_annotated(Found("films/a-annotated.mp4", "a-annotated"))
    True
    """
    return Path(found.spec).stem.endswith(_ANNOTATED)


def distinct(found: Iterable[Found], reserved: Collection[str] = ()) -> list[Found]:
    """Names that occur twice get their suffix, names that are taken even so a number.

    None is given a name that is `reserved`.
    """
    every = list(found)
    names = [each.name for each in every]
    taken: dict[str, Found] = {}
    for each in every:
        suffix = Path(each.spec).suffix.replace(".", "-")
        name = each.name + suffix if names.count(each.name) > 1 else each.name
        numbered = (f"{name}-{count}" for count in itertools.count(2))
        while name in taken or name in reserved:
            name = next(numbered)
        taken[name] = replace(each, name=name)
    return list(taken.values())


def check_targets(jobs: Iterable[Job], others: Iterable[Path] = ()) -> None:
    """Refuse jobs that would write one file twice, or one that another reads.

    Args:
        jobs: what is to be done.
        others: files that are written beside.

    Raises:
        SettingsError: naming the file.
    """
    every, places = list(jobs), files.Places()
    paths = (video.local_path(job.source) for job in every)
    read = {places.file(path) for path in paths if path}
    written = {places.file(path) for path in others}
    for target in (places.file(target) for job in every for target in job.targets):
        if target in read:
            raise SettingsError(f"{target.name} would be read and written; choose another name.")
        if target in written:
            raise SettingsError(f"{target.name} would be written twice; choose another name.")
        written.add(target)


def _once(found: Iterable[Found]) -> list[Found]:
    """The sources but for files that came before. A camera or URL may well be read twice."""
    places = files.Places()
    kept: dict[object, Found] = {}
    for each in found:
        path = video.local_path(each.spec)
        kept.setdefault(places.file(path) if path else object(), each)
    return list(kept.values())


def _in_folder(folder: Path) -> list[Found]:
    found = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.suffix.lower() in _READABLE and path.is_file() and not hidden:
            found.append(Found(str(path), "-".join(inside.with_suffix("").parts), folder))
    if not found:
        raise SourceError(f"The folder {folder} holds no video or picture; name another.")
    return found


def _name(given: str) -> str:
    path = video.local_path(given)
    if path:
        return path.stem
    return re.sub(r"[^\w.-]+", "-", video.display_name(given)).strip("-.") or "source"
