"""Error against an amount (weights, pictures) on logarithmic axes, with a fitted power law.

Hestness et al. 2017, "Deep learning scaling is predictable, empirically": within a range, error
falls as a power of the amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import ticker
from numpy.typing import NDArray
from scipy import stats

from howifeel.errors import SettingsError
from howifeel.lab.kit import figures
from howifeel.lab.kit.intervals import of_runs, share
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number

Hits = NDArray[np.bool_]
"""Which test pictures a run names right."""

_LEAST_POINTS = 3


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """error = factor * amount ** -exponent.

    Attributes:
        factor: see above.
        exponent: see above.
        reach: half the width of the exponent's 95 % interval, Student's for the slope in logs.
        residual: how far the points lie from the law, as the spread of the ratio of both.
    """

    factor: float
    exponent: float
    reach: float
    residual: float

    @property
    def clear(self) -> bool:
        """Whether error falls beyond doubt: the interval of the exponent lies above 0."""
        return self.exponent - self.reach > 0

    def error(self, amount: float) -> float:
        """The error that the law predicts, 0..1."""
        return self.factor * amount**-self.exponent


def require_distinct(flag: str, values: Sequence[float], amounts: Sequence[int], of: str) -> None:
    """Refuse values that make the same amount: their runs would be the same, counted twice.

    Args:
        flag: whose values.
        values: what was given.
        amounts: what each makes.
        of: of what.

    Raises:
        SettingsError: two are equal.
    """
    for place, amount in enumerate(amounts):
        first = amounts.index(amount)
        if first < place:
            raise SettingsError(
                f"{flag} {values[first]:g} and {values[place]:g} both make {amount:,} {of}; "
                "leave one of them out."
            )


def fit(runs: dict[float, list[Hits]]) -> PowerLaw | None:
    """Least squares in logarithms; None for fewer than three amounts or an error of 0.

    Args:
        runs: amount to its runs.
    """
    errors = [1 - np.mean(each) for each in runs.values()]
    if len(runs) < _LEAST_POINTS or min(errors) <= 0:
        return None
    x, y = np.log(list(runs)), np.log(errors)
    line = stats.linregress(x, y)
    rest = y - (line.intercept + line.slope * x)  # type: ignore[operator]
    free = len(x) - 2
    reach = float(stats.t.ppf(0.975, free) * line.stderr) if free > 0 else float("nan")  # type: ignore[union-attr]
    residual = float(np.exp(np.sqrt((rest**2).sum() / max(free, 1))) - 1)
    return PowerLaw(float(np.exp(line.intercept)), float(-line.slope), reach, residual)  # type: ignore[union-attr]


def numbers(
    runs: dict[float, list[Hits]], names: dict[float, str], law: PowerLaw | None
) -> tuple[Number, ...]:
    """Accuracy at each amount, and the law's figures.

    Args:
        runs: amount to its runs; a single one has the interval of its pictures.
        names: amount in words.
        law: what was fitted.
    """
    found = [_accuracy(f"accuracy with {names[amount]}", each) for amount, each in runs.items()]
    if law is None:
        return (*found, Number("exponent of the power law", None, kind="number"))
    exponent = Number(
        "exponent of the power law", law.exponent, law.exponent - law.reach,
        law.exponent + law.reach, kind="number", method="Student's interval of the slope in logs",
    )  # fmt: skip
    residual = Number("spread of the points about the law", law.residual)
    return (*found, exponent, residual)


def _accuracy(name: str, runs: list[Hits]) -> Number:
    return share(name, runs[0]) if len(runs) == 1 else of_runs(name, [r.mean() for r in runs])


def figure(
    out: Out, runs: dict[float, list[Hits]], law: PowerLaw | None, axis: str, caption: str
) -> Figure:
    """Errors of all runs on logarithmic axes, their means, and the law."""
    with figures.drawing(out, "scaling", caption) as drawn:
        axes = drawn.canvas.subplots()
        amounts = sorted(runs)
        for amount, each in runs.items():
            axes.plot([amount] * len(each), [1 - hits.mean() for hits in each], linestyle="",
                      marker=".", color=figures.SERIES[6])  # fmt: skip
        means = [1 - float(np.mean(runs[amount])) for amount in amounts]
        axes.plot(amounts, means, color=figures.SERIES[0], marker="o", label="mean of the runs")
        if law:
            ends = np.geomspace(min(amounts), max(amounts), 50)
            name = f"{law.factor:.2g} × amount^{-law.exponent:.3f}"
            axes.plot(ends, [law.error(x) for x in ends], color=figures.SERIES[1], linestyle="--",
                      marker="", label=name)  # fmt: skip
        axes.set(xscale="log", yscale="log", xlabel=axis, ylabel="error (1 - accuracy)")
        axes.yaxis.set_major_formatter(ticker.PercentFormatter(1))
        axes.yaxis.set_minor_formatter(ticker.PercentFormatter(1))
        axes.legend()
    return figures.done(drawn)
