"""The seven expressions in the order of FER-2013: names, colours, and other data sets' labels."""

from __future__ import annotations

NAMES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")

COLOURS_BGR: dict[str, tuple[int, int, int]] = {
    "angry": (80, 83, 239),
    "disgust": (106, 187, 102),
    "fear": (224, 121, 171),
    "happy": (40, 202, 255),
    "sad": (245, 165, 66),
    "surprise": (38, 140, 251),
    "neutral": (197, 190, 176),
}
"""One colour for each expression, BGR, 0..255, readable on dark ground."""

PHRASES: dict[str, str] = {
    "angry": "looks angry",
    "disgust": "looks disgusted",
    "fear": "looks fearful",
    "happy": "looks happy",
    "sad": "looks sad",
    "surprise": "looks surprised",
    "neutral": "looks neutral",
}
"""How each expression is put to a user: what a face looks like, never what a person feels."""

UNSURE = "unsure"
"""What is shown where no expression is likely enough to be named."""

UNSURE_BGR = (160, 160, 160)
"""The colour of "unsure", BGR, 0..255."""

_SYNONYMS = {
    "angry": ("anger", "angriness"),
    "disgust": ("disgusted",),
    "fear": ("fearful", "afraid", "scared"),
    "happy": ("happiness", "joy", "smile"),
    "sad": ("sadness",),
    "surprise": ("surprised",),
    "neutral": ("calm",),
}
_BY_LABEL = {name: name for name in NAMES} | {
    synonym: name for name, synonyms in _SYNONYMS.items() for synonym in synonyms
}


def from_label(label: str) -> str | None:
    """Our name for another data set's label; None where we have no such expression.

    >>> from_label("Happiness"), from_label("contempt")
    ('happy', None)
    """
    return _BY_LABEL.get(label.strip().lower())
