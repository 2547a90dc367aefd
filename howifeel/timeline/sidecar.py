"""The `.json` beside a timeline: where it came from and what it comes to."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from howifeel.timeline.summary import Summary
from howifeel.types import Provenance


def write_sidecar(path: Path, provenance: Provenance, summary: Summary) -> None:
    """Write source, model and detector with their hashes, settings, version and summary.

    Raises:
        OSError: the file cannot be written.
    """
    content = asdict(provenance) | {"summary": summary.as_dict()}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
