"""Puts every page of docs/adr into the navigation of the documentation site, in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_PLACEHOLDER = {"Decisions": "adr/"}


def on_config(config: Any) -> Any:
    """Called by MkDocs once its configuration is read."""
    folder = Path(config.docs_dir, "adr")
    pages = [f"adr/{page.name}" for page in sorted(folder.glob("*.md"))]
    config.nav = _filled(config.nav, {"Decisions": pages})
    return config


def _filled(nav: list[Any], decisions: dict[str, list[str]]) -> list[Any]:
    filled = []
    for item in nav:
        if item == _PLACEHOLDER:
            item = decisions
        elif isinstance(item, dict):
            item = {
                title: _filled(inside, decisions) if isinstance(inside, list) else inside
                for title, inside in item.items()
            }
        filled.append(item)
    return filled
