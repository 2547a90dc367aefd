"""Original pictures against cuts by five points of the face, and against aligned ones.

The points are MTCNN's (Zhang et al. 2016): eyes, nose, corners of the mouth. "Cut" moves and scales
each face so that its points lie as in the average face of Training; "aligned" also turns it
upright. A picture without found points keeps its original cut. All three are trained with the same
seeds and the same budget.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.errors import SettingsError
from howifeel.lab.kit import comparison, figures, kept, landmarks, learned, training
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import of_runs, share
from howifeel.lab.kit.landmarks import Points
from howifeel.lab.kit.options import TrainingOptions, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Published, Result, Table
from howifeel.lab.kit.study import Study
from howifeel.train.data import DataError, FaceSet

_ORIGINAL, _CUT, _ALIGNED = "original", "cut", "aligned"
_EXAMPLES = 8
_Found = dict[str, Points]
"""Part of a study (fit, choose, test) to its points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(TrainingOptions):
    """Options of the experiment."""

    net: str = option("vgg8", "architecture")
    runs: int = option(
        3, "runs with different seeds each; the same seeds for all", quick=2, least=2
    )
    min_score: float = option(0.9, "score of a face below which its points are not used", least=0)
    zoom: float = option(1.0, "size of the face against the average of Training", least=0.5)

    def __post_init__(self) -> None:
        TrainingOptions.__post_init__(self)
        if self.min_score > 1:
            raise SettingsError("--min-score must be at most 1.")


def run(options: Options, out: Out) -> Result:
    """Find points, cut, train each way, compare."""
    finder = landmarks.Finder(options.min_score, options.device)
    study = studies.study(options)
    parts = {"fit": study.fit, "choose": study.choose, "test": study.test}
    points = {name: _points(finder, part, options, out, name) for name, part in parts.items()}
    with_points = landmarks.known(points["test"])
    template = _template(points["fit"], options.zoom)
    ways = {
        _ORIGINAL: study,
        _CUT: _changed(study, points, template, upright=False),
        _ALIGNED: _changed(study, points, template, upright=True),
    }
    everything: dict[str, list[float]] = {}
    some: dict[str, list[float]] = {}
    answers: list[NDArray[np.intp]] = []
    for way, pictures in ways.items():
        for repeat in range(options.runs):
            recipe = training.plain(
                options.seed + repeat, options.epochs, options.width, options.net
            )
            outcome = training.outcome(
                recipe, pictures, out, label=f"{way}, run {repeat + 1}", device=options.device
            )
            everything.setdefault(way, []).append(outcome.accuracy)
            some.setdefault(way, []).append(float(outcome.hits[with_points].mean()))
            if way == _ORIGINAL:
                answers.append(outcome.logits.argmax(1))
    changes = comparison.changes(everything, _ORIGINAL)
    return Result(
        protocol=f"{study.measured}, trained and measured in each way. {options.net} of width "
        f"{options.width}, {options.epochs} epochs, {options.runs} runs of each way with the same "
        f"seeds: {study.trained}. The average face comes from Training.",
        numbers=(
            share("test pictures with found points", with_points),
            *(of_runs(f"{way}, accuracy", values) for way, values in everything.items()),
            *(
                of_runs(f"{way}, accuracy where points were found", values)
                for way, values in some.items()
            ),
            *(
                of_runs(f"{way}, change against original", values, signed=True)
                for way, values in changes.items()
            ),
        ),
        figures=(_figure(out, everything), _examples(out, study.test, ways, points["test"])),
        tables=(
            comparison.table(
                "Each way against the original pictures, same seeds",
                "pictures",
                everything,
                _ORIGINAL,
            ),
            _found_table(study.test, with_points),
        ),
        published=(
            Published(
                "faces cut by landmarks against the original pictures",
                "a project that cropped FER-2013 by MTCNN's points",
                "the comparison; it published no figure for it",
            ),
        ),
        meaning=(
            *learned.doubts(
                np.tile(study.test.labels, len(answers)),
                np.concatenate(answers),
                "The net of the original pictures",
            ),
            *_meaning(changes, float(1 - with_points.mean()), options.epochs),
        ),
        data=study.name,
        data_sha256=studies.fingerprint(study.fit, study.choose, study.test),
    )


def _points(
    finder: landmarks.Finder, part: FaceSet, options: Options, out: Out, name: str
) -> Points:
    key = {"pictures": studies.fingerprint(part), "min_score": options.min_score}
    return kept.array(out, key, lambda: finder.points(part.images, out, f"points, {name}"))


def _template(points: Points, zoom: float) -> Points:
    """Where the points lie in the average face, float32 (5, 2), enlarged about its middle."""
    found = points[landmarks.known(points)]
    if not len(found):
        raise DataError(
            "MTCNN found points in no picture of Training; lower --min-score or use photographs of "
            "faces."
        )
    mean = found.mean(0)
    middle = mean.mean(0)
    return middle + np.float32(zoom) * (mean - middle)


def _changed(study: Study, points: _Found, template: Points, *, upright: bool) -> Study:
    parts = {
        name: _with_images(
            part, landmarks.cut(part.images, points[name], template, upright=upright)
        )
        for name, part in (("fit", study.fit), ("choose", study.choose), ("test", study.test))
    }
    return replace(study, **parts)


def _with_images(part: FaceSet, images: NDArray[np.uint8]) -> FaceSet:
    return FaceSet(images, part.labels, part.usage, part.votes)


def _found_table(test: FaceSet, with_points: NDArray[np.bool_]) -> Table:
    rows = []
    for label, name in enumerate(emotions.NAMES):
        of = test.labels == label
        if of.any():
            rows.append((name, f"{of.sum():,}", f"{with_points[of].mean():.1%}"))
    columns = ("expression", "test pictures", "with points")
    return Table("In which pictures points were found; the others keep their cut", columns,
                 tuple(rows))  # fmt: skip


def _figure(out: Out, everything: dict[str, list[float]]) -> Figure:
    caption = (
        "Accuracy of each run, lines joining those with the same seed; beside them, the mean with "
        "its 95 % interval."
    )
    with figures.drawing(out, "accuracy", caption, size=(8, 3.6)) as drawn:
        axes = drawn.canvas.subplots()
        for each in np.transpose(list(everything.values())):
            axes.plot(range(len(everything)), each, color=figures.SERIES[6], marker=".",
                      linewidth=1)  # fmt: skip
        for place, values in enumerate(everything.values()):
            mean = of_runs("", values)
            bounds = None
            if mean.low is not None:
                bounds = [[mean.value - mean.low], [mean.high - mean.value]]  # type: ignore[operator]
            axes.errorbar([place + 0.12], [mean.value], bounds, capsize=4,  # type: ignore[list-item]
                          color=figures.SERIES[place], marker=figures.MARKERS[place])  # fmt: skip
        axes.set_xticks(range(len(everything)), list(everything))
        axes.set_xlim(-0.3, len(everything) - 0.6)
        figures.percent(axes.yaxis, 1)
        axes.set(ylabel="accuracy")
    return figures.done(drawn)


def _examples(out: Out, test: FaceSet, ways: dict[str, Study], points: Points) -> Figure:
    """For each expression the picture that is changed most; the originals with their points."""
    moved = np.abs(ways[_ALIGNED].test.images.astype(int) - test.images).mean((1, 2))
    chosen = [
        members[moved[members].argmax()]
        for members in (np.flatnonzero(test.labels == label) for label in range(7))
        if len(members)
    ][:_EXAMPLES]
    grid = [[_marked(test.images[place], points[place]) for place in chosen]]
    grid += [[ways[way].test.images[place] for place in chosen] for way in (_CUT, _ALIGNED)]
    names = [emotions.NAMES[test.labels[place]] for place in chosen]
    caption = "For each label the picture that is changed most: its points, cut and aligned."
    with figures.drawing(out, "examples", caption, size=(8.5, 4), faces=True) as drawn:
        figures.pictures(drawn.canvas, grid, rows=list(ways), columns=names)
    return figures.done(drawn)


def _marked(image: NDArray[np.uint8], points: Points) -> NDArray[np.uint8]:
    """The picture, four times as large and in colour, with its points: uint8 (192, 192, 3), RGB."""
    import cv2

    colour = cv2.cvtColor(image.repeat(4, 0).repeat(4, 1), cv2.COLOR_GRAY2RGB)
    for x, y in points[np.isfinite(points).all(1)]:
        cv2.circle(colour, (round(4 * x + 2), round(4 * y + 2)), 5, (255, 90, 40), -1)
    return np.asarray(colour, np.uint8)


def _meaning(
    changes: dict[str, list[float]], without_points: float, epochs: int
) -> tuple[str, ...]:
    words = []
    for way, values in changes.items():
        mean = of_runs("", values, signed=True)
        certain = mean.low is not None and mean.high is not None and mean.low * mean.high > 0
        words.append(
            f"{way} {np.mean(values):+.1%}" + ("" if certain else " (the interval includes 0)")
        )
    return (
        f"Against the original pictures, after {epochs} epochs of a small net: {'; '.join(words)}; "
        f"{without_points:.1%} of the test pictures have no points and are the same in all ways.",
        "FER-2013's pictures had been cut by a face detector before, which leaves less for points "
        "to improve than whole photographs would.",
    )
