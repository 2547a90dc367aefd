"""Learning on top of VGG-16: recorded features, a frozen base, unfrozen last blocks, from scratch.

Simonyan and Zisserman 2015. Without --start the base is random, which shows how much comes from the
dense head alone; `--start vgg16-imagenet` downloads torchvision's weights, a file is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from howifeel.errors import SettingsError
from howifeel.lab.kit import figures, learned, training
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import holm, mcnemar, share
from howifeel.lab.kit.options import Options as CommonOptions
from howifeel.lab.kit.options import option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Published, Result, Table
from howifeel.lab.kit.training import Outcome
from howifeel.train.recipe import Recipe

_BLOCK = 3
"""Convolutions of each of VGG-16's last stages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(CommonOptions):
    """Options of the experiment."""

    start: str = option(
        "", "weights of the base: a file, or vgg16-imagenet (downloaded); empty: random ones"
    )
    width: int = option(64, "channels of the first stage; 64 fits published weights", quick=4,
                        least=1)  # fmt: skip
    norm: bool = option(False, "with batch normalisation, as vgg16-norm-imagenet has it")
    dense: tuple[int, ...] = option((256,), "sizes of the dense layers", quick=(32,), least=1)
    blocks: int = option(1, "last blocks of three convolutions that are unfrozen", least=1)
    epochs: int = option(12, "passes over Training for each way", quick=3, least=1)
    lr: float = option(1e-3, "highest learning rate", least=1e-6)


def run(options: Options, out: Out) -> Result:
    """Train in each way, compare."""
    if options.blocks > 3:
        raise SettingsError("--blocks must be at most 3: the earlier ones have two convolutions.")
    base = training.start_in_words(options.start) if options.start else "random weights"
    study = studies.study(options)
    found: dict[str, Outcome] = {}
    for name, recipe in _recipes(options).items():
        found[name] = training.outcome(recipe, study, out, label=name, device=options.device)
    answers = {name: each.logits.argmax(1) for name, each in found.items()}
    first, *others = found
    corrected = holm([mcnemar(found[name].hits, found[first].hits) for name in others])
    return Result(
        protocol=f"{study.measured}. VGG-16 of width {options.width} on {base}, dense layers "
        f"{', '.join(map(str, options.dense))}, {options.epochs} epochs each: {study.trained}.",
        numbers=(
            *(share(f"{name}, accuracy", each.hits) for name, each in found.items()),
            *(Number(f"{name}, training", each.seconds, kind="seconds", varies=True)
              for name, each in found.items()),
            *(Number(f"p of McNemar's test, Holm-corrected, {name} against {first}", p,
                     kind="number") for name, p in zip(others, corrected, strict=True)),
        ),
        figures=(_figure(out, found, learned.commonest(study.choose.labels)),),
        tables=(_table(found),),
        published=(
            Published("43.9 % with recorded features and a dense head",
                      "a project that used VGG-16 on FER-2013", "its own split, other head"),
            Published("39.3 % with a frozen base and augmentation, end to end",
                      "the same project", "unfreezing blocks was its future work"),
        ),
        meaning=(
            *learned.doubts_of(study.test.labels, answers),
            "Features that are recorded once cost no computation afterwards, but allow no "
            "augmentation.",
            "With a random base these figures only show what a dense head learns from random "
            "features; give --start for transfer."
            if not options.start
            else "What the base has learned before decides what the head can learn: what is near "
            "to faces, and to expressions, carries over.",
        ),
        data=study.name,
        data_sha256=studies.fingerprint(study.fit, study.choose, study.test),
    )  # fmt: skip


def _recipes(options: Options) -> dict[str, Recipe]:
    plain = training.plain(options.seed, options.epochs, options.width, "vgg16")
    base = replace(
        plain,
        options={
            "width": options.width,
            "dense": options.dense,
            "norm": options.norm,
            "dropout": 0.3,
        },
        lr=options.lr,
        start=options.start,
    )
    head = len(options.dense) + 1
    unfrozen = head + _BLOCK * options.blocks
    return {
        "recorded features, dense head": replace(base, train_last=head, recorded=True),
        "frozen base, end to end": replace(base, train_last=head),
        f"last {options.blocks} block(s) unfrozen": replace(base, train_last=unfrozen),
        "all from scratch": replace(base, start=""),
    }


def _table(found: dict[str, Outcome]) -> Table:
    rows = tuple(
        (name, f"{each.accuracy:.1%}", f"{each.saved.history[-1]['train_accuracy']:.1%}",
         f"{each.parameters:,}")
        for name, each in found.items()
    )  # fmt: skip
    columns = ("way", "accuracy", "accuracy in training, last epoch", "weights in all")
    return Table("Ways of transfer", columns, rows)


def _figure(out: Out, found: dict[str, Outcome], commonest: float) -> Figure:
    caption = "Accuracy on the held-out part of Training after each epoch."
    with figures.drawing(out, "curves", caption) as drawn:
        axes = drawn.canvas.subplots()
        figures.shares(axes, commonest)
        for index, (name, each) in enumerate(found.items()):
            history = each.saved.history
            axes.plot([r["epoch"] for r in history], [r["choose_accuracy"] for r in history],
                      color=figures.SERIES[index], marker=figures.MARKERS[index],
                      label=name)  # fmt: skip
        figures.whole(axes.xaxis)
        axes.set(xlabel="epoch", ylabel="accuracy")
        axes.legend()
    return figures.done(drawn)
