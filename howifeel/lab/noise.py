"""How accuracy falls with noise, blur, compression, darkness and occlusion.

Gaussian noise is repeated with fresh noise for each level's interval of runs, and a network that
was trained on noisy pictures stands beside the one in question. Corruptions as a measure of
robustness: Hendrycks and Dietterich 2019, "Benchmarking neural network robustness".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from howifeel.lab.kit import corrupt, figures, models
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import holm, mcnemar, of_runs, p_text, share
from howifeel.lab.kit.options import ModelOptions, check_model, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Published, Result, Table
from howifeel.report.palette import LIGHT
from howifeel.train.data import FaceSet

_SEED_ACCURACY = {0.0: 0.96, 0.01: 0.87, 0.05: 0.74, 0.07: 0.70, 0.1: 0.64, 0.15: 0.58, 0.2: 0.47}
_LEVELS = {
    "blur": ("sigma in pixels", (0, 0.5, 1, 1.5, 2, 3), corrupt.blur),
    "JPEG": ("100 - quality", (0, 50, 70, 80, 90, 95), corrupt.jpeg),
    "darkness": ("share of light taken away", (0, 0.3, 0.5, 0.7, 0.8, 0.9), corrupt.darkness),
    "occlusion": ("share of the area covered", (0, 0.05, 0.1, 0.2, 0.3, 0.4), corrupt.occlusion),
}


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

    def __post_init__(self) -> None:
        ModelOptions.__post_init__(self)
        check_model(self.noise_trained)


def run(options: Options, out: Out) -> Result:
    """Read the test pictures at all levels of all corruptions."""
    study = studies.study(options, train=options.model is None and options.data is None)
    model = models.any_model(options, study, out)
    beside = _beside(options, study, model, out)
    test = study.test
    curve = {v: _hits(model, test, corrupt.noise, v, options.seed)
             for v in out.each("noise", sorted({0.0, *options.variances}))}  # fmt: skip
    clean = curve[0.0]
    kinds = {
        kind: [_hits(model, test, change, level, options.seed) for level in levels]
        for kind, (_, levels, change) in out.each("other corruptions", _LEVELS.items())
    }
    runs = _runs(model, study.test, options, out, "ten readings")
    numbers = [share(f"noise of variance {v:g}", hits) for v, hits in curve.items()]
    numbers.append(of_runs(f"mean of {options.runs} readings at {options.runs_at:g}", runs))
    drop = mcnemar(clean, _hits(model, test, corrupt.noise, options.runs_at, options.seed))
    other_runs: list[float] = []
    if beside:
        other_runs = _runs(beside, test, options, out, "the same, trained on noise")
        numbers.append(share("trained on noise: no noise", models.predicted(beside, test.images)
                             == test.labels))  # fmt: skip
        numbers.append(of_runs(f"trained on noise: mean of readings at {options.runs_at:g}",
                               other_runs))  # fmt: skip
    questions = {f"noise of variance {options.runs_at:g}": drop} | {
        f"{kind}, strongest": mcnemar(clean, hits[-1]) for kind, hits in kinds.items()
    }
    return Result(
        protocol=f"{study.measured}, every picture changed once at each level; McNemar's test "
        "against the unchanged pictures." + models.protocol_note(model, study),
        numbers=(*numbers, *_kind_numbers(kinds)),
        figures=(
            _noise_figure(out, curve),
            _runs_figure(out, options, runs, other_runs),
            _kinds_figure(out, kinds),
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
        meaning=_meaning(options, clean, runs, other_runs),
        model=model.facts,
        data=study.name,
        data_sha256=studies.fingerprint(test),
    )


def _hits(
    model: models.Model, test: FaceSet, change: corrupt.Change, level: float, seed: int
) -> NDArray[np.bool_]:
    changed = change(test.images, level, np.random.default_rng(seed))
    return models.predicted(model, changed) == test.labels


def _runs(
    model: models.Model, test: FaceSet, options: Options, out: Out, label: str
) -> list[float]:
    seeds = range(options.seed + 1, options.seed + 1 + options.runs)
    return [
        float(_hits(model, test, corrupt.noise, options.runs_at, seed).mean())
        for seed in out.each(label, seeds)
    ]


def _beside(
    options: Options, study: studies.Study, model: models.Model, out: Out
) -> models.Model | None:
    if options.noise_trained:
        return models.any_model(replace(options, model=options.noise_trained), study, out)
    if not model.facts.trained_here:
        return None
    draw = np.random.default_rng(options.seed)
    levels = draw.choice([v for v in options.variances if v] or [0.1], len(study.fit))
    noisy = np.stack(
        [corrupt.noise(face[None], level, draw)[0]
         for face, level in zip(study.fit.images, levels, strict=True)]
    )  # fmt: skip
    both = studies.joined(study.fit, FaceSet(noisy, study.fit.labels, study.fit.usage))
    name = "small net with noise"
    return models.trained_here(options, replace(study, fit=both), out, name=name)


def _kind_numbers(kinds: dict[str, list[NDArray[np.bool_]]]) -> list[Number]:
    return [
        share(f"{kind} at {_LEVELS[kind][1][-1]:g} ({_LEVELS[kind][0]})", hits[-1])
        for kind, hits in kinds.items()
    ]


def _noise_figure(out: Out, curve: dict[float, NDArray[np.bool_]]) -> Figure:
    estimates = [share("", hits) for hits in curve.values()]
    caption = (
        "Accuracy against the variance of Gaussian noise, with Wilson's 95 % interval; dashed, the "
        "published curve (other pictures); dotted, chance."
    )
    with figures.drawing(out, "noise", caption) as drawn:
        axes = drawn.canvas.subplots()
        figures.shares(axes)
        axes.plot(
            list(_SEED_ACCURACY), list(_SEED_ACCURACY.values()), color=LIGHT.dim, linestyle="--",
            marker="x", label="published, other pictures",
        )  # fmt: skip
        figures.band(
            axes, list(curve), [e.value or 0 for e in estimates], [e.low or 0 for e in estimates],
            [e.high or 1 for e in estimates], "this model",
        )  # fmt: skip
        axes.set(xlabel="variance of the noise", ylabel="accuracy")
        axes.legend()
    return figures.done(drawn)


def _runs_figure(out: Out, options: Options, runs: list[float], other: list[float]) -> Figure:
    groups = {"this model": runs} | ({"trained on noise": other} if other else {})
    caption = (
        f"{options.runs} readings with fresh noise of variance {options.runs_at:g}: box and "
        "median, each reading as a dot; beside it, the mean with its 95 % interval."
    )
    with figures.drawing(out, "runs", caption, size=(8, 3.4)) as drawn:
        axes = drawn.canvas.subplots()
        for place, (name, values) in enumerate(groups.items()):
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
        axes.set_xlim(-0.6, len(groups) - 0.2)
        figures.percent(axes.yaxis, 1)
        axes.set(ylabel="accuracy")
    return figures.done(drawn)


def _kinds_figure(out: Out, kinds: dict[str, list[NDArray[np.bool_]]]) -> Figure:
    caption = "Accuracy under four other corruptions, with Wilson's 95 % interval."
    with figures.drawing(out, "corruptions", caption, size=(9, 5.2)) as drawn:
        for index, (axes, (kind, hits)) in enumerate(
            zip(drawn.canvas.subplots(2, 2).flat, kinds.items(), strict=True)
        ):
            unit, levels, _ = _LEVELS[kind]
            estimates = [share("", each) for each in hits]
            figures.shares(axes)
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
    options: Options, clean: NDArray[np.bool_], runs: list[float], other: list[float]
) -> tuple[str, ...]:
    lost = clean.mean() - np.mean(runs)
    sentences = [
        f"Noise of variance {options.runs_at:g} costs {lost:.1%} of accuracy; readings with fresh "
        f"noise differ by {max(runs) - min(runs):.1%} at most, so one reading of a test set tells "
        "most of it.",
        "A variance of 0.05 is a spread of 57 of 255 steps of brightness, far more than a camera's "
        "noise in daylight; blur, compression and darkness are nearer to what pictures meet.",
    ]
    if other:
        gain = np.mean(other) - np.mean(runs)
        sentences.append(
            f"Training on noisy pictures changes accuracy at that noise by {gain:+.1%}; what it "
            "does to clean pictures stands in the figures."
        )
    return tuple(sentences)
