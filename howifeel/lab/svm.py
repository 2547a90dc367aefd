"""A support vector machine on HOG, pixels or principal components, beside a small CNN.

C, gamma and kernel are chosen by cross-validation inside Training alone.
"""

from __future__ import annotations

import functools
import hashlib
import math
import time
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.model_selection import ParameterGrid, StratifiedKFold, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from howifeel import emotions
from howifeel.errors import SettingsError
from howifeel.lab.kit import figures, kept, learned, training
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.hog import hog
from howifeel.lab.kit.intervals import macro_f1, mcnemar, share
from howifeel.lab.kit.options import Options as CommonOptions
from howifeel.lab.kit.options import option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Published, Result, Table
from howifeel.train import metrics

FEATURES = ("hog", "pixels", "pca")
_RULES = ("scale", "auto")
_COMPONENTS = 60
_PIXEL_SIDE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(CommonOptions):
    """Options of the experiment."""

    pictures: int = option(
        4000,
        "use at most so many pictures of each part, as the time grows with their square; 0: all",
        quick=210,
        least=0,
    )
    features: tuple[str, ...] = option(
        FEATURES, f"what the machine sees, of {', '.join(FEATURES)}", quick=("hog", "pca")
    )
    kernels: tuple[str, ...] = option(("rbf", "linear"), "kernels to try", quick=("rbf",))
    c: tuple[float, ...] = option((1, 10, 100), "values of C to try", quick=(1, 100), least=0)
    gamma: tuple[str, ...] = option(
        ("scale", "0.0001", "0.01"), "values of gamma to try", quick=("scale",)
    )
    folds: int = option(10, "folds of the cross-validation", quick=3, least=2)
    jobs: int = option(-1, "processes; -1 uses all cores", quick=1)
    epochs: int = option(12, "passes over Training of the CNN beside it", quick=6, least=1)


def run(options: Options, out: Out) -> Result:
    """Choose by cross-validation, fit, measure; train the CNN on the same pictures."""
    _check(options)
    study = studies.study(options)
    seen = np.concatenate([study.fit.images, study.choose.images])
    labels = np.concatenate([study.fit.labels, study.choose.labels])
    least = int(np.bincount(labels, minlength=len(emotions.NAMES)).min())
    if least < options.folds:
        raise SettingsError(
            f"--folds {options.folds} needs as many pictures of each expression; there are {least}."
        )
    tried = _search(options, seen, labels, out)
    best = max(tried, key=lambda trial: float(np.mean(trial["scores"])))
    machine = _machine(best, options.seed, _components(len(labels), options.folds))
    started = time.monotonic()
    machine.fit(_features(best["features"], seen), labels)
    seconds = time.monotonic() - started
    answers = machine.predict(_features(best["features"], study.test.images))
    hits = answers == study.test.labels
    counts = metrics.confusion(study.test.labels, answers, len(emotions.NAMES))
    cnn = training.outcome(
        training.small(options.seed, options.epochs), study, out,
        label="training the CNN", device=options.device,
    )  # fmt: skip
    return Result(
        protocol=f"{study.measured}. C, gamma, kernel and features chosen by {options.folds}-fold "
        f"cross-validation on {len(labels):,} pictures of Training without copies of test ones, "
        f"then fitted on all of these. The CNN: {study.trained}.",
        numbers=(
            share("support vector machine, accuracy", hits),
            macro_f1("support vector machine, macro F1", study.test.labels, answers, options.seed),
            # no interval: the folds share most of their pictures, and it is the best of the grid
            Number(
                "its mean accuracy over the folds, chosen as the best",
                float(np.mean(best["scores"])),
            ),
            Number("standard deviation of that over the folds", float(np.std(best["scores"]))),
            share("CNN, accuracy", cnn.hits),
            Number("p of McNemar's test between them", mcnemar(hits, cnn.hits), kind="number"),
            Number("support vectors", int(machine["machine"].n_support_.sum()), kind="count"),
            Number("fitting the machine", seconds, kind="seconds", varies=True),
            Number("training the CNN", cnn.seconds, kind="seconds", varies=True),
        ),
        figures=(_grid_figure(out, tried), _confusion_figure(out, counts)),
        tables=(_table(tried, best),),
        published=(
            Published(
                "72 % by a support vector machine, 95 % by a CNN; C = 100, gamma = auto, rbf",
                "a student project that compared the two on posed pictures",
                "there, pictures of one person may lie on both sides of the split; not FER-2013",
            ),
        ),
        meaning=(
            *learned.doubts(study.test.labels, answers, "The machine"),
            *learned.doubts(study.test.labels, cnn.logits.argmax(1), "The CNN"),
            f"The best machine sees {best['features']} with C = {best['c']:g}, gamma = "
            f"{best['gamma']}, kernel {best['kernel']}.",
            "Its accuracy in cross-validation was the best of several, so it is a little too good; "
            "that on the test pictures is not.",
        ),
        data=study.name,
        data_sha256=studies.fingerprint(study.fit, study.choose, study.test),
    )


def _check(options: Options) -> None:
    for name in options.features:
        if name not in FEATURES:
            raise SettingsError(f"--features cannot be {name!r}; use {', '.join(FEATURES)}.")
    for kernel in options.kernels:
        if kernel not in ("rbf", "linear", "poly", "sigmoid"):
            raise SettingsError(f"--kernels cannot be {kernel!r}; use rbf, linear, poly, sigmoid.")
    for gamma in options.gamma:
        if gamma not in _RULES and not _positive(gamma):
            raise SettingsError(
                f"--gamma cannot be {gamma!r}; use scale, auto or a number above 0."
            )
    if not (options.features and options.kernels and options.c and options.gamma):
        raise SettingsError("--features, --kernels, --c and --gamma need at least one value each.")
    if min(options.c) <= 0:
        raise SettingsError("--c must be above 0.")
    if options.jobs == 0:
        raise SettingsError("--jobs cannot be 0; use 1 or more processes, or -1 for all cores.")


def _positive(text: str) -> bool:
    try:
        return 0 < float(text) < math.inf
    except ValueError:
        return False


def _components(pictures: int, folds: int) -> int:
    """Principal components: fewer where a fold is left with fewer pictures."""
    return min(_COMPONENTS, pictures * (folds - 1) // folds - 1)


def _search(
    options: Options, images: NDArray[np.uint8], labels: NDArray[np.integer], out: Out
) -> list[dict[str, Any]]:
    grid = list(ParameterGrid({"features": options.features, "kernel": options.kernels,
                               "c": options.c, "gamma": options.gamma}))  # fmt: skip
    # a linear kernel has no gamma
    grid = [g for g in grid if g["kernel"] != "linear" or g["gamma"] == options.gamma[0]]
    known = {name: _features(name, images) for name in options.features}
    folds = StratifiedKFold(options.folds, shuffle=True, random_state=options.seed)
    components = _components(len(labels), options.folds)
    common = {"pictures": hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest(),
              "folds": options.folds, "seed": options.seed}  # fmt: skip

    def scores(trial: dict[str, Any]) -> NDArray[np.float64]:
        machine = _machine(trial, options.seed, components)
        return cross_val_score(
            machine, known[trial["features"]], labels, cv=folds, n_jobs=options.jobs
        )

    return [
        trial
        | {"scores": kept.array(out, common | trial, functools.partial(scores, trial)).tolist()}
        for trial in out.each("cross-validation", grid)
    ]


def _machine(trial: dict[str, Any], seed: int, components: int) -> Any:
    """A pipeline of scikit-learn."""
    gamma: Any = trial["gamma"] if trial["gamma"] in _RULES else float(trial["gamma"])
    steps: list[tuple[str, Any]] = [("scaled", StandardScaler())]
    if trial["features"] == "pca":
        steps.append(("components", PCA(components, whiten=True, random_state=seed)))
    steps.append(("machine", SVC(C=trial["c"], gamma=gamma, kernel=trial["kernel"])))
    return Pipeline(steps)


def _features(name: str, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What a machine sees of faces uint8 (n, 48, 48): float32 (n, k)."""
    if name == "hog":
        return hog(images)
    side = (_PIXEL_SIDE, _PIXEL_SIDE)
    small = [cv2.resize(image, side, interpolation=cv2.INTER_AREA) for image in images]
    return np.stack(small).reshape(len(images), -1).astype(np.float32) / np.float32(255)


def _named(trial: dict[str, Any]) -> str:
    gamma = "" if trial["kernel"] == "linear" else f", gamma {trial['gamma']}"
    return f"{trial['features']}, {trial['kernel']}, C {trial['c']:g}{gamma}"


def _grid_figure(out: Out, tried: list[dict[str, Any]]) -> Figure:
    order = sorted(tried, key=lambda trial: float(np.mean(trial["scores"])))[-20:]
    caption = "Accuracy in cross-validation, best twenty: mean and each fold."
    with figures.drawing(out, "grid", caption, size=(8.5, 1 + 0.3 * len(order))) as drawn:
        axes = drawn.canvas.subplots()
        for row, trial in enumerate(order):
            axes.plot(trial["scores"], [row] * len(trial["scores"]), linestyle="", marker="|",
                      color=figures.SERIES[6])  # fmt: skip
            axes.plot([np.mean(trial["scores"])], [row], marker="o", color=figures.SERIES[0])
        axes.set_yticks(range(len(order)), [_named(trial) for trial in order])
        figures.percent(axes.xaxis)
        axes.set(xlabel="accuracy")
    return figures.done(drawn)


def _confusion_figure(out: Out, counts: NDArray[np.integer]) -> Figure:
    caption = "What the chosen machine names pictures of each label."
    with figures.drawing(out, "confusion", caption, size=(7, 5)) as drawn:
        figures.confusion(drawn.canvas.subplots(), counts, "support vector machine")
    return figures.done(drawn)


def _table(tried: list[dict[str, Any]], best: dict[str, Any]) -> Table:
    order = sorted(tried, key=lambda trial: -float(np.mean(trial["scores"])))
    rows = tuple(
        (_named(t) + (" (chosen)" if t is best else ""), f"{np.mean(t['scores']):.1%}",
         f"{np.std(t['scores']):.1%}")
        for t in order
    )  # fmt: skip
    return Table("All that was tried", ("machine", "mean of the folds", "their spread"), rows)
