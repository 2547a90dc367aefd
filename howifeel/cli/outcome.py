"""What is printed when an input is done."""

from __future__ import annotations

import json

from howifeel.annotate import Outcome
from howifeel.cli.progress import clock
from howifeel.printable import printable


def as_json(outcome: Outcome, device: str) -> str:
    """One JSON object, without line breaks; `device` is what the classifier ran on."""
    report = {
        "source": outcome.source,
        "written": [str(path) for path in outcome.written],
        "frames": outcome.frames,
        "wall_s": round(outcome.wall_s, 3),
        "device": device,
        "notes": outcome.notes,
        "summary": outcome.summary,
    }
    return json.dumps(report)


def in_words(outcome: Outcome, device: str) -> str:
    """One line for people."""
    written = ", ".join(printable(str(path)) for path in outcome.written)
    if outcome.frames == 1:
        return f"{outcome.source} -> {written}"
    speed = outcome.frames / outcome.wall_s
    return (
        f"{outcome.source}: {outcome.frames} frames in {clock(outcome.wall_s)} "
        f"({speed:.0f} per second, {device}) -> {written}"
    )
