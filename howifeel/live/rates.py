"""How fast a stream runs: events per second over the last seconds."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

WINDOW_S = 2.0


class Meter:
    """Counts events and tells how many there were per second lately."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def tick(self, now_s: float) -> None:
        """Count an event.

        Args:
            now_s: seconds on any clock that never runs backwards.
        """
        self._times.append(now_s)
        while now_s - self._times[0] > WINDOW_S:
            self._times.popleft()

    def per_second(self, now_s: float) -> float:
        """Events per second: intervals divided by the time that they took; 0 after a pause.

        >>> meter = Meter()
        >>> for time_s in (0.0, 0.1, 0.2):
        ...     meter.tick(time_s)
        >>> round(meter.per_second(0.2), 3)
        10.0
        """
        times = self._times
        if len(times) < 2 or now_s - times[-1] > WINDOW_S:
            return 0.0
        return (len(times) - 1) / (times[-1] - times[0]) if times[-1] > times[0] else 0.0


@dataclass(frozen=True, slots=True)
class Rates:
    """How a live stream runs.

    Attributes:
        source_fps: pictures that the source gives per second.
        read_fps: pictures that are analysed per second.
        dropped: pictures since the start that were not analysed because a newer one had come.
        latency_s: seconds from the grab of the newest analysed picture to the end of its
            analysis; NaN before the first one.
    """

    source_fps: float = 0.0
    read_fps: float = 0.0
    dropped: int = 0
    latency_s: float = math.nan
