"""The table of people or films: how long each looked like what, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from howifeel import emotions
from howifeel.report.comparison.film import Film, Person
from howifeel.report.markup import Markup, element
from howifeel.report.words import interval, lasting, percent
from howifeel.timeline.statistics import Looks

_KINDS = (*emotions.NAMES, emotions.UNSURE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table.

    Attributes:
        name, group: who or what.
        counted: how many films or people it stands for; None where that goes without saying.
        length_s: how long they are.
        read_share: share of this time in which a face was read, 0..1.
        tracks: number of tracks of faces.
        looks: what the faces looked like; None where none was read.
    """

    name: str
    group: str
    counted: int | None
    length_s: float
    read_share: float
    tracks: int
    looks: Looks | None


def of_person(person: Person, *, count_films: bool) -> Line:
    """The line of a participant, or of the only film of one."""
    return Line(
        name=person.name,
        group=person.group,
        counted=len(person.films) if count_films else None,
        length_s=sum(film.covered.length_s for film in person.films),
        read_share=person.read_share,
        tracks=sum(film.tracks for film in person.films),
        looks=person.looks,
    )


def of_film(film: Film, group: str) -> Line:
    """The line of one film."""
    known_s = film.covered.known_s
    read_share = film.covered.read_s / known_s if known_s else 0.0
    return Line(film.name, group, None, film.covered.length_s, read_share, film.tracks, film.looks)


def of_group(name: str, mean: Looks, people: Sequence[Person]) -> Line:
    """The line of a group: the mean of its people of whom a face was read, and their sums."""
    members = [person for person in people if person.group == name and person.looks]
    films = [film for person in members for film in person.films]
    known_s = sum(film.covered.known_s for film in films)
    return Line(
        name=name,
        group="",
        counted=len(members),
        length_s=sum(film.covered.length_s for film in films),
        read_share=sum(film.covered.read_s for film in films) / known_s if known_s else 0.0,
        tracks=sum(film.tracks for film in films),
        looks=mean,
    )


def table(
    lines: Sequence[Line], first: str, counted: str = "Films", *, timeless: bool = False
) -> Markup:
    """The table, which a click on a headline sorts.

    Args:
        lines: at least one.
        first: headline of the first column.
        counted: what each line stands for several of, as a headline.
        timeless: they are pictures, which have no length.
    """
    grouped = any(line.group for line in lines)
    several = any(line.counted is not None for line in lines)
    heads = [
        head(first, number=False),
        head("Group", number=False) if grouped else "",
        head(counted) if several else "",
        "" if timeless else head("Length"),
        head("Read"),
        head("Faces"),
        *(head(kind) for kind in _KINDS),
    ]
    span = 4 + grouped + several - timeless
    shares = "Share of the faces that" if timeless else "Share of the time in which faces"
    above = element(
        "tr",
        element("td", colspan=span),
        element(
            "th", f"{shares} looked ...", scope="colgroup",
            colspan=len(_KINDS),
        ),
    )  # fmt: skip
    return element(
        "div",
        element(
            "table",
            element("thead", above, element("tr", *heads, class_="heads")),
            element("tbody", *(_row(line, grouped, several, timeless) for line in lines)),
            class_="sort wide",
        ),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=f"{first}s side by side",
    )


def head(words: str, *, number: bool = True) -> Markup:
    """A headline by which a table can be sorted."""
    button = element("button", words, type="button")
    return element("th", button, scope="col", class_="n" if number else None)


def number(words: str, value: float | None) -> Markup:
    """A cell with a number, sorted by its value."""
    return element("td", words, class_="n", data_value=None if value is None else f"{value:.6g}")


def _row(line: Line, grouped: bool, several: bool, timeless: bool) -> Markup:
    return element(
        "tr",
        element("th", line.name, scope="row"),
        element("td", line.group) if grouped else "",
        number(str(line.counted or ""), line.counted) if several else "",
        "" if timeless else number(lasting(line.length_s), line.length_s),
        number(percent(line.read_share), line.read_share),
        number(str(line.tracks), line.tracks),
        *_shares(line.looks),
    )


def _shares(looks: Looks | None) -> Iterable[Markup]:
    if looks is None:
        yield element("td", "no face was read", colspan=len(_KINDS), class_="dim small")
        return
    for kind in _KINDS:
        share = looks.unsure if kind == emotions.UNSURE else looks.shares[kind]
        yield element(
            "td",
            percent(share.value),
            element("small", interval(share)) if share.low is not None else "",
            class_=f"n share of-{kind}",
            data_value=f"{share.value:.6g}",
            style=f"--share:{100 * share.value:.1f}%",
        )
