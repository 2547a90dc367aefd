"""What is compared: films, the people that they show, and films that could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from howifeel.report.strip import Strip, strip
from howifeel.timeline import Table
from howifeel.timeline.statistics import Coverage, Looks, coverage, together
from howifeel.types import Provenance

COLUMNS = 200
"""In so many columns of time a film is drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """One timeline, reduced to what a comparison shows of it.

    Attributes:
        name: what readers call it.
        covered: when faces were read in it, and when not.
        looks: what all its faces together looked like; None where none was read.
        strip: the same over time, in `COLUMNS` columns; None where none was read.
        tracks: number of tracks of faces; one person may have several.
        most_faces: the greatest number of faces that were read at once.
        face_px: median height of the faces in pixels; None where none was read.
        score: mean score of the detector, 0..1; None where none was read.
        provenance: what it was made with; None where unknown.
        notes: sentences that a reader must know, such as damage in the source.
        picture: a small JPEG picture, if one may be shown.
    """

    name: str
    covered: Coverage
    looks: Looks | None
    strip: Strip | None
    tracks: int
    most_faces: int
    face_px: float | None
    score: float | None
    provenance: Provenance | None = None
    notes: tuple[str, ...] = ()
    picture: bytes | None = None

    @classmethod
    def of(
        cls,
        name: str,
        table: Table,
        provenance: Provenance | None = None,
        notes: Sequence[str] = (),
        picture: bytes | None = None,
    ) -> Film:
        """The film of a timeline."""
        rows = table.where(table.gap < 0)
        read = len(rows) > 0
        return cls(
            name=name,
            covered=coverage(table),
            looks=together([table]),
            strip=strip(rows, table.start_s, table.end_s, COLUMNS) if read else None,
            tracks=len(table.tracks),
            most_faces=int(np.diff(np.append(rows.first_rows, len(rows))).max()) if read else 0,
            face_px=float(np.median(rows.box[:, 3] - rows.box[:, 1])) if read else None,
            score=float(rows.score.mean()) if read else None,
            provenance=provenance,
            notes=tuple(notes),
            picture=picture,
        )


def are_pictures(films: Sequence[Film]) -> bool:
    """Whether each is a single frame, so that there is no time to tell of."""
    return bool(films) and all(film.covered.frames == 1 for film in films)


def noun(films: Sequence[Film]) -> tuple[str, str]:
    """What to call one and several of them: pictures, or films where one is among them."""
    return ("picture", "pictures") if are_pictures(films) else ("film", "films")


@dataclass(frozen=True, slots=True)
class Missing:
    """A film that is not in the comparison, and why, in one sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Films that are counted together: those of one participant, or a single one.

    Attributes:
        name: the participant, or the film.
        films: at least one.
        looks: what all faces of all films looked like; None where none was read.
        group: the group that it belongs to; empty where there are none.
        named: whether somebody named it as a participant; else its film stands for itself.
    """

    name: str
    films: tuple[Film, ...]
    looks: Looks | None
    group: str = ""
    named: bool = False

    @property
    def read_share(self) -> float:
        """Share of the known time in which a face was read, 0..1."""
        known_s = sum(film.covered.known_s for film in self.films)
        return sum(film.covered.read_s for film in self.films) / known_s if known_s else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Everything that a comparing report shows.

    Attributes:
        people: whose films they are.
        missing: films that could not be read.
        groups: group -> what its participants looked like on average; empty where there are none.
        cards: SHA-256 of a model -> facts about it, label -> text.
    """

    people: tuple[Person, ...]
    missing: tuple[Missing, ...] = ()
    groups: Mapping[str, Looks] = field(default_factory=dict)
    cards: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def films(self) -> tuple[Film, ...]:
        """All films, in the order of their people."""
        return tuple(film for person in self.people for film in person.films)

    @property
    def participants(self) -> tuple[Person, ...]:
        """The people that somebody named; none where every film stands for itself."""
        return tuple(person for person in self.people if person.named)

    @property
    def compared(self) -> tuple[Person, ...]:
        """What stands side by side: participants where there are some, else films."""
        return self.participants or self.people

    @property
    def of_nobody(self) -> tuple[Film, ...]:
        """The films that belong to none of the participants, where there are some."""
        if not self.participants:
            return ()
        return tuple(film for p in self.people if not p.named for film in p.films)
