import dataclasses
import tomllib

import pytest

pytest.importorskip("torch")

from howifeel.train import explained, nets
from howifeel.train.recipe import RECIPES, Distil, Recipe, from_toml, load


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_a_recipe_in_full_is_the_recipe(path):
    assert from_toml(explained.in_full(load(path.stem))) == load(path.stem)


@pytest.mark.parametrize("net", nets.names())
def test_every_entry_is_there_and_has_a_meaning(net):
    recipe = Recipe(net=net, distil=Distil(("a.pt",)))
    text = explained.in_full(recipe)
    values = tomllib.loads(text)
    assert set(values) == {spec.name for spec in dataclasses.fields(Recipe)} - {"options"}
    assert set(values["net"]) == {"name", *recipe.options}
    assert set(values["distil"]) == {spec.name for spec in dataclasses.fields(Distil)}
    known = explained.meanings(Recipe, "Attributes")
    assert all(known[name] for name in values)
    lines = text.splitlines()
    alone = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if " = " in line and not line.startswith("#") and not before.startswith("# ")
    ]
    together = ("std", "shrink", "jpeg", "noise")
    assert [line.partition(" ")[0] for line in alone] == list(together)
    assert max(map(len, lines)) <= 100


def test_a_recipe_without_teachers_shows_how_to_name_some():
    lines = explained.in_full(Recipe()).splitlines()
    shown = lines[lines.index("# [distil]") :]
    assert all(line.startswith("# ") for line in shown)
    table = tomllib.loads("\n".join(line.removeprefix("# ") for line in shown))
    assert from_toml("", defaults=table).distil == Distil(("runs/cpu/checkpoint.pt",))


def test_recipes_and_nets_are_told_in_one_line_each():
    for entries in (explained.shipped(), explained.architectures()):
        assert all(about and "\n" not in about for about in entries.values())
    assert "two hours on one core" in explained.shipped()["cpu"]
