"""What the films were made with, and a warning where that differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from howifeel.report.comparison.film import Film, noun
from howifeel.report.markup import Markup, element, joined
from howifeel.report.words import count, is_empty

WITHOUT_EFFECT = frozenset({"device", "threads"})
"""Settings that change the speed and hardly a number."""

UNKNOWN = "unknown"
_MOST_VALUES = 6


def facts(film: Film) -> dict[str, str]:
    """Everything about how a film was made that may change its numbers, by name."""
    if film.provenance is None:
        return {}
    made = film.provenance.public()
    plain = {
        "model": str(made.model),
        "SHA-256 of the model": str(made.model_sha256),
        "detector": str(made.detector),
        "SHA-256 of the detector": str(made.detector_sha256 or ""),
        "version of HowIFeel": str(made.version),
    }
    chosen = {
        str(name): _in_words(value)
        for name, value in made.settings.items()
        if name not in WITHOUT_EFFECT and name not in plain
    }
    return plain | chosen


def _in_words(value: object) -> str:
    if is_empty(value):
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def differing(films: Sequence[Film]) -> dict[str, Counter[str]]:
    """What is not the same for all films: name -> its values, each with the number of films.

    Films of which nothing is known are left out.
    """
    every = [known for film in films if (known := facts(film))]
    names = dict.fromkeys(name for each in every for name in each)
    counted = {name: Counter(each.get(name, UNKNOWN) for each in every) for name in names}
    return {name: values for name, values in counted.items() if len(values) > 1}


def warnings(films: Sequence[Film]) -> list[str]:
    """A sentence where films were made differently, and one where it is not known how."""
    said = []
    different = differing(films)
    if different:
        names = [name for name in different if not name.startswith("SHA-256")] or list(different)
        said.append(
            f"These {noun(films)[1]} were not made alike: they differ in {_listed(names)}, so that "
            "differences between them may come from this and not from the faces."
        )
    unknown = sum(not facts(film) for film in films)
    if unknown:
        one, several = noun(films)
        said.append(
            f"How {count(unknown, f'{one} was', f'{several} were')} made is not known, because the "
            ".json beside a timeline is missing or damaged."
        )
    return said


def origin(films: Sequence[Film], cards: Mapping[str, Mapping[str, str]]) -> Markup:
    """How the films were made: what is the same for all, what differs, and the models' cards."""
    different = differing(films)
    shared: dict[str, str] = {}
    for film in films:
        shared |= {name: value for name, value in facts(film).items() if name not in different}
    pairs = (
        joined(element("dt", name), element("dd", value)) for name, value in shared.items() if value
    )
    return element(
        "section",
        element("h2", "How they were made"),
        element(
            "div",
            element("h3", f"{'The same for' if different else 'For'} all {noun(films)[1]}"),
            element("dl", *pairs, class_="facts"),
            class_="card",
        )
        if shared
        else "",
        _differences(different, films),
        *(_card(sha256, card) for sha256, card in cards.items()),
    )


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _differences(different: Mapping[str, Counter[str]], films: Sequence[Film]) -> Markup:
    if not different:
        return joined()
    rows = (
        element(
            "tr",
            element("th", name, scope="row"),
            element("td", *_values(values, films)),
        )
        for name, values in different.items()
    )
    return element(
        "div",
        element("h3", "Different"),
        element("table", element("tbody", *rows)),
        class_="card",
    )


def _values(values: Counter[str], films: Sequence[Film]) -> list[Markup]:
    told = [
        element(
            "div",
            value or "none",
            element("span", f" ({count(number, *noun(films))})", class_="dim"),
        )
        for value, number in values.most_common(_MOST_VALUES)
    ]
    more = len(values) - _MOST_VALUES
    if more > 0:
        told.append(element("div", count(more, "more value", "more values"), class_="dim"))
    return told


def _card(sha256: str, card: Mapping[str, str]) -> Markup:
    pairs = (joined(element("dt", name), element("dd", value)) for name, value in card.items())
    digest = joined(element("dt", "SHA-256"), element("dd", sha256, class_="mono"))
    return element(
        "div",
        element("h3", "The model that read the expressions"),
        element("dl", *pairs, digest, class_="facts"),
        class_="card",
    )
