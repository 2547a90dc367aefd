"""Accuracy against the number of weights: one architecture at several widths, and a power law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.errors import SettingsError
from howifeel.lab.kit import learned, scaling, training
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.options import Options as CommonOptions
from howifeel.lab.kit.options import option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Result
from howifeel.lab.kit.scaling import Hits
from howifeel.train import nets


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(CommonOptions):
    """Options of the experiment."""

    net: str = option("vgg8", "architecture, which must have an option width")
    widths: tuple[int, ...] = option(
        (4, 8, 16, 32), "channels of the first stage", quick=(2, 4, 8), least=1
    )
    runs: int = option(3, "runs with different seeds at each width", quick=1, least=1)
    epochs: int = option(12, "passes over Training for each network", quick=3, least=1)


def run(options: Options, out: Out) -> Result:
    """Train at each width, measure, fit."""
    if options.net not in nets.names() or "width" not in nets.options(options.net, {}):
        able = [name for name in nets.names() if "width" in nets.options(name, {})]
        raise SettingsError(f"--net cannot be {options.net!r}; choose one of {', '.join(able)}.")
    _check_sizes(options)
    study = studies.study(options)
    runs: dict[float, list[Hits]] = {}
    answers: dict[str, NDArray[np.integer]] = {}
    names: dict[float, str] = {}
    for width in options.widths:
        for repeat in range(options.runs):
            recipe = training.plain(options.seed + repeat, options.epochs, width, options.net)
            label = f"width {width}, run {repeat + 1}"
            outcome = training.outcome(recipe, study, out, label=label, device=options.device)
            runs.setdefault(outcome.parameters, []).append(outcome.hits)
            answers[label] = outcome.logits.argmax(1)
            names[outcome.parameters] = f"{outcome.parameters:,} weights (width {width})"
    law = scaling.fit(runs)
    return Result(
        protocol=f"{study.measured}. {options.net}, {options.epochs} epochs, runs of each: "
        f"{options.runs}; {study.trained}.",
        numbers=scaling.numbers(runs, names, law),
        figures=(
            scaling.figure(
                out, runs, law, "weights",
                "Error against the number of weights, both on logarithmic axes.",
            ),
        ),
        meaning=(
            *learned.doubts_of(study.test.labels, answers),
            "The same number of epochs for all: larger nets had more computation, and may need "
            "more epochs than these to show what they can do.",
            "The law holds within the range that was measured; it says nothing beyond."
            if law is not None and law.clear
            else "No power law can be told: error does not clearly fall with the weights.",
        ),
        data=study.name,
        data_sha256=studies.fingerprint(study.fit, study.choose, study.test),
    )  # fmt: skip


def _check_sizes(options: Options) -> None:
    """Refuse widths of which two make the same network, or one makes none."""
    built = [
        nets.build(options.net, len(emotions.NAMES), {"width": width}) for width in options.widths
    ]
    sizes = [sum(weight.numel() for weight in net.parameters()) for net in built]
    scaling.require_distinct("--widths", options.widths, sizes, "weights")
