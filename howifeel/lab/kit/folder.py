"""A folder that describes an experiment or a training: read, and written as an example."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from howifeel import lab, train
from howifeel.errors import OutputError, SettingsError
from howifeel.files import atomic
from howifeel.lab.kit import declared, toml_options
from howifeel.lab.kit.options import Options

if TYPE_CHECKING:
    from howifeel.train.recipe import Recipe

FILE, RECIPE_FILE, RESULT = "experiment.toml", "recipe.toml", "result"
_RECIPES = Path(train.__file__).with_name("recipes")
_PLACEHOLDERS = {Path: "PATH", str: "NAME"}
_HEAD = f"""\
# What `howifeel-lab experiment` runs when it is given this folder; all that it makes lands in
# {RESULT}/ here. Copy the folder, edit the copy, run it. Paths are relative to this file.
"""


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment that a folder describes.

    Attributes:
        experiment: its name.
        kind: the class of its options.
        options: those that are given, by name.
        quick: few pictures, few epochs.
    """

    experiment: str
    kind: type[Options]
    options: dict[str, Any] = field(default_factory=dict)
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Training:
    """A training that a folder describes.

    Attributes:
        recipe: how to train.
        data: FER-2013, a file or folder.
        device: auto, cpu or cuda.
        minutes: begin no epoch after so long.
    """

    recipe: Recipe
    data: Path
    device: str = "auto"
    minutes: float = math.inf


def kinds() -> tuple[str, ...]:
    """What an example can be like: the experiments, and the shipped recipes."""
    return (*lab.names(), *_shipped())


def read(folder: Path) -> Experiment | Training:
    """What a folder describes.

    Raises:
        SettingsError: it has no config, or the config is wrong.
        MissingPackageError: a package that the experiment needs is not installed.
    """
    path = folder / FILE
    if not path.is_file():
        raise SettingsError(
            f"There is no {FILE} in {folder}; write one with: howifeel-lab experiment new {folder} "
            "--like noise"
        )
    values = toml_options.read(path)
    named = [name for name in ("experiment", "recipe") if name in values]
    if len(named) != 1 or not isinstance(values[named[0]], str):
        raise SettingsError(f'{path} must say either experiment = "NAME" or recipe = "NAME".')
    options = values.get("options", {})
    allowed = {*named, "options", *(["quick"] if named == ["experiment"] else [])}
    if unknown := [name for name in values if name not in allowed]:
        raise SettingsError(f"{path} has an unknown entry {unknown[0]!r}; options are [options].")
    if not isinstance(options, dict):
        raise SettingsError(f"{path} must give options as a table, [options].")
    if named == ["recipe"]:
        return _training(values["recipe"], options, path)
    quick = values.get("quick", False)
    if type(quick) is not bool:
        raise SettingsError(f"{path}: quick cannot be {quick!r}; it is true or false.")
    kind = declared.options(values["experiment"])
    return Experiment(values["experiment"], kind, toml_options.typed(kind, options, path), quick)


def write_example(folder: Path, like: str) -> Path:
    """Write a folder with a config that tells all options; returns the config.

    Args:
        folder: it must not exist, or be empty.
        like: one of `kinds`.

    Raises:
        SettingsError: there is no such experiment or recipe.
        OutputError: the folder is not empty or cannot be written.
    """
    if like not in kinds():
        raise SettingsError(
            f"There is no experiment or recipe {like!r}; choose one of {', '.join(kinds())}."
        )
    texts = _training_example(like) if like in _shipped() else {FILE: _experiment_example(like)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise OutputError(f"{folder} is not empty and was kept; name a new folder.")
    except OSError as error:
        raise OutputError(f"Cannot create {folder}: {error.strerror}.") from error
    for name, text in texts.items():
        with atomic(folder / name) as unfinished:
            unfinished.write_text(text, "utf-8")
    return folder / FILE


def _training(recipe: str, options: Mapping[str, Any], path: Path) -> Training:
    from howifeel.train import recipe as recipes  # PyTorch, which takes seconds

    beside = path.parent / recipe
    found = recipes.load(str(beside) if beside.is_file() else recipe)
    known = ("data", "device", "minutes")
    if unknown := [name for name in options if name not in known]:
        raise SettingsError(
            f"{path} has an unknown option {unknown[0]!r}; a training has {', '.join(known)}."
        )
    if not isinstance(options.get("data"), str):
        raise SettingsError(f'{path} must say where FER-2013 lies: data = "PATH" in [options].')
    device, minutes = options.get("device", "auto"), options.get("minutes", math.inf)
    if device not in ("auto", "cpu", "cuda"):
        raise SettingsError(f"{path}: device cannot be {device!r}; use auto, cpu or cuda.")
    if type(minutes) not in (int, float) or not minutes > 0:
        raise SettingsError(f"{path}: minutes cannot be {minutes!r}; it is a number above 0.")
    return Training(found, path.parent / options["data"], device, minutes)


def _shipped() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _RECIPES.glob("*.toml")))


def _experiment_example(name: str) -> str:
    kind = declared.options(name)
    hints = get_type_hints(kind)
    parts = [
        _HEAD,
        _comment(lab.summary(name)) + f"experiment = {json.dumps(name)}\n",
        _comment("few pictures, few epochs: see that it runs") + "# quick = true\n",
        "[options]\n",
    ]
    for spec in fields(kind):
        default = spec.default
        shown = default
        if default is None:
            shown = _PLACEHOLDERS[toml_options.value_kind(hints[spec.name])]
        choices = spec.metadata["choices"]
        about = spec.metadata["help"] + (f" (one of {', '.join(choices)})" if choices else "")
        value = list(shown) if isinstance(shown, tuple) else shown
        parts.append(f"{_comment(about)}# {spec.name} = {json.dumps(value)}\n")
    return "\n".join(parts)


def _training_example(name: str) -> dict[str, str]:
    config = "\n".join(
        [
            _HEAD,
            _comment(f"a training; {RECIPE_FILE} beside this file says how, it began as {name!r}")
            + f"recipe = {json.dumps(RECIPE_FILE)}\n",
            "[options]\n",
            _comment("FER-2013: a file or folder") + 'data = "fer2013"\n',
            _comment("where to compute (one of auto, cpu, cuda)") + '# device = "auto"\n',
            _comment("begin no epoch after so long; --resume goes on") + "# minutes = 60\n",
        ]
    )
    return {FILE: config, RECIPE_FILE: (_RECIPES / f"{name}.toml").read_text("utf-8")}


def _comment(words: str) -> str:
    return textwrap.indent(textwrap.fill(words, 94), "# ") + "\n"
