"""The options that an experiment declares, read without what it needs to run.

An experiment imports PyTorch and the like, which takes seconds; its options hardly ever need them.
So only those statements of its file are executed on which the class of its options depends: wrong
flags are told, and help is shown, at once.
"""

from __future__ import annotations

import ast
import sys
from importlib.abc import InspectLoader
from pathlib import Path
from types import CodeType, ModuleType

from howifeel import lab
from howifeel.errors import MissingPackageError, SettingsError
from howifeel.lab.kit.options import Options

_CLASS = "Options"


def options(name: str) -> type[Options]:
    """The class of an experiment's options, or its equal.

    Raises:
        SettingsError: there is no experiment of that name.
        MissingPackageError: a package that the options need is not installed.
    """
    if name not in lab.names():
        known = ", ".join(lab.names())
        raise SettingsError(f"There is no experiment {name!r}; choose one of {known}.")
    module = f"{lab.__name__}.{name.replace('-', '_')}"
    if module in sys.modules:
        return sys.modules[module].Options
    part = f"{module} ({_CLASS})"
    if part not in sys.modules:
        loader = _Declarations(lab.source(name))
        found = sys.modules[part] = ModuleType(part)  # where dataclasses look for annotations
        try:
            loader.exec_module(found)
        except ModuleNotFoundError as error:
            del sys.modules[part]
            raise MissingPackageError(
                f"The experiment {name} needs the package {error.name}; "
                'install it with: pip install "howifeel[lab]".'
            ) from error
    return getattr(sys.modules[part], _CLASS)


class _Declarations(InspectLoader):
    """Imports, of the file of an experiment, the class of its options and what that depends on."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get_source(self, fullname: str) -> str:
        return self._path.read_text("utf-8")

    def get_code(self, fullname: str) -> CodeType:
        module = _needed(ast.parse(self.get_source(fullname)), _CLASS)
        return self.source_to_code(module, str(self._path))


def _needed(module: ast.Module, name: str) -> ast.Module:
    """A module with those statements alone that a name of it depends on."""
    binding = {bound: each for each in module.body for bound in _bound(each)}
    wanted, kept = ["annotations", name], set()
    while wanted:
        statement = binding.get(wanted.pop())
        if statement is not None and statement not in kept:
            kept.add(statement)
            names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            wanted += [node.id for node in names if isinstance(node.ctx, ast.Load)]
    return ast.Module([each for each in module.body if each in kept], [])


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement of a module gives a meaning."""
    if isinstance(statement, ast.ClassDef | ast.FunctionDef):
        return {statement.name}
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names
