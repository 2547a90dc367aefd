"""Which participant and which group a film belongs to: by its folder, or by a list."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from howifeel import untrusted
from howifeel.errors import SettingsError
from howifeel.printable import printable

_FILM = ("film", "file", "source")


@dataclass(frozen=True, slots=True)
class Participant:
    """Whom a film shows. `named` is False where the film stands for itself."""

    name: str
    group: str = ""
    named: bool = True


def themselves(names: Sequence[str]) -> list[Participant]:
    """Every film stands for itself."""
    return [Participant(name, named=False) for name in names]


def by_folder(names: Sequence[str]) -> list[Participant]:
    """Films of one folder belong together, and the folder around it is the group.

    Where two folders would be the same participant of the same group, groups are whole paths. A
    film that lies in the folder of a group itself belongs to that group and stands for itself.

    >>> by_folder(["old/anna/1.mp4", "talk.mp4"])[0]
    Participant(name='anna', group='old', named=True)
    >>> by_folder(["x/old/anna/1.mp4", "y/old/anna/1.mp4"])[0]
    Participant(name='anna', group='x/old', named=True)
    >>> by_folder(["old/anna/1.mp4", "old/2.mp4"])[1]
    Participant(name='old/2.mp4', group='old', named=False)
    """
    folders = [PurePosixPath(name).parent for name in names]
    ends = {folder.parts[-2:] for folder in folders}
    is_clear = len(ends) == len(set(folders))
    of_groups = {folder.parent for folder in folders}
    made = []
    for name, folder in zip(names, folders, strict=True):
        is_group = folder in of_groups
        group = folder if is_group else folder.parent
        made.append(
            Participant(
                name=name if is_group or not folder.name else folder.name,
                group="" if not group.name else group.name if is_clear else str(group),
                named=bool(folder.name) and not is_group,
            )
        )
    return made


def by_list(names: Sequence[str], path: Path) -> list[Participant]:
    """As a table says: a CSV file with the columns film and participant, and group if wanted.

    A film is named by its path, the end of its path, its file name, or any of these without
    suffix. What is the whole path of one film does not name another. Columns may be divided by
    commas, semicolons or tabs.

    Raises:
        SettingsError: the file cannot be read, lacks a column, names a film twice, names none of
            the films, or has an entry that fits several.
    """
    rows = _rows(path)
    known: dict[str, Participant] = {}
    for row in rows:
        film, person = row["film"], Participant(row["participant"], row.get("group", ""))
        if known.setdefault(film, person) != person:
            raise SettingsError(f"{path} names the film {film!r} twice; keep one of the lines.")
    every = frozenset(names)
    entries = [_entry_of(name, known, every) for name in names]
    _check_clear(path, names, entries)
    made = [
        known[entry] if entry else Participant(name, named=False)
        for name, entry in zip(names, entries, strict=True)
    ]
    if not any(person.named for person in made):
        example = names[0] if names else "talk.mp4"
        raise SettingsError(f"{path} names none of the films; name them as in {example!r}.")
    return made


def _entry_of(name: str, known: Collection[str], names: Collection[str]) -> str:
    """The longest of the known entries that names a film; empty where none does."""
    parts = PurePosixPath(name).parts
    for n in range(len(parts)):
        end = PurePosixPath(*parts[n:])
        for spelling in (str(end), str(end.with_suffix(""))):
            if spelling in known and (n == 0 or spelling not in names):
                return spelling
    return ""


def _check_clear(path: Path, names: Sequence[str], entries: Sequence[str]) -> None:
    """Refuse an entry that would give the films of several people to one."""
    named = defaultdict(list)
    for name, entry in zip(names, entries, strict=True):
        named[entry].append(name)
    for entry, films in named.items():
        if entry and len(films) > 1:
            more = f" and {len(films) - 2} more" if len(films) > 2 else ""
            raise SettingsError(
                f"{path}: {entry!r} fits {films[0]!r} and {films[1]!r}{more}; write the folder "
                "before the name, as here, in a line for each film."
            )


def _rows(path: Path) -> list[dict[str, str]]:
    wanted = "it needs the columns film and participant, and group if wanted"
    try:
        untrusted.check_regular(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            divider = max(",;\t", key=head.count)
            lines = list(csv.reader(file, delimiter=divider))
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path} is not in UTF-8, so that names cannot be read; save it as CSV UTF-8."
        ) from error
    except (OSError, csv.Error) as error:
        reason = untrusted.reason(error)
        raise SettingsError(f"{path} cannot be read as a table ({reason}); {wanted}.") from error
    columns = [title.strip().lower() for title in lines[0]] if lines else []
    columns = ["film" if title in _FILM else title for title in columns]
    if not {"film", "participant"} <= set(columns):
        raise SettingsError(f"{path} lacks a column; {wanted}.")
    rows = [
        {title: printable(cell.strip()) for title, cell in zip(columns, line, strict=False)}
        for line in lines[1:]
    ]
    return [row for row in rows if row.get("film") and row.get("participant")]
