"""How expressions and gaps are put to a user, in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from howifeel.explain import SENTENCES, Reason


def name(expression: str) -> str:
    """One word for an expression, for bars and legends."""
    words = {
        "angry": QCoreApplication.translate("Expression", "angry"),
        "disgust": QCoreApplication.translate("Expression", "disgust"),
        "fear": QCoreApplication.translate("Expression", "fear"),
        "happy": QCoreApplication.translate("Expression", "happy"),
        "sad": QCoreApplication.translate("Expression", "sad"),
        "surprise": QCoreApplication.translate("Expression", "surprise"),
        "neutral": QCoreApplication.translate("Expression", "neutral"),
        "unsure": QCoreApplication.translate("Expression", "unsure"),
    }
    return words.get(expression, expression)


def phrase(expression: str, unsure: bool) -> str:
    """What a face looks like, never what a person feels."""
    if unsure:
        return name("unsure")
    phrases = {
        "angry": QCoreApplication.translate("Expression", "looks angry"),
        "disgust": QCoreApplication.translate("Expression", "looks disgusted"),
        "fear": QCoreApplication.translate("Expression", "looks fearful"),
        "happy": QCoreApplication.translate("Expression", "looks happy"),
        "sad": QCoreApplication.translate("Expression", "looks sad"),
        "surprise": QCoreApplication.translate("Expression", "looks surprised"),
        "neutral": QCoreApplication.translate("Expression", "looks neutral"),
    }
    return phrases[expression]


def gap(reason: str) -> str:
    """Why a frame has no reading."""
    reasons = {
        "no face": QCoreApplication.translate("Gap", "no face"),
        "too small": QCoreApplication.translate("Gap", "face too small"),
        "blurred": QCoreApplication.translate("Gap", "face blurred"),
        "deleted": QCoreApplication.translate("Gap", "face deleted"),
    }
    return reasons.get(reason, reason)


def clock(seconds: float, decimals: int = 0) -> str:
    """Minutes and seconds, cut off after some decimals, never rounded up.

    >>> clock(75.4), clock(3599.96, 1)
    ('1:15', '59:59.9')
    """
    units = int(max(0.0, seconds) * 10**decimals + 1e-6)
    whole, part = divmod(units, 10**decimals)
    text = f"{whole // 60}:{whole % 60:02d}"
    if whole >= 3600:
        text = f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{text}.{part:0{decimals}d}" if decimals else text


def lasting(seconds: float) -> str:
    r"""How long something lasts, to the nearest tenth of a second below a minute.

    >>> lasting(7.94), lasting(59.98), lasting(75.4)
    ('7.9\xa0s', '1:00', '1:15')
    """
    if round(seconds, 1) < 60:
        return f"{seconds:.1f}\u00a0s"
    return clock(round(seconds))


def overlay(name: str) -> str:
    """What an overlay draws."""
    overlays = {
        "boxes": QCoreApplication.translate("Overlay", "Frame and expression"),
        "bars": QCoreApplication.translate("Overlay", "Bars of all expressions"),
        "blur": QCoreApplication.translate("Overlay", "Faces hidden by a blur"),
        "heat": QCoreApplication.translate("Overlay", "Heat map"),
    }
    return overlays.get(name, name)


def table(suffix: str) -> str:
    """A format of timelines, and what it is for."""
    formats = {
        "csv": QCoreApplication.translate("Format", "CSV, for spreadsheets"),
        "parquet": QCoreApplication.translate("Format", "Parquet, for data analysis"),
        "jsonl": QCoreApplication.translate("Format", "JSON Lines, for programs"),
        "srt": QCoreApplication.translate("Format", "SRT subtitles"),
    }
    return formats.get(suffix, suffix.upper())


def sentence(text: str) -> str:
    """A sentence of a module without Qt, such as why a neutral face could not be taken."""
    return QCoreApplication.translate("Sentence", text)


def reason(why: Reason) -> str:
    """Why a reading is unsure, or a face is not read."""
    return sentence(SENTENCES[why.kind]).format(*map(name, why.expressions))
