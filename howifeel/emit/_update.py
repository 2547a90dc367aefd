"""What is sent about a frame: places, each with a face or the reason why there is none."""

from __future__ import annotations

import time
from dataclasses import dataclass

from howifeel import emotions
from howifeel.types import Gap, Moment, Reading

_GAP_PHRASES: dict[Gap, str] = {
    "no face": "no face",
    "too small": "face too small",
    "blurred": "face blurred",
    "deleted": "face deleted",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Either a reading or the reason why there is none."""

    reading: Reading | None
    gap: Gap | None

    @property
    def is_relative(self) -> bool:
        """Whether the reading is relative to the person's neutral face."""
        return self.reading is not None and self.reading.unadjusted is not None

    @property
    def says(self) -> str:
        """What to show: what the face looks like, "unsure", or why there is no reading."""
        if self.reading is None:
            return _GAP_PHRASES[self.gap or "no face"]
        return emotions.UNSURE if self.reading.unsure else emotions.PHRASES[self.reading.top]


@dataclass(frozen=True, slots=True)
class Update:
    """What is known about one frame.

    Attributes:
        index: its position in the stream, from 0.
        time_s: its time stamp in seconds of the stream.
        captured_s: when it was grabbed, on the clock of `time.monotonic`.
        width, height: of the picture in pixels.
        places: as many as were asked for.
        gap: why there is no reading at all; None where there is one.
    """

    index: int
    time_s: float
    captured_s: float
    width: int
    height: int
    places: tuple[Place, ...]
    gap: Gap | None

    @property
    def age_s(self) -> float:
        """Seconds since the frame was grabbed."""
        return time.monotonic() - self.captured_s


class Places:
    """Gives each face a place that it keeps while it is in view.

    A face that is unread or missed for a moment keeps its place; a place that is free goes to
    the largest face without one.

    Args:
        count: how many places there are; further faces have none.
    """

    def __init__(self, count: int) -> None:
        self._tracks: list[int | None] = [None] * count

    def fill(self, moment: Moment) -> tuple[Place, ...]:
        """The places for the next moment."""
        read = {r.face.track: r for r in moment.readings if r.face.track is not None}
        held = {face.track for face in (*moment.unread, *moment.missed)}
        kept = [t if t in read or t in held else None for t in self._tracks]
        waiting = sorted(
            (t for t in read if t not in kept), key=lambda t: read[t].face.box.area, reverse=True
        )
        self._tracks = [t if t is not None or not waiting else waiting.pop(0) for t in kept]
        reason = moment.gap or "no face"
        return tuple(
            Place(read[t], None) if t in read else Place(None, reason) for t in self._tracks
        )
