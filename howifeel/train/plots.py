"""The pictures of a run: learning curves, confusion, calibration."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.files import atomic
from howifeel.train import metrics
from howifeel.train.scores import Scores

_TRAIN, _CHOOSE, _GREY = "#8a8f98", "#1f6fb4", "#b9bec6"
_DPI = 130


def curves(history: list[dict[str, float]], choose_name: str, target: Path) -> None:
    """Loss and accuracy of each epoch, on Training (augmented) and on the chosen-on part.

    Raises:
        OutputError: the PNG cannot be written.
    """
    epochs = [record["epoch"] for record in history]
    best = max(history, key=lambda record: record["choose_accuracy"])
    figure = _figure(10, 4.2)
    left, right = figure.subplots(1, 2)
    for axes, name, unit in ((left, "loss", "loss (nats)"), (right, "accuracy", "accuracy")):
        train = [record["loss" if name == "loss" else "train_accuracy"] for record in history]
        choose = [record[f"choose_{name}"] for record in history]
        axes.plot(epochs, train, color=_TRAIN, marker=".", label="Training, augmented")
        axes.plot(epochs, choose, color=_CHOOSE, marker=".", label=choose_name)
        axes.axvline(best["epoch"], color=_GREY, linestyle="--", linewidth=1)
        _mark_resolutions(axes, history)
        axes.set(xlabel="epoch", ylabel=unit)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.25)
    right.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    right.plot(best["epoch"], best["choose_accuracy"], "o", color=_CHOOSE)
    right.annotate(
        f"{best['choose_accuracy']:.1%}",
        (best["epoch"], best["choose_accuracy"]),
        textcoords="offset points",
        xytext=(-6, -16),
        ha="right",
        color=_CHOOSE,
    )
    left.legend(frameon=False)
    figure.suptitle(f"Learning curves; epoch {best['epoch']:.0f} was chosen on {choose_name}")
    _save(figure, target)


def confusion(scores: Scores, target: Path) -> None:
    """The confusion of the expressions, each row as shares of its label, with the counts.

    Raises:
        OutputError: the PNG cannot be written.
    """
    counts = np.array(scores.confusion)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = _figure(7.6, 6.6)
    axes = figure.subplots()
    shown = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(counts.shape):
        axes.text(
            column,
            row,
            f"{shares[row, column]:.0%}\n{counts[row, column]}",
            ha="center",
            va="center",
            fontsize=9,
            color="white" if shares[row, column] > 0.55 else "#22262c",
        )
    axes.set_xticks(range(len(emotions.NAMES)), emotions.NAMES, rotation=30, ha="right")
    labels = [f"{n} ({c})" for n, c in zip(emotions.NAMES, counts.sum(axis=1), strict=True)]
    axes.set_yticks(range(len(emotions.NAMES)), labels)
    axes.set(xlabel="named", ylabel="label (pictures)")
    axes.set_title(f"{scores.protocol}\naccuracy {scores.accuracy:.1%}, n = {scores.count:,}",
                   fontsize=10)  # fmt: skip
    bar = figure.colorbar(shown, ax=axes, fraction=0.046)
    bar.set_label("share of the label's pictures")
    bar.ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    _save(figure, target)


def calibration(
    raw: NDArray[np.floating],
    calibrated: NDArray[np.floating],
    labels: NDArray[np.integer],
    unsure_below: float,
    target: Path,
) -> None:
    """Reliability before and after calibration, and accuracy against the share that is named.

    Args:
        raw: probabilities without calibration, (n, 7).
        calibrated: probabilities with it, (n, 7).
        labels: int (n,).
        unsure_below: nothing is named below this probability.
        target: the PNG to write.

    Raises:
        OutputError: the PNG cannot be written.
    """
    figure = _figure(10, 4.6)
    left, right = figure.subplots(1, 2)
    left.plot([0, 1], [0, 1], color=_GREY, linestyle="--", linewidth=1)
    for probabilities, colour, name in ((raw, _TRAIN, "raw"), (calibrated, _CHOOSE, "calibrated")):
        error = metrics.calibration_error(probabilities, labels)
        confidence, accuracy = _reliability(probabilities, labels)
        left.plot(confidence, accuracy, "o-", color=colour, label=f"{name}, ECE {error:.3f}")
    left.set(xlabel="top probability", ylabel="share right", xlim=(0, 1), ylim=(0, 1))
    left.set_title("Reliability", fontsize=11)

    thresholds = np.arange(0, 1, 0.01)
    pairs = np.array([metrics.covered(calibrated, labels, t) for t in thresholds])
    right.plot(pairs[:, 0], pairs[:, 1], color=_CHOOSE)
    share, right_share = metrics.covered(calibrated, labels, unsure_below)
    right.plot(share, right_share, "o", color=_CHOOSE)
    right.annotate(
        f"unsure below {unsure_below:.2f}:\n{share:.0%} named, {right_share:.0%} right",
        (share, right_share),
        textcoords="offset points",
        xytext=(-10, -8),
        ha="right",
        va="top",
    )
    right.set(xlabel="share of the pictures that is named", ylabel="share of these right")
    right.set_xlim(0, 1)
    right.set_title("What “unsure” buys", fontsize=11)
    for axes in (left, right):
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
        axes.grid(alpha=0.25)
    left.legend(frameon=False, loc="upper left")
    _save(figure, target)


def _reliability(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], bins: int = 15
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    confidence = probabilities.max(axis=1)
    hits = probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    counts = np.bincount(place, minlength=bins)
    used = counts > 0
    means = np.bincount(place, weights=confidence, minlength=bins)[used] / counts[used]
    return means, np.bincount(place, weights=hits, minlength=bins)[used] / counts[used]


def _mark_resolutions(axes: Axes, history: list[dict[str, float]]) -> None:
    previous = None
    for record in history:
        if record["side"] != previous:
            previous = record["side"]
            axes.text(
                record["epoch"], 1.0, f" {previous:.0f} px", transform=axes.get_xaxis_transform(),
                fontsize=7, color=_TRAIN, ha="left", va="bottom",
            )  # fmt: skip


def _figure(width: float, height: float) -> Figure:
    return Figure(figsize=(width, height), dpi=_DPI, layout="constrained")


def _save(figure: Figure, target: Path) -> None:
    with atomic(target, force=True) as unfinished:
        figure.savefig(unfinished, format="png", bbox_inches="tight", pad_inches=0.15)
