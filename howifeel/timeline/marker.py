"""Moments that a person marked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Marker:
    """A moment that a person marked: seconds from the begin of the timeline, and a text."""

    time_s: float
    text: str
