"""How groups of faces are read: rates, accuracy and calibration of each, with intervals.

Tables come from fairlearn's MetricFrame; many questions are asked at once, so p-values are
corrected (Holm 1979).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from fairlearn.metrics import MetricFrame
from numpy.typing import NDArray
from scipy import stats
from sklearn.metrics import accuracy_score

from howifeel import emotions
from howifeel.lab.kit import figures
from howifeel.lab.kit.groups import Grouped
from howifeel.lab.kit.intervals import bootstrap, holm, p_text
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Table
from howifeel.train import metrics

_CALIBRATION = "calibration error"
_LEAST_EXPECTED = 5
_PERMUTATIONS = 9999

Frame = Any
"""A MetricFrame, whose tables are declared too loosely to be checked."""


def frame(
    seen: Grouped, column: str, probabilities: NDArray[np.float64], *, draws: int, seed: int
) -> Frame:
    """Rates, and accuracy and calibration where there are labels, of each group of a column.

    Args:
        seen: the pictures.
        column: whose groups.
        probabilities: float64 (n, 7), what the classifier answers.
        draws: of the bootstrap.
        seed: start of these.
    """
    compared = np.isin(seen.groups[column], seen.order[column])
    probabilities = probabilities[compared]
    answers, top = probabilities.argmax(1), probabilities.max(1)
    labels = answers if seen.labels is None else seen.labels[compared]
    rates = {f"named {name}": _rate(place) for place, name in enumerate(emotions.NAMES)}
    known = {} if seen.labels is None else {"accuracy": accuracy_score, _CALIBRATION: _ece}
    sure = {"mean top probability": _mean_top}
    given = {_CALIBRATION: {"top": top}} if known else {}
    return MetricFrame(
        metrics=known | sure | rates,
        y_true=labels,
        y_pred=answers,
        sensitive_features={column: seen.groups[column][compared]},
        sample_params=given | {"mean top probability": {"top": top}},
        n_boot=draws,
        ci_quantiles=[0.025, 0.975],
        random_state=seed,
    )


def _rate(place: int):  # noqa: ANN202
    def rate(labels: NDArray[np.integer], answers: NDArray[np.integer]) -> float:
        return float((np.asarray(answers) == place).mean())

    return rate


def _mean_top(labels: object, answers: object, top: NDArray[np.float64]) -> float:
    return float(np.mean(top))


def _ece(labels: NDArray[np.integer], answers: NDArray[np.integer], top: NDArray) -> float:
    """As `metrics.calibration_error`, of which only the top class matters."""
    top, hits = np.asarray(top), np.asarray(labels) == np.asarray(answers)
    two = np.column_stack([top, 1 - top])
    two[top < 0.5] = np.column_stack([top[top < 0.5], np.zeros((top < 0.5).sum())])
    return metrics.calibration_error(two, np.where(hits, 0, 1))


def numbers(
    column: str, frame: Frame, seen: Grouped, answers: NDArray[np.integer], seed: int
) -> list[Number]:
    """The figures of each group, and the greatest difference of a rate between two."""
    low, high = frame.by_group_ci
    names = [name for name in frame.by_group.columns if not name.startswith("named")]
    found = []
    for name in names:
        for group in seen.order[column]:
            value, bounds = frame.by_group[name][group], (low[name][group], high[name][group])
            title = f"{name}: {column} = {group}"
            if name == _CALIBRATION:
                # fewer different pictures, as in a bootstrap's draw, have a greater error
                found.append(Number(title, float(value), method="none, as a bootstrap would lie"
                                    " too high"))  # fmt: skip
            elif not np.isfinite(bounds).all():
                found.append(Number(title, float(value), method="none, too few pictures"))
            else:
                # rounding may put equal values beside each other
                found.append(
                    Number(title, float(value), min(float(bounds[0]), float(value)),
                           max(float(bounds[1]), float(value)),
                           method="percentile bootstrap over pictures (fairlearn)")
                )  # fmt: skip
    return [*found, _greatest(column, frame, seen, answers, seed)]


def _greatest(
    column: str, frame: Frame, seen: Grouped, answers: NDArray[np.integer], seed: int
) -> Number:
    """The rate and the two groups that differ most, with the interval of just that difference."""
    tables = {name: frame.by_group[f"named {name}"] for name in emotions.NAMES}
    worst = max(tables, key=lambda name: tables[name].max() - tables[name].min())
    most, least = tables[worst].idxmax(), tables[worst].idxmin()
    groups, named = seen.groups[column], answers == emotions.NAMES.index(worst)

    def difference(some: NDArray[np.intp]) -> float:
        chosen, right = groups[some], named[some]
        return float(right[chosen == most].mean() - right[chosen == least].mean())

    found = bootstrap(
        f"greatest difference of a rate by {column} (named {worst}, {most} against {least})",
        difference, len(groups), seed, groups=np.unique(groups, return_inverse=True)[1],
    )  # fmt: skip
    return replace(found, method=f"{found.method}; chosen as the greatest, so rather too high")


def table(
    frames: dict[str, Frame], seen: Grouped, answers: NDArray[np.integer], seed: int
) -> Table:
    """How often each expression is named in each group, and how often rightly where that is known.

    Chi-square tests of independence, by permutation where few are expected, all corrected together.
    """
    asked = {f"named {name}": answers == place for place, name in enumerate(emotions.NAMES)}
    if seen.labels is not None:
        asked = {"accuracy": answers == seen.labels} | asked
    questions = [
        (column, name, *_independence(seen.groups[column], seen.order[column], hits, seed))
        for column in frames
        for name, hits in asked.items()
    ]
    corrected = holm([p for _, _, p, _ in questions])
    rows = []
    for (column, name, p, how), fixed in zip(questions, corrected, strict=True):
        rates = frames[column].by_group[name]
        words = ", ".join(f"{group} {rates[group]:.0%}" for group in seen.order[column])
        rows.append((column, name, words, p_text(p) + how, p_text(fixed)))
    columns = ("groups", "what", "share of the group", "p (chi-square)", "p, Holm-corrected")
    return Table("Does it depend on the group?", columns, tuple(rows))


def _independence(
    group: NDArray[np.str_], names: tuple[str, ...], hits: NDArray[np.bool_], seed: int
) -> tuple[float, str]:
    """The p-value, and how it was found where not by the chi-square distribution.

    That is for expected counts of 5 and more (Cochran 1954); else tables with the same sums are
    drawn, which is what permuting the pictures gives.
    """
    counts = np.array([[(hits & (group == g)).sum(), (~hits & (group == g)).sum()]
                       for g in names])  # fmt: skip
    if (counts.sum(0) == 0).any():
        return 1.0, ""
    expected = stats.contingency.expected_freq(counts)
    if expected.min() >= _LEAST_EXPECTED:
        return float(stats.chi2_contingency(counts).pvalue), ""  # type: ignore[union-attr]

    def apart(tables: NDArray[np.floating]) -> NDArray[np.float64]:
        return ((tables - expected) ** 2 / expected).sum((-2, -1))

    drawn = stats.random_table(counts.sum(1), counts.sum(0), seed=seed).rvs(_PERMUTATIONS)
    as_far = int((apart(drawn) >= apart(counts) * (1 - 1e-9)).sum())
    return (1 + as_far) / (1 + _PERMUTATIONS), f" ({_PERMUTATIONS:,} permutations)"


def figure(out: Out, column: str, frame: Frame, seen: Grouped) -> Figure:
    """How often each expression is named, for each group of a column."""
    low, high = frame.by_group_ci
    names = [name for name in frame.by_group.columns if name.startswith("named")]
    caption = f"How often each expression is named, by {column}, with 95 % bootstrap intervals."
    with figures.drawing(out, f"rates-{column}", caption, size=(9, 4)) as drawn:
        axes = drawn.canvas.subplots()
        found = seen.order[column]
        for index, group in enumerate(found):
            values = np.array([frame.by_group[name][group] for name in names])
            below = np.maximum(values - [low[name][group] for name in names], 0)
            above = np.maximum([high[name][group] for name in names] - values, 0)
            x = np.arange(len(names)) + (index - (len(found) - 1) / 2) * 0.8 / len(found)
            axes.errorbar(x, values, [below, above], linestyle="", capsize=2,
                          color=figures.SERIES[index % 7], marker=figures.MARKERS[index % 7],
                          label=f"{group} ({(seen.groups[column] == group).sum():,})")  # fmt: skip
        axes.set_xticks(range(len(names)), emotions.NAMES)
        axes.set_ylim(bottom=0)
        figures.percent(axes.yaxis)
        axes.set(ylabel="share of the group")
        axes.legend(ncols=min(len(found), 5), loc="upper center", bbox_to_anchor=(0.5, 1.16))
    return figures.done(drawn)
