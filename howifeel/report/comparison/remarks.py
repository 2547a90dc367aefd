"""What a reader of a comparison must know before anything else, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from howifeel.report.comparison import origin
from howifeel.report.comparison.film import Comparison, Film, are_pictures, noun
from howifeel.report.words import count, percent

LITTLE = 0.5
"""A film in which a face was read for less of the time is pointed out."""

_MOST_NAMED = 5
# Words of the notes that tell why a part of a film was not read; see `howifeel.annotate`.
_DAMAGED = "is damaged"
_BROKE_OFF = "What came before was kept"
_TOLD_TO_STOP = "was told to stop"
_OF_SOUND = "The sound"


def remarks(comparison: Comparison) -> list[str]:
    """Sentences about the comparison as a whole."""
    films = comparison.films
    return [
        *origin.warnings(films),
        *_not_whole(films),
        *_of_nobody(comparison),
        *_without_group(comparison),
        *_seldom_read(films),
        *_mixed(films),
    ]


def _not_whole(films: Sequence[Film]) -> Iterator[str]:
    """Which films were not read as a whole: damage first, and what was wanted is only counted."""
    damaged = [film for film in films if _said(film, _DAMAGED)]
    broken = [film for film in films if film not in damaged and _said(film, _BROKE_OFF)]
    unwanted = [*damaged, *broken]
    stopped = sum(film not in unwanted and bool(_said(film, _TOLD_TO_STOP)) for film in films)
    number = len(unwanted) + stopped
    if not number:
        return
    one, several = noun(films)
    sentences = [f"{count(number, f'{one} was', f'{several} were')} not read as a whole."]
    for film in unwanted[:_MOST_NAMED]:
        sentences.append(f"{film.name}: {' '.join(_said(film, _DAMAGED, _BROKE_OFF))}")
    if len(unwanted) > _MOST_NAMED:
        sentences.append(f"{len(unwanted) - _MOST_NAMED} more under Remarks.")
    if stopped:
        more = " more" if unwanted else ""
        sentences.append(f"{stopped:,}{more} {'was' if stopped == 1 else 'were'} told to stop.")
    yield " ".join(sentences)


def _said(film: Film, *words: str) -> list[str]:
    """The notes of a film with any of these words, but for those about its sound."""
    return [
        note
        for note in film.notes
        if any(each in note for each in words) and not note.startswith(_OF_SOUND)
    ]


def _of_nobody(comparison: Comparison) -> Iterator[str]:
    names = [film.name for film in comparison.of_nobody]
    if names:
        one, several = noun(comparison.films)
        belong = count(len(names), f"{one} belongs", f"{several} belong")
        verb = "is" if len(names) == 1 else "are"
        yield f"{belong} to no participant and {verb} counted with none: {_some(names)}."


def _without_group(comparison: Comparison) -> Iterator[str]:
    names = [person.name for person in comparison.participants if not person.group]
    if names and comparison.groups:
        have = count(len(names), "participant has", "participants have")
        verb = "is" if len(names) == 1 else "are"
        yield f"{have} no group and {verb} in no average: {_some(names)}."


def _seldom_read(films: Sequence[Film]) -> Iterator[str]:
    little = sum(film.covered.read_s < LITTLE * film.covered.known_s for film in films)
    if not little:
        return
    where = f"In {count(little, *noun(films))}"
    if are_pictures(films):
        yield f"{where} no face was read."
    else:
        yield (
            f"{where} a face was read for less than {percent(LITTLE)} of the time; "
            "what they looked like in the rest is not known."
        )


def _mixed(films: Sequence[Film]) -> Iterator[str]:
    mixed = sum(film.most_faces > 1 for film in films)
    if mixed:
        yield f"In {count(mixed, *noun(films))} several faces were read at once, and are mixed."


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
