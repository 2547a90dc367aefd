"""What a training learned from apart from its own pictures: other models, and what these know."""

from __future__ import annotations

from pathlib import Path

from howifeel import assets
from howifeel.errors import HowIFeelError
from howifeel.train import checkpoint
from howifeel.train.evaluate import open_model
from howifeel.train.recipe import Recipe

SOURCES = "sources"
"""Of a checkpoint's notes: a text for each exported model that the weights go back to."""


def exported(name: str) -> Path | None:
    """The file of an exported model that is given by its path or the name of one that ships.

    None where the name stands for something else.

    Raises:
        AssetError: there is no such file.
    """
    bare = bool(name) and not Path(name).suffix
    if name.endswith(".onnx") or (bare and name in assets.model_names()):
        return assets.model_file(name)
    return None


def sources(recipe: Recipe) -> list[str]:
    """A text for each exported model that a recipe begins with or learns from.

    Those that its other starts and teachers go back to are among them.

    Raises:
        AssetError: a model cannot be used.
    """
    names = (recipe.start, *(recipe.distil.teachers if recipe.distil else ()))
    return list(dict.fromkeys(text for name in names for text in _of(name)))


def _of(name: str) -> list[str]:
    if path := exported(name):
        _, spec = open_model(path)
        return [f"{path.name} (SHA-256 {assets.sha256(path)[:12]}; {spec.trained_on})"]
    if not name.endswith(".pt"):
        return []
    try:
        return checkpoint.load(Path(name)).notes.get(SOURCES, [])
    except HowIFeelError:  # weights from elsewhere, or damaged, which is told where they are used
        return []
