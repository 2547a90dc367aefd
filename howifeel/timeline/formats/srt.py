"""SubRip subtitles: for each face, what it looks like and from when to when."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from howifeel import emotions
from howifeel.types import Moment, Reading

SHORTEST_S = 0.5
"""A label that is shown for less makes no cue; a pause that is shorter does not end one."""

LONGEST_S = 10.0
"""A cue is divided after this time, so that a player that seeks into it shows it soon."""


@dataclass(frozen=True, slots=True, order=True)
class Cue:
    """A text and the seconds from which and to which it is shown."""

    start_s: float
    end_s: float
    text: str

    @property
    def lasts_s(self) -> float:
        """How long it is shown, in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class _Track:
    """The cue of a face that is being shown, and another text that may take over."""

    cue: Cue
    other: Cue | None = None

    @property
    def seen_s(self) -> float:
        return max(self.cue.end_s, self.other.end_s if self.other else 0.0)

    def seen(self, frame: Cue) -> tuple[_Track, Cue | None]:
        """The state after one more frame, and the cue that it ended."""
        if frame.text == self.cue.text:
            grown = replace(self.cue, end_s=frame.end_s)
            if grown.lasts_s < LONGEST_S:
                return _Track(grown), None
            return _Track(replace(grown, start_s=grown.end_s)), grown
        other = frame
        if self.other and self.other.text == frame.text:
            other = replace(self.other, end_s=frame.end_s)
        if other.lasts_s < SHORTEST_S:
            return _Track(self.cue, other), None
        pause_s = other.start_s - self.cue.end_s
        closed = replace(self.cue, end_s=other.start_s) if pause_s < SHORTEST_S else self.cue
        return _Track(other), closed


class SrtWriter:
    """Joins the equal labels of each track and writes the cues in the order of their start.

    Args:
        file: an open text file.
        names: track -> name of the face, in place of its number.
    """

    def __init__(self, file: TextIO, names: Mapping[int, str]) -> None:
        self._file = file
        self._names = names
        self._written = 0
        self._tracks: dict[int | None, _Track] = {}
        self._ended: list[Cue] = []
        self._last: Moment | None = None
        self._frame_s = 0.0

    def add(self, moment: Moment) -> None:
        """Take in what is known about the next frame."""
        if self._last:
            self._frame_s = min(max(0.0, moment.time_s - self._last.time_s), SHORTEST_S)
            self._see(self._last)
        lost = [
            track
            for track, state in self._tracks.items()
            if abs(moment.time_s - state.seen_s) > SHORTEST_S
        ]
        for track in lost:
            self._end(self._tracks.pop(track).cue)
        self._write(before_s=min((t.cue.start_s for t in self._tracks.values()), default=math.inf))
        self._last = moment

    def finish(self) -> None:
        """Write the cues that are still open."""
        if self._last:
            self._see(self._last)
        for state in self._tracks.values():
            self._end(state.cue)
        self._write(before_s=math.inf)

    def _see(self, moment: Moment) -> None:
        for reading in moment.readings:
            frame = Cue(moment.time_s, moment.time_s + self._frame_s, self._text(reading))
            track = reading.face.track
            state, ended = _Track(frame), None
            if track in self._tracks:
                state, ended = self._tracks[track].seen(frame)
            self._tracks[track] = state
            if ended:
                self._end(ended)

    def _text(self, reading: Reading) -> str:
        says = emotions.UNSURE if reading.unsure else emotions.PHRASES[reading.top]
        track = reading.face.track
        name = self._names.get(track) if track is not None else None
        return f"{name or f'Face {track}'}: {says}"

    def _end(self, cue: Cue) -> None:
        if cue.lasts_s >= SHORTEST_S:
            self._ended.append(cue)

    def _write(self, before_s: float) -> None:
        self._ended.sort()
        while self._ended and self._ended[0].start_s < before_s:
            cue = self._ended.pop(0)
            self._written += 1
            times = f"{_clock(cue.start_s)} --> {_clock(cue.end_s)}"
            self._file.write(f"{self._written}\n{times}\n{cue.text}\n\n")


@contextmanager
def open_writer(path: Path, names: Mapping[int, str] | None = None) -> Iterator[SrtWriter]:
    """Write a new file; `names` are shown in place of "Face 1", "Face 2" ....

    Raises:
        OSError: it cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        writer = SrtWriter(file, names or {})
        yield writer
        writer.finish()


def _clock(time_s: float) -> str:
    """Hours, minutes, seconds, milliseconds.

    >>> _clock(3725.5)
    '01:02:05,500'
    """
    thousandths = max(0, round(1000 * time_s))
    minutes, thousandths = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{thousandths // 1000:02},{thousandths % 1000:03}"
