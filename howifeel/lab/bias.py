"""Whether a classifier treats groups of faces alike, and what brightness and skin tone change.

Rates and accuracies by group with fairlearn's MetricFrame; many questions are asked at once, so
p-values are corrected (Holm 1979). Without labels of people, the changed pictures of the second
part still tell: an answer that changes with the light cannot be about the face's expression.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from howifeel import assets
from howifeel.errors import SettingsError
from howifeel.lab.kit import groups, learned, light, models, rates
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.groups import Grouped
from howifeel.lab.kit.intervals import share
from howifeel.lab.kit.options import ModelOptions, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Result
from howifeel.train.data import TRAINING, FaceSet

_BOTH = "accuracy and rates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(ModelOptions):
    """Options of the experiment."""

    table: Path | None = option(
        None,
        "Parquet with image, group columns and perhaps label, read by --model or the shipped "
        "model; without it, the test pictures in thirds by brightness",
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
    seen, model, protocol = _seen(options, out)
    if options.pictures and len(seen.images) > options.pictures:
        places = np.random.default_rng(options.seed).permutation(len(seen.images))
        seen = seen.some(np.sort(places[: options.pictures]))
    seen, left_out = groups.large(seen)

    def read(pictures: models.Pictures) -> NDArray[np.float64]:
        return model.probabilities(pictures, camera=options.table is not None)

    probabilities = read(seen.images)
    answers = probabilities.argmax(1)
    frames = {
        column: rates.frame(seen, column, probabilities, draws=options.draws, seed=options.seed)
        for column in out.each("groups", seen.groups)
    }
    changes: light.Answers = {
        what: {factor: read(change(seen.images, factor)).argmax(1) for factor in factors}
        for what, (factors, change) in out.each("light and skin tone", light.CHANGES.items())
    }
    return Result(
        protocol=f"{len(seen.images):,} pictures of {seen.name}, single view{protocol}",
        numbers=(
            *(
                number
                for column, frame in frames.items()
                for number in rates.numbers(column, frame, seen, answers, options.seed)
            ),
            *(
                share(f"answers that change with {what} times {factor:g}", changed != answers)
                for what, levels in changes.items()
                for factor, changed in levels.items()
            ),
        ),
        figures=(
            *(rates.figure(out, column, frame, seen) for column, frame in frames.items()),
            light.figure(out, answers, changes),
            light.examples(out, seen.images),
        ),
        tables=(
            *([rates.table(frames, seen, answers, options.seed)] if frames else []),
            light.table(answers, changes),
        ),
        meaning=(
            *_doubts(seen, answers),
            *left_out,
            "Changed pictures show the same faces with the same expressions, so what they change "
            "in the answers comes from the light. They are changed by a gamma that multiplies "
            "middle grey: no pixel leaves the range, but the darkest lie closer together.",
            "The skin tone of grey pictures is changed as brightness within an oval over the face; "
            "that is a rough stand-in for real variety.",
            "A share near 0 means that groups are treated alike in this respect only.",
        ),
        model=model.facts,
        data=seen.name,
        data_sha256=_fingerprint(seen),
    )


def _seen(options: Options, out: Out) -> tuple[Grouped, models.Model, str]:
    """The pictures, the classifier, and the end of the sentence that says which these are.

    People of a table are read by the shipped model, as a net that knows drawn faces cannot.
    """
    if options.table:
        people = groups.read(options.table, options.groups, options.trim)
        model = models.named(options.model or assets.DEFAULT_MODEL, options.device)
        known = "rates alone, there are no labels" if people.labels is None else _BOTH
        return people, model, f"; {known}; named is the likeliest, {models.camera_note(model)}."
    study = studies.study(options, train=options.model is None and options.data is None)
    model = models.any_model(options, study, out)
    about = f"; {_BOTH}. Groups are thirds by the brightness of the picture."
    seen = groups.by_brightness(study.test, study.name)
    return seen, model, about + models.protocol_note(model, study)


def _doubts(seen: Grouped, answers: NDArray[np.integer]) -> tuple[str, ...]:
    if seen.labels is None:
        return (
            "Without labels a difference of rates may lie in the pictures: a set in which one "
            "group smiles more is no proof against the classifier.",
        )
    return (
        *learned.doubts(seen.labels, answers),
        "Rates may differ because the pictures do. Accuracy does not depend on how often a group "
        "shows an expression in itself, but on how clear its pictures are, and on labels of people "
        "who may read groups differently themselves.",
    )


def _fingerprint(seen: Grouped) -> str:
    labels = (
        np.zeros(len(seen.images), np.int64)
        if seen.labels is None
        else seen.labels.astype(np.int64)
    )
    usage = np.full(len(seen.images), TRAINING)
    return studies.fingerprint(FaceSet(seen.images.copy(), labels, usage))
