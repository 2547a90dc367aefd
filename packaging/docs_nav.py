"""Fills folders into the navigation of the documentation site: every page of theirs, in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def on_config(config: Any) -> Any:
    """Called by MkDocs once its configuration is read."""
    config.nav = _filled(config.nav, Path(config.docs_dir))
    return config


def _filled(item: Any, docs: Path) -> Any:
    """An entry of the navigation; one that ends with a slash becomes the pages of that folder."""
    if isinstance(item, list):
        return [_filled(each, docs) for each in item]
    if isinstance(item, dict):
        return {title: _filled(inside, docs) for title, inside in item.items()}
    if not item.endswith("/"):
        return item
    pages = sorted((docs / item).glob("*.md"), key=lambda page: (page.stem != "README", page.name))
    return [page.relative_to(docs).as_posix() for page in pages]
