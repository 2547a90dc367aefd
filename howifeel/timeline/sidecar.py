"""The `.json` beside a timeline: where it came from and what it comes to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from howifeel import untrusted
from howifeel.timeline.summary import Summary
from howifeel.types import Provenance


def sidecar_of(table: Path) -> Path:
    """Where the sidecar of a timeline lies.

    >>> sidecar_of(Path("talk.csv")).name
    'talk.csv.json'
    """
    return table.with_name(table.name + ".json")


def write_sidecar(
    path: Path,
    provenance: Provenance,
    summary: Summary,
    notes: Iterable[str] = (),
    **more: object,
) -> None:
    """Write source, model and detector with their hashes, settings, version, summary and notes.

    Args:
        path: the sidecar itself.
        provenance: where the timeline comes from.
        summary: what it comes to.
        notes: what a reader must know, such as damage in the source.
        more: other values that JSON knows, under their names.

    Raises:
        OSError: the file cannot be written.
    """
    content = asdict(provenance) | {"summary": summary.as_dict(), "notes": list(notes)} | more
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    path.write_text(text, "utf-8", errors="backslashreplace")


def read_sidecar(table: Path) -> Provenance | None:
    """The origin that is noted beside a timeline; None where nothing usable is."""
    try:
        content = untrusted.from_json(untrusted.read_text(sidecar_of(table)))
        return Provenance.from_values(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
