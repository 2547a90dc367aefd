"""Faces changed so that they show another expression, judged by a classifier that did not teach.

A compact StarGAN (Choi et al. 2018) on grey faces of 48 pixels: one generator for all expressions,
guided by a classifier. A change counts as a success when another, independent classifier names the
wanted expression. Whether the person is still the same is judged by embeddings where their weights
are there, and by named stand-ins otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel import assets, emotions
from howifeel.errors import SettingsError
from howifeel.lab.kit import figures, gradients, identity, learned, models, training
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import bootstrap, share
from howifeel.lab.kit.options import ModelOptions, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, ModelFacts, Number, Published, Result, Table
from howifeel.lab.kit.study import Study
from howifeel.lab.translate import train
from howifeel.lab.translate.train import Plan, Translation
from howifeel.train.data import FaceSet
from howifeel.train.parallel import device_of

GRID_FILE, STATE_FILE = "grid.png", "translation.pt"
_SHOWN_SIDE = 96
_UNCHANGED = 0.98
"""A structural similarity above which a change can hardly be seen."""

_PARTS = 1000
"""In which the budget of the training is told as progress."""

_CLASSES = len(emotions.NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(ModelOptions):
    """Options of the experiment."""

    steps: int = option(20000, "steps of the training", quick=20, least=1)
    minutes: float = option(0, "end the training after so long, 0: only after --steps", least=0)
    batch: int = option(16, "faces in one step", quick=8, least=2)
    width: int = option(32, "channels of the networks' first layers", quick=4, least=1)
    blocks: int = option(3, "residual blocks of the generator", quick=1, least=1)
    lr: float = option(2e-4, "highest learning rate", least=1e-7)
    judged: int = option(350, "test pictures that are changed and judged", quick=28, least=7)
    guide: Path | None = option(
        None,
        "an ONNX file or checkpoint that tells the network which expressions its faces show; not "
        "the model that judges. Without it, a small net is trained for that",
    )
    start: Path | None = option(None, f"a {STATE_FILE} of an earlier run to begin with")
    identity: Path | None = option(
        None,
        "facenet-pytorch's weights for faces, to compare people; without it, those that it has "
        "downloaded before, or stand-ins",
    )

    def __post_init__(self) -> None:
        ModelOptions.__post_init__(self)
        for path in (self.start, self.guide):
            if path is not None:
                assets.existing(path)


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """What became of the test pictures.

    Attributes:
        test: them.
        changed: uint8 (7, n, 48, 48), each with each wanted expression.
        before: int (n,), what the classifier names them unchanged.
        after: int (7, n), what it names them changed.
        similar: float (7, n), structural similarity to the original.
        again: bool (7, n), found again among the originals.
        embedded: float (7, n), cosine of embeddings with the original's; None without weights.
        strangers: float (n,), structural similarity of two originals.
        strangers_embedded: the same of embeddings.
    """

    test: FaceSet
    changed: NDArray[np.uint8]
    before: NDArray[np.intp]
    after: NDArray[np.intp]
    similar: NDArray[np.float64]
    again: NDArray[np.bool_]
    embedded: NDArray[np.float64] | None
    strangers: NDArray[np.float64]
    strangers_embedded: NDArray[np.float64] | None

    @property
    def asked(self) -> NDArray[np.bool_]:
        """Where another expression was wanted than the label, bool (7, n)."""
        return np.arange(_CLASSES)[:, None] != self.test.labels[None]


def run(options: Options, out: Out) -> Result:
    """Train, change the test pictures, judge them."""
    begun = f" from {training.start_in_words(options.start)} on" if options.start else ""
    weights = identity.weights_file(options.identity)
    embedder = identity.Embedder(weights) if weights else None
    study = studies.study(options)
    judge = models.any_model(options, study, out)
    guide = _guide(options, study, out)
    if guide.facts.sha256 == judge.facts.sha256:
        raise SettingsError(
            "The model that judges must not be the --guide, too; name another one there."
        )
    plan = Plan(
        options.width, options.blocks, options.batch, options.steps, options.minutes or math.inf,
        options.lr, options.seed,
    )  # fmt: skip
    translation = train.fit(
        plan,
        study.fit,
        out.work / STATE_FILE,
        guide=gradients.Logits(guide).eval(),
        start=options.start,
        device=device_of(options.device),
        on_step=lambda done: out.progress(
            "training the translation", round(_PARTS * train.spent(plan, done)), _PARTS
        ),
    )
    translation.save(out.path(STATE_FILE))
    test = studies.fewer(study.test, options.judged, options.seed)
    judged = _judge(translation, test, judge, embedder, out)
    cv2.imwrite(str(out.path(GRID_FILE)), _mosaic(judged))
    return Result(
        protocol=_protocol(options, begun, study, translation, judged, guide.facts)
        + models.protocol_note(judge, study),
        numbers=_numbers(judged, options.seed),
        figures=(
            _grid_figure(out, judged),
            _answers_figure(out, judged),
            _history_figure(out, translation),
        ),
        tables=(_table(judged),),
        published=(
            Published(
                "a classifier reads the wanted expression in all but 2.12 % of the changed faces",
                "Choi et al. 2018, on RaFD (eight expressions, 128 px, colour)",
                "posed studio portraits of few people, a long training on a GPU",
            ),
        ),
        meaning=(
            *learned.doubts(test.labels, judged.before, "The classifier that judges"),
            *_meaning(judged),
        ),
        model=judge.facts,
        data=study.name,
        data_sha256=studies.fingerprint(study.fit, test),
        pages=(GRID_FILE, STATE_FILE),
    )


def _guide(options: Options, study: Study, out: Out) -> models.TorchModel:
    if options.guide:
        return models.with_gradients(str(options.guide), options.device)
    apart = replace(options, seed=options.seed + 1)
    return models.trained_here(apart, study, out, name="small net that guides")


def _judge(
    translation: Translation,
    test: FaceSet,
    judge: models.Model,
    embedder: identity.Embedder | None,
    out: Out,
) -> _Judged:
    each = out.each("changing", range(_CLASSES))
    changed = np.stack([translation.changed(test.images, wanted) for wanted in each])
    others = np.roll(test.images, len(test) // 2, axis=0)
    embedded = strangers = None
    if embedder:
        own, far = embedder.embeddings(test.images), embedder.embeddings(others)
        embedded = np.stack([(embedder.embeddings(some) * own).sum(1) for some in changed])
        strangers = (own * far).sum(1).astype(np.float64)
    return _Judged(
        test=test,
        changed=changed,
        before=models.predicted(judge, test.images),
        after=np.stack([models.predicted(judge, some) for some in changed]),
        similar=np.stack([identity.alike(test.images, some) for some in changed]),
        again=np.stack([identity.found_again(test.images, some) for some in changed]),
        embedded=None if embedded is None else embedded.astype(np.float64),
        strangers=identity.alike(test.images, others),
        strangers_embedded=strangers,
    )


def _numbers(judged: _Judged, seed: int) -> tuple[Number, ...]:
    asked, count = judged.asked, len(judged.test)
    wanted = np.arange(_CLASSES)[:, None]
    hit, chance = judged.after == wanted, judged.before[None] == wanted

    def over_faces(
        name: str,
        values: NDArray[np.generic],
        kind: str = "share",
        where: NDArray[np.bool_] = asked,
    ) -> Number:
        """The mean of values (7, n) with an interval over faces, whose changes belong together."""

        def mean(some: NDArray[np.intp]) -> float:
            return float(values[:, some][where[:, some]].mean())

        return bootstrap(name, mean, count, seed, kind=kind)

    numbers = [
        over_faces("changed faces in which the wanted expression is named", hit),
        over_faces("the same without any change", chance),
        share("accuracy of that classifier on the unchanged pictures",
              judged.before == judged.test.labels),
        *(
            share(f"wanted {name}", hit[place][asked[place]])
            for place, name in enumerate(emotions.NAMES)
        ),
        over_faces("stand-in for identity: structural similarity to the original",
                   judged.similar, "number"),
        _mean("the same of two different faces", judged.strangers, seed),
        over_faces(f"stand-in for identity: nearest in shape to its own original among {count}",
                   judged.again),
    ]  # fmt: skip
    if judged.embedded is not None and judged.strangers_embedded is not None:
        numbers += [
            over_faces("identity: cosine of embeddings with the original's", judged.embedded,
                       "number"),
            _mean("the same of two different faces' embeddings", judged.strangers_embedded, seed),
        ]  # fmt: skip
    return tuple(numbers)


def _mean(name: str, values: NDArray[np.floating], seed: int) -> Number:
    return bootstrap(
        name, lambda some: float(values[some].mean()), len(values), seed, kind="number"
    )


def _protocol(
    options: Options,
    begun: str,
    study: Study,
    translation: Translation,
    judged: _Judged,
    guide: ModelFacts,
) -> str:
    return (
        f"Trained{begun} for {translation.step:,} steps of {options.batch} faces on "
        f"{len(study.fit):,} pictures of Training without copies of test pictures, all expressions "
        f"equally often, guided by {guide.name} ({guide.about}); no step was chosen, "
        "the losses' weights were set before with pictures of PublicTest in view. "
        f"{len(judged.test):,} pictures of {study.part} of {study.name} were changed to each "
        "expression other than their label, one sample each, and judged by a classifier that took "
        "no part in the training."
    )


def _meaning(judged: _Judged) -> tuple[str, ...]:
    rate = (judged.after == np.arange(_CLASSES)[:, None])[judged.asked].mean()
    before = (judged.before[None] == np.arange(_CLASSES)[:, None])[judged.asked].mean()
    people = (
        "Embeddings tell people apart, though they were made for larger pictures."
        if judged.embedded is not None
        else "Who is seen was not compared by a network for that, whose weights were not there: "
        "structural similarity and shape compare pictures, so they also fall when only the "
        "expression changes."
    )
    sentences = [
        f"The wanted expression is named in {rate:.1%} of the changed faces, against {before:.1%} "
        "in the same faces unchanged: the difference is what the change does, as far as a "
        "classifier of this accuracy can tell, and a network that fools it need not convince "
        "people.",
        people,
    ]
    if judged.similar.mean() > _UNCHANGED:
        sentences.append(
            "The faces hardly changed: within this budget the network has learned to keep them and "
            "not yet to change them, so what is said about who is seen tells nothing."
        )
    return tuple(sentences)


def _table(judged: _Judged) -> Table:
    rows = []
    for place, name in enumerate(emotions.NAMES):
        of = judged.asked[place]
        rows.append(
            (name, f"{of.sum():,}", f"{(judged.before[of] == place).mean():.1%}",
             f"{(judged.after[place][of] == place).mean():.1%}",
             f"{judged.similar[place][of].mean():.3f}", f"{judged.again[place][of].mean():.1%}")
        )  # fmt: skip
    columns = ("wanted", "faces", "named so before", "named so after", "structural similarity",
               "nearest in shape")  # fmt: skip
    return Table("Faces of another label, by the expression that was wanted", columns, tuple(rows))


def _rows_shown(judged: _Judged) -> list[int]:
    """The face of each label whose changes succeed most often, so that it is seen how they work."""
    succeeded = (judged.after == np.arange(_CLASSES)[:, None]).sum(0)
    rows = []
    for label in range(_CLASSES):
        members = np.flatnonzero(judged.test.labels == label)
        if len(members):
            rows.append(int(members[succeeded[members].argmax()]))
    return rows


def _mosaic(judged: _Judged) -> NDArray[np.uint8]:
    """The grid as a picture without words: a face in each row, then its changes."""
    side = (_SHOWN_SIDE, _SHOWN_SIDE)

    def enlarged(face: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.asarray(cv2.resize(face, side, interpolation=cv2.INTER_CUBIC), np.uint8)

    return np.vstack(
        [
            np.hstack([enlarged(judged.test.images[row]), *map(enlarged, judged.changed[:, row])])
            for row in _rows_shown(judged)
        ]
    )


def _grid_figure(out: Out, judged: _Judged) -> Figure:
    rows = _rows_shown(judged)
    grid = [[judged.test.images[row], *judged.changed[:, row]] for row in rows]
    names = [emotions.NAMES[judged.test.labels[row]] for row in rows]
    titles = [
        [f"looks {emotions.NAMES[judged.before[row]]}"]
        + [f"looks {emotions.NAMES[answer]}" for answer in judged.after[:, row]]
        for row in rows
    ]
    titles[0] = [
        f"{head}\n{title}"
        for head, title in zip(
            ("ORIGINAL", *(f"TO {n.upper()}" for n in emotions.NAMES)), titles[0], strict=True
        )
    ]
    caption = (
        "For each label the test picture whose changes succeed most often, changed to each "
        "expression; above each picture, what the independent classifier names."
    )
    with figures.drawing(out, "grid", caption, size=(9, 1.22 * len(rows)), faces=True) as drawn:
        figures.pictures(drawn.canvas, grid, rows=names, titles=titles)
    return figures.done(drawn)


def _answers_figure(out: Out, judged: _Judged) -> Figure:
    caption = "What the independent classifier names faces that were changed to each expression."
    with figures.drawing(out, "answers", caption, size=(7, 5)) as drawn:
        shares = np.stack(
            [
                np.bincount(judged.after[place][judged.asked[place]], minlength=_CLASSES)
                / max(1, judged.asked[place].sum())
                for place in range(_CLASSES)
            ]
        )
        axes = drawn.canvas.subplots()
        figures.matrix(axes, shares, emotions.NAMES, emotions.NAMES)
        axes.set(xlabel="named", ylabel="wanted")
    return figures.done(drawn)


def _history_figure(out: Out, translation: Translation) -> Figure:
    caption = "The parts of the losses while the translation was trained."
    with figures.drawing(out, "losses", caption, size=(9, 3)) as drawn:
        parts = ("discriminator", "fooled", "expression", "cycle")
        for index, (axes, part) in enumerate(zip(drawn.canvas.subplots(1, 4), parts, strict=True)):
            steps = [record["step"] for record in translation.history]
            axes.plot(steps, [record[part] for record in translation.history], marker="",
                      color=figures.SERIES[index])  # fmt: skip
            axes.set(xlabel="step", title=part)
            axes.locator_params(axis="x", nbins=3)
    return figures.done(drawn)
