"""All architectures under the same budget: accuracy, F1, weights, multiplications, time.

Each is trained for as many epochs by the same recipe; that is a comparison of budgets and not of
what each could reach with a recipe of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from howifeel import emotions, facenet
from howifeel.classify.runtime import open_session
from howifeel.errors import MissingPackageError
from howifeel.lab.kit import figures, learned, training
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import macro_f1, share
from howifeel.lab.kit.options import TrainingOptions, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Published, Result, Table
from howifeel.lab.kit.training import Outcome
from howifeel.lab.kit.written import formatted
from howifeel.train import metrics, nets
from howifeel.train.forward import trained
from howifeel.train.graph import to_onnx
from howifeel.train.quantise import milliseconds

_FACENET = "facenet"
_CONFUSIONS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(TrainingOptions):
    """Options of the experiment."""

    nets: tuple[str, ...] = option(
        (), "architectures (default: all that can be built)", quick=("cnn", "compact", "vgg8")
    )


def run(options: Options, out: Out) -> Result:
    """Train each, measure each."""
    training.check_nets("--nets", options.nets)
    recipes = {
        name: training.plain(options.seed, options.epochs, options.width, name)
        for name in options.nets or _buildable()
    }
    for name, recipe in recipes.items():
        nets.build(name, len(emotions.NAMES), recipe.options)
    study = studies.study(options)
    found: dict[str, Outcome] = {}
    for name, recipe in recipes.items():
        found[name] = training.outcome(recipe, study, out, label=name, device=options.device)
    costs = {name: _cost(each) for name, each in found.items()}
    labels = study.test.labels
    answers = {name: each.logits.argmax(1) for name, each in found.items()}
    f1 = {
        name: macro_f1(f"{name}, macro F1", labels, given, options.seed)
        for name, given in answers.items()
    }
    confusions = {
        name: metrics.confusion(labels, given, len(emotions.NAMES))
        for name, given in answers.items()
    }
    order = sorted(found, key=lambda name: -found[name].accuracy)
    return Result(
        protocol=f"{study.measured}. Each net for {options.epochs} epochs by one recipe, width "
        f"{options.width} where it has one: {study.trained}.",
        numbers=(
            *(share(f"{name}, accuracy", found[name].hits) for name in order),
            *(f1[name] for name in order),
            *(Number(f"{name}, weights", found[name].parameters, kind="count") for name in order),
            *(Number(f"{name}, million multiplications for a face", costs[name][0], kind="number")
              for name in order),
            *(Number(f"{name}, milliseconds for a face, one thread", costs[name][1],
                     kind="number", varies=True) for name in order),
        ),
        figures=(
            _cost_figure(out, found, costs, learned.commonest(labels)),
            _curve_figure(out, found, learned.commonest(study.choose.labels)),
            _confusion_figure(out, {name: confusions[name] for name in order[:_CONFUSIONS]}),
        ),
        tables=(_table(order, found, costs, f1),),
        published=(
            Published("VGG-13 68.8 %, FaceNet 65.9 %, ResNet-18 61.6 %",
                      "a project that compared pre-trained and own networks on FER-2013",
                      "long training, one recipe each; copies of test pictures in Training"),
        ),
        meaning=(
            *learned.doubts_of(labels, answers),
            "Each net was trained once, from one seed: intervals are over pictures and leave out "
            "what another seed would change, so neighbours in the order may change places.",
            "Order and distance depend on the budget: a large net that has hardly begun to learn "
            "stands behind a small one that is done.",
        ),
        data=study.name,
        data_sha256=studies.fingerprint(study.fit, study.choose, study.test),
    )  # fmt: skip


def multiplications(net: nn.Module) -> int:
    """Multiplications of convolutions and linear layers for one grey face of 48x48."""
    total = 0

    def count(module: nn.Module, inputs: tuple[Tensor, ...], answer: Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.Conv2d):
            kernel = module.weight[0].numel()
            total += kernel * answer[0].numel()
        else:
            total += module.in_features * answer[0].numel()  # type: ignore[operator]

    layers = [m for m in net.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    try:
        with torch.no_grad():
            net.eval()(torch.zeros(1, 1, 48, 48))
    finally:
        for hook in hooks:
            hook.remove()
    return total


def _buildable() -> tuple[str, ...]:
    """All nets whose packages are installed."""
    try:
        facenet.package()
    except MissingPackageError:
        return tuple(name for name in nets.names() if name != _FACENET)
    return nets.names()


def _cost(each: Outcome) -> tuple[float, float]:
    """Million multiplications, and milliseconds of the exported net in ONNX Runtime."""
    net = trained(each.saved)
    session = open_session(to_onnx(net, 48).SerializeToString(), each.label)
    face = np.zeros((1, 1, 48, 48), np.float32)
    return multiplications(net) / 1e6, milliseconds(session, face)


def _table(
    order: list[str],
    found: dict[str, Outcome],
    costs: dict[str, tuple[float, float]],
    f1: dict[str, Number],
) -> Table:
    rows = tuple(
        (name, f"{found[name].accuracy:.1%}", formatted(f1[name]),
         f"{found[name].parameters:,}", f"{costs[name][0]:,.1f}", f"{costs[name][1]:.2f}")
        for name in order
    )  # fmt: skip
    columns = ("net", "accuracy", "macro F1", "weights", "million multiplications",
               "ms for a face, one thread")  # fmt: skip
    return Table("Architectures by accuracy", columns, rows)


def _cost_figure(
    out: Out,
    found: dict[str, Outcome],
    costs: dict[str, tuple[float, float]],
    commonest: float,
) -> Figure:
    caption = (
        "Accuracy with Wilson's 95 % interval over pictures against multiplications for a face."
    )
    with figures.drawing(out, "cost", caption) as drawn:
        axes = drawn.canvas.subplots()
        figures.shares(axes, commonest)
        for index, (name, each) in enumerate(found.items()):
            number = share("", each.hits)
            reach = [[number.value - number.low], [number.high - number.value]]  # type: ignore[operator]
            axes.errorbar([costs[name][0]], [number.value], reach, capsize=3, label=name,  # type: ignore[list-item]
                          linestyle="", color=figures.SERIES[index % 7],
                          marker=figures.MARKERS[(index + index // 7) % 7])  # fmt: skip
        axes.set(xscale="log", xlabel="million multiplications", ylabel="accuracy")
        axes.legend(ncols=2)
    return figures.done(drawn)


def _curve_figure(out: Out, found: dict[str, Outcome], commonest: float) -> Figure:
    caption = "Learning curves: accuracy on the held-out part of Training after each epoch."
    with figures.drawing(out, "curves", caption) as drawn:
        axes = drawn.canvas.subplots()
        figures.shares(axes, commonest)
        for index, (name, each) in enumerate(found.items()):
            history = each.saved.history
            axes.plot([r["epoch"] for r in history], [r["choose_accuracy"] for r in history],
                      color=figures.SERIES[index % 7], label=name,
                      marker=figures.MARKERS[(index + index // 7) % 7])  # fmt: skip
        figures.whole(axes.xaxis)
        axes.set(xlabel="epoch", ylabel="accuracy")
        axes.legend(ncols=2)
    return figures.done(drawn)


def _confusion_figure(out: Out, confusions: dict[str, np.ndarray]) -> Figure:
    caption = "What the most accurate nets name pictures of each label."
    tall = (len(confusions) + 1) // 2
    with figures.drawing(out, "confusions", caption, size=(11, 4.6 * tall)) as drawn:
        places = drawn.canvas.subplots(tall, 2, squeeze=False).flat
        for axes, (name, counts) in zip(places, confusions.items(), strict=False):
            figures.confusion(axes, counts, name)
        for axes in list(drawn.canvas.axes)[len(confusions) :]:
            axes.set_visible(False)
    return figures.done(drawn)
