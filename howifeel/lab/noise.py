"""How accuracy falls with noise, blur, compression, darkness and occlusion.

Gaussian noise of one level is read several times with fresh noise. A network half of whose training
pictures were noisy stands beside the same network without noise. Corruptions as a measure of
robustness: Hendrycks and Dietterich 2019, "Benchmarking neural network robustness".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from howifeel.lab.kit import corrupt, figures, learned, models
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import holm, mcnemar, of_runs, p_text, share
from howifeel.lab.kit.options import ModelOptions, check_model, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Published, Result, Table
from howifeel.report.palette import LIGHT
from howifeel.train.data import FaceSet

_NOISY_SHARE = 0.5
_PLAIN, _NOISY = "small net", "small net, trained on noise"
_SEED_ACCURACY = {0.0: 0.96, 0.01: 0.87, 0.05: 0.74, 0.07: 0.70, 0.1: 0.64, 0.15: 0.58, 0.2: 0.47}
_THIS, _NAMED = "this model", "the model trained on noise"
_LEVELS = {
    "blur": ("sigma in pixels", (0, 0.5, 1, 1.5, 2, 3), corrupt.blur),
    "JPEG": ("100 - quality", (0, 50, 70, 80, 90, 95), corrupt.jpeg),
    "darkness": ("share of light taken away", (0, 0.3, 0.5, 0.7, 0.8, 0.9), corrupt.darkness),
    "occlusion": ("share of the area covered", (0, 0.05, 0.1, 0.2, 0.3, 0.4), corrupt.occlusion),
}

Curve = dict[float, NDArray[np.bool_]]
"""Variance of the noise to which pictures, bool (n,), are named right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(ModelOptions):
    """Options of the experiment."""

    variances: tuple[float, ...] = option(
        (0, 0.01, 0.05, 0.07, 0.1, 0.15, 0.2),
        "variances of the noise, in units of the squared range of brightness",
        least=0,
    )
    runs: int = option(10, "readings with fresh noise at --runs-at", quick=4, least=2)
    runs_at: float = option(0.1, "variance of the noise that is read several times", least=0)
    noise_trained: str | None = option(
        None,
        "a model trained on noisy pictures, to stand beside; without it one is trained here where "
        "the other one is, too",
    )
    train_both: bool = option(
        False, "with --data or --model, too, train a small net with and one without noise"
    )

    def __post_init__(self) -> None:
        ModelOptions.__post_init__(self)
        check_model(self.noise_trained)


def run(options: Options, out: Out) -> Result:
    """Read the test pictures at all levels of all corruptions."""
    here = options.model is None and options.data is None
    study = studies.study(options, train=here or options.train_both)
    model = models.any_model(options, study, out)
    test = study.test
    read = {_THIS: model} | _beside(options, study, model, out)
    curves = {name: _curve(each, test, options, out, name) for name, each in read.items()}
    runs = {name: _runs(each, test, options, out, name) for name, each in read.items()}
    clean = curves[_THIS][0.0]
    kinds = {
        kind: [_hits(model, test, change, level, options.seed) for level in levels]
        for kind, (_, levels, change) in out.each("other corruptions", _LEVELS.items())
    }
    numbers: list[Number] = []
    for name, curve in curves.items():
        who = "" if name == _THIS else f"{name}: "
        numbers += [share(f"{who}noise of variance {v:g}", hits) for v, hits in curve.items()]
        numbers.append(
            of_runs(f"{who}mean of {options.runs} readings at {options.runs_at:g}", runs[name],
                    of="draws of the noise on the same pictures")
        )  # fmt: skip
    drop = mcnemar(clean, _hits(model, test, corrupt.noise, options.runs_at, options.seed))
    questions = {f"noise of variance {options.runs_at:g}": drop} | {
        f"{kind}, strongest": mcnemar(clean, hits[-1]) for kind, hits in kinds.items()
    }
    return Result(
        protocol=f"{study.measured}, every picture changed once at each level; McNemar's test "
        f"against the unchanged pictures.{_training(options, study, read)}"
        + models.protocol_note(model, study),
        numbers=(*numbers, *_kind_numbers(kinds)),
        figures=(
            _noise_figure(out, curves, learned.commonest(test.labels)),
            _runs_figure(out, options, runs),
            _kinds_figure(out, kinds, learned.commonest(test.labels)),
            _examples(out, test, options),
        ),
        tables=(_significance(questions),),
        published=(
            Published(
                "96 % without noise, then 87, 74, 70, 64, 58, 47 % at variances .01, .05, .07, .1, "
                ".15, .2",
                "a study of a small network under Gaussian noise",
                "other, easier pictures: the shape of the curve can be compared, its height not",
            ),
            Published("median of ten readings at .1: 67 %", "the same study", ""),
        ),
        meaning=(
            *learned.doubts(test.labels, models.predicted(model, test.images)),
            *_meaning(options, curves, runs),
        ),
        model=model.facts,
        data=study.name,
        data_sha256=studies.fingerprint(test),
    )


def _hits(
    model: models.Model, test: FaceSet, change: corrupt.Change, level: float, seed: int
) -> NDArray[np.bool_]:
    changed = change(test.images, level, np.random.default_rng(seed))
    return models.predicted(model, changed) == test.labels


def _curve(model: models.Model, test: FaceSet, options: Options, out: Out, name: str) -> Curve:
    levels = sorted({0.0, *options.variances})
    return {
        level: _hits(model, test, corrupt.noise, level, options.seed)
        for level in out.each(f"noise, {name}", levels)
    }


def _runs(model: models.Model, test: FaceSet, options: Options, out: Out, name: str) -> list[float]:
    seeds = range(options.seed + 1, options.seed + 1 + options.runs)
    return [
        float(_hits(model, test, corrupt.noise, options.runs_at, seed).mean())
        for seed in out.each(f"{options.runs} readings, {name}", seeds)
    ]


def _beside(
    options: Options, study: studies.Study, model: models.Model, out: Out
) -> dict[str, models.Model]:
    """The models that stand beside the one in question, by name."""
    found: dict[str, models.Model] = {}
    if options.noise_trained:
        found[_NAMED] = models.named(options.noise_trained, options.device)
    if options.train_both and not model.facts.trained_here:
        found[_PLAIN] = models.trained_here(options, study, out, name=_PLAIN)
    if options.train_both or (model.facts.trained_here and not options.noise_trained):
        noisy = replace(study, fit=half_noisy(study.fit, options.variances, options.seed))
        found[_NOISY] = models.trained_here(options, noisy, out, name=_NOISY)
    return found


def half_noisy(faces: FaceSet, variances: Sequence[float], seed: int) -> FaceSet:
    """The same faces, half of them, drawn at random, under noise of a random one of the levels.

    As many pictures as before: an epoch has as many steps, so that only the noise differs.
    """
    draw = np.random.default_rng(seed)
    changed = faces.images.copy()
    levels = [level for level in variances if level] or [0.1]
    for place in draw.permutation(len(faces))[: round(_NOISY_SHARE * len(faces))]:
        level = float(draw.choice(levels))
        changed[place] = corrupt.noise(changed[place][None], level, draw)[0]
    return FaceSet(changed, faces.labels, faces.usage, faces.votes)


def _training(options: Options, study: studies.Study, read: dict[str, models.Model]) -> str:
    if _NOISY not in read:
        return ""
    return (
        f" Small nets: {options.epochs} epochs, {study.trained}; the one that is trained on noise "
        "sees noise on a random half of the same pictures."
    )


def _kind_numbers(kinds: dict[str, list[NDArray[np.bool_]]]) -> list[Number]:
    return [
        share(f"{kind} at {_LEVELS[kind][1][-1]:g} ({_LEVELS[kind][0]})", hits[-1])
        for kind, hits in kinds.items()
    ]


def _noise_figure(out: Out, curves: dict[str, Curve], commonest: float) -> Figure:
    caption = (
        "Accuracy against the variance of Gaussian noise, with Wilson's 95 % interval; dashed, the "
        "published curve (other pictures); dotted, always naming the commonest label."
    )
    with figures.drawing(out, "noise", caption) as drawn:
        axes = drawn.canvas.subplots()
        figures.shares(axes, commonest)
        axes.plot(
            list(_SEED_ACCURACY), list(_SEED_ACCURACY.values()), color=LIGHT.dim, linestyle="--",
            marker="x", label="published, other pictures",
        )  # fmt: skip
        for index, (name, curve) in enumerate(curves.items()):
            estimates = [share("", hits) for hits in curve.values()]
            figures.band(
                axes, list(curve), [e.value or 0 for e in estimates],
                [e.low or 0 for e in estimates], [e.high or 1 for e in estimates], name, index,
            )  # fmt: skip
        axes.set(xlabel="variance of the noise", ylabel="accuracy")
        axes.legend()
    return figures.done(drawn)


def _runs_figure(out: Out, options: Options, runs: dict[str, list[float]]) -> Figure:
    caption = (
        f"{options.runs} readings with fresh noise of variance {options.runs_at:g}: box and "
        "median, each reading as a dot; beside it, the mean with its 95 % interval over the noise."
    )
    with figures.drawing(out, "runs", caption, size=(8, 3.4)) as drawn:
        axes = drawn.canvas.subplots()
        for place, (name, values) in enumerate(runs.items()):
            colour = figures.SERIES[place]
            axes.boxplot(
                values, positions=[place], widths=0.4, tick_labels=[name], showfliers=False,
                medianprops={"color": colour, "linewidth": 2}, boxprops={"color": LIGHT.dim},
                whiskerprops={"color": LIGHT.dim}, capprops={"color": LIGHT.dim},
            )  # fmt: skip
            spread = np.linspace(-0.08, 0.08, len(values)) + place
            axes.plot(spread, values, linestyle="", marker=".", color=colour, alpha=0.8)
            mean = of_runs("", values)
            bounds = [[mean.value - mean.low], [mean.high - mean.value]]  # type: ignore[operator]
            axes.errorbar([place + 0.3], [mean.value], bounds, color=colour, marker="D", capsize=4)  # type: ignore[list-item]
        axes.set_xlim(-0.6, len(runs) - 0.2)
        figures.percent(axes.yaxis, 1)
        axes.set(ylabel="accuracy")
    return figures.done(drawn)


def _kinds_figure(out: Out, kinds: dict[str, list[NDArray[np.bool_]]], commonest: float) -> Figure:
    caption = "Accuracy under other corruptions, with Wilson's 95 % interval; dotted, as above."
    with figures.drawing(out, "corruptions", caption, size=(9, 5.2)) as drawn:
        for index, (axes, (kind, hits)) in enumerate(
            zip(drawn.canvas.subplots(2, 2).flat, kinds.items(), strict=True)
        ):
            unit, levels, _ = _LEVELS[kind]
            estimates = [share("", each) for each in hits]
            figures.shares(axes, commonest)
            figures.band(
                axes, levels, [e.value or 0 for e in estimates], [e.low or 0 for e in estimates],
                [e.high or 1 for e in estimates], kind, index,
            )  # fmt: skip
            axes.set(xlabel=unit, ylabel="accuracy", title=kind)
    return figures.done(drawn)


def _examples(out: Out, test: FaceSet, options: Options) -> Figure:
    face = test.images[:1]
    rows = {"noise": (max(options.variances, default=0.2), corrupt.noise)} | {
        kind: (levels[-1], change) for kind, (_, levels, change) in _LEVELS.items()
    }
    steps = np.linspace(0, 1, 5)
    grid = [
        [change(face, step * level, np.random.default_rng(options.seed))[0] for step in steps]
        for level, change in rows.values()
    ]
    titles = [[f"{step * level:.2g}" for step in steps] for level, _ in rows.values()]
    with figures.drawing(
        out, "examples", "One picture under each corruption.", size=(7, 7), faces=True
    ) as drawn:
        figures.pictures(drawn.canvas, grid, rows=list(rows), titles=titles)
    return figures.done(drawn)


def _significance(questions: dict[str, float]) -> Table:
    corrected = holm(list(questions.values()))
    rows = tuple(
        (name, p_text(p), p_text(c))
        for (name, p), c in zip(questions.items(), corrected, strict=True)
    )
    return Table(
        "Does accuracy differ from that on unchanged pictures? McNemar's exact test",
        ("corruption", "p", "p, Holm-corrected"),
        rows,
    )


def _meaning(
    options: Options, curves: dict[str, Curve], runs: dict[str, list[float]]
) -> tuple[str, ...]:
    clean, mean = float(curves[_THIS][0.0].mean()), float(np.mean(runs[_THIS]))
    sentences = [
        f"Noise of variance {options.runs_at:g} costs {100 * (clean - mean):.1f} points of "
        f"accuracy: from {clean:.1%} to {mean:.1%}, the mean of {options.runs} readings with fresh "
        f"noise. {_readings(runs[_THIS], len(curves[_THIS][0.0]))}",
        "A variance of 0.05 is a spread of 57 of 255 steps of brightness, far more than a camera's "
        "noise in daylight; blur, compression and darkness are nearer to what pictures meet.",
    ]
    for name in (_NOISY, _NAMED):
        if name in runs:
            against = _PLAIN if name == _NOISY and _PLAIN in runs else _THIS
            gain = 100 * (np.mean(runs[name]) - np.mean(runs[against]))
            without = 100 * float(curves[name][0.0].mean() - curves[against][0.0].mean())
            sentences.append(
                f"Beside {against}, {name} is {gain:+.1f} points away at that noise (means of "
                f"{options.runs} readings) and {without:+.1f} points without noise."
            )
    return tuple(sentences)


def _readings(values: list[float], pictures: int) -> str:
    """How far readings with fresh noise differ, and whether one of them would do."""
    one = share("", np.arange(pictures) < round(np.mean(values) * pictures))
    width = (one.high or 1) - (one.low or 0)
    reach = max(values) - min(values)
    words = f"Single readings lie between {min(values):.1%} and {max(values):.1%}"
    if reach < width / 2:
        words += ", less than what the choice of pictures leaves open, so one reading would do"
    return words + "."
