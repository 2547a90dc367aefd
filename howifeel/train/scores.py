"""What a classifier gets right on one set of pictures, as figures and as a table."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.train import metrics

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Shares of the pictures that were read, the surest ones, of which the accuracy is told."""

_FEW = 30
"""The recall of fewer pictures is told with their number: one more is three points and more."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model gets right on one set of pictures. Shares are 0..1.

    Attributes:
        protocol: which pictures these are, how they were looked at and corrected, in words.
        count: number of pictures.
        missed: how many of them have no face that was found and usable; all of these are errors.
        accuracy: share that is named right when every picture is named.
        accuracy_low, accuracy_high: Wilson's 95 % interval.
        macro_f1: mean F1 of the expressions that have pictures.
        recall: share named right of each expression.
        counts: number of pictures of each expression, those that were missed included.
        nll: mean negative log-likelihood in nats of the pictures that were read, calibrated.
        ece_before, ece_after: their expected calibration error without and with calibration.
        covered: share of all pictures that is named when "unsure" is allowed.
        covered_accuracy: share of these that is right.
        accuracy_at: accuracy of the surest pictures, by the share of those read that they are.
        confusion: counts of the pictures that were read, row = label, column = named.
    """

    protocol: str
    count: int
    missed: int
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    macro_f1: float
    recall: dict[str, float]
    counts: dict[str, int]
    nll: float
    ece_before: float
    ece_after: float
    covered: float
    covered_accuracy: float
    accuracy_at: dict[str, float]
    confusion: tuple[tuple[int, ...], ...]

    def as_dict(self) -> dict[str, Any]:
        """All values as JSON knows them; an unknown number is None."""
        return {name: _jsonable(value) for name, value in asdict(self).items()}

    def headline(self) -> dict[str, float]:
        """The figures that a model carries in its metadata; the protocol is in each name."""
        figures = {
            "accuracy": self.accuracy,
            "macro F1": self.macro_f1,
            "ECE": self.ece_after,
            "NLL": self.nll,
            "named": self.covered,
            "accuracy of named": self.covered_accuracy,
        }
        return {
            f"{self.protocol}: {name}": round(value, 4)
            for name, value in figures.items()
            if math.isfinite(value)
        }


def score(
    raw: NDArray[np.floating],
    calibrated: NDArray[np.floating],
    labels: NDArray[np.integer],
    unsure_below: float,
    protocol: str,
    missed: NDArray[np.integer] | None = None,
) -> Scores:
    """Measure answers.

    Args:
        raw: probabilities without temperature, float (n, 7), n at least 1.
        calibrated: probabilities that name the expression, float (n, 7).
        labels: int (n,).
        unsure_below: no expression is named when the top probability is lower.
        protocol: which pictures these are, in words.
        missed: labels, int (m,), of further pictures without an answer; each is an error.
    """
    missed = np.zeros(0, np.int64) if missed is None else missed
    classes, count = len(emotions.NAMES), len(labels) + len(missed)
    matrix = metrics.confusion(labels, calibrated.argmax(axis=1), classes)
    lost = np.bincount(missed, minlength=classes)
    hits = int(np.trace(matrix))
    labelled = (matrix.sum(axis=1) + lost).tolist()
    low, high = metrics.wilson(hits, count)
    share, right = metrics.covered(calibrated, labels, unsure_below)
    return Scores(
        protocol=protocol,
        count=count,
        missed=len(missed),
        accuracy=hits / count,
        accuracy_low=low,
        accuracy_high=high,
        macro_f1=metrics.macro_f1(matrix, lost),
        recall=dict(zip(emotions.NAMES, metrics.recalls(matrix, lost).tolist(), strict=True)),
        counts=dict(zip(emotions.NAMES, labelled, strict=True)),
        nll=metrics.negative_log_likelihood(calibrated, labels),
        ece_before=metrics.calibration_error(raw, labels),
        ece_after=metrics.calibration_error(calibrated, labels),
        covered=share * len(labels) / count,
        covered_accuracy=right,
        accuracy_at={
            f"{part:.0%}": metrics.accuracy_at(calibrated, labels, round(part * len(labels)))
            for part in COVERAGES
        },
        confusion=tuple(tuple(int(n) for n in row) for row in matrix),
    )


def table(all_scores: list[Scores]) -> str:
    """A text table for people: some lines for each protocol."""
    return "\n".join(line for scores in all_scores for line in _lines(scores))


def confusion_table(scores: Scores) -> str:
    """The confusion as text: a row for each label, a column for what was named."""
    rows = ["  label     " + "".join(f"{name:>10}" for name in emotions.NAMES)]
    for name, counts in zip(emotions.NAMES, scores.confusion, strict=True):
        rows.append(f"  {name:<10}" + "".join(f"{count:>10}" for count in counts))
    return "\n".join(rows)


def _lines(scores: Scores) -> list[str]:
    interval = f"{scores.accuracy_low:.1%} to {scores.accuracy_high:.1%}"
    occur = sum(count > 0 for count in scores.counts.values())
    mean_of = "" if occur == len(scores.counts) else f" (mean of the {occur} that have pictures)"
    few = {name: f" (n = {n})" for name, n in scores.counts.items() if 0 < n < _FEW}
    recall = "  ".join(
        _share(name, each) + few.get(name, "") for name, each in scores.recall.items()
    )
    surest = "  ".join(_share(part, each) for part, each in scores.accuracy_at.items())
    missed = f", {scores.missed} without a usable face" if scores.missed else ""
    return [
        f"{scores.protocol} (n = {scores.count:,}{missed})",
        f"  accuracy  {scores.accuracy:.2%}  (95 % Wilson interval {interval})",
        f"  macro F1  {scores.macro_f1:.4f}{mean_of}   NLL {scores.nll:.4f}   "
        f"ECE {scores.ece_before:.4f} before, {scores.ece_after:.4f} after calibration",
        f"  named     {scores.covered:.1%} of the pictures, "
        f"{scores.covered_accuracy:.1%} of these right; the rest is unsure",
        f"  surest    {surest}",
        f"  recall    {recall}",
    ]


def _share(name: str, value: float) -> str:
    return f"{name} {value:.1%}" if math.isfinite(value) else f"{name} -"


def _jsonable(value: object) -> object:
    if isinstance(value, dict):
        return {name: _jsonable(item) for name, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
