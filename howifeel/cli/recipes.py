"""`howifeel-train recipe`: which recipes there are, and what stands in one."""

from __future__ import annotations

import argparse

from howifeel.cli import trainer
from howifeel.cli.common import DONE, parser_for

_EXAMPLES = """  howifeel-train recipe
  howifeel-train recipe cpu
  howifeel-train recipe cpu > mine.toml      (a recipe of your own, to be edited)"""


def parser() -> argparse.ArgumentParser:
    """The flags of `recipe`."""
    flags = parser_for(
        "howifeel-train recipe",
        "Print a recipe in full: every entry, its meaning and its value. Without a name, list the "
        "shipped recipes and the nets.",
        _EXAMPLES,
    )
    flags.add_argument(
        "recipe", nargs="?", metavar="NAME|FILE.toml", help="a shipped recipe, or one of your own"
    )
    return flags


def recipe(arguments: argparse.Namespace) -> int:
    """Print one, or list all."""
    explained = trainer.module("explained")
    if arguments.recipe:
        found = trainer.module("recipe").load(arguments.recipe)
        print(explained.in_full(found), end="")
        return DONE
    _list("Recipes; `howifeel-train recipe NAME` prints one in full:", explained.shipped())
    print()
    _list("Nets, for a recipe's table [net]:", explained.architectures())
    return DONE


def _list(title: str, entries: dict[str, str]) -> None:
    print(title)
    width = max(map(len, entries))
    for name, about in entries.items():
        print(f"  {name:<{width}}  {about}")
