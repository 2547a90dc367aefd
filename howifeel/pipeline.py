"""Frames in, moments out: detect, track, leave out what cannot be read, classify, smooth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from howifeel import baseline, quality
from howifeel.baseline import Baseline
from howifeel.classify import Answer, Classifier
from howifeel.classify.heat import heat_of
from howifeel.config import Settings
from howifeel.detect import Detector
from howifeel.smooth import MapSmoother, Smoother
from howifeel.track import Tracker
from howifeel.types import Frame, Moment, Reading


class Analyser:
    """Reads the frames of one stream, in order. Its state is what it saw in the last second.

    Args:
        detector: finds the faces.
        classifier: reads the expressions.
        settings: thresholds and smoothing.

    Attributes:
        baselines: the neutral faces by track, see `baseline`. Assign a new mapping to change
            them, from any thread; it holds from the next frame on.
        heat: whether readings should tell where in the face they were read.
    """

    def __init__(self, detector: Detector, classifier: Classifier, settings: Settings) -> None:
        self._detector = detector
        self._classifier = classifier
        self._settings = settings
        self._tracker = Tracker()
        self._smoother = Smoother(*_smoothing(classifier, settings))
        self._adjusted = Smoother(*_smoothing(classifier, settings))
        self._maps = MapSmoother(settings.smooth_s)
        self.baselines: Mapping[int, Baseline] = {}
        self.heat = False

    def use(self, detector: Detector, classifier: Classifier, settings: Settings) -> None:
        """Go on with other parts and settings; the faces keep their tracks.

        With another classifier they lose their baselines, which were read by the one before.
        """
        if classifier is not self._classifier:
            self.baselines = {}
        self._detector, self._classifier, self._settings = detector, classifier, settings
        self._smoother.adjust(*_smoothing(classifier, settings))
        self._adjusted.adjust(*_smoothing(classifier, settings))
        self._maps.adjust(settings.smooth_s)

    def read(self, frame: Frame) -> Moment:
        """Everything known about one frame."""
        detected = self._detector.detect(frame)
        found = self._tracker.update(detected, frame.time_s, self._settings.face_score)
        faces, gap = quality.usable(frame, found, self._settings)
        answer = self._classifier.classify(frame, faces)
        readings = self._smoother.update(faces, answer.probs, frame.time_s)
        readings = self._relative(readings, answer.probs, frame.time_s)
        if self.heat and answer.maps is not None:
            maps = self._maps.update(faces, answer.maps, frame.time_s)
            readings = self._with_heat(readings, replace(answer, maps=maps))
        unread = tuple(face for face in found if face not in faces)
        missed = self._tracker.missed(frame.time_s, width=frame.width, height=frame.height)
        return Moment(frame.index, frame.time_s, readings, gap, unread, missed)

    def _relative(
        self, readings: tuple[Reading, ...], probs: NDArray[np.float32], time_s: float
    ) -> tuple[Reading, ...]:
        """The readings, those of faces with a baseline relative to it."""
        baselines = self.baselines
        known = [baselines.get(reading.face.track or 0) for reading in readings]
        rows = [n for n, neutral in enumerate(known) if neutral is not None]
        faces = tuple(readings[n].face for n in rows)
        relative = [
            baseline.relative(probs[n], neutral) for n, neutral in enumerate(known) if neutral
        ]
        adjusted = self._adjusted.update(faces, np.array(relative).reshape(-1, 7), time_s)
        changed = list(readings)
        for n, reading in zip(rows, adjusted, strict=True):
            changed[n] = replace(reading, unadjusted=readings[n])
        return tuple(changed)

    def _with_heat(self, readings: tuple[Reading, ...], answer: Answer) -> tuple[Reading, ...]:
        margin = self._classifier.spec.margin
        return tuple(
            replace(r, heat=heat_of(answer, n, r.top, box=r.face.box, margin=margin))
            for n, r in enumerate(readings)
        )


def _smoothing(classifier: Classifier, settings: Settings) -> tuple[float, float, float]:
    unsure_below = settings.unsure_below
    if unsure_below is None:
        unsure_below = classifier.spec.unsure_below
    return settings.smooth_s, settings.hold, unsure_below


def analyse(
    frames: Iterable[Frame], detector: Detector, classifier: Classifier, settings: Settings
) -> Iterator[Moment]:
    """One moment for each frame, lazily and in order; memory stays flat."""
    analyser = Analyser(detector, classifier, settings)
    return map(analyser.read, frames)
