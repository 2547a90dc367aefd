"""From timelines to the report that compares them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from howifeel import files, timeline
from howifeel.compare import pictures
from howifeel.compare.cards import cards
from howifeel.compare.find import Found, without_folders
from howifeel.compare.participants import Participant
from howifeel.errors import HowIFeelError, SourceError
from howifeel.report.comparison import Comparison, Film, Missing, Person, page
from howifeel.report.words import count, percent
from howifeel.timeline import Table
from howifeel.timeline.across import across
from howifeel.timeline.statistics import Looks, together

LITTLE = 0.5
"""A film in which a face was read for less of the time is pointed out."""

_MOST_NAMED = 5
_OF_THE_REST = ("is damaged", "was told to stop", "What came before was kept")
"""Words of the notes that tell why a part of a film was not read; see `howifeel.annotate`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the report, the number of films in it, and those that are not."""

    path: Path
    films: int
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
        missing=tuple(lost),
        groups=_groups(people),
        are_participants=any(person.named for person in whose),
        notes=tuple(_notes(people, whose)),
        cards=cards(film.provenance for p in people for film in p.films if film.provenance),
    )
    title = title.strip() or f"{count(len(comparison.films), 'film', 'films')} side by side"
    with files.atomic(target, force=force) as unfinished:
        text = page(comparison, title)
        unfinished.write_text(text, "utf-8", errors="backslashreplace")
    return Outcome(target, len(comparison.films), comparison.missing, comparison.notes)


def _by_person(
    found: Sequence[Found], whose: Sequence[Participant]
) -> list[tuple[Participant, list[Found]]]:
    """A participant's films together; a film that stands for itself stays alone."""
    grouped: dict[Participant | int, tuple[Participant, list[Found]]] = {}
    for n, (each, person) in enumerate(zip(found, whose, strict=True)):
        grouped.setdefault(person if person.named else n, (person, []))[1].append(each)
    return list(grouped.values())


def _film(found: Found, table: Table, take: pictures.Take) -> Film:
    origin = timeline.read_sidecar(found.table)
    return Film.of(found.name, table, origin, found.notes, take(found.film, table))


def _person(whose: Participant, films: Sequence[Film], tables: Sequence[Table]) -> Person:
    looks = films[0].looks if len(films) == 1 else together(tables)
    return Person(whose.name, tuple(films), looks, whose.group)


def _groups(people: Sequence[Person]) -> dict[str, Looks]:
    """The mean of each group, where there are groups at all."""
    names = list(dict.fromkeys(person.group for person in people))
    if not any(names):
        return {}
    members = {n: [p.looks for p in people if p.group == n and p.looks] for n in names}
    return {name: across(looks) for name, looks in members.items() if looks}


def _notes(people: Sequence[Person], whose: Sequence[Participant]) -> Iterator[str]:
    """What a reader of the whole comparison must know."""
    yield from _damaged([film for person in people for film in person.films])
    alone = [person.name for person in whose if not person.named]
    if 0 < len(alone) < len(whose):
        one = len(alone) == 1
        films = "film belongs" if one else "films belong"
        stands = "stands for itself" if one else "each stands for itself"
        yield f"{len(alone)} {films} to no participant, and {stands}: {_some(alone)}."
    outside = list(dict.fromkeys(p.name for p in whose if p.named and not p.group))
    if outside and any(person.group for person in whose):
        have = "participant has" if len(outside) == 1 else "participants have"
        yield f"{len(outside)} {have} no group: {_some(outside)}."
    every = [film for person in people for film in person.films]
    little = sum(film.covered.read_s < LITTLE * film.covered.known_s for film in every)
    if little:
        yield (
            f"In {count(little, 'film', 'films')} a face was read for less than "
            f"{percent(LITTLE)} of the time; what they looked like in the rest is not known."
        )
    mixed = sum(film.most_faces > 1 for film in every)
    if mixed:
        yield f"In {count(mixed, 'film', 'films')} several faces were read at once, and are mixed."


def _damaged(films: Sequence[Film]) -> Iterator[str]:
    """Which films were not read as a whole, each with its note."""
    told = []
    for film in films:
        why = [note for note in film.notes if any(words in note for words in _OF_THE_REST)]
        if why:
            told.append(f"{film.name}: {' '.join(why)}")
    if told:
        more = len(told) - _MOST_NAMED
        rest = f" {more} more under Remarks." if more > 0 else ""
        number = count(len(told), "film was", "films were")
        yield f"{number} not read as a whole. {' '.join(told[:_MOST_NAMED])}{rest}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
