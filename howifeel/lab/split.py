"""Training divided into training and validation, stratified and free of copies, as a file.

The file is Parquet and `howifeel-train --data FILE` takes it: the new validation part stands where
PublicTest stood, and the former test parts are kept as `Test`, of which the trainer only uses
pixels, to leave out copies.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from howifeel import emotions
from howifeel.errors import SettingsError
from howifeel.lab.kit import figures
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.options import Options as CommonOptions
from howifeel.lab.kit.options import option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Published, Result
from howifeel.train import readers
from howifeel.train.data import PUBLIC, TEST, TRAINING, VOTES, FaceSet, hold_out
from howifeel.train.duplicates import RULES, clean_training, near_copies

SPLIT_FILE = "split.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(CommonOptions):
    """Options of the experiment."""

    validation: float = option(0.5, "share of Training that becomes validation, 0..1", least=0)
    copies: str = option("wide", "what counts as a near copy", quick="narrow", choices=tuple(RULES))

    def __post_init__(self) -> None:
        CommonOptions.__post_init__(self)
        if not 0 < self.validation < 1:
            raise SettingsError("--validation must lie between 0 and 1.")


def run(options: Options, out: Out) -> Result:
    """Clean, divide, check, write."""
    everything, name = studies.faces(options)
    training = studies.training_only(everything, options)
    tests = everything.where(everything.usage != TRAINING)
    rule = RULES[options.copies]
    out.progress("looking for copies", 0, 2)
    cleaned, cleaning = clean_training(studies.joined(training, tests), rule)
    train, validation = hold_out(cleaned, options.validation, options.seed)
    out.progress("looking for copies", 1, 2)
    _, straddling = near_copies(train.images, validation.images, rule)
    train = train.where(~straddling)
    out.progress("looking for copies", 2, 2)
    for part, words in ((train, "the new training part"), (validation, "the new validation part")):
        studies.require_all(part, words)
    _write(out, train, validation, tests)
    again = readers.read(out.path(SPLIT_FILE))
    _, left = near_copies(again.part(PUBLIC).images, again.part(TRAINING).images, rule)
    return Result(
        protocol=f"Training of {name} without copies of test pictures and without repeated ones, "
        f"divided within each expression at random; near copies by the rule {options.copies!r}.",
        numbers=(
            Number("Training before", cleaning.before, kind="count"),
            Number("taken out: copies of test pictures", cleaning.test_exact + cleaning.test_near,
                   kind="count"),
            Number("taken out: repeated or contradicting", cleaning.repeated
                   + cleaning.contradicting, kind="count"),
            Number("taken out: copies across the new border", int(straddling.sum()), kind="count"),
            Number("training", len(train), kind="count"),
            Number("validation", len(validation), kind="count"),
            Number("copies across the border in the written file", int(left.sum()), kind="count"),
            Number("greatest difference of an expression's share", _worst(train, validation)),
        ),
        figures=(_figure(out, train, validation),),
        published=(
            Published("half and half", "a study of FER-2013 that divided Training so",
                      "without a look for copies"),
        ),
        meaning=(
            f"howifeel-train --data {SPLIT_FILE} fits on the one part and chooses on the other.",
            "The former test parts are in the file as Test, so that the trainer can leave out "
            "their copies; it neither fits nor chooses on them.",
        ),
        data=name,
        data_sha256=studies.fingerprint(training),
        pages=(SPLIT_FILE,),
    )  # fmt: skip


def _write(out: Out, train: FaceSet, validation: FaceSet, tests: FaceSet) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, list[object]] = {"image": [], "label": [], "usage": []}
    for part, usage in ((train, TRAINING), (validation, PUBLIC), (tests, TEST)):
        columns["image"] += [{"bytes": _png(image), "path": None} for image in part.images]
        columns["label"] += part.labels.tolist()
        columns["usage"] += [usage] * len(part)
        if part.votes is not None:
            for vote, values in zip(VOTES, part.votes.T, strict=True):
                columns.setdefault(f"ferplus_{vote}", []).extend(values.tolist())
    pq.write_table(pa.table(columns), out.path(SPLIT_FILE))


def _png(image: np.ndarray) -> bytes:
    packed = io.BytesIO()
    Image.fromarray(image).save(packed, "PNG")
    return packed.getvalue()


def _shares(part: FaceSet) -> np.ndarray:
    return np.bincount(part.labels, minlength=len(emotions.NAMES)) / len(part)


def _worst(train: FaceSet, validation: FaceSet) -> float:
    return float(np.abs(_shares(train) - _shares(validation)).max())


def _figure(out: Out, train: FaceSet, validation: FaceSet) -> Figure:
    caption = "Share of each expression in the new parts."
    with figures.drawing(out, "classes", caption, size=(8.5, 3.4)) as drawn:
        axes = drawn.canvas.subplots()
        for index, (name, part) in enumerate((("training", train), ("validation", validation))):
            places = np.arange(len(emotions.NAMES)) + (index - 0.5) * 0.4
            axes.bar(places, _shares(part), 0.37, label=f"{name} ({len(part):,})",
                     color=figures.SERIES[index])  # fmt: skip
        axes.set_xticks(range(len(emotions.NAMES)), emotions.NAMES)
        axes.grid(visible=False, axis="x")
        figures.percent(axes.yaxis)
        axes.set(ylabel="share of the part")
        axes.legend()
    return figures.done(drawn)
