"""Frames in, moments out: detect, track, leave out what cannot be read, classify, smooth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from howifeel import quality
from howifeel.classify import Classifier
from howifeel.config import Settings
from howifeel.detect import Detector
from howifeel.smooth import Smoother
from howifeel.track import Tracker
from howifeel.types import Frame, Moment


class Analyser:
    """Reads the frames of one stream, in order. Its state is what it saw in the last second.

    Args:
        detector: finds the faces.
        classifier: reads the expressions.
        settings: thresholds and smoothing.
    """

    def __init__(self, detector: Detector, classifier: Classifier, settings: Settings) -> None:
        self._detector = detector
        self._classifier = classifier
        self._settings = settings
        self._tracker = Tracker()
        self._smoother = Smoother(*_smoothing(classifier, settings))

    def use(self, detector: Detector, classifier: Classifier, settings: Settings) -> None:
        """Go on with other parts and settings; the faces keep their tracks."""
        self._detector, self._classifier, self._settings = detector, classifier, settings
        self._smoother.adjust(*_smoothing(classifier, settings))

    def read(self, frame: Frame) -> Moment:
        """Everything known about one frame."""
        found = self._tracker.update(self._detector.detect(frame), frame.time_s)
        faces, gap = quality.usable(frame, found, self._settings)
        probs = self._classifier.classify(frame, faces)
        readings = self._smoother.update(faces, probs, frame.time_s)
        unread = tuple(face for face in found if face not in faces)
        missed = self._tracker.missed(frame.time_s, width=frame.width, height=frame.height)
        return Moment(frame.index, frame.time_s, readings, gap, unread, missed)


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
