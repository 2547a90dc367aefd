"""From timelines to the report that compares them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from howifeel import files, timeline
from howifeel.compare import pictures
from howifeel.compare.cards import cards
from howifeel.compare.find import Found, without_folders
from howifeel.compare.naming import natural
from howifeel.compare.participants import Participant
from howifeel.errors import HowIFeelError, SourceError
from howifeel.report.comparison import (
    Comparison,
    Film,
    Missing,
    Person,
    noun,
    page,
    remarks,
)
from howifeel.report.words import count
from howifeel.timeline import Table
from howifeel.timeline.across import across
from howifeel.timeline.statistics import Looks, together


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        path: the report.
        films: how many films are in it, in words; where all are pictures, how many pictures.
        missing: the films that are not in it.
        notes: what its reader must know, the weightiest first.
    """

    path: Path
    films: str
    missing: tuple[Missing, ...]
    notes: tuple[str, ...]


def write(
    found: Sequence[Found],
    whose: Sequence[Participant],
    missing: Sequence[Missing],
    target: Path,
    *,
    title: str = "",
    take: pictures.Take = pictures.none,
    force: bool = False,
    on_progress: Callable[[int], None] = lambda films: None,
) -> Outcome:
    """Read all timelines, one person after the other, and write the report.

    Args:
        found: the timelines.
        whose: a participant for each.
        missing: films that are missing already.
        target: the .html file; it appears whole or not at all.
        title: its headline.
        take: makes a picture of each film.
        force: replace the file if it exists.
        on_progress: called with the number of timelines that are read.

    Raises:
        SourceError: none of the timelines can be read.
        OutputError: the report cannot be written or exists.
    """
    files.check_target(target, force=force)
    lost = list(missing)
    people: list[Person] = []
    done = 0
    for person, theirs in _by_person(found, whose):
        films, tables = [], []
        for each in theirs:
            try:
                table = timeline.read_table(each.table)
                films.append(_film(each, table, take))
                tables.append(table)
            except HowIFeelError as error:
                lost.append(Missing(each.name, without_folders(str(error), each.table.parent)))
            done += 1
            on_progress(done)
        if films:
            people.append(_person(person, films, tables))
    if not people:
        why = f"; the first: {lost[0].reason}" if lost else ""
        raise SourceError(f"No timeline can be compared{why}")
    comparison = Comparison(
        people=tuple(people),
        missing=tuple(sorted(lost, key=lambda film: natural(film.name))),
        groups=_groups(people),
        cards=cards(film.provenance for p in people for film in p.films if film.provenance),
    )
    films = count(len(comparison.films), *noun(comparison.films))
    title = title.strip() or f"{films} side by side"
    with files.atomic(target, force=force) as unfinished:
        text = page(comparison, title)
        unfinished.write_text(text, "utf-8", errors="backslashreplace")
    return Outcome(target, films, comparison.missing, tuple(remarks(comparison)))


def _by_person(
    found: Sequence[Found], whose: Sequence[Participant]
) -> list[tuple[Participant, list[Found]]]:
    """A participant's films together; a film that stands for itself stays alone, at the end.

    Participants stand in the natural order of their groups and names.
    """
    grouped: dict[Participant | int, tuple[Participant, list[Found]]] = {}
    for n, (each, person) in enumerate(zip(found, whose, strict=True)):
        grouped.setdefault(person if person.named else n, (person, []))[1].append(each)
    return sorted(
        grouped.values(),
        key=lambda each: (not each[0].named, natural(each[0].group), natural(each[0].name)),
    )


def _film(found: Found, table: Table, take: pictures.Take) -> Film:
    origin = timeline.read_sidecar(found.table)
    return Film.of(found.name, table, origin, found.notes, take(found.film, table))


def _person(whose: Participant, films: Sequence[Film], tables: Sequence[Table]) -> Person:
    looks = films[0].looks if len(films) == 1 else together(tables)
    return Person(whose.name, tuple(films), looks, whose.group, whose.named)


def _groups(people: Sequence[Person]) -> dict[str, Looks]:
    """The mean of each group over its participants of whom a face was read."""
    members: dict[str, list[Looks]] = {}
    for person in people:
        if person.named and person.group and person.looks:
            members.setdefault(person.group, []).append(person.looks)
    return {name: across(looks) for name, looks in members.items()}
