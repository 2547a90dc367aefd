"""How a classifier is trained: one frozen record; a TOML file holds what differs from it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_type_hints

from howifeel import untrusted
from howifeel.errors import SettingsError
from howifeel.train import nets
from howifeel.train.data import SIDE

RECIPES = Path(__file__).parent / "recipes"
"""The recipes that ship, one TOML file each."""

_SHARES = (
    "label_smoothing", "votes", "votes_head", "ema", "momentum", "flip", "shift", "scale",
    "squeeze", "crop", "erase", "tone", "light", "blur", "shrink", "jpeg", "noise", "mixup_share",
    "cutmix", "held_out",
)  # fmt: skip
_ALL_ENTRIES = "howifeel-train recipe cpu prints all that there are."
_POSITIVE = ("epochs", "batch", "lr", "clip", "std")
_NOT_NEGATIVE = ("mixup", "sam", "logit_adjustment", "weight_decay", "warmup_epochs", "train_last")


@dataclass(frozen=True, slots=True)
class Distil:
    """Learning from other networks' answers (Hinton et al. 2015, arXiv 1503.02531).

    Attributes:
        teachers: checkpoints or exported models of howifeel-train; "howifeel" is the one that
            ships.
        weights: how much each one says; all the same when empty.
        temperature: divides the logits of both sides before they are compared.
        share: of the loss that comes from the teachers, 0..1; the rest comes from the labels.

    Raises:
        SettingsError: a value has the wrong type or lies out of its range.
    """

    teachers: tuple[str, ...]
    weights: tuple[float, ...] = ()
    temperature: float = 4.0
    share: float = 0.7

    def __post_init__(self) -> None:
        strings = isinstance(self.teachers, tuple) and all(
            isinstance(name, str) for name in self.teachers
        )
        _require(strings and bool(self.teachers), "distil.teachers", "a list of checkpoints")
        numbers = isinstance(self.weights, tuple) and all(map(_is_number, self.weights))
        fitting = numbers and len(self.weights) in (0, len(self.teachers))
        _require(
            fitting and all(weight >= 0 for weight in self.weights),
            "distil.weights",
            "one number of at least 0 for each teacher",
        )
        _require(not self.weights or sum(self.weights) > 0, "distil.weights", "not all 0")
        temperature, share = self.temperature, self.share
        _require(_is_number(temperature) and temperature > 0, "distil.temperature", "above 0")
        _require(_is_number(share) and 0 <= share <= 1, "distil.share", "between 0 and 1")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights, apart from the data and the code.

    Attributes:
        seed: start of all random numbers, 0..2**32 - 1.
        net: architecture, a module of `howifeel.train.nets`.
        options: of the architecture, by name; what is not given is its default.
        start: weights to begin with: a local file (a checkpoint or exported model of
            howifeel-train, safetensors, or a state dictionary of tensors alone), "howifeel" for
            the model that ships, or a name of `pretrained.KNOWN`, which is downloaded. Empty:
            random weights.
        widen: the start is a narrower net of the same layers, whose channels are repeated until
            they are as many as here (`widen.widened`).
        train_last: train only so many of the last layers with weights, keep the others as they
            are; 0 trains all.
        recorded: run the frozen base once over all faces, unchanged, write its features to disk
            and train only the top on them; needs a net with options `dense`, or a linear top.
        size: side of the exported input in pixels, that of FER-2013's pictures.
        mean, std: normalisation of the input, in units of pixel / 255.
        epochs: passes over Training.
        batch: faces in one step, over all devices together.
        resolutions: pairs (share of the epochs done, side in pixels); training runs on smaller
            faces first, which costs less (Howard 2018, DAWNBench). The last one should be `size`.
        optimizer: "adamw" or "sgd" (with Nesterov momentum).
        momentum: of "sgd".
        lr: highest learning rate.
        weight_decay: of the optimiser; it leaves norms and biases alone.
        warmup_epochs: the learning rate rises linearly for so long, then falls as a cosine to 0.
        clip: greatest norm of the gradient.
        sam: radius of sharpness-aware minimisation (Foret et al. 2021), which doubles the cost;
            0 is none.
        ema: decay of the moving average of the weights for each step; the average is what ships.
        label_smoothing: share of a target that is spread over all expressions.
        logit_adjustment: how much the loss makes up for rare expressions (Menon et al. 2021,
            section 5, tau); 0 is none.
        mixup: alpha of the beta distribution that blends pairs of faces (Zhang 2018); 0 is none.
        mixup_share: probability that a batch is blended.
        cutmix: probability that rectangles are pasted between the faces of a batch instead (Yun
            et al. 2019, alpha 1).
        votes: share of a target that comes from FER+ votes where there are some.
        votes_head: weight of a second head that learns the FER+ votes over eight classes; it is
            measured apart and not exported. 0 is none.
        distil: teachers to learn from, or None.
        flip: probability of a mirrored face.
        rotation: greatest angle in degrees.
        shift: greatest shift as a share of the side.
        scale: greatest change of size, as a share.
        squeeze: greatest change of width against height, as a share (box jitter).
        crop: probability that a square of 5/6 to the whole of the side is cut out and enlarged.
        erase: probability that a rectangle is blanked (Zhong 2020).
        tone: strength of random brightness, contrast and gamma.
        light: strength of a light from one side.
        blur, shrink, jpeg, noise: probability of a blur, of shrinking to 24..44 px and back, of
            compression, of noise.
        keep_duplicates: leave copies of test pictures in Training (the usual, leaking protocol).
        copies: what counts as a copy of a test picture, a name of `duplicates.RULES`: "wide", or
            "narrow", which leaves other cuts of one photograph.
        held_out: share of Training that chooses the epoch where the data has no PublicTest.
        precision: "fp32" or "bf16" (autocast).
        margin: share of a detector's box that is added on each side at run time, -0.4..2;
            FER-2013's faces are cut tightly.
        trained_on: data sets and licences in words, for the model card.

    Raises:
        SettingsError: a value has the wrong type or lies out of its range.

    >>> Recipe(epochs=3).epochs
    3
    """

    seed: int = 1
    net: str = "resnet"
    options: dict[str, Any] = field(default_factory=dict)
    start: str = ""
    widen: bool = False
    train_last: int = 0
    recorded: bool = False
    size: int = SIDE
    mean: float = 0.5075
    std: float = 0.2547
    epochs: int = 60
    batch: int = 128
    resolutions: tuple[tuple[float, int], ...] = ((0.0, 48),)
    optimizer: str = "adamw"
    momentum: float = 0.9
    lr: float = 3e-3
    weight_decay: float = 0.05
    warmup_epochs: float = 1.0
    clip: float = 5.0
    sam: float = 0.0
    ema: float = 0.998
    label_smoothing: float = 0.1
    logit_adjustment: float = 0.0
    mixup: float = 0.2
    mixup_share: float = 1.0
    cutmix: float = 0.0
    votes: float = 0.0
    votes_head: float = 0.0
    distil: Distil | None = None
    flip: float = 0.5
    rotation: float = 12.0
    shift: float = 0.08
    scale: float = 0.15
    squeeze: float = 0.08
    crop: float = 0.0
    erase: float = 0.3
    tone: float = 0.3
    light: float = 0.0
    blur: float = 0.1
    shrink: float = 0.1
    jpeg: float = 0.0
    noise: float = 0.1
    keep_duplicates: bool = False
    copies: str = "wide"
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
        for name in _NOT_NEGATIVE:
            _require(getattr(self, name) >= 0, name, "at least 0")
        _require(0 <= self.seed < 2**32, "seed", f"between 0 and {2**32 - 1}")
        _require(self.size == SIDE, "size", str(SIDE))
        _require(-0.4 <= self.margin <= 2, "margin", "between -0.4 and 2")
        _require(self.precision in ("fp32", "bf16"), "precision", "fp32 or bf16")
        _require(self.optimizer in ("adamw", "sgd"), "optimizer", "adamw or sgd")
        _require(self.copies in ("narrow", "wide"), "copies", "narrow or wide")
        _require(self.net in nets.names(), "net", f"one of {', '.join(nets.names())}")
        _require(_rising(self.resolutions), "resolutions", "rising [share, px] pairs from share 0")
        _require(bool(self.start) or not self.widen, "widen", "false without a start")
        _require(not (self.recorded and self.distil), "distil", "absent when features are recorded")
        object.__setattr__(self, "options", nets.options(self.net, self.options))

    def side_at(self, epoch: int) -> int:
        """Side in pixels of the faces in an epoch, which counts from 0."""
        sides = [side for share, side in self.resolutions if share * self.epochs <= epoch]
        return sides[-1]

    def public(self) -> Recipe:
        """The same for other people: of paths only the last folder and the file are named.

        >>> Recipe(start="/home/zoe/runs/cpu/checkpoint.pt").public().start
        'cpu/checkpoint.pt'
        """
        distil = self.distil
        if distil:
            distil = replace(distil, teachers=tuple(map(_end_of, distil.teachers)))
        return replace(self, start=_end_of(self.start), distil=distil)

    def to_toml(self) -> str:
        """All values as TOML, which `from_toml` reads back."""
        values = asdict(self)
        tables = {"net": {"name": values.pop("net")} | values.pop("options")}
        if distil := values.pop("distil"):
            tables["distil"] = distil
        return _lines(values) + "".join(
            f"\n[{title}]\n{_lines(table)}" for title, table in tables.items()
        )


def _end_of(path: str) -> str:
    return "/".join(Path(path).parts[-2:])


_KINDS = {
    name: hint if isinstance(hint, type) else tuple
    for name, hint in get_type_hints(Recipe).items()
    if name not in ("options", "distil")
}


def from_toml(
    text: str, name: str = "the recipe", defaults: Mapping[str, Any] = MappingProxyType({})
) -> Recipe:
    """A recipe from TOML text that holds what differs from the defaults.

    The net is a table of its name and options, or just its name, `net = "compact"`; in that older
    form `width` and `dropout` stand beside it.

    Args:
        text: the recipe.
        name: what to call it in an error.
        defaults: other ones than those of `Recipe`.

    Raises:
        SettingsError: it is not TOML, or a name or value is wrong.
    """
    try:
        values = {**defaults, **untrusted.from_toml(text)}
    except ValueError as error:
        raise SettingsError(f"{name} is not valid TOML: {error}.") from error
    net = values.pop("net", {})
    options = dict(net) if isinstance(net, dict) else {"name": net}
    options |= {old: values.pop(old) for old in ("width", "dropout") if old in values}
    values["net"] = options.pop("name", Recipe.__dataclass_fields__["net"].default)
    known = {spec.name for spec in fields(Recipe)} - {"options"}
    for key in values:
        if key not in known:
            raise SettingsError(f"{name} has an unknown entry {key!r}; {_ALL_ENTRIES}")
    if "distil" in values:
        values["distil"] = _distil(values["distil"], name)
    return Recipe(**_frozen(values), options=options)


def _distil(table: object, name: str) -> Distil:
    if not isinstance(table, dict):
        raise SettingsError(f"{name} must give distil as a table with teachers.")
    known = {spec.name for spec in fields(Distil)}
    for key in table:
        if key not in known:
            raise SettingsError(f"{name} has an unknown entry 'distil.{key}'; {_ALL_ENTRIES}")
    values: dict[str, Any] = {"teachers": ()}
    return Distil(**values | _frozen(table))


def _frozen(values: dict[str, Any]) -> dict[str, Any]:
    """The same with tuples for lists, two levels deep."""
    return {
        key: tuple(tuple(v) if isinstance(v, list) else v for v in value)
        if isinstance(value, list)
        else value
        for key, value in values.items()
    }


def load(recipe: str) -> Recipe:
    """A recipe by the name of a shipped one, or by the path of a TOML file.

    Raises:
        SettingsError: there is no such recipe, or it is wrong.
    """
    shipped = RECIPES / f"{recipe}.toml"
    path = shipped if shipped.is_file() else Path(recipe)
    try:
        text = untrusted.read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join(sorted(p.stem for p in RECIPES.glob("*.toml")))
        raise SettingsError(
            f"There is no recipe {recipe!r}; name a TOML file or one of: {names}."
        ) from error
    return from_toml(text, str(path))


def _lines(values: dict[str, Any]) -> str:
    return "".join(f"{name} = {_toml(value)}\n" for name, value in values.items())


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # pyright: ignore[reportArgumentType]


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
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
