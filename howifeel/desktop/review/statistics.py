"""What a face looked like over a stretch of a session, in numbers to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from howifeel import emotions
from howifeel.timeline import Table
from howifeel.timeline.table import GAPS

UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the time that a face was read it was shown as one expression, or as unsure.

    Attributes:
        name: of `emotions.NAMES`, or "unsure".
        share: 0..1.
        low, high: of the 95 % interval; None where there is none.
        mean: mean probability, 0..1; None for "unsure".
    """

    name: str
    share: float
    low: float | None
    high: float | None
    mean: float | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of one face over one stretch.

    Attributes:
        shares: one for each expression and one for "unsure"; empty where it was not read.
        read_s: for how many seconds it was read.
        length_s: how long the stretch is.
        gaps_s: seconds without any reading, by reason.
    """

    shares: tuple[Share, ...]
    read_s: float
    length_s: float
    gaps_s: Mapping[str, float]


def of(table: Table, track: int | None, begin_s: float, end_s: float) -> Statistics:
    """Count a stretch, weighted by how long each frame lasts."""
    part = table.between(begin_s, end_s)
    gaps_s = {
        reason: float(part.lasts_s[part.gap == code].sum())
        for code, reason in enumerate(GAPS)
        if (part.gap == code).any()
    }
    face = part.of_track(-2 if track is None else track)
    lasts_s = face.lasts_s
    read_s = float(lasts_s.sum())
    shares: list[Share] = []
    if read_s > 0:
        means = (face.probs * lasts_s[:, None]).sum(axis=0) / read_s
        for code, name in enumerate(emotions.NAMES):
            share = float(lasts_s[(face.top == code) & ~face.unsure].sum()) / read_s
            shares.append(Share(name, share, None, None, float(means[code])))
        unsure = float(lasts_s[face.unsure].sum()) / read_s
        shares.append(Share(UNSURE, unsure, None, None, None))
    return Statistics(tuple(shares), read_s, float(np.maximum(end_s - begin_s, 0.0)), gaps_s)
