"""Whether a classifier treats groups of faces alike, and what brightness and skin tone change.

Rates and accuracies by group with fairlearn's MetricFrame; many questions are asked at once, so
p-values are corrected (Holm 1979). Without labels of people, the changed pictures of the second
part still tell: an answer that changes with the light cannot be about the face's expression.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fairlearn.metrics import MetricFrame
from numpy.typing import NDArray
from scipy import stats
from sklearn.metrics import accuracy_score

from howifeel import emotions
from howifeel.errors import SettingsError
from howifeel.lab.kit import figures, groups, models
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.groups import Grouped
from howifeel.lab.kit.intervals import holm, mcnemar, share
from howifeel.lab.kit.options import ModelOptions, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Result, Table
from howifeel.train import metrics
from howifeel.train.data import TRAINING, FaceSet

_BRIGHTNESS = (0.4, 0.6, 0.8, 1.2, 1.4)
_SKIN = (0.5, 0.65, 0.8, 1.2, 1.4)
_CLASSES = len(emotions.NAMES)
_Frame = Any
"""A MetricFrame, whose tables are declared too loosely to be checked."""

Answers = dict[str, dict[float, NDArray[np.intp]]]
"""Kind of change to factor to the expressions that are named then, int (n,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(ModelOptions):
    """Options of the experiment."""

    table: Path | None = option(
        None,
        "Parquet with image, group columns and perhaps label; without it, the test pictures in "
        "thirds by brightness",
    )
    groups: tuple[str, ...] = option((), "columns of groups (default: all of few values)")
    trim: float = option(0.1, "share cut off each side of the table's pictures, 0..0.4", least=0)
    draws: int = option(300, "draws of the bootstrap", quick=60, least=20)

    def __post_init__(self) -> None:
        ModelOptions.__post_init__(self)
        if self.trim > 0.4:
            raise SettingsError("--trim must be at most 0.4.")


def run(options: Options, out: Out) -> Result:
    """Read the table's faces; compare groups; change light and skin tone."""
    people = groups.read(options.table, options.groups, options.trim) if options.table else None
    study = studies.study(options, train=options.model is None and options.data is None)
    model = models.any_model(options, study, out)
    seen = people or groups.by_brightness(study.test, study.name)
    if options.pictures and len(seen.images) > options.pictures:
        places = np.random.default_rng(options.seed).permutation(len(seen.images))
        seen = seen.some(np.sort(places[: options.pictures]))
    probabilities = models.probabilities(model, seen.images)
    answers = probabilities.argmax(1)
    frames = {
        column: _frame(seen, column, answers, probabilities, options)
        for column in out.each("groups", seen.groups)
    }
    changes: Answers = {
        what: {factor: models.predicted(model, change(seen.images, factor)) for factor in factors}
        for what, (factors, change) in out.each("light and skin tone", _CHANGES.items())
    }
    return Result(
        protocol=_protocol(seen, model, study),
        numbers=(
            *(number for column, frame in frames.items() for number in _numbers(column, frame)),
            *(
                share(f"answers that change with {what} times {factor:g}", changed != answers)
                for what, levels in changes.items()
                for factor, changed in levels.items()
            ),
        ),
        figures=(
            *(_group_figure(out, column, frame, seen) for column, frame in frames.items()),
            _change_figure(out, answers, changes),
            _example_figure(out, seen),
        ),
        tables=(_rate_table(frames, seen, answers), _change_table(answers, changes)),
        meaning=(
            "Without labels a difference of rates may lie in the pictures: a set in which one "
            "group smiles more is no proof against the classifier. Changed pictures are freed of "
            "this doubt.",
            "The skin tone of grey pictures is changed as brightness within an oval over the face; "
            "that is a rough stand-in for real variety.",
            "A share near 0 means that groups are treated alike in this respect only.",
        ),
        model=model.facts,
        data=seen.name,
        data_sha256=_fingerprint(seen),
    )


def brighter(faces: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    """All pixels of faces, uint8 (n, 48, 48), times a factor."""
    return (faces * factor).round().clip(0, 255).astype(np.uint8)


def retoned(faces: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    """The pixels in a soft oval over the face, uint8 (n, 48, 48), times a factor."""
    side = faces.shape[1]
    down, across = np.mgrid[:side, :side] / (side - 1) * 2 - 1
    distance = np.hypot(across / 0.82, down / 0.98)
    oval = 1 / (1 + np.exp((distance - 0.92) * 18))
    return (faces * (1 + (factor - 1) * oval)).round().clip(0, 255).astype(np.uint8)


_CHANGES = {"brightness": (_BRIGHTNESS, brighter), "skin tone": (_SKIN, retoned)}


def _frame(
    seen: Grouped,
    column: str,
    answers: NDArray[np.integer],
    probabilities: NDArray[np.float64],
    options: Options,
) -> _Frame:
    labels = answers if seen.labels is None else seen.labels
    rates = {f"named {name}": _rate(place) for place, name in enumerate(emotions.NAMES)}
    known = {} if seen.labels is None else {"accuracy": accuracy_score, "calibration error": _ece}
    sure = {"mean top probability": _mean_top}
    given = {"calibration error": {"top": probabilities.max(1)}} if known else {}
    return MetricFrame(
        metrics=known | sure | rates,
        y_true=labels,
        y_pred=answers,
        sensitive_features={column: seen.groups[column]},
        sample_params=given | {"mean top probability": {"top": probabilities.max(1)}},
        n_boot=options.draws,
        ci_quantiles=[0.025, 0.975],
        random_state=options.seed,
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


def _numbers(column: str, frame: _Frame) -> list[Number]:
    low, high = frame.by_group_ci
    names = [name for name in frame.by_group.columns if not name.startswith("named")]
    method = "percentile bootstrap over pictures (fairlearn)"
    numbers = []
    for name in names:
        for group in frame.by_group.index:
            value, bounds = frame.by_group[name][group], (low[name][group], high[name][group])
            # a bootstrap of an error that cannot be below 0 may lie beside its own estimate
            inside = bounds[0] <= value <= bounds[1]
            numbers.append(
                Number(f"{name}: {column} = {group}", float(value),
                       float(bounds[0]) if inside else None, float(bounds[1]) if inside else None,
                       method=method if inside else "")
            )  # fmt: skip
    spread = frame.difference(method="between_groups")
    rates = [name for name in frame.by_group.columns if name.startswith("named")]
    worst = max(rates, key=lambda name: spread[name])
    numbers.append(Number(f"greatest difference of a rate by {column} ({worst})",
                          float(spread[worst])))  # fmt: skip
    return numbers


def _rate_table(frames: dict[str, _Frame], seen: Grouped, answers: NDArray[np.integer]) -> Table:
    questions: list[tuple[str, str, float]] = []
    for column in frames:
        for place, name in enumerate(emotions.NAMES):
            questions.append((column, name, _independence(seen.groups[column], answers == place)))
    corrected = holm([p for _, _, p in questions])
    rows = []
    for (column, name, p), fixed in zip(questions, corrected, strict=True):
        rates = frames[column].by_group[f"named {name}"]
        words = ", ".join(f"{group} {value:.0%}" for group, value in rates.items())
        rows.append((column, name, words, f"{p:.2g}", f"{fixed:.2g}"))
    columns = ("groups", "named", "share of the group", "p (chi-square)", "p, Holm-corrected")
    return Table("How often each expression is named in each group", columns, tuple(rows))


def _independence(group: NDArray[np.str_], named: NDArray[np.bool_]) -> float:
    counts = np.array([[(named & (group == g)).sum(), (~named & (group == g)).sum()]
                       for g in np.unique(group)])  # fmt: skip
    if (counts.sum(0) == 0).any() or len(counts) < 2:
        return 1.0
    return float(stats.chi2_contingency(counts).pvalue)  # type: ignore[union-attr]


def _change_table(answers: NDArray[np.integer], changes: Answers) -> Table:
    asked = [
        (what, factor, place, changed)
        for what, levels in changes.items()
        for factor, changed in levels.items()
        for place in range(_CLASSES)
    ]
    ps = [mcnemar(answers == place, changed == place) for _, _, place, changed in asked]
    rows = []
    for (what, factor, place, changed), p, fixed in zip(asked, ps, holm(ps), strict=True):
        if fixed < 0.05:
            before, after = (answers == place).mean(), (changed == place).mean()
            rows.append((f"{what} times {factor:g}", emotions.NAMES[place], f"{before:.1%}",
                         f"{after:.1%}", f"{p:.2g}", f"{fixed:.2g}"))  # fmt: skip
    columns = ("change", "named", "before", "after", "p (McNemar)", "p, Holm-corrected")
    title = f"Changes of a rate that are significant after correcting for {len(asked)} questions"
    return Table(title, columns, tuple(rows) or (("none", "", "", "", "", ""),))


def _protocol(seen: Grouped, model: models.Model, study: studies.Study) -> str:
    what = "accuracy and rates" if seen.labels is not None else "rates alone, there are no labels"
    about = f"{len(seen.images):,} pictures of {seen.name}, single view; {what}."
    if seen.name != study.name:
        return about
    about += " Groups are thirds by the brightness of the picture."
    return about + models.protocol_note(model, study)


def _group_figure(out: Out, column: str, frame: _Frame, seen: Grouped) -> Figure:
    low, high = frame.by_group_ci
    names = [name for name in frame.by_group.columns if name.startswith("named")]
    caption = f"How often each expression is named, by {column}, with 95 % bootstrap intervals."
    with figures.drawing(out, f"rates-{column}", caption, size=(9, 4)) as drawn:
        axes = drawn.canvas.subplots()
        found = list(frame.by_group.index)
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
        axes.legend(ncols=min(len(found), 4), loc="upper center", bbox_to_anchor=(0.5, 1.16))
    return figures.done(drawn)


def _change_figure(
    out: Out,
    answers: NDArray[np.integer],
    changes: Answers,
) -> Figure:
    caption = (
        "Share of answers that change with the picture's brightness, or with that of the skin "
        "alone, with Wilson's 95 % interval."
    )
    with figures.drawing(out, "changes", caption) as drawn:
        axes = drawn.canvas.subplots()
        for index, (what, levels) in enumerate(changes.items()):
            factors = sorted([1.0, *levels])
            estimates = [share("", levels.get(f, answers) != answers) for f in factors]
            figures.band(axes, factors, [e.value or 0 for e in estimates],
                         [e.low or 0 for e in estimates], [e.high or 0 for e in estimates], what,
                         index)  # fmt: skip
        axes.set_ylim(bottom=0)
        figures.percent(axes.yaxis)
        axes.set(xlabel="brightness times", ylabel="answers that change")
        axes.legend()
    return figures.done(drawn)


def _example_figure(out: Out, seen: Grouped) -> Figure:
    face = seen.images[:1]
    grid = [[change(face, factor)[0] for factor in (*factors[:3], 1.0, *factors[3:])]
            for factors, change in _CHANGES.values()]  # fmt: skip
    titles = [[f"times {factor:g}" for factor in (*factors[:3], 1.0, *factors[3:])]
              for factors, _ in _CHANGES.values()]  # fmt: skip
    caption = "The changes on one picture."
    with figures.drawing(out, "changed", caption, size=(8, 3), faces=True) as drawn:
        figures.pictures(drawn.canvas, grid, rows=list(_CHANGES), titles=titles)
    return figures.done(drawn)


def _fingerprint(seen: Grouped) -> str:
    labels = (
        np.zeros(len(seen.images), np.int64)
        if seen.labels is None
        else seen.labels.astype(np.int64)
    )
    usage = np.full(len(seen.images), TRAINING)
    return studies.fingerprint(FaceSet(seen.images.copy(), labels, usage))
