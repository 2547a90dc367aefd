"""The page that puts many films or people side by side."""

from __future__ import annotations

from howifeel.report.comparison import covered, lanes, origin, pictures, ribbons, side_by_side
from howifeel.report.comparison.film import Comparison, are_pictures, noun
from howifeel.report.comparison.look import LOOK
from howifeel.report.comparison.remarks import remarks
from howifeel.report.comparison.sorting import SCRIPT
from howifeel.report.document import document, header, reading_aid
from howifeel.report.markup import Markup, element, joined
from howifeel.report.words import count, lasting
from howifeel.timeline.across import LEAST_PEOPLE
from howifeel.timeline.statistics import LEAST_S

_AID_OF_FILMS = (
    "All faces of a film are counted together, and a face that leaves and comes back is a new "
    "one: nobody is identified. A film with several people mixes them.",
    "Shares are shares of the time in which faces were read. They and the share of "
    '"unsure" sum to 100 %. Nothing is known about the rest of the time.',
    "The 95 % interval of a film or person comes from a block bootstrap over seconds (Künsch "
    "1989, doi:10.1214/aos/1176347265): it tells how much a share would differ in another "
    f"stretch of the same kind. With less than {LEAST_S} seconds there is none.",
)
_AID_OF_PICTURES = (
    "All faces of a picture are counted together: nobody is identified. A picture with several "
    "people mixes them.",
    'Shares are shares of the faces that were read. They and the share of "unsure" sum to 100 %.',
    "The 95 % interval of a participant comes from a block bootstrap over pictures (Künsch 1989, "
    "doi:10.1214/aos/1176347265): it tells how much a share would differ in other pictures of "
    f"the same kind. With fewer than {LEAST_S} there is none.",
)


def page(comparison: Comparison, title: str) -> str:
    """The text of the report: one HTML file that needs no other file and no network.

    Its only script sorts its tables; without it they stay in their order.

    Raises:
        ValueError: there is nothing to compare.
    """
    if not comparison.people:
        raise ValueError("a comparison needs at least one film")
    films = comparison.films
    over_time = pictures.pictures if are_pictures(films) else ribbons.ribbons
    return document(
        title,
        header(title, f"What faces looked like in {_counted(comparison)}."),
        *(
            element("div", element("p", remark), class_="note warning", role="note")
            for remark in remarks(comparison)
        ),
        _tiles(comparison),
        _side_by_side(comparison),
        lanes.panels(comparison),
        over_time(comparison),
        covered.covered(films),
        covered.missing(comparison.missing),
        origin.origin(films, comparison.cards),
        reading_aid(*_aid(comparison)),
        style=LOOK,
        script=SCRIPT,
    )


def _counted(comparison: Comparison) -> str:
    """How many films of how many participants, and how many of nobody."""
    films, of_nobody = comparison.films, len(comparison.of_nobody)
    text = count(len(films) - of_nobody, *noun(films))
    if comparison.participants:
        text += f" of {count(_participants(comparison), 'participant', 'participants')}"
    if of_nobody:
        text += f" and {count(of_nobody, *noun(films))} of no participant"
    return text


def _participants(comparison: Comparison) -> int:
    """How many there are; who is in two groups has two lines, and counts once."""
    return len({person.name for person in comparison.participants})


def _tiles(comparison: Comparison) -> Markup:
    films = comparison.films
    one, several = noun(films)
    tiles = {one if len(films) == 1 else several: f"{len(films):,}"}
    if participants := _participants(comparison):
        tiles["participant" if participants == 1 else "participants"] = f"{participants:,}"
    if len(comparison.groups) > 1:
        tiles["groups"] = f"{len(comparison.groups):,}"
    if are_pictures(films):
        tiles["with a face that was read"] = f"{sum(film.looks is not None for film in films):,}"
    else:
        tiles["of film"] = lasting(sum(film.covered.length_s for film in films))
        tiles["with a face that was read"] = lasting(sum(film.covered.read_s for film in films))
    if comparison.missing:
        tiles["not in this comparison"] = f"{len(comparison.missing):,}"
    items = (element("div", element("dt", word), element("dd", n)) for word, n in tiles.items())
    return element("dl", *items, class_="tiles top")


def _side_by_side(comparison: Comparison) -> Markup:
    several = any(len(person.films) > 1 for person in comparison.compared)
    timeless = are_pictures(comparison.films)
    film, films = (word.capitalize() for word in noun(comparison.films))
    first = "Participant" if comparison.participants else film
    people = [side_by_side.of_person(p, count_films=several) for p in comparison.compared]
    by_film = ""
    if several or comparison.of_nobody:
        lines = [
            side_by_side.of_film(film, person.group)
            for person in comparison.people
            for film in person.films
        ]
        table = side_by_side.table(lines, film, timeless=timeless)
        by_film = joined(element("h3", f"{film} by {film.lower()}"), table)
    groups = ""
    if comparison.groups:
        means = [
            side_by_side.of_group(name, mean, comparison.participants)
            for name, mean in comparison.groups.items()
        ]
        table = side_by_side.table(means, "Group", "Participants", timeless=timeless)
        groups = joined(element("h3", "Groups on average"), table)
    return element(
        "section",
        element("h2", "Side by side"),
        element("p", "A click on a headline sorts the table.", class_="dim screen"),
        side_by_side.table(people, first, films, timeless=timeless),
        groups,
        by_film,
    )


def _aid(comparison: Comparison) -> list[str]:
    sentences = [
        *(_AID_OF_PICTURES if are_pictures(comparison.films) else _AID_OF_FILMS),
        "No interval contains the errors of the model, which may differ from person to person, "
        "with light, pose, age and skin. Two shares that differ are not yet two faces that differ.",
        "Where many shares are compared, some differ by chance alone.",
    ]
    if comparison.groups or len(comparison.compared) > lanes.MOST_LANES:
        sentences.insert(
            3,
            "The mean of several counts each the same, and its interval comes from a bootstrap "
            "over them (Hesterberg 2015, doi:10.1080/00031305.2015.1089789): it tells how much "
            "the mean would differ for others like them. With fewer than "
            f"{LEAST_PEOPLE} there is none.",
        )
    return sentences
