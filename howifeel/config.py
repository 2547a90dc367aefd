"""Settings: one frozen record, built once and passed down.

Defaults < a TOML file < environment variables (HOWIFEEL_...) < command-line flags.
The label, range and help of each field make the flags, the settings dialog and the tables of
the documentation.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from howifeel.errors import SettingsError

Device = Literal["auto", "cpu", "cuda"]
ENVIRONMENT_PREFIX = "HOWIFEEL_"


def _setting(
    default: Any,
    label: str,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    about = {"label": label, "help": help, "low": low, "high": high, "choices": choices}
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can adjust. Each field carries its label, help and range as metadata.

    Raises:
        SettingsError: a value has the wrong type or lies out of its range.

    >>> Settings(face_score=0.6).face_score
    0.6
    """

    detector: str = _setting("caffe_ssd", "Detector", "which detector finds the faces")
    detector_files: tuple[str, ...] = _setting(
        (), "Detector files", "a prototxt and a caffemodel to use in place of the shipped pair"
    )
    model: str = _setting(
        "howifeel", "Model", "a shipped model by name, or the path of an .onnx file"
    )
    device: Device = _setting(
        "auto", "Device", "where the classifier runs", choices=get_args(Device)
    )
    face_score: float = _setting(
        0.5, "Face score", "least score at which a detection counts as a face", low=0.01, high=1
    )
    min_face_px: int = _setting(
        20,
        "Smallest face",
        "least height of a face in pixels; smaller ones are a gap",
        low=1,
        high=4096,
    )
    min_sharpness: float = _setting(
        12.0,
        "Least sharpness",
        "variance of the Laplacian of a 48x48 face below which it counts as blurred; 0 accepts all",
        low=0,
        high=10_000,
    )
    smooth_s: float = _setting(
        0.25,
        "Smoothing",
        "half-life of the smoothing over time in seconds; 0 is none",
        low=0,
        high=10,
    )
    hold: float = _setting(
        0.08,
        "Hold",
        "lead in probability that another expression needs before the shown one changes",
        low=0,
        high=1,
    )
    unsure_below: float | None = _setting(
        None, "Unsure below", "name no expression below this probability; default: the model's own",
        low=0, high=1,
    )  # fmt: skip
    threads: int = _setting(
        1, "Threads", "threads for the detector and for the classifier", low=1, high=64
    )

    def __post_init__(self) -> None:
        for spec in fields(self):
            _check(spec.name, getattr(self, spec.name), spec.metadata)
        if len(self.detector_files) not in (0, 2):
            raise SettingsError("detector_files needs two paths: a prototxt and a caffemodel.")

    def as_dict(self) -> dict[str, object]:
        """All settings by name, as values that TOML and JSON know; unset ones are left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def load(
    toml: Path | None = None,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
) -> Settings:
    """Merge all layers into one `Settings`.

    Args:
        toml: a file that holds settings by name.
        environment: variables such as HOWIFEEL_FACE_SCORE; others are ignored.
        flags: values from the command line; None means "not given".

    Raises:
        SettingsError: a file cannot be read, or a name or value is wrong.
    """
    values: dict[str, object] = {}
    if toml is not None:
        values |= _read_toml(toml)
    for name, text in (environment or {}).items():
        key = name.removeprefix(ENVIRONMENT_PREFIX).lower()
        if name.startswith(ENVIRONMENT_PREFIX) and key in _FIELDS:
            values[key] = _from_text(key, text)
    values |= {name: value for name, value in (flags or {}).items() if value is not None}
    for name in values:
        if name not in _FIELDS:
            raise SettingsError(f"There is no setting {name!r}; known: {', '.join(_FIELDS)}.")
    if isinstance(values.get("detector_files"), list):
        values["detector_files"] = tuple(values["detector_files"])  # type: ignore[arg-type]
    return Settings(**values)  # type: ignore[arg-type]


_FIELDS = {spec.name: spec for spec in fields(Settings)}


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"Cannot read the settings {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings {path} are not valid TOML: {error}.") from error


def _from_text(name: str, text: str) -> object:
    kind = str(_FIELDS[name].type)
    if kind.startswith("tuple"):
        return tuple(text.split())
    if not kind.startswith(("int", "float")):
        return text
    try:
        return int(text) if kind.startswith("int") else float(text)
    except ValueError:
        raise SettingsError(f"The setting {name} needs a number, not {text!r}.") from None


def _check(name: str, value: Any, about: Mapping[str, Any]) -> None:
    kind = str(_FIELDS_TYPES[name])
    if value is None and kind.endswith("None"):
        return
    if kind.startswith("tuple"):
        valid = isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    elif kind.startswith("int"):
        valid = isinstance(value, int) and not isinstance(value, bool)
    elif kind.startswith("float"):
        valid = isinstance(value, int | float) and not isinstance(value, bool)
        valid = valid and math.isfinite(value)
    else:
        valid = isinstance(value, str)
    if not valid:
        raise SettingsError(f"The setting {name} cannot be {value!r}; it is {about['help']}.")
    if about["choices"] and value not in about["choices"]:
        raise SettingsError(
            f"The setting {name} cannot be {value!r}; choose {', '.join(about['choices'])}."
        )
    low, high = about["low"], about["high"]
    if low is not None and not low <= value <= high:
        raise SettingsError(
            f"The setting {name} must lie between {low} and {high}, not at {value}."
        )


_FIELDS_TYPES = {name: spec.type for name, spec in _FIELDS.items()}
