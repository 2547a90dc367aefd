"""Everything that decides what a training run makes, as one frozen record or TOML file."""

from __future__ import annotations

import types
import typing
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from howifeel import untrusted
from howifeel.errors import SettingsError
from howifeel.train.detector.loss import LossWeights
from howifeel.train.detector.matching import MatchRule
from howifeel.train.detector.net import NetShape
from howifeel.train.detector.priors import DEFAULT_MAPS, PriorMap
from howifeel.train.detector.strengths import Augment

RECIPES = Path(__file__).parent / "recipes"
"""The recipes that ship beside the default, one TOML file each."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A training run, but for the data and the machine.

    Attributes:
        name: shown in the exported files.
        width: of the net's input in pixels, at least 64.
        height: of it, likewise.
        steps: number of batches.
        batch: number of samples in a batch.
        learning_rate: the highest one, reached after `warm_up` steps; then a cosine to zero.
        warm_up: steps of linear growth of the learning rate.
        weight_decay: of AdamW (Loshchilov and Hutter, ICLR 2019).
        average: decay per step of the moving average of the weights, which is what ships.
        seed: of all randomness.
        nms: overlap from which the weaker of two detections is dropped.
        follow_shape: whether the exported prototxt lets its input follow the picture's shape, see
            `detect/caffe_ssd.py`; quicker for wide videos, but measure what it costs.

    Raises:
        SettingsError: the size or the number of maps does not fit the net.
    """

    name: str = "ssd-320x256"
    width: int = 320
    height: int = 256
    steps: int = 4500
    batch: int = 32
    learning_rate: float = 3e-3
    warm_up: int = 100
    weight_decay: float = 0.01
    average: float = 0.998
    seed: int = 0
    nms: float = 0.4
    follow_shape: bool = False
    net: NetShape = field(default_factory=NetShape)
    maps: tuple[PriorMap, ...] = DEFAULT_MAPS
    matching: MatchRule = field(default_factory=MatchRule)
    loss: LossWeights = field(default_factory=LossWeights)
    augment: Augment = field(default_factory=Augment)

    def __post_init__(self) -> None:
        if self.width < 64 or self.height < 64:
            raise SettingsError("The input's width and height must be at least 64 pixels.")
        if tuple(level.stride for level in self.maps) != (8, 16, 32, 64):
            raise SettingsError("The recipe needs four maps, with strides 8, 16, 32 and 64.")
        if len(self.net.stages) != 4 or len(self.net.refine) != 3:
            raise SettingsError("The net needs four stages and three numbers of refining blocks.")

    def as_dict(self) -> dict[str, Any]:
        """All values by name, nested, as plain types."""
        return asdict(self)


def from_dict(values: dict[str, Any]) -> Recipe:
    """The inverse of `Recipe.as_dict`; what is left out keeps its default.

    Raises:
        SettingsError: a name is unknown or a value has the wrong type.

    >>> from_dict({"steps": 10, "augment": {"grey": 0.5}}).augment.grey
    0.5
    """
    return _build(Recipe, values, "recipe")


def load(name: str | Path) -> Recipe:
    """Read a recipe from a TOML file, or a shipped one by its name.

    Raises:
        SettingsError: the file cannot be read, or a name or value in it is wrong.
    """
    shipped = RECIPES / f"{name}.toml"
    path = shipped if shipped.is_file() else Path(name)
    try:
        return from_dict(untrusted.from_toml(untrusted.read_text(path)))
    except OSError as error:
        raise SettingsError(f"Cannot read the recipe {path}: {error.strerror}.") from error
    except ValueError as error:
        raise SettingsError(f"The recipe {path} is not valid TOML: {error}.") from error


def _build(kind: Any, value: Any, where: str) -> Any:
    """Turn plain nested values into the annotated type."""
    origin = typing.get_origin(kind)
    if is_dataclass(kind):
        return _build_record(kind, value, where)
    if origin is tuple and isinstance(value, list | tuple):
        kinds = typing.get_args(kind)
        kinds = kinds[:1] * len(value) if kinds[-1] is Ellipsis else kinds
        if len(kinds) == len(value):
            return tuple(_build(k, v, where) for k, v in zip(kinds, value, strict=True))
    elif kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    elif isinstance(kind, type) and type(value) is kind:
        return value
    name = kind if isinstance(kind, types.GenericAlias) else kind.__name__
    raise SettingsError(f"{where} in the recipe cannot be {value!r}; it is of type {name}.")


def _build_record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise SettingsError(f"{where} in the recipe cannot be {value!r}; it is a table.")
    names = [spec.name for spec in fields(kind)]
    if unknown := set(value) - set(names):
        raise SettingsError(
            f"The recipe has no {sorted(unknown)[0]!r} in {where}; known: {', '.join(names)}."
        )
    hints = typing.get_type_hints(kind)
    try:
        return kind(**{name: _build(hints[name], v, name) for name, v in value.items()})
    except TypeError as error:
        raise SettingsError(f"{where} in the recipe is incomplete: {error}.") from error
