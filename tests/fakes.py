"""Stand-ins for the edges of the pipeline, so that its own logic can be tested alone."""

import errno
import os

import numpy as np
import pytest

from howifeel import emotions
from howifeel.classify import Answer
from howifeel.classify.spec import ModelSpec

SPEC = ModelSpec(
    size=48, channels=1, mean=(0.0,), std=(1.0,), margin=0, temperature=1, unsure_below=0.4,
    trained_on="nothing", recipe="", commit="",
)  # fmt: skip


class FakeDetector:
    """Gives prepared faces, frame by frame."""

    name, sha256, ships = "fake", None, True

    def __init__(self, *frames):
        self._frames = iter(frames)

    def detect(self, frame):
        return tuple(next(self._frames))


class FakeClassifier:
    """Is 90 % sure of one expression for every face, and counts its calls."""

    name, sha256, device, notes, spec = "fake.onnx", "0" * 64, "cpu", (), SPEC
    ships = True

    def __init__(self, expression="happy", *, maps=False):
        self.has_maps = maps
        row = np.full(len(emotions.NAMES), 0.1 / 6, np.float32)
        row[emotions.NAMES.index(expression)] = 0.9
        self._row = row
        self.calls = []

    def classify(self, frame, faces):
        self.calls.append(len(faces))
        return Answer(np.tile(self._row, (len(faces), 1)), self._maps(len(faces)))

    def _maps(self, count):
        """The expression is seen in the left upper cell of four, if maps are wanted."""
        if not self.has_maps:
            return None
        maps = np.zeros((count, len(emotions.NAMES), 2, 2), np.float32)
        maps[:, self._row.argmax(), 0, 0] = 3
        return maps


def without_locks(monkeypatch):
    """Every file system has no locks, as one that is mounted over NFS may have none."""
    fcntl = pytest.importorskip("fcntl")

    def refuse(file, operation):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
