"""All films as small multiples: what faces looked like over time, one thin ribbon each."""

from __future__ import annotations

import base64
import statistics
from collections.abc import Iterator, Sequence

import numpy as np

from howifeel import emotions
from howifeel.report.comparison.film import Comparison, Film
from howifeel.report.comparison.label import label
from howifeel.report.markup import Markup, element
from howifeel.report.strip import Strip
from howifeel.report.words import clock, percent

_SHOWN = (*emotions.NAMES, emotions.UNSURE)
_WIDTH, _HEIGHT = 1000, 20
_MOST_STRETCH = 4
"""One scale of time for all, unless the longest film is so many times the usual one."""


def ribbons(comparison: Comparison) -> Markup:
    """One ribbon for each film, under the name of its participant where there are some."""
    films = comparison.films
    lengths = [film.covered.length_s for film in films]
    longest = max(lengths, default=0.0)
    shared = longest <= _MOST_STRETCH * statistics.median(lengths or [0.0])
    scale = "All ribbons have the same scale of time." if shared else (
        "Every ribbon is as wide as its film is long, whatever its length, which stands beside it."
    )  # fmt: skip
    rows = []
    for heading, theirs in by_participant(comparison):
        rows += [heading, *(_row(film, longest if shared else 0.0) for film in theirs)]
    return element(
        "section",
        element("h2", "Over time"),
        element(
            "p",
            "The colour is what was shown longest at that time, of all faces together. A thin grey "
            "line means unsure; where there is only ground, no face was read. " + scale,
            class_="dim",
        ),
        _legend(),
        element("ol", *rows, class_="ribbons card"),
    )


def by_participant(comparison: Comparison) -> Iterator[tuple[Markup, Sequence[Film]]]:
    """The films under the line of their participant, at the end those of nobody."""
    if not comparison.participants:
        yield Markup(""), comparison.films
        return
    for person in comparison.participants:
        group = element("span", person.group, class_="dim") if person.group else ""
        yield element("li", element("h3", person.name), group, class_="person"), person.films
    if comparison.of_nobody:
        heading = element("li", element("h3", "No participant"), class_="person")
        yield heading, comparison.of_nobody


def _legend() -> Markup:
    items = (
        element("li", element("span", class_=f"swatch of-{name}"), name) for name in _SHOWN
    )  # fmt: skip
    return element("ul", *items, class_="legend")


def _row(film: Film, scale_s: float) -> Markup:
    length_s = film.covered.length_s
    width = 100 * length_s / scale_s if scale_s else 100.0
    drawing = element(
        "svg",
        element("title", f"{film.name}: {in_words(film)}"),
        element("rect", width=_WIDTH, height=_HEIGHT, class_="ground"),
        *(_paths(film.strip, film.covered.start_s, length_s) if film.strip else ()),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        style=f"width:{width:.2f}%",
    )
    return element(
        "li",
        picture(film),
        label(film.name, "name"),
        element("span", drawing, class_="ribbon"),
        element("span", clock(length_s), class_="value"),
    )


def picture(film: Film) -> Markup:
    """The small picture of a film, if it has one."""
    if not film.picture:
        return Markup("")
    data = base64.b64encode(film.picture).decode()
    image = element("img", src=f"data:image/jpeg;base64,{data}", alt="")
    return element("span", image, class_="picture")


def in_words(film: Film) -> str:
    """What was shown, for those who cannot see a ribbon."""
    if film.looks is None:
        return "no face was read"
    top = film.looks.top
    share, unsure = film.looks.shares[top].value, f"unsure {percent(film.looks.unsure.value)}"
    return f"{emotions.PHRASES[top]} {percent(share)}, {unsure}" if share else unsure


def _paths(known: Strip, start_s: float, length_s: float) -> list[Markup]:
    """One path for each expression that occurs: rectangles, as long as it was shown."""
    new = (np.diff(known.shown) != 0) | (np.diff(known.run) != 0)
    first = np.flatnonzero(np.append(True, new))
    last = np.append(first[1:], len(known.shown)) - 1
    scale = _WIDTH / max(length_s, 1e-9)
    drawn: dict[str, list[str]] = {}
    for begin, end in zip(first.tolist(), last.tolist(), strict=True):
        name = _SHOWN[known.shown[begin]]
        from_s, to_s = float(known.start_s[begin]) - start_s, float(known.end_s[end]) - start_s
        x0 = max(0, round(scale * from_s))
        x1 = min(_WIDTH, max(x0 + 1, round(scale * to_s)))
        top, height = (8, 4) if name == emotions.UNSURE else (0, _HEIGHT)
        drawn.setdefault(name, []).append(f"M{x0} {top}H{x1}v{height}H{x0}z")
    return [element("path", d="".join(parts), class_=f"of-{n}") for n, parts in drawn.items()]
