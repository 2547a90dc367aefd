"""Names that tell films apart, with no more folders of this machine than that needs, in order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path


def told_apart(films: Sequence[tuple[Path, str]]) -> list[str]:
    """The names, each with as much of its place in front as makes places with the same name differ.

    All names of a place get the same. Equal names in one place stay equal.

    Args:
        films: the folder in which a film was found, and its name there.

    >>> told_apart([(Path("/x/before"), "talk"), (Path("/x/after"), "talk"), (Path("/y"), "walk")])
    ['before/talk', 'after/talk', 'walk']
    """
    used = {place: 0 for place, _ in films}
    while True:
        names = [_below(place, used[place], name) for place, name in films]
        places: dict[str, set[Path]] = defaultdict(set)
        for (place, _), name in zip(films, names, strict=True):
            places[name].add(place)
        alike = {place for found in places.values() if len(found) > 1 for place in found}
        short = {place for place in alike if used[place] < len(_parts(place))}
        if not short:
            return names
        for place in short:
            used[place] += 1


def natural(name: str) -> str:
    """What to sort a name by, so that numbers in it stand in the order of numbers.

    >>> sorted(["talk 10.mp4", "b.mp4", "Talk 9.mp4"], key=natural)
    ['b.mp4', 'Talk 9.mp4', 'talk 10.mp4']
    """
    return re.sub("0*([0-9]+)", lambda number: f"{len(number[1]):04}{number[1]}", name.casefold())


def _below(place: Path, used: int, name: str) -> str:
    parts = _parts(place)
    return "/".join((*parts[len(parts) - used :], name))


def _parts(place: Path) -> tuple[str, ...]:
    return place.parts[1:] if place.anchor else place.parts
