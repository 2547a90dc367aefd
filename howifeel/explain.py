"""Why a reading is unsure or a face is not read, and what to do about it.

The limits were chosen on photographs of people (LFW) that were made darker, brighter, smaller and
softer until the classifier suffered, and so that nearly none of them crosses a limit as it is.
The light is judged by the brightest tenth of a face, which depends less on its skin than the mean.
A head that is turned is not among the reasons: without landmarks, the symmetry and the edges of a
face tell too few turned heads from straight ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions, quality
from howifeel.config import Settings
from howifeel.types import Face, Frame, Reading

SMALL_PX = 28
"""A face lower than this is read, but less well."""

SOFT = 12.0
"""A face with less fine detail than this (see `quality.sharpness`) is read, but less well."""

DARK = 50
"""The brightest tenth of a face begins below this grey level (0..255) when it is dark."""

GLARING = 250
"""Grey levels from this on hold no detail."""

GLARE_SHARE = 0.2
"""An overexposed face is beyond that on this share of it."""

DOUBTFUL_SCORE = 0.65
"""Below this score the detector is hardly sure that there is a face."""

CLOSE = 0.15
"""Two expressions are close when their probabilities differ by less,"""

CLOSE_SHARE = 0.6
"""and together reach this."""

Kind = Literal[
    "too small", "too blurred", "small", "soft", "dark", "overexposed", "doubtful", "close", "faint"
]

SENTENCES: dict[Kind, str] = {
    "too small": "The face is too small to read: come closer.",
    "too blurred": "The face is too blurred to read: hold still, add light or focus the camera.",
    "small": "The face is small: come closer.",
    "soft": "The face is a little blurred: hold still, add light or focus the camera.",
    "dark": "The face is dark: add light from the front.",
    "overexposed": "The face is too bright: turn the light away or lower the exposure.",
    "doubtful": "This hardly looks like a face: show it whole and from the front.",
    "close": "Two expressions are close: {} and {}.",
    "faint": "No expression is clear; the likeliest is {}.",
}
"""What each reason says to a user."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `str` gives its sentence.

    Attributes:
        kind: which one.
        expressions: what it names, of `emotions.NAMES`: two for "close", one for "faint".

    >>> str(Reason("close", ("sad", "neutral")))
    'Two expressions are close: sad and neutral.'
    """

    kind: Kind
    expressions: tuple[str, ...] = ()

    def __str__(self) -> str:
        looks = (emotions.PHRASES[name].removeprefix("looks ") for name in self.expressions)
        return SENTENCES[self.kind].format(*looks)


def explain(frame: Frame, reading: Reading, settings: Settings) -> tuple[Reason, ...]:
    """Why a reading is unsure, what can be changed first; empty where it is sure.

    Args:
        frame: the picture that was read.
        reading: of a face in it.
        settings: thresholds of the run.
    """
    if not reading.unsure:
        return ()
    return (*_conditions(frame, reading.face, settings), _doubt(reading))


def explain_unread(frame: Frame, face: Face, settings: Settings) -> tuple[Reason, ...]:
    """Why a face was found but not read; `Moment.unread` holds such faces.

    Args:
        frame: the picture in which it was found.
        face: inside the picture.
        settings: thresholds of the run.
    """
    return _conditions(frame, face, settings)


def _conditions(frame: Frame, face: Face, settings: Settings) -> tuple[Reason, ...]:
    """What is wrong with the picture of a face."""
    pixels = quality.grey_face(frame.image, face.box)
    kinds = (_size_or_focus(pixels, face, settings), _light(pixels), _score(face))
    return tuple(Reason(kind) for kind in kinds if kind)


def _size_or_focus(pixels: NDArray[np.uint8], face: Face, settings: Settings) -> Kind | None:
    """A small face has little detail as well, so only one of the two is a reason."""
    if face.box.height < settings.min_face_px:
        return "too small"
    sharpness = quality.sharpness(pixels)
    if sharpness < settings.min_sharpness:
        return "too blurred"
    if face.box.height < SMALL_PX:
        return "small"
    return "soft" if sharpness < SOFT else None


def _light(pixels: NDArray[np.uint8]) -> Kind | None:
    if np.mean(pixels >= GLARING) > GLARE_SHARE:
        return "overexposed"
    return "dark" if np.mean(pixels >= DARK) < 0.1 else None


def _score(face: Face) -> Kind | None:
    return "doubtful" if face.score < DOUBTFUL_SCORE else None


def _doubt(reading: Reading) -> Reason:
    """How the probabilities lie."""
    order = sorted(range(len(reading.probs)), key=lambda n: -reading.probs[n])[:2]
    likeliest, second = (reading.probs[n] for n in order)
    names = tuple(emotions.NAMES[n] for n in order)
    if likeliest - second < CLOSE and likeliest + second >= CLOSE_SHARE:
        return Reason("close", names)
    return Reason("faint", names[:1])
