"""Network architectures; the file name is the name in a recipe.

Each module offers `build(classes, **options) -> Net`; its keyword arguments are the options of a
recipe's `[net]` table. See `_net.Net` for what a network answers.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, get_type_hints

from howifeel import plugins
from howifeel.errors import SettingsError
from howifeel.train.nets._net import Net

_PACKAGE = __name__


def names() -> tuple[str, ...]:
    """The architectures, sorted."""
    return plugins.names(_PACKAGE)


def options(net: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """All options of an architecture: the given ones over its defaults.

    Args:
        net: an architecture.
        given: values by name, as read from TOML (lists instead of tuples are accepted).

    Raises:
        SettingsError: there is no such net or option, or a value has the wrong type.

    >>> options("resnet", {"width": 64})["width"]
    64
    """
    build = plugins.load(_PACKAGE, net).build
    kinds = get_type_hints(build)
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(build).parameters.items()
        if name != "classes"
    }
    for name, value in given.items():
        if name not in defaults:
            known = ", ".join(defaults) or "none"
            raise SettingsError(f"The net {net} has no option {name!r}; it has {known}.")
        if not _fits(value, kinds[name]):
            kind = getattr(kinds[name], "__name__", str(kinds[name]))
            raise SettingsError(f"The net's {name} cannot be {value!r}; it must be {kind}.")
    return defaults | {name: _frozen(value) for name, value in given.items()}


def build(net: str, classes: int, given: Mapping[str, Any]) -> Net:
    """An architecture with random weights.

    Args:
        net: an architecture.
        classes: number of logits.
        given: its options.

    Raises:
        SettingsError: the name or an option is wrong.
    """
    chosen = options(net, given)
    try:
        return plugins.load(_PACKAGE, net).build(classes, **chosen)
    except ValueError as error:
        raise SettingsError(f"The net {net} cannot be built: {error}.") from error


def _fits(value: Any, kind: Any) -> bool:
    if kind is float:
        return type(value) in (int, float)
    if isinstance(kind, type):
        return type(value) is kind
    return isinstance(value, list | tuple) and all(type(item) is int for item in value)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
