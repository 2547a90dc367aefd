"""How sure a figure is: intervals and corrections for many questions at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.lab.kit.result import Number
from howifeel.train import metrics

RESAMPLES = 1000
WILSON = "Wilson's score interval"
BOOTSTRAP = f"percentile bootstrap over pictures, {RESAMPLES} draws"


def share(name: str, hits: NDArray[np.bool_]) -> Number:
    """A share of pictures with Wilson's interval."""
    count = int(hits.sum())
    low, high = metrics.wilson(count, len(hits))
    value = count / len(hits) if len(hits) else None
    return Number(name, value, low, high, method=WILSON)


def bootstrap(
    name: str,
    statistic: Callable[[NDArray[np.intp]], float],
    count: int,
    seed: int,
    *,
    kind: str = "share",
    groups: NDArray[np.integer] | None = None,
) -> Number:
    """A figure of pictures with a percentile interval (Efron and Tibshirani 1993, chapter 13).

    Args:
        name: of the figure.
        statistic: the figure of the pictures at these positions.
        count: number of pictures.
        seed: start of the draws.
        kind: see `Number`.
        groups: int (count,); draw within each group, so that groups keep their sizes.
    """
    draw = np.random.default_rng(seed)
    value = statistic(np.arange(count))
    drawn = np.array([statistic(_resample(draw, count, groups)) for _ in range(RESAMPLES)])
    drawn = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or not len(drawn):
        return Number(name, None, kind=kind)
    low, high = np.percentile(drawn, (2.5, 97.5)).tolist()
    return Number(name, float(value), low, high, kind=kind, method=BOOTSTRAP)


def macro_f1(
    name: str, labels: NDArray[np.integer], answers: NDArray[np.integer], seed: int
) -> Number:
    """Mean F1 of the expressions with a bootstrap interval over pictures.

    Args:
        name: of the figure.
        labels: int (n,).
        answers: int (n,), what is named.
        seed: start of the draws.
    """

    def of(some: NDArray[np.intp]) -> float:
        classes = len(emotions.NAMES)
        return metrics.macro_f1(metrics.confusion(labels[some], answers[some], classes))

    return bootstrap(name, of, len(labels), seed)


def _resample(
    draw: np.random.Generator, count: int, groups: NDArray[np.integer] | None
) -> NDArray[np.intp]:
    if groups is None:
        return draw.integers(0, count, count)
    parts = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    return np.concatenate([draw.choice(part, len(part)) for part in parts])


def of_runs(
    name: str, values: Sequence[float], *, signed: bool = False, of: str = "runs"
) -> Number:
    """The mean of the shares of independent runs with Student's interval; none for a single run.

    Args:
        name: of the figure.
        values: one share for each run.
        signed: these are differences of shares; otherwise the interval ends at 0 and at 1.
        of: what differs between the values, in the plural; the interval covers nothing else.
    """
    from scipy import stats

    mean = float(np.mean(values))
    if len(values) < 2:
        return Number(name, mean)
    spread = float(np.std(values, ddof=1)) / len(values) ** 0.5
    reach = float(stats.t.ppf(0.975, len(values) - 1)) * spread
    method = f"Student's interval of {len(values)} {of}"
    low, high = mean - reach, mean + reach
    if not signed:
        low, high = max(low, 0.0), min(high, 1.0)
    return Number(name, mean, low, high, method=method)


def paired(changes: Sequence[float]) -> float | None:
    """The p-value of a paired t-test for differences of runs with the same seeds.

    None where no such test can be: for a single run, and where all runs differ by the same, as its
    measure is their spread. 1 where no run differs at all.
    """
    from scipy import stats

    if len(changes) < 2:
        return None
    if np.ptp(changes) == 0:
        return None if np.any(changes) else 1.0
    return float(stats.ttest_1samp(changes, 0).pvalue)  # type: ignore[union-attr]


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values corrected for asking all of these questions (Holm 1979).

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values)
    corrected = np.zeros(len(p_values))
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = highest
    return corrected.tolist()


def p_text(p: float | None) -> str:
    """A p-value as people write it; one that is too small for a number is not called 0.

    >>> p_text(0.034), p_text(0.0), p_text(None)
    ('0.034', '< 1e-300', '-')
    """
    if p is None:
        return "-"
    return f"{p:.2g}" if p >= 1e-300 else "< 1e-300"


def mcnemar(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """The exact p-value of McNemar's test (1947) for two readings of the same pictures.

    Args:
        first: which pictures one reading has right, bool (n,).
        second: which pictures the other one has right, bool (n,).
    """
    from scipy import stats

    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    if not only_first + only_second:
        return 1.0
    return float(stats.binomtest(only_first, only_first + only_second).pvalue)
