"""What the program knows about itself: version, models, detector, packages, documents."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from pathlib import Path

import av
from av._core import library_meta

import howifeel
from howifeel import assets
from howifeel.classify import onnx
from howifeel.config import Settings
from howifeel.errors import HowIFeelError

PACKAGES = (
    "PySide6-Essentials", "numpy", "opencv-python", "opencv-python-headless", "onnxruntime-gpu",
    "onnxruntime", "av", "pyqtgraph", "pyarrow", "pillow",
)  # fmt: skip
"""What the window runs on; what is not installed is left out."""

DOCUMENTS = ("README.md", "models/README.md", "faceDetection/README.md", "docs/architecture.md")
_TEST, TEST_PICTURES = "PublicTest", 3589
"""FER-2013's PublicTest and its size (Goodfellow et al. 2013)."""
_HEADERS = ("License-Expression", "License")


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a file says about itself.

    Attributes:
        name: file name.
        sha256: of its bytes, 64 hex digits.
        trained_on: data and their terms.
        scores: measured figures (name with protocol, value).
        problem: why it cannot be read; "" where it can.
    """

    name: str
    sha256: str = ""
    trained_on: str = ""
    scores: tuple[tuple[str, float], ...] = ()
    problem: str = ""

    @property
    def right_of_100(self) -> int | None:
        """Of 100 pictures of the whole PublicTest, how many are named right; None if unknown."""
        for name, value in self.scores:
            protocol, _, figure = name.rpartition(": ")
            parts = protocol.split(", ")
            if figure == "accuracy" and parts[0] == _TEST and "all pictures" in parts:
                return round(100 * value)
        return None


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it.

    Attributes:
        models: those that ship.
        detector_sha256: of prototxt and caffemodel.
        packages: name, version, licence.
    """

    models: tuple[ModelFacts, ...]
    detector_sha256: str
    packages: tuple[tuple[str, str, str], ...]


def gather() -> Facts:
    """Read everything; takes a moment, so it is called beside the window."""
    return Facts(
        models=tuple(_model(name) for name in assets.model_names()),
        detector_sha256=assets.sha256(*assets.detector_files()),
        packages=(*filter(None, (_package(name) for name in PACKAGES)), _ffmpeg()),
    )


def version() -> str:
    """Of this program."""
    return howifeel.__version__


def documents() -> tuple[Path, ...]:
    """Documents that came along."""
    root = Path(howifeel.__file__).parent
    found = (
        next((b / n for b in (root.parent, root) if (b / n).is_file()), None) for n in DOCUMENTS
    )
    return tuple(path for path in found if path)


def _model(name: str) -> ModelFacts:
    file = f"{name}.onnx"
    try:
        classifier = onnx.build(Settings(model=name, device="cpu"))
    except HowIFeelError as error:
        return ModelFacts(file, problem=str(error))
    spec = classifier.spec
    return ModelFacts(file, classifier.sha256, spec.trained_on, tuple(spec.scores.items()))


def _ffmpeg() -> tuple[str, str, str]:
    """The libraries that came inside of PyAV have a licence of their own."""
    return "FFmpeg", str(av.ffmpeg_version_info), str(library_meta["libavcodec"]["license"])


def _package(name: str) -> tuple[str, str, str] | None:
    try:
        metadata = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    licences = [metadata[header] for header in _HEADERS if header in metadata]
    return name, metadata["Version"], licences[0].splitlines()[0] if licences else ""
