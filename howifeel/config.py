"""Settings: one frozen record, built once and passed down.

Defaults < a TOML file < environment variables (HOWIFEEL_...) < command-line flags.
The label, range and help of each field make the flags, the settings dialog and the tables of
the documentation.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from howifeel import untrusted
from howifeel.errors import SettingsError

ENVIRONMENT_PREFIX = "HOWIFEEL_"
SESSIONS_VARIABLE = "HOWIFEEL_SESSIONS"
EMIT_TOKEN_VARIABLE = "HOWIFEEL_EMIT_TOKEN"


@dataclass(frozen=True, slots=True)
class About:
    """What a flag, a dialog or a table needs to know about one setting.

    Attributes:
        label: two or three words for a dialog.
        help: one line that completes "it is ...".
        kind: the Python type of a value.
        low, high: inclusive range of a number.
        choices: the allowed texts; empty where any text will do.
        optional: None is allowed and means "not set".
    """

    label: str
    help: str
    kind: type
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    optional: bool = False

    def check(self, name: str, value: object) -> None:
        """Accept a value or say what is wrong with it.

        Raises:
            SettingsError: the value has the wrong type or lies out of its range.
        """
        if value is None and self.optional:
            return
        accepted = (int, float) if self.kind is float else (self.kind,)
        texts = all(isinstance(item, str) for item in value) if type(value) is tuple else True
        if type(value) not in accepted or not texts:
            raise SettingsError(f"The setting {name} cannot be {value!r}; it is {self.help}.")
        if self.choices and value not in self.choices:
            choices = ", ".join(self.choices)
            raise SettingsError(f"The setting {name} cannot be {value!r}; choose {choices}.")
        if isinstance(value, int | float) and not self.low <= value <= self.high:
            raise SettingsError(
                f"The setting {name} must lie between {self.low:g} and {self.high:g}, not {value}."
            )

    @property
    def range(self) -> str:
        """The allowed numbers in words; empty where there is no limit.

        >>> About("Hold", "the lead", float, low=0, high=1).range
        '0 to 1'
        """
        return f"{self.low:g} to {self.high:g}" if math.isfinite(self.high) else ""

    def parse(self, name: str, text: str) -> object:
        """The value that a text from the environment stands for.

        Raises:
            SettingsError: the text is not a number where one is needed.
        """
        if self.kind is tuple:
            return tuple(shlex.split(text))
        try:
            return self.kind(text)
        except ValueError:
            raise SettingsError(f"The setting {name} needs a number, not {text!r}.") from None


def _about(label: str, help: str, kind: type, **limits: Any) -> dict[str, About]:
    return {"about": About(label, help, kind, **limits)}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can adjust; `ABOUT` holds label, range and help of each field.

    Raises:
        SettingsError: a value has the wrong type or lies out of its range.

    >>> Settings(face_score=0.6).face_score
    0.6
    """

    detector: str = field(
        default="caffe_ssd",
        metadata=_about("Detector", "the name of the detector that finds the faces", str),
    )
    detector_files: tuple[str, ...] = field(
        default=(),
        metadata=_about(
            "Detector files", "a prototxt and a caffemodel in place of the shipped pair", tuple
        ),
    )
    model: str = field(
        default="howifeel",
        metadata=_about("Model", "a shipped model by name, or the path of an .onnx file", str),
    )
    device: str = field(
        default="auto",
        metadata=_about(
            "Device", "where the classifier runs", str, choices=("auto", "cpu", "cuda")
        ),
    )
    face_score: float = field(
        default=0.55,
        metadata=_about(
            "Face score", "the least score at which a detection counts as a face", float,
            low=0.01, high=1,
        ),
    )  # fmt: skip
    min_face_px: int = field(
        default=20,
        metadata=_about(
            "Smallest face", "the least height in pixels at which a face is read", int,
            low=1, high=4096,
        ),
    )  # fmt: skip
    min_sharpness: float = field(
        default=4.0,
        metadata=_about(
            "Least sharpness",
            "the share of fine detail, in thousandths, below which a face is too blurred to read",
            float, low=0, high=1000,
        ),
    )  # fmt: skip
    smooth_s: float = field(
        default=0.25,
        metadata=_about(
            "Smoothing", "the half-life of smoothing over time in seconds; 0 is none", float,
            low=0, high=10,
        ),
    )  # fmt: skip
    hold: float = field(
        default=0.08,
        metadata=_about(
            "Hold", "the lead in probability that another expression needs to be shown", float,
            low=0, high=1,
        ),
    )  # fmt: skip
    unsure_below: float | None = field(
        default=None,
        metadata=_about(
            "Unsure below", "the probability below which no expression is named; "
            "the model brings its own", float, low=0, high=1, optional=True,
        ),
    )  # fmt: skip
    threads: int = field(
        default=1,
        metadata=_about(
            "Threads", "the number of threads of the detector and of the classifier", int,
            low=1, high=64,
        ),
    )  # fmt: skip

    def __post_init__(self) -> None:
        for name, about in ABOUT.items():
            about.check(name, getattr(self, name))
        if len(self.detector_files) not in (0, 2):
            raise SettingsError("detector_files needs two paths: a prototxt and a caffemodel.")

    @property
    def followed_score(self) -> float:
        """The least score at which a face that was there a moment before is still followed."""
        return 0.73 * self.face_score

    def as_dict(self) -> dict[str, object]:
        """All settings by name, as values that TOML and JSON know; unset ones are left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}


ABOUT: dict[str, About] = {spec.name: spec.metadata["about"] for spec in fields(Settings)}


def load(
    toml: Path | None = None,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
    remembered: Mapping[str, object] | None = None,
) -> Settings:
    """Merge all layers into one `Settings`.

    Args:
        toml: a file that holds settings by name.
        environment: variables such as HOWIFEEL_FACE_SCORE.
        flags: values from the command line; None means "not given".
        remembered: values that a window kept from its last start; everything else goes before.

    Raises:
        SettingsError: a file cannot be read, or a name or value is wrong.
    """
    values: dict[str, object] = dict(remembered or {})
    if toml is not None:
        values |= _read_toml(toml)
    values |= _from_environment(environment or {})
    values |= {name: value for name, value in (flags or {}).items() if value is not None}
    for name, value in values.items():
        if name not in ABOUT:
            raise SettingsError(f"There is no setting {name!r}; known: {', '.join(ABOUT)}.")
        if isinstance(value, list):
            values[name] = tuple(value)
    return Settings(**values)  # type: ignore[arg-type]


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    known = {ENVIRONMENT_PREFIX + name.upper(): name for name in ABOUT}
    ours = {name for name in environment if name.startswith(ENVIRONMENT_PREFIX)}
    for name in sorted(ours - {*known, SESSIONS_VARIABLE, EMIT_TOKEN_VARIABLE}):
        raise SettingsError(f"There is no setting {name}; known: {', '.join(known)}.")
    return {
        setting: ABOUT[setting].parse(setting, environment[name])
        for name, setting in known.items()
        if environment.get(name)
    }


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return untrusted.from_toml(untrusted.read_text(path))
    except OSError as error:
        raise SettingsError(f"Cannot read the settings {path}: {error.strerror}.") from error
    except ValueError as error:
        raise SettingsError(f"The settings {path} are not valid TOML: {error}.") from error
