"""Where pictures are compared and not films: each with what its faces looked like."""

from __future__ import annotations

from howifeel.report.comparison import ribbons
from howifeel.report.comparison.film import Comparison, Film
from howifeel.report.comparison.label import label
from howifeel.report.markup import Markup, element


def pictures(comparison: Comparison) -> Markup:
    """A list of the pictures that may be shown; they have no time over which to draw a ribbon."""
    if not any(film.picture for film in comparison.films):
        return Markup("")
    rows = []
    for heading, theirs in ribbons.by_participant(comparison):
        rows += [heading, *map(_row, theirs)]
    return element(
        "section", element("h2", "The pictures"), element("ol", *rows, class_="ribbons card")
    )


def _row(film: Film) -> Markup:
    words = element("span", ribbons.in_words(film), class_="dim")
    return element("li", ribbons.picture(film), label(film.name, "name"), words)
