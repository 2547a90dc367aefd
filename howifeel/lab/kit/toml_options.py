"""Options of experiments as a TOML file or words say them, checked for names and types."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

from howifeel.errors import SettingsError
from howifeel.lab.kit import declared
from howifeel.lab.kit.options import Options

_KINDS = {int: "a whole number", float: "a number", bool: "true or false"}


def typed(kind: type[Options], table: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The options of a table, checked for their names and types; files are beside `path`.

    Raises:
        SettingsError: a name is unknown, or a value is of another type.
    """
    known = {spec.name: spec for spec in fields(kind)}
    hints = get_type_hints(kind)
    found = {}
    for name, value in table.items():
        if name not in known:
            raise SettingsError(
                f"{path} has an unknown option {name!r}; there are {', '.join(known)}."
            )
        of = value_kind(hints[name])
        several = isinstance(known[name].default, tuple)
        if several and not isinstance(value, list):
            raise SettingsError(f"{path}: {name} cannot be {value!r}; it is a list.")
        values = [_value(each, of, name, path) for each in (value if several else [value])]
        found[name] = tuple(values) if several else values[0]
    return found


def tables(path: Path | None, words: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """Options of single experiments by name: from a file with a table for each, and from words.

    Args:
        path: the file; its paths are relative to it.
        words: each NAME.OPTION=VALUE, values of a list with commas between them; their paths are
            relative to the working folder, and they go before the file.

    Raises:
        SettingsError: a name is unknown, or a value is of another type.
        MissingPackageError: a package that an experiment needs is not installed.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, table in (read(path) if path else {}).items():
        if not isinstance(table, dict):
            raise SettingsError(f"{path} must hold tables of experiments alone, not {name!r}.")
        found[name] = typed(declared.options(name), table, path or Path())
    for word in words:
        place, equals, text = word.partition("=")
        name, dot, option = place.partition(".")
        if not (equals and dot):
            raise SettingsError(f"--set {word!r} must look like NAME.OPTION=VALUE.")
        kind = declared.options(name)
        known = {spec.name: spec for spec in fields(kind)}
        option = option.replace("-", "_")
        several = option in known and isinstance(known[option].default, tuple)
        value = (
            _words(text.split(","), kind, option) if several else _words([text], kind, option)[0]
        )
        found.setdefault(name, {}).update(typed(kind, {option: value}, Path("--set")))
    return found


def read(path: Path) -> dict[str, Any]:
    """What a TOML file holds.

    Raises:
        SettingsError: it cannot be read, or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error


def value_kind(hint: Any) -> type:
    """What a value of an option, or each of several, is."""
    parts = [part for part in get_args(hint) if part not in (type(None), ...)]
    return parts[0] if parts else hint


def _value(value: Any, kind: type, name: str, path: Path) -> Any:
    accepted = {float: (int, float), Path: (str,)}.get(kind, (kind,))
    if type(value) not in accepted:
        raise SettingsError(
            f"{path}: {name} cannot be {value!r}; it is {_KINDS.get(kind, 'a text')}."
        )
    if kind is Path:
        return path.parent / value
    looks_like_a_file = kind is str and ("/" in value or "." in value)
    if looks_like_a_file and (path.parent / value).exists():
        return str(path.parent / value)
    return value


def _words(texts: Sequence[str], kind: type[Options], option: str) -> list[Any]:
    """Words as TOML would say them."""
    hint = get_type_hints(kind).get(option)
    of = value_kind(hint) if hint else str
    if of not in (int, float, bool):
        return list(texts)
    try:
        return [json.loads(text) for text in texts]
    except ValueError as error:
        raise SettingsError(
            f"--set: {option} cannot be {','.join(texts)!r}; it is {_KINDS[of]}."
        ) from error
