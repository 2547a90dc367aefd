"""What an ONNX model says about itself in its metadata: the contract of trainer and runtime."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions, untrusted
from howifeel.classify.curve import STRAIGHT, bend
from howifeel.errors import AssetError

SCHEMA = "1"
_PREFIX = "howifeel."
_NO_BIAS = (0.0,) * len(emotions.NAMES)
_OPTIONAL = ("curve", "bias", "precision", "mirrored", "networks")


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """How to feed a model and how to read it.

    Attributes:
        size: side of the square input in pixels.
        channels: 1 (grey, ITU-R BT.601 luma) or 3 (RGB).
        mean, std: one number per channel; input = (pixel / 255 - mean) / std.
        margin: share of the box side that is added on each side before cropping; 0.1 makes
            the crop 1.2 times as wide. May be negative.
        temperature: logits are divided by it before the softmax.
        curve: slopes that bend the logarithms of the probabilities (`curve.bend`), which a single
            temperature cannot; all 1 where the file does not say.
        bias: added to these logarithms, one number per expression: how much more or less common
            an expression is before a camera than in the training data, as a difference of
            logarithms (`howifeel.train.prior`). All 0 where the file does not say.
        mirrored: whether the model looks at the face's mirror image, too, and answers the mean.
        networks: how many networks answer together in it; 1 where the file does not say.
        precision: "fp32" or "int8", what the file computes with; "fp32" where it does not say.
        unsure_below: no expression is named when the top probability is lower (0..1).
        labels: names of the outputs in order; the seven of `emotions.NAMES`.
        trained_on: data sets and licences in words.
        recipe: the training recipe as TOML text.
        commit: version-control commit of the trainer.
        scores: measured figures by name, with the protocol in the name.

    Raises:
        AssetError: a value cannot be used.
    """

    size: int
    channels: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    margin: float
    temperature: float
    unsure_below: float
    trained_on: str
    recipe: str
    commit: str
    scores: dict[str, float] = field(default_factory=dict)
    labels: tuple[str, ...] = emotions.NAMES
    curve: tuple[float, ...] = STRAIGHT
    bias: tuple[float, ...] = _NO_BIAS
    precision: str = "fp32"
    mirrored: bool = False
    networks: int = 1

    def __post_init__(self) -> None:
        _require(
            self.labels == emotions.NAMES, "labels", "the seven expressions in FER-2013's order"
        )
        _require(8 <= self.size <= 1024, "size", "between 8 and 1024 pixels")
        _require(self.channels in (1, 3), "channels", "1 or 3")
        for name in ("mean", "std"):
            values = getattr(self, name)
            numbers = all(math.isfinite(v) for v in values)
            _require(len(values) == self.channels and numbers, name, "one number per channel")
        _require(min(self.std) > 0, "std", "above 0")
        _require(-0.4 <= self.margin <= 2, "margin", "between -0.4 and 2")
        _require(0.01 <= self.temperature <= 100, "temperature", "between 0.01 and 100")
        _require(0 <= self.unsure_below <= 1, "unsure_below", "between 0 and 1")
        rising = len(self.curve) == len(STRAIGHT) and all(0.01 <= v <= 100 for v in self.curve)
        _require(rising, "curve", "six numbers between 0.01 and 100")
        finite = all(math.isfinite(v) and abs(v) <= 20 for v in self.bias)
        each = len(self.bias) == len(emotions.NAMES) and finite
        _require(each, "bias", "seven numbers between -20 and 20")
        _require(self.precision in ("fp32", "int8"), "precision", "fp32 or int8")
        _require(self.networks >= 1, "networks", "at least 1")

    def unbiased(self) -> ModelSpec:
        """The same without its bias: for pictures that are mixed as the training data are."""
        return replace(self, bias=_NO_BIAS)

    def probabilities(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        """What the logits mean: softmax(bend(log softmax(logits / temperature)) + bias).

        Args:
            logits: float (n, 7), as the model gives them.

        Returns:
            (n, 7), each row sums to 1.
        """
        scaled = _log_softmax(np.asarray(logits, np.float64) / self.temperature)
        return np.exp(_log_softmax(bend(scaled, self.curve) + np.array(self.bias)))

    def to_metadata(self) -> dict[str, str]:
        """The text entries for the ONNX file's `metadata_props`."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        text = {n: v if isinstance(v, str) else json.dumps(v) for n, v in values.items()}
        return {_PREFIX + "schema": SCHEMA} | {_PREFIX + n: v for n, v in text.items()}

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str]) -> ModelSpec:
        """Read and check the entries of an ONNX file.

        Raises:
            AssetError: an entry is missing, malformed or out of range.
        """
        if _PREFIX + "schema" not in metadata:
            raise AssetError("it carries no HowIFeel metadata; export it with howifeel-train.")
        if metadata[_PREFIX + "schema"] != SCHEMA:
            raise AssetError(
                f"its metadata has schema {metadata[_PREFIX + 'schema']}, this version reads "
                f"{SCHEMA}; export it again."
            )
        values: dict[str, object] = {}
        for name, spec in cls.__dataclass_fields__.items():
            if _PREFIX + name not in metadata:
                if name in _OPTIONAL:
                    continue
                raise AssetError(f"its metadata lacks {_PREFIX + name}; export it again.")
            values[name] = _parse(name, str(spec.type), metadata[_PREFIX + name])
        return cls(**values)  # type: ignore[arg-type]


def _log_softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _parse(name: str, kind: str, text: str) -> object:
    if kind == "str":
        return text
    try:
        value = untrusted.from_json(text)
    except ValueError:
        value = None
    _require(_KINDS[kind](value), name, f"JSON of type {kind}")
    return tuple(value) if isinstance(value, list) else value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_KINDS: dict[str, Callable[[Any], bool]] = {
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "float": _is_number,
    "tuple[float, ...]": lambda value: isinstance(value, list) and all(map(_is_number, value)),
    "tuple[str, ...]": lambda value: isinstance(value, list),
    "dict[str, float]": lambda value: isinstance(value, dict),
}


def _require(condition: bool, name: str, rule: str) -> None:
    if not condition:
        raise AssetError(f"its metadata entry {_PREFIX + name} must be {rule}.")
