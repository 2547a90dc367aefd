"""Classifiers: a frame and its faces in, probabilities of the seven expressions out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from howifeel.classify.spec import ModelSpec
    from howifeel.types import Face, Frame


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a model says about the faces of one frame.

    Attributes:
        probs: calibrated probabilities, float32 (n, 7), one row for each face, sum 1.
        maps: class-activation maps, float32 (n, 7, rows, columns), in units of the logits, over
            each face's crop; None where the model has none. `heat.heat_of` makes them visible.
    """

    probs: NDArray[np.float32]
    maps: NDArray[np.float32] | None


class Classifier(Protocol):
    """Reads expressions, each frame by itself."""

    name: str
    """What to show to a user."""

    sha256: str
    """Hash of the model's file."""

    ships: bool
    """Whether it is one that ships with HowIFeel."""

    device: str
    """What it really runs on: "cpu" or "cuda"."""

    notes: tuple[str, ...]
    """Sentences that the user should read, such as why the GPU is not used."""

    spec: ModelSpec
    """What the model says about itself."""

    has_maps: bool
    """Whether its answers bring activation maps."""

    def classify(self, frame: Frame, faces: tuple[Face, ...]) -> Answer:
        """Calibrated probabilities and activation maps of all faces of a frame."""
        ...
