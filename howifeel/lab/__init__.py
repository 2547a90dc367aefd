"""The lab: studies that tell how far an expression classifier can be trusted.

The folder is the registry: each module is one experiment with `Options` and
`run(options, out) -> Result`; its file name is the command's name, with `-` for `_`. What
experiments share lies in `kit`.
"""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType

from howifeel import plugins
from howifeel.errors import MissingPackageError, SettingsError

_PACKAGE = __name__


def names() -> tuple[str, ...]:
    """The experiments as they are typed, sorted. Nothing is imported.

    >>> "noise" in names()
    True
    """
    return tuple(sorted(name.replace("_", "-") for name in plugins.names(_PACKAGE)))


def summary(name: str) -> str:
    """The first line of an experiment's documentation. Nothing is imported.

    >>> summary("noise").endswith(".")
    True
    """
    return (ast.get_docstring(ast.parse(source(name).read_text("utf-8"))) or "").partition("\n")[0]


def source(name: str) -> Path:
    """The file of an experiment."""
    return Path(__file__).with_name(name.replace("-", "_") + ".py")


def load(name: str) -> ModuleType:
    """Import one experiment.

    Raises:
        SettingsError: there is no experiment of that name.
        MissingPackageError: a package that it needs is not installed.
    """
    if name not in names():
        raise SettingsError(f"There is no experiment {name!r}; choose one of {', '.join(names())}.")
    try:
        return plugins.load(_PACKAGE, name.replace("-", "_"))
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"The experiment {name} needs the package {error.name}; "
            'install it with: pip install "howifeel[lab]".'
        ) from error
