"""The loaded detector and classifier of a run, ready for any number of sources."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from howifeel import __version__, detect, pipeline
from howifeel.classify import Classifier, onnx
from howifeel.config import Settings
from howifeel.detect import Detector
from howifeel.pipeline import Analyser
from howifeel.types import Frame, Moment, Provenance
from howifeel.video import open_source

_OF_DETECTOR = ("detector", "detector_files", "device", "face_score", "min_face_px", "threads")
_NOT_SHIPPED = {
    "model": "This model does not ship with HowIFeel; what is measured and said of ours is not "
    "true of it.",
    "detector": "This face detector does not ship with HowIFeel; what is measured and said of ours "
    "is not true of it.",
}
_OF_CLASSIFIER = ("model", "device", "threads")


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """What is loaded once and used for every source."""

    detector: Detector
    classifier: Classifier
    settings: Settings

    def analyser(self) -> Analyser:
        """A fresh analyser for one stream."""
        return Analyser(self.detector, self.classifier, self.settings)

    def renewed(self, settings: Settings) -> Engine:
        """An engine for other settings; what they do not touch is not loaded again.

        Raises:
            AssetError, SettingsError, MissingPackageError: as `load`.
        """
        detector, classifier = self.detector, self.classifier
        if _differ(self.settings, settings, _OF_DETECTOR):
            detector = detect.build(settings)
        if _differ(self.settings, settings, _OF_CLASSIFIER):
            classifier = onnx.build(settings)
        return Engine(detector, classifier, settings)

    def provenance(self, source: str) -> Provenance:
        """What to write beside the results of this source, with the threshold that was used."""
        unsure_below = self.settings.unsure_below
        if unsure_below is None:
            unsure_below = self.classifier.spec.unsure_below
        return Provenance(
            source=source,
            model=self.classifier.name,
            model_sha256=self.classifier.sha256,
            detector=self.detector.name,
            detector_sha256=self.detector.sha256,
            device=self.classifier.device,
            settings=replace(self.settings, unsure_below=unsure_below).as_dict(),
            version=__version__,
            not_shipped=self.not_shipped,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences that the user should read, such as whose model this is."""
        foreign = tuple(_NOT_SHIPPED[part] for part in self.not_shipped)
        return self.classifier.notes + foreign

    @property
    def not_shipped(self) -> tuple[str, ...]:
        """Which parts do not ship with HowIFeel: "model", "detector"."""
        parts = {"model": self.classifier.ships, "detector": self.detector.ships}
        return tuple(part for part, ships in parts.items() if not ships)


def load(settings: Settings) -> Engine:
    """Load the detector and the classifier that the settings name.

    Raises:
        AssetError: a file is missing or damaged.
        SettingsError: a setting names what does not exist.
        MissingPackageError: an optional package is not installed.
    """
    return Engine(detect.build(settings), onnx.build(settings), settings)


def _differ(now: Settings, wanted: Settings, names: tuple[str, ...]) -> bool:
    return any(getattr(now, name) != getattr(wanted, name) for name in names)


def analyse(
    source: str | int | Path | Iterable[Frame], settings: Settings | None = None
) -> Iterator[Moment]:
    """Read the faces of a video, picture, camera, URL or any frames, one moment per frame.

    Args:
        source: a path, a URL, a camera number, or frames of one's own.
        settings: thresholds, model, detector; the defaults where None.

    Yields:
        A moment for each frame, in order. Memory stays flat whatever the length.

    Raises:
        SourceError: the source cannot be read.
        AssetError: a model file is missing or damaged.

    Warns:
        UserWarning: the source is damaged, and what came before was read.
    """
    engine = load(settings or Settings())
    parts = (engine.detector, engine.classifier, engine.settings)
    if not isinstance(source, str | int | Path):
        yield from pipeline.analyse(source, *parts)
        return
    with open_source(str(source)) as frames:
        yield from pipeline.analyse(frames, *parts)
        if frames.damage:
            warnings.warn(frames.damage, stacklevel=2)
