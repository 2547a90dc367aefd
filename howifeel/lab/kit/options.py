"""An experiment's options: a frozen dataclass whose fields become flags."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from howifeel import assets
from howifeel.errors import AssetError, SettingsError

_O = TypeVar("_O", bound="Options")


def option(
    default: Any,
    help: str,
    *,
    quick: Any = MISSING,
    choices: tuple[str, ...] = (),
    least: float = -math.inf,
) -> Any:
    """A field of an experiment's options.

    Args:
        default: its value where the flag is not given; a number, text, path, bool, None, or a
            tuple of numbers or texts.
        help: what it does, in a few words.
        quick: its value with --quick, where that differs.
        choices: what a text may be.
        least: the smallest number that is accepted.
    """
    about = {"help": help, "choices": choices, "least": least}
    if quick is not MISSING:
        about["quick"] = quick
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What all experiments can be told.

    Raises:
        SettingsError: a value is out of its range.
        AssetError: a file or folder is missing.
    """

    data: Path | None = option(
        None, "FER-2013: a file or folder; without it, drawn faces are used, which prove nothing"
    )
    part: str = option(
        "PublicTest", "what is measured", choices=("PublicTest", "PrivateTest", "Test")
    )
    pictures: int = option(
        0,
        "use about so many pictures of each part, of each expression its share and at least 5; 0 "
        "uses all",
        quick=210,
        least=0,
    )
    seed: int = option(1, "start of all random numbers", least=0)
    device: str = option("auto", "where to compute", choices=("auto", "cpu", "cuda"))

    def __post_init__(self) -> None:
        for spec in fields(self):
            _check(spec, getattr(self, spec.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions(Options):
    """For experiments that look at one classifier."""

    model: str | None = option(
        None,
        "an ONNX file, a shipped model's name, or a checkpoint of howifeel-train; without it, the "
        "shipped model, or, for drawn faces, a small net that is trained first",
    )
    epochs: int = option(
        12, "passes over Training of small nets that the experiment trains", quick=6, least=1
    )

    def __post_init__(self) -> None:
        Options.__post_init__(self)
        check_model(self.model)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOptions(Options):
    """For experiments that train networks."""

    epochs: int = option(12, "passes over Training for each network", quick=5, least=1)
    width: int = option(16, "channels of the networks' first stage", quick=4, least=1)


def check_model(model: str | None) -> None:
    """Refuse a model that is not there, before any work is done.

    Raises:
        AssetError: it is not.
    """
    if model is None:
        return
    if Path(model).suffix == ".pt":
        assets.existing(Path(model))
    elif Path(model).suffix == ".onnx" or model in assets.model_names():
        assets.model_file(model)
    else:
        raise AssetError(
            f"There is no model {model!r}; name an .onnx file, a checkpoint.pt of howifeel-train, "
            f"or one of: {', '.join(assets.model_names())}."
        )


def add_flags(parser: argparse.ArgumentParser, kind: type[Options]) -> None:
    """One flag for each field; a flag that is not given is None in the namespace."""
    for spec in fields(kind):
        about = spec.metadata
        flag = "--" + spec.name.replace("_", "-")
        text = f"{about['help']}{_shown(spec.default)}"
        if spec.type == "bool":
            parser.add_argument(flag, action="store_true", default=None, help=text)
            continue
        several = isinstance(spec.default, tuple)
        parser.add_argument(
            flag,
            type=_kind(kind, spec),
            nargs="+" if several else None,
            choices=about["choices"] or None,
            metavar=None if about["choices"] else _metavar(_kind(kind, spec)),
            help=text,
        )


def from_values(kind: type[_O], given: Mapping[str, Any], *, quick: bool) -> _O:
    """Options from what was given (None: not given) over the quick or the usual defaults.

    Raises:
        SettingsError: a value is out of its range.
    """
    values = {}
    for spec in fields(kind):
        value = given.get(spec.name)
        if value is None and quick and "quick" in spec.metadata:
            value = spec.metadata["quick"]
        if value is not None:
            values[spec.name] = tuple(value) if isinstance(value, list) else value
    return kind(**values)


def as_dict(options: Options) -> dict[str, Any]:
    """All values as JSON knows them; of the URLs of databases only what is no secret."""
    return {spec.name: _plain(getattr(options, spec.name)) for spec in fields(options)}


def changed(options: Options) -> str:
    """The values that differ from the defaults, in words; empty where there is none."""
    plain = as_dict(options)
    differing = [s.name for s in fields(options) if plain[s.name] != _plain(s.default)]
    return ", ".join(f"{name} {in_words(plain[name])}" for name in differing)


def in_words(value: Any) -> str:
    """A value of `as_dict` as people read it.

    >>> in_words([1, 2]), in_words(None), in_words([])
    ('1 2', 'none', 'none')
    """
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str):
        return without_secrets(value)
    return list(value) if isinstance(value, tuple) else value


def without_secrets(text: str) -> str:
    """A text without the user, password and query of the URL that it may be."""
    scheme, url, place = text.partition("://")
    if not url:
        return text
    return scheme + url + re.sub(r"^[^/:@]*(:.*)?@", "", place).partition("?")[0]


def _kind(kind: type[Options], spec: Field[Any]) -> Any:
    """What one word after a flag is turned into."""
    hint = get_type_hints(kind)[spec.name]
    parts = [part for part in get_args(hint) if part not in (type(None), ...)]
    return parts[0] if parts else hint


def _metavar(kind: type) -> str:
    return {Path: "PATH", str: "NAME", int: "N", float: "X"}[kind]


def _shown(default: Any) -> str:
    if default is None or default == () or default is False:
        return ""
    text = " ".join(map(str, default)) if isinstance(default, tuple) else str(default)
    return f" (default: {text})"


def _check(spec: Field[Any], value: Any) -> None:
    flag = "--" + spec.name.replace("_", "-")
    if spec.metadata["choices"] and not isinstance(value, tuple):
        known = spec.metadata["choices"]
        if value not in known:
            raise SettingsError(f"{flag} cannot be {value!r}; choose one of {', '.join(known)}.")
    least = spec.metadata["least"]
    if isinstance(value, Path) and not value.exists():
        raise AssetError(f"There is nothing at {value}; give {flag} a file or folder that exists.")
    if spec.default and value == ():
        raise SettingsError(f"{flag} needs at least one value.")
    for number in value if isinstance(value, tuple) else (value,):
        if isinstance(number, int | float) and not least <= number < math.inf:
            raise SettingsError(f"{flag} cannot be {number}; it must be at least {least}.")
