"""What each augmentation, and dropout, brings: all of them, all but one, none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from howifeel.errors import SettingsError
from howifeel.lab.kit import comparison, figures, learned, training
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import of_runs
from howifeel.lab.kit.options import TrainingOptions, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Published, Result
from howifeel.train import nets
from howifeel.train.recipe import Recipe

_ALL: dict[str, Any] = {
    "flip": 0.5, "rotation": 12.0, "shift": 0.08, "scale": 0.15, "squeeze": 0.08, "crop": 0.3,
    "erase": 0.3, "tone": 0.3, "light": 0.3, "blur": 0.1, "shrink": 0.1, "jpeg": 0.1, "noise": 0.1,
    "mixup": 0.2, "cutmix": 0.2,
}  # fmt: skip
_DROPOUT = "dropout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(TrainingOptions):
    """Options of the experiment."""

    net: str = option("vgg8", "architecture")
    left_out: tuple[str, ...] = option(
        (*_ALL, _DROPOUT), "what is left out, one after the other", quick=("flip", _DROPOUT)
    )
    runs: int = option(
        3, "runs with different seeds each; the same seeds for all", least=1, quick=2
    )


def run(options: Options, out: Out) -> Result:
    """Train each variant with the same seeds, compare with all augmentations."""
    for name in options.left_out:
        if name not in (*_ALL, _DROPOUT):
            known = ", ".join((*_ALL, _DROPOUT))
            raise SettingsError(f"--left-out cannot be {name!r}; use {known}.")
    if len(set(options.left_out)) < len(options.left_out):
        raise SettingsError("--left-out names one thing twice; name each once.")
    training.check_nets("--net", [options.net])
    study = studies.study(options)
    answers: dict[str, NDArray[np.integer]] = {}
    variants = ["all", "none", *(f"without {name}" for name in options.left_out)]
    found: dict[str, list[float]] = {name: [] for name in variants}
    for variant in variants:
        for repeat in range(options.runs):
            recipe = _recipe(options, options.seed + repeat, variant)
            label = f"{variant}, run {repeat + 1}"
            outcome = training.outcome(recipe, study, out, label=label, device=options.device)
            found[variant].append(outcome.accuracy)
            answers[label] = outcome.logits.argmax(1)
    changes = comparison.changes(found, "all")
    return Result(
        protocol=f"{study.measured}. {options.net} of width {options.width}, {options.epochs} "
        f"epochs, runs of each variant with the same seeds: {options.runs}; {study.trained}.",
        numbers=(
            *(of_runs(f"{name}, accuracy", values) for name, values in found.items()),
            *(
                of_runs(f"{name}, change against all", values, signed=True)
                for name, values in changes.items()
            ),
        ),
        figures=(_figure(out, changes),),
        tables=(
            comparison.table(
                "Each variant against all augmentations, same seeds", "variant", found, "all"
            ),
        ),
        published=(
            Published(
                "52.7 %, with augmentation and dropout 56.6 %",
                "a project that searched for a CNN on FER-2013",
                "its own split; one run each",
            ),
        ),
        meaning=(
            *learned.doubts_of(study.test.labels, answers),
            "Few epochs favour few augmentations: what helps after long training may hurt after "
            "short.",
            "Intervals are over seeds; with few runs they are wide, and the p-values say so.",
        ),
        data=study.name,
        data_sha256=studies.fingerprint(study.fit, study.choose, study.test),
    )


def _recipe(options: Options, seed: int, variant: str) -> Recipe:
    plain = training.plain(seed, options.epochs, options.width, options.net)
    off = dict.fromkeys(_ALL, 0.0)
    without = variant.removeprefix("without ")
    values = off if variant == "none" else _ALL | {without: 0.0} if without in _ALL else _ALL
    recipe = replace(plain, **values)
    known = nets.options(options.net, {})
    if _DROPOUT in known and (variant == "none" or without == _DROPOUT):
        recipe = replace(recipe, options=recipe.options | {_DROPOUT: 0.0})
    return recipe


def _figure(out: Out, changes: dict[str, list[float]]) -> Figure:
    caption = (
        "Change of accuracy against all augmentations and dropout: each run, and the mean with its "
        "95 % interval. Left of the line: what was left out had helped."
    )
    with figures.drawing(out, "changes", caption, size=(8, 1 + 0.36 * len(changes))) as drawn:
        axes = drawn.canvas.subplots()
        axes.axvline(0, color=figures.SERIES[6], marker="", linewidth=1)
        for row, (_, values) in enumerate(reversed(changes.items())):
            mean: Number = of_runs("", values, signed=True)
            axes.plot(values, [row] * len(values), linestyle="", marker=".",
                      color=figures.SERIES[6])  # fmt: skip
            reach = None if mean.low is None else [[mean.value - mean.low]]  # type: ignore[operator]
            axes.errorbar([mean.value], [row], xerr=reach, marker="o", capsize=3,  # type: ignore[list-item]
                          color=figures.SERIES[0])  # fmt: skip
        axes.set_yticks(range(len(changes)), list(reversed(changes)))
        figures.percent(axes.xaxis, 1)
        axes.set(xlabel="change of accuracy")
    return figures.done(drawn)
