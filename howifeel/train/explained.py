"""Recipes for people: which ones there are, and every entry of one with its meaning."""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

from howifeel import plugins
from howifeel.train import nets
from howifeel.train.recipe import RECIPES, Distil, Recipe

_COLUMNS = 100
_EXAMPLE = Distil(("runs/cpu/checkpoint.pt",))


def shipped() -> dict[str, str]:
    """The recipes that ship, by name, with what they say of themselves in one line."""
    found = sorted(RECIPES.glob("*.toml"), key=lambda path: path.stem)
    return {path.stem: _first_comment(path) for path in found}


def architectures() -> dict[str, str]:
    """The nets that a recipe may name, with what each is in one line."""
    return {
        name: (inspect.getdoc(plugins.load(nets.__name__, name)) or "").partition("\n")[0]
        for name in nets.names()
    }


def in_full(recipe: Recipe) -> str:
    """All entries of a recipe as TOML, with their meanings as comments.

    Of another recipe it differs in values alone; `from_toml` reads it back.
    """
    lines = _annotated(recipe.to_toml(), recipe)
    if recipe.distil is None:
        example = _annotated(Recipe(distil=_EXAMPLE).to_toml(), recipe)
        lines += ["", *(f"# {line}" for line in example[example.index("[distil]") :])]
    return "\n".join(lines) + "\n"


def _annotated(toml: str, recipe: Recipe) -> list[str]:
    about = meanings(Recipe, "Attributes")
    build = meanings(plugins.load(nets.__name__, recipe.net).build, "Args")
    tables = {"": about, "net": build | {"name": about.get("net", "")}}
    tables["distil"] = meanings(Distil, "Attributes")
    lines: list[str] = []
    table = said = ""
    for line in toml.splitlines():
        if line.startswith("["):
            table = line.strip("[]")
        meaning = tables[table].get(line.partition(" = ")[0], "") if " = " in line else ""
        if meaning and meaning != said:
            lines += textwrap.wrap(
                meaning, _COLUMNS, initial_indent="# ", subsequent_indent="# ",
                break_long_words=False, break_on_hyphens=False,
            )  # fmt: skip
        said = meaning
        lines.append(line)
    return lines


def meanings(documented: Any, section: str) -> dict[str, str]:
    """What a docstring says of each name in its section `Attributes` or `Args`.

    >>> meanings(Distil, "Attributes")["teachers"]
    'checkpoints or exported models of howifeel-train; "howifeel" is the one that ships.'
    """
    text = (inspect.getdoc(documented) or "").partition(f"\n{section}:\n")[2].partition("\n\n")[0]
    found = {}
    for entry in re.split(r"\n(?=    \S)", text):
        names, _, meaning = " ".join(entry.split()).partition(": ")
        found |= dict.fromkeys(names.split(", "), meaning)
    return found


def _first_comment(path: Path) -> str:
    lines = []
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.strip("# "))
    return " ".join(lines)
