"""What brightness and skin tone change in the answers of a classifier.

An answer that changes with the light cannot be about the face's expression; no labels are needed.
The light is changed by a gamma, under which no pixel leaves the range, as it would times a factor.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.lab.kit import figures
from howifeel.lab.kit.intervals import holm, mcnemar, p_text, share
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Table

_BRIGHTNESS = (0.4, 0.6, 0.8, 1.2, 1.4)
_SKIN = (0.5, 0.65, 0.8, 1.2, 1.4)
_CLASSES = len(emotions.NAMES)

Pictures = NDArray[np.uint8]
Answers = dict[str, dict[float, NDArray[np.intp]]]
"""Kind of change to factor to the expressions that are named then, int (n,)."""


def brighter(faces: Pictures, factor: float) -> Pictures:
    """Faces, uint8 (n, 48, 48), whose middle grey is multiplied by a factor, 0..2 exclusive."""
    return _lit(faces, np.array(_gamma(factor)))


def retoned(faces: Pictures, factor: float) -> Pictures:
    """As `brighter` in a soft oval over the face alone; uint8 (n, 48, 48)."""
    side = faces.shape[1]
    down, across = np.mgrid[:side, :side] / (side - 1) * 2 - 1
    distance = np.hypot(across / 0.82, down / 0.98)
    oval = 1 / (1 + np.exp((distance - 0.92) * 18))
    return _lit(faces, 1 + (_gamma(factor) - 1) * oval)


def _gamma(factor: float) -> float:
    """The exponent that makes half of the range half of it times the factor."""
    return 1 - math.log2(factor)


def _lit(faces: Pictures, gamma: NDArray[np.float64]) -> Pictures:
    return ((faces / 255) ** gamma * 255).round().astype(np.uint8)


CHANGES: dict[str, tuple[tuple[float, ...], Callable[[Pictures, float], Pictures]]] = {
    "brightness": (_BRIGHTNESS, brighter),
    "skin tone": (_SKIN, retoned),
}
"""Kind of change to its factors and to what makes it."""


def table(answers: NDArray[np.integer], changes: Answers) -> Table:
    """Rates that change significantly with the light, McNemar's test, corrected."""
    asked = [
        (what, factor, place, changed)
        for what, levels in changes.items()
        for factor, changed in levels.items()
        for place in range(_CLASSES)
    ]
    ps = [mcnemar(answers == place, changed == place) for _, _, place, changed in asked]
    rows = []
    for (what, factor, place, changed), p, fixed in zip(asked, ps, holm(ps), strict=True):
        if fixed < 0.05:
            before, after = (answers == place).mean(), (changed == place).mean()
            rows.append((f"{what} times {factor:g}", emotions.NAMES[place], f"{before:.1%}",
                         f"{after:.1%}", p_text(p), p_text(fixed)))  # fmt: skip
    columns = ("change", "named", "before", "after", "p (McNemar)", "p, Holm-corrected")
    title = f"Changes of a rate that are significant after correcting for {len(asked)} questions"
    return Table(title, columns, tuple(rows) or (("none", "", "", "", "", ""),))


def figure(out: Out, answers: NDArray[np.integer], changes: Answers) -> Figure:
    """The share of answers that change, against the factor."""
    caption = (
        "Share of answers that change with the picture's brightness, or with that of the skin "
        "alone, against what middle grey is multiplied by, with Wilson's 95 % interval."
    )
    with figures.drawing(out, "changes", caption) as drawn:
        axes = drawn.canvas.subplots()
        for index, (what, levels) in enumerate(changes.items()):
            factors = sorted([1.0, *levels])
            estimates = [share("", levels.get(f, answers) != answers) for f in factors]
            figures.band(axes, factors, [e.value or 0 for e in estimates],
                         [e.low or 0 for e in estimates], [e.high or 0 for e in estimates], what,
                         index)  # fmt: skip
        axes.set_ylim(bottom=0)
        figures.percent(axes.yaxis)
        axes.set(xlabel="middle grey times", ylabel="answers that change")
        axes.legend()
    return figures.done(drawn)


def examples(out: Out, faces: Pictures) -> Figure:
    """All changes of the first face."""
    face = faces[:1]
    grid = [[change(face, factor)[0] for factor in (*factors[:3], 1.0, *factors[3:])]
            for factors, change in CHANGES.values()]  # fmt: skip
    titles = [[f"times {factor:g}" for factor in (*factors[:3], 1.0, *factors[3:])]
              for factors, _ in CHANGES.values()]  # fmt: skip
    caption = "The changes on one picture."
    with figures.drawing(out, "changed", caption, size=(8, 3), faces=True) as drawn:
        figures.pictures(drawn.canvas, grid, rows=list(CHANGES), titles=titles)
    return figures.done(drawn)
