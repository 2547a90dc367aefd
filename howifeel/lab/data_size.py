"""Accuracy against the number of training pictures, and a power law."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from howifeel.errors import SettingsError
from howifeel.lab.kit import learned, scaling, training
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.options import TrainingOptions, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Result
from howifeel.lab.kit.scaling import Hits
from howifeel.train.data import FaceSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(TrainingOptions):
    """Options of the experiment."""

    net: str = option("vgg8", "architecture")
    shares: tuple[float, ...] = option(
        (0.05, 0.1, 0.2, 0.5, 1), "shares of Training, 0..1", quick=(0.25, 0.5, 1), least=0
    )
    runs: int = option(3, "runs with different pictures and seeds each", quick=1, least=1)


def run(options: Options, out: Out) -> Result:
    """Train on each share, measure, fit.

    Every run makes as many steps as one over all pictures would, so that computation is equal.
    """
    if not all(0 < share <= 1 for share in options.shares):
        raise SettingsError("--shares must lie above 0 and at most 1.")
    training.check_nets("--net", [options.net])
    study = studies.study(options)
    fewest = min(_counts(options, study.fit))
    batch = min(training.batch_for(len(study.fit)), max(2, fewest // 4))
    steps = options.epochs * (len(study.fit) // batch)
    runs: dict[float, list[Hits]] = {}
    answers: dict[str, NDArray[np.integer]] = {}
    for share in options.shares:
        for repeat in range(options.runs):
            seed = options.seed + repeat
            fit = studies.fewer(study.fit, round(share * len(study.fit)), seed)
            studies.require_all(fit, f"{share:.0%} of Training")
            epochs = max(1, round(steps / (len(fit) // batch)))
            recipe = training.plain(seed, epochs, options.width, options.net)
            outcome = training.outcome(
                recipe, replace(study, fit=fit), out,
                label=f"{len(fit)} pictures, run {repeat + 1}", device=options.device, batch=batch,
            )  # fmt: skip
            runs.setdefault(len(fit), []).append(outcome.hits)
            answers[outcome.label] = outcome.logits.argmax(1)
    law = scaling.fit(runs)
    names = {count: f"{count:,.0f} pictures" for count in runs}
    return Result(
        protocol=f"{study.measured}. {options.net}, about {steps:,} steps of {batch} pictures for "
        f"each ({options.epochs} epochs over all), runs of each: {options.runs}; all: "
        f"{study.trained.replace('fitted on', 'fitted on up to')}.",
        numbers=scaling.numbers(runs, names, law),
        figures=(
            scaling.figure(
                out, runs, law, "training pictures",
                "Error against the number of training pictures, both on logarithmic axes.",
            ),
        ),
        meaning=(*learned.doubts_of(study.test.labels, answers), _outlook(law, max(runs))),
        data=study.name,
        data_sha256=studies.fingerprint(study.fit, study.choose, study.test),
    )  # fmt: skip


def _counts(options: Options, fit: FaceSet) -> list[int]:
    """How many pictures each share is, of rare expressions a few more.

    Raises:
        SettingsError: one is none, or as many as another.
    """
    wanted = [round(share * len(fit)) for share in options.shares]
    if not all(wanted):
        raise SettingsError(
            f"--shares {min(options.shares):g} of {len(fit):,} pictures is none; use a larger one."
        )
    counts = [len(studies.fewer(fit, count, options.seed)) for count in wanted]
    scaling.require_distinct("--shares", options.shares, counts, "pictures")
    return counts


def _outlook(law: scaling.PowerLaw | None, most: float) -> str:
    if law is None or not law.clear:
        return "No power law can be told: error does not clearly fall with the number of pictures."
    return (
        f"By this law, twice as many pictures as {most:,.0f} would bring the error from "
        f"{law.error(most):.1%} to {law.error(2 * most):.1%}; a law may end where it was not "
        "measured, for example at the share of wrong labels."
    )
