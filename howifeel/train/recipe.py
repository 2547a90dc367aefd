"""How a classifier is trained: one frozen record; a TOML file holds what differs from it."""

from __future__ import annotations

import math
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import get_type_hints

from howifeel import plugins
from howifeel.errors import SettingsError

RECIPES = Path(__file__).parent / "recipes"
"""The recipes that ship, one TOML file each."""

_SHARES = (
    "label_smoothing", "votes", "dropout", "ema", "flip", "shift", "scale", "squeeze", "erase",
    "tone", "blur", "shrink", "noise", "held_out",
)  # fmt: skip
_POSITIVE = ("epochs", "batch", "width", "lr", "clip", "std", "size")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights, apart from the data and the code.

    Attributes:
        seed: start of all random numbers.
        net: architecture, a module of `howifeel.train.nets`.
        width: channels of its first stage.
        dropout: share of pooled features dropped.
        size: side of the exported input in pixels.
        mean, std: normalisation of the input, in units of pixel / 255.
        epochs: passes over Training.
        batch: faces in one step.
        resolutions: pairs (share of the epochs done, side in pixels); training runs on smaller
            faces first, which costs less (Howard 2018, DAWNBench). The last one should be `size`.
        optimizer: "adamw" or "sgd" (with Nesterov momentum 0.9).
        lr: highest learning rate.
        weight_decay: of the optimiser; it leaves norms and biases alone.
        warmup_epochs: the learning rate rises linearly for so long, then falls as a cosine to 0.
        clip: greatest norm of the gradient.
        ema: decay of the moving average of the weights for each step; the average is what ships.
        label_smoothing: share of a target that is spread over all expressions.
        mixup: alpha of the beta distribution that blends pairs of faces (Zhang 2018); 0 is none.
        votes: share of a target that comes from FER+ votes where there are some.
        flip: probability of a mirrored face.
        rotation: greatest angle in degrees.
        shift: greatest shift as a share of the side.
        scale: greatest change of size, as a share.
        squeeze: greatest change of width against height, as a share (box jitter).
        erase: probability that a rectangle is blanked (Zhong 2020).
        tone: strength of random brightness, contrast and gamma.
        blur, shrink, noise: probability of a blur, of shrinking to 24..44 px and back, of noise.
        keep_duplicates: leave copies of test pictures in Training (the usual, leaking protocol).
        held_out: share of Training that chooses the epoch where the data has no PublicTest.
        precision: "fp32" or "bf16" (autocast).
        margin: share of a detector's box that is added on each side at run time; FER-2013's
            faces are cut tightly.
        trained_on: data sets and licences in words, for the model card.

    Raises:
        SettingsError: a value has the wrong type or lies out of its range.

    >>> Recipe(epochs=3).epochs
    3
    """

    seed: int = 1
    net: str = "resnet"
    width: int = 32
    dropout: float = 0.1
    size: int = 48
    mean: float = 0.5075
    std: float = 0.2547
    epochs: int = 60
    batch: int = 128
    resolutions: tuple[tuple[float, int], ...] = ((0.0, 48),)
    optimizer: str = "adamw"
    lr: float = 3e-3
    weight_decay: float = 0.05
    warmup_epochs: float = 1.0
    clip: float = 5.0
    ema: float = 0.998
    label_smoothing: float = 0.1
    mixup: float = 0.2
    votes: float = 0.0
    flip: float = 0.5
    rotation: float = 12.0
    shift: float = 0.08
    scale: float = 0.15
    squeeze: float = 0.08
    erase: float = 0.3
    tone: float = 0.3
    blur: float = 0.1
    shrink: float = 0.1
    noise: float = 0.1
    keep_duplicates: bool = False
    held_out: float = 0.1
    precision: str = "bf16"
    margin: float = 0.0
    trained_on: str = "FER-2013 Training (research use; Goodfellow et al. 2013)"

    def __post_init__(self) -> None:
        for name, kind in _KINDS.items():
            value = getattr(self, name)
            accepted = (int, float) if kind is float else (kind,)
            if type(value) not in accepted:
                raise SettingsError(
                    f"The recipe's {name} cannot be {value!r}; it is a {kind.__name__}."
                )
            if kind is float:
                _require(math.isfinite(value), name, "finite")
        for name in _SHARES:
            _require(0 <= getattr(self, name) <= 1, name, "between 0 and 1")
        for name in _POSITIVE:
            _require(getattr(self, name) > 0, name, "above 0")
        _require(self.precision in ("fp32", "bf16"), "precision", "fp32 or bf16")
        _require(self.optimizer in ("adamw", "sgd"), "optimizer", "adamw or sgd")
        _require(self.net in plugins.names("howifeel.train.nets"), "net", "a module of train.nets")
        _require(_rising(self.resolutions), "resolutions", "rising [share, px] pairs from share 0")

    def side_at(self, epoch: int) -> int:
        """Side in pixels of the faces in an epoch, which counts from 0."""
        sides = [side for share, side in self.resolutions if share * self.epochs <= epoch]
        return sides[-1]

    def to_toml(self) -> str:
        """All values as TOML, which `from_toml` reads back."""
        return "".join(f"{name} = {_toml(value)}\n" for name, value in asdict(self).items())


_KINDS = {
    name: hint if isinstance(hint, type) else tuple for name, hint in get_type_hints(Recipe).items()
}


def from_toml(text: str, name: str = "the recipe") -> Recipe:
    """A recipe from TOML text that holds what differs from the defaults.

    Raises:
        SettingsError: it is not TOML, or a name or value is wrong.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name} is not valid TOML: {error}.") from error
    known = {spec.name for spec in fields(Recipe)}
    for key, value in values.items():
        if key not in known:
            raise SettingsError(f"{name} has an unknown entry {key!r}; see --help for the list.")
        if isinstance(value, list):
            values[key] = tuple(tuple(v) if isinstance(v, list) else v for v in value)
    return Recipe(**values)


def load(recipe: str) -> Recipe:
    """A recipe by the name of a shipped one, or by the path of a TOML file.

    Raises:
        SettingsError: there is no such recipe, or it is wrong.
    """
    shipped = RECIPES / f"{recipe}.toml"
    path = shipped if shipped.is_file() else Path(recipe)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join(sorted(p.stem for p in RECIPES.glob("*.toml")))
        raise SettingsError(
            f"There is no recipe {recipe!r}; name a TOML file or one of: {names}."
        ) from error
    return from_toml(text, str(path))


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return repr(value)


def _rising(pairs: tuple[tuple[float, int], ...]) -> bool:
    kinds = [tuple(map(type, pair)) if isinstance(pair, tuple) else () for pair in pairs]
    if not kinds or any(kind not in ((float, int), (int, int)) for kind in kinds):
        return False
    shares = [share for share, _ in pairs]
    rising = shares[0] == 0 and shares == sorted(shares) and shares[-1] < 1
    return rising and all(16 <= side <= 256 for _, side in pairs)


def _require(condition: bool, name: str, rule: str) -> None:
    if not condition:
        raise SettingsError(f"The recipe's {name} must be {rule}.")
