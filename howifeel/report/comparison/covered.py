"""The table of films: when faces were read and why not, and how good the pictures were."""

from __future__ import annotations

from collections.abc import Sequence

from howifeel.report.comparison.film import Film, Missing, are_pictures, noun
from howifeel.report.comparison.side_by_side import head, number
from howifeel.report.markup import Markup, element, joined
from howifeel.report.words import REASONS, lasting, percent


def covered(films: Sequence[Film]) -> Markup:
    """One line for each film."""
    timeless = are_pictures(films)
    title = "How well faces were read" if timeless else "When faces were read, and how well"
    reasons = [reason for reason in REASONS if any(_gap_s(film, reason) for film in films)]
    paused = any(film.covered.paused_s > 0.5 for film in films)
    heads = (
        head(noun(films)[0].capitalize(), number=False),
        head("A face was read"),
        *(head(REASONS[reason].capitalize()) for reason in reasons),
        head("The stream paused") if paused else "",
        "" if timeless else head("Frames"),
        head("Faces at once"),
        head("Face height"),
        head("Detector score"),
    )
    body = (_row(film, reasons, paused, timeless) for film in films)
    table = element(
        "table",
        element("thead", element("tr", *heads, class_="heads")),
        element("tbody", *body),
        class_="sort",
    )
    return element(
        "section",
        element("h2", title),
        element(
            "p",
            "Faces that are small, or that the detector is not sure of, are read less well. The "
            "height is the median in pixels, the score a mean from 0 to 1.",
            class_="dim",
        ),
        element(
            "div", table, class_="scroll", tabindex="0", role="region",
            aria_label=title,
        ),
        _notes(films),
    )  # fmt: skip


def _gap_s(film: Film, reason: str) -> float:
    return film.covered.gaps_s.get(reason, 0.0)


def _row(film: Film, reasons: Sequence[str], paused: bool, timeless: bool) -> Markup:
    found = film.covered
    whole_s = max(found.known_s + found.paused_s, 1e-9)

    def share(seconds: float) -> Markup:
        title = None if timeless else lasting(seconds)
        words = percent(seconds / whole_s) if seconds else "0"
        return element("td", words, class_="n", data_value=f"{seconds / whole_s:.6g}", title=title)

    return element(
        "tr",
        element("th", film.name, scope="row"),
        share(found.read_s),
        *(share(_gap_s(film, reason)) for reason in reasons),
        share(found.paused_s) if paused else "",
        "" if timeless else number(f"{found.frames:,}", found.frames),
        number(str(film.most_faces), film.most_faces),
        number("" if film.face_px is None else f"{film.face_px:.0f}", film.face_px),
        number("" if film.score is None else f"{film.score:.2f}", film.score),
    )


def _notes(films: Sequence[Film]) -> Markup:
    said = [(film.name, note) for film in films for note in film.notes]
    if not said:
        return joined()
    items = (element("li", element("b", name), ": ", note) for name, note in said)
    return element(
        "div", element("h3", "Remarks"), element("ul", *items, class_="small"), class_="card"
    )


def missing(films: Sequence[Missing]) -> Markup:
    """The films that are not in the comparison, each with its reason."""
    if not films:
        return joined()
    rows = (
        element("tr", element("th", film.name, scope="row"), element("td", film.reason))
        for film in films
    )
    heads = element("tr", element("th", "Film", scope="col"), element("th", "Why", scope="col"))
    table = element("table", element("thead", heads), element("tbody", *rows))
    return element(
        "section",
        element("h2", "Not in this comparison"),
        element("div", table, class_="card"),
    )
