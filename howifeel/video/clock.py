"""Time stamps that always grow, whatever a container says."""

from __future__ import annotations

from fractions import Fraction

LATEST_S = 4e9
"""A time stamp that is farther from zero, in seconds, is not believed: 126 years."""


class Clock:
    """Turns the time stamps of a stream into seconds that grow from frame to frame.

    Good time stamps are kept exactly. A missing one is one frame after its predecessor, a
    repeated one is one tick after it, and when the clock jumps back by more than a second, as
    it does where recordings were joined, or beyond all measure, which only a damaged file
    does, it runs on from where it was.

    Args:
        time_base: seconds of one tick.
        frame_s: seconds from frame to frame, used where a time stamp is missing.
        origin: the tick that counts as zero.

    >>> clock = Clock(Fraction(1, 1000), frame_s=Fraction(1, 25))
    >>> [clock.seconds(ticks) for ticks in (0, 40, None, 120, 120, 160)]
    [0.0, 0.04, 0.08, 0.12, 0.121, 0.16]
    """

    def __init__(self, time_base: Fraction, frame_s: Fraction, origin: int = 0) -> None:
        self._time_base = time_base
        self._frame = max(1, round(frame_s / time_base))
        self._second = max(1, round(1 / time_base))
        self._latest = round(LATEST_S / time_base)
        self._shift = -origin
        self._last: int | None = None

    def seconds(self, ticks: int | None) -> float:
        """Seconds of the next frame.

        Args:
            ticks: its time stamp; None where it has none.
        """
        now = self._growing(ticks)
        self._last = now
        return float(now * self._time_base)

    def _growing(self, ticks: int | None) -> int:
        if self._last is None:
            first = 0 if ticks is None else ticks + self._shift
            return first if abs(first) <= self._latest else self._run_on(first, 0)
        expected = self._last + self._frame
        if ticks is None:
            return expected
        now = ticks + self._shift
        if now < self._last - self._second or now > self._latest:
            return self._run_on(now, expected)
        return max(now, self._last + 1)

    def _run_on(self, now: int, expected: int) -> int:
        self._shift += expected - now
        return expected
