"""Error against an amount (weights, pictures) on logarithmic axes, with a fitted power law.

Hestness et al. 2017, "Deep learning scaling is predictable, empirically": within a range, error
falls as a power of the amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import ticker
from scipy import stats

from howifeel.lab.kit import figures
from howifeel.lab.kit.intervals import of_runs
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number

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

    def error(self, amount: float) -> float:
        """The error that the law predicts, 0..1."""
        return self.factor * amount**-self.exponent


def fit(amounts: Sequence[float], errors: Sequence[float]) -> PowerLaw | None:
    """Least squares in logarithms; None for fewer than three amounts or an error of 0.

    >>> law = fit([1, 10, 100], [0.8, 0.4, 0.2])
    >>> round(law.exponent, 3), round(law.error(1000), 3)
    (0.301, 0.1)
    """
    if len(set(amounts)) < _LEAST_POINTS or min(errors) <= 0:
        return None
    x, y = np.log(amounts), np.log(errors)
    line = stats.linregress(x, y)
    rest = y - (line.intercept + line.slope * x)  # type: ignore[operator]
    free = len(x) - 2
    reach = float(stats.t.ppf(0.975, free) * line.stderr) if free > 0 else float("nan")  # type: ignore[union-attr]
    residual = float(np.exp(np.sqrt((rest**2).sum() / max(free, 1))) - 1)
    return PowerLaw(float(np.exp(line.intercept)), float(-line.slope), reach, residual)  # type: ignore[union-attr]


def numbers(
    runs: dict[float, list[float]], names: dict[float, str], law: PowerLaw | None
) -> tuple[Number, ...]:
    """Accuracy at each amount, and the law's figures.

    Args:
        runs: amount to the accuracies of its runs.
        names: amount in words.
        law: what was fitted.
    """
    found = [of_runs(f"accuracy with {names[amount]}", values) for amount, values in runs.items()]
    if law is None:
        return (*found, Number("exponent of the power law", None, kind="number"))
    exponent = Number(
        "exponent of the power law", law.exponent, law.exponent - law.reach,
        law.exponent + law.reach, kind="number", method="Student's interval of the slope in logs",
    )  # fmt: skip
    residual = Number("spread of the points about the law", law.residual)
    return (*found, exponent, residual)


def figure(
    out: Out, runs: dict[float, list[float]], law: PowerLaw | None, axis: str, caption: str
) -> Figure:
    """Errors of all runs on logarithmic axes, their means, and the law."""
    with figures.drawing(out, "scaling", caption) as drawn:
        axes = drawn.canvas.subplots()
        amounts = sorted(runs)
        for amount, values in runs.items():
            axes.plot([amount] * len(values), [1 - v for v in values], linestyle="", marker=".",
                      color=figures.SERIES[6])  # fmt: skip
        means = [1 - float(np.mean(runs[amount])) for amount in amounts]
        axes.plot(amounts, means, color=figures.SERIES[0], marker="o", label="mean of the runs")
        if law:
            ends = np.geomspace(min(amounts), max(amounts), 50)
            name = f"{law.factor:.2g} × amount^-{law.exponent:.3f}"
            axes.plot(ends, [law.error(x) for x in ends], color=figures.SERIES[1], linestyle="--",
                      marker="", label=name)  # fmt: skip
        axes.set(xscale="log", yscale="log", xlabel=axis, ylabel="error (1 - accuracy)")
        axes.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
        axes.yaxis.set_minor_formatter(ticker.PercentFormatter(1, decimals=0))
        axes.legend()
    return figures.done(drawn)
