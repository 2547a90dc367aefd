"""The neutral faces of a live stream: which are being learnt, which are known, which are used."""

from __future__ import annotations

from howifeel.baseline import Baseline, Collecting, Done, Failed, Learner
from howifeel.types import Moment


class NeutralModel:
    """Keeps a baseline for each face that looked neutral for three seconds.

    Attributes:
        known: track -> baseline.
        used: the tracks whose readings are relative to it.
    """

    def __init__(self) -> None:
        self.known: dict[int, Baseline] = {}
        self.used: set[int] = set()
        self._learners: dict[int, Learner] = {}
        self._failures: dict[int, str] = {}

    def clear(self) -> None:
        """Forget everything, because the faces are others or another model reads them."""
        self.known.clear()
        self.used.clear()
        self._learners.clear()
        self._failures.clear()

    def begin(self, track: int) -> None:
        """Learn the neutral look of this face from now on."""
        self._failures.pop(track, None)
        self._learners[track] = Learner(track)

    def use(self, track: int, used: bool) -> None:
        """Switch a known baseline on or off."""
        if used and track in self.known:
            self.used.add(track)
        else:
            self.used.discard(track)

    def add(self, moment: Moment) -> bool:
        """Watch the next moment; whether a baseline was completed."""
        completed = False
        for track, learner in list(self._learners.items()):
            state = learner.add(moment)
            if isinstance(state, Done):
                self.known[track] = state.baseline
                self.used.add(track)
                completed = True
            elif isinstance(state, Failed):
                self._failures[track] = state.reason
            if not isinstance(state, Collecting):
                del self._learners[track]
        return completed

    def progress(self, track: int) -> float | None:
        """How far the learning is, 0..1; None where nothing is being learnt."""
        learner = self._learners.get(track)
        if learner is None or not isinstance(learner.state, Collecting):
            return None
        return learner.state.progress

    def failure(self, track: int) -> str:
        """Why the last try gave nothing; "" where it did or there was none."""
        return self._failures.get(track, "")

    @property
    def in_use(self) -> dict[int, Baseline]:
        """Track -> baseline, for those that are switched on."""
        return {track: self.known[track] for track in sorted(self.used)}
