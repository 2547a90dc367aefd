"""Several ways to train against one of them: runs with the same seeds, and whether they differ."""

from __future__ import annotations

import numpy as np

from howifeel.lab.kit.intervals import holm, p_text, paired
from howifeel.lab.kit.result import Table


def changes(accuracies: dict[str, list[float]], against: str) -> dict[str, list[float]]:
    """What each other way changes, run by run.

    Args:
        accuracies: 0..1, for each way one for each seed, in the same order.
        against: the way that all others are compared with.

    >>> changes({"plain": [0.5, 0.25], "bold": [0.75, 0.25]}, "plain")
    {'bold': [0.25, 0.0]}
    """
    return {
        way: np.subtract(values, accuracies[against]).tolist()
        for way, values in accuracies.items()
        if way != against
    }


def table(title: str, of: str, accuracies: dict[str, list[float]], against: str) -> Table:
    """Accuracy of each way, its change, and the p-value of that, also corrected for the many.

    Args:
        title: of the table.
        of: headline of the ways.
        accuracies: 0..1, for each way one for each seed, in the same order.
        against: the way that all others are compared with.
    """
    changed = changes(accuracies, against)
    ps = {way: paired(values) for way, values in changed.items()}
    asked = {way: p for way, p in ps.items() if p is not None}
    corrected = dict(zip(asked, holm(list(asked.values())), strict=True))
    rows = [(against, f"{np.mean(accuracies[against]):.1%}", "", "", "")]
    rows += [
        (way, f"{np.mean(accuracies[way]):.1%}", f"{np.mean(values):+.1%}", p_text(ps[way]),
         p_text(corrected.get(way)))
        for way, values in changed.items()
    ]  # fmt: skip
    columns = (of, "accuracy", "change", "p (paired t-test)", "p, Holm-corrected")
    return Table(title, columns, tuple(rows))
