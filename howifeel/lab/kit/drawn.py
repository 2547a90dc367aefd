"""Drawn faces with an expression each, so that every experiment runs without any data.

They prove that an experiment works, and nothing about people.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.train.data import PUBLIC, SIDE, TRAINING, VOTES, FaceSet

_CANVAS = 96
_MISLABELLED = 0.04
_COPIES = 3
_VOTE_OF = {"angry": "anger", "happy": "happiness", "sad": "sadness"}


@dataclass(frozen=True, slots=True)
class _Look:
    """How a face is drawn; lengths in units of half the face's width.

    Attributes:
        brow: how far the inner ends of the brows are raised above the outer ones.
        lift: how far the brows are raised.
        eyes: how far the eyes are open.
        smile: how far the corners of the mouth are raised.
        mouth: how far the mouth is open.
        wide: half the width of the mouth.
        nose: depth of the folds beside the nose.
    """

    brow: float
    lift: float
    eyes: float
    smile: float
    mouth: float
    wide: float
    nose: float


_LOOKS = {
    "angry": _Look(-0.22, -0.10, 0.10, -0.10, 0.02, 0.34, 0.1),
    "disgust": _Look(-0.10, -0.08, 0.07, -0.06, 0.08, 0.28, 0.8),
    "fear": _Look(0.18, 0.12, 0.20, -0.08, 0.12, 0.40, 0.0),
    "happy": _Look(0.00, 0.02, 0.09, 0.26, 0.08, 0.46, 0.2),
    "sad": _Look(0.20, -0.02, 0.08, -0.20, 0.01, 0.30, 0.0),
    "surprise": _Look(0.02, 0.22, 0.22, 0.00, 0.30, 0.20, 0.0),
    "neutral": _Look(0.00, 0.00, 0.12, 0.00, 0.01, 0.34, 0.0),
}


def faces(train: int = 60, test: int = 30, seed: int = 1, *, rare: float = 1.0) -> FaceSet:
    """Drawn faces in two parts, with votes, a few wrong labels and a few copies, as real sets have.

    Args:
        train: pictures of each expression in Training.
        test: pictures of each expression in PublicTest.
        seed: start of all random numbers.
        rare: share of these that disgust has, which is rare in real sets.
    """
    draw = np.random.default_rng(seed)
    images, labels, usage = [], [], []
    for part, count in ((TRAINING, train), (PUBLIC, test)):
        for label, name in enumerate(emotions.NAMES):
            for _ in range(round(rare * count) if name == "disgust" else count):
                images.append(face(name, draw))
                labels.append(label)
                usage.append(part)
    first_test = usage.index(PUBLIC)
    for copy in range(min(_COPIES, train, test)):
        images[first_test + copy] = images[copy]
    true = np.array(labels)
    shown = np.where(
        draw.random(len(true)) < _MISLABELLED,
        draw.integers(0, len(emotions.NAMES), len(true)),
        true,
    )
    return FaceSet(np.stack(images), shown, np.array(usage), _votes(true, draw))


def face(name: str, draw: np.random.Generator) -> NDArray[np.uint8]:
    """One drawn face, uint8 (48, 48), that looks roughly as the expression's name says."""
    look = _LOOKS[name]
    values = [getattr(look, field) for field in look.__dataclass_fields__]
    brow, lift, eyes, smile, mouth, wide, nose = np.array(values) + draw.normal(0, 0.02, 7)
    skin, ground = draw.uniform(120, 215), draw.uniform(20, 100)
    ink = max(0.0, skin - draw.uniform(80, 110))
    canvas = np.full((_CANVAS, _CANVAS), ground, np.float32)
    half, x, y = _CANVAS * draw.uniform(0.40, 0.46), *(_CANVAS / 2 + draw.normal(0, 1, 2))

    def at(across: float, down: float) -> tuple[int, int]:
        return round(x + half * across), round(y + half * down)

    def line(*points: tuple[float, float], thick: int = 2) -> None:
        corners = np.array([at(*point) for point in points], np.int32)
        cv2.polylines(canvas, [corners], False, ink, thick, cv2.LINE_AA)

    cv2.ellipse(canvas, at(0, 0), (round(half * 0.92), round(half * 1.1)), 0, 0, 360, skin, -1)
    for side in (-1, 1):
        line((side * 0.62, -0.42 - lift), (side * 0.18, -0.42 - lift - brow), thick=4)
        height = max(1, round(half * max(eyes, 0.03)))
        axes = (round(half * 0.17), height)
        cv2.ellipse(canvas, at(side * 0.4, -0.16), axes, 0, 0, 360, 235, -1, cv2.LINE_AA)
        pupil = max(1, min(height, round(half * 0.09)))
        cv2.circle(canvas, at(side * 0.4, -0.16), pupil, 15, -1, cv2.LINE_AA)
        if nose > 0.3:
            line((side * 0.16, 0.02), (side * 0.34, 0.26))
    line((0, -0.05), (0.05, 0.2), (-0.05, 0.22))
    curve = np.linspace(-1, 1, 9)
    upper = [(wide * t, 0.55 - smile * t * t + smile / 2 - mouth / 2) for t in curve]
    lower = [
        (wide * t, 0.55 - smile * t * t + smile / 2 + mouth * (1 - t * t)) for t in curve[::-1]
    ]
    corners = np.array([at(*point) for point in upper + lower], np.int32)
    cv2.fillPoly(canvas, [corners], ink * 0.5)
    line(*upper, thick=3)
    turn = cv2.getRotationMatrix2D((_CANVAS / 2, _CANVAS / 2), draw.normal(0, 3), 1)
    canvas = cv2.warpAffine(canvas, turn, (_CANVAS, _CANVAS), borderMode=cv2.BORDER_REPLICATE)
    small = cv2.resize(canvas, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return (small + draw.normal(0, 7, small.shape)).clip(0, 255).astype(np.uint8)


def _votes(labels: NDArray[np.integer], draw: np.random.Generator) -> NDArray[np.uint8]:
    """Ten votes for each picture, most of them for what it shows."""
    order = [VOTES.index(_VOTE_OF.get(name, name)) for name in emotions.NAMES]
    votes = np.zeros((len(labels), len(VOTES)), np.uint8)
    for row, label in enumerate(labels):
        shares = np.full(len(order), 0.04)
        shares[label] += 1 - shares.sum()
        votes[row, order] = draw.multinomial(10, shares)
    return votes
