"""Short ways to write faces, readings and moments, so that a test shows only what matters."""

from __future__ import annotations

from howifeel import emotions
from howifeel.types import Box, Face, Gap, Moment, Reading


def face(
    x: int = 10, y: int = 10, size: int = 40, *, track: int | None = None, score: float = 0.9
) -> Face:
    """A square face whose left upper corner is (x, y)."""
    return Face(Box(x, y, x + size, y + size), score, track)


def probs(top: str = "happy", p: float = 0.7) -> tuple[float, ...]:
    """Probability `p` for one expression, the rest shared evenly by the others."""
    rest = (1 - p) / (len(emotions.NAMES) - 1)
    return tuple(p if name == top else rest for name in emotions.NAMES)


def reading(
    top: str = "happy", p: float = 0.7, *, of: Face | None = None, unsure: bool = False
) -> Reading:
    """A reading of a face (by default: of track 1)."""
    return Reading(of or face(track=1), probs(top, p), top, unsure)


def moment(index: int = 0, *readings: Reading, gap: Gap | None = None, fps: float = 25) -> Moment:
    """Frame `index` of a steady stream; without readings a gap."""
    if not readings and gap is None:
        gap = "no face"
    return Moment(index, index / fps, readings, gap)
