"""The folder is the registry: a module of a package is a plugin, its file name is its name."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from howifeel.errors import SettingsError


def names(package: str) -> tuple[str, ...]:
    """The plugins of a package by name, sorted. Only file names are read, nothing is imported.

    A module whose name starts with an underscore, or a folder, is not a plugin.

    >>> "boxes" in names("howifeel.overlay")
    True
    """
    folder = importlib.import_module(package).__path__
    found = pkgutil.iter_modules(folder)
    return tuple(sorted(m.name for m in found if not m.name.startswith("_") and not m.ispkg))


def load(package: str, name: str) -> ModuleType:
    """Import one plugin.

    Raises:
        SettingsError: the package has no plugin of that name.
    """
    known = names(package)
    if name not in known:
        kind = package.rpartition(".")[2]
        raise SettingsError(
            f"There is no {kind} plugin {name!r}; choose one of {', '.join(known)}."
        )
    return importlib.import_module(f"{package}.{name}")
