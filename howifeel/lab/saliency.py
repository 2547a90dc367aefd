"""Where a network looks: four maps of relevance, and whether they depend on what it learned.

A map that hardly changes when the weights are replaced by random ones shows edges of the picture
and not what the network uses (Adebayo et al. 2018, "Sanity checks for saliency maps").
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from captum.attr import IntegratedGradients, LayerAttribution, LayerGradCam, Saliency
from numpy.typing import NDArray
from scipy.stats import spearmanr
from torch import Tensor, nn

from howifeel import emotions
from howifeel.lab.kit import figures, gradients, layers, learned, models
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import bootstrap
from howifeel.lab.kit.options import ModelOptions, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Result
from howifeel.train import metrics
from howifeel.train.data import FaceSet

_STEPS, _BATCH = 24, 64
Maps = NDArray[np.float64]
"""float64 (n, 48, 48), at least 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(ModelOptions):
    """Options of the experiment."""

    checked: int = option(70, "pictures of the sanity check", quick=7, least=2)
    levels: int = option(6, "steps from the last layer to all layers random", quick=2, least=2)
    seeds: int = option(5, "networks with random weights at each step", quick=2, least=1)


def run(options: Options, out: Out) -> Result:
    """Draw maps of one picture for each expression; compare them with those of random weights."""
    given = models.given(options)
    study = studies.study(options, train=given is None)
    model = given or models.trained_here(options, study, out)
    shown = _one_of_each(study.test, model)
    checked = _some(study.test, options.checked, options.seed)
    trained = gradients.Logits(model)
    similarity = _sanity(trained, gradients.faces(checked.images, model), options, out)
    numbers = [
        bootstrap(
            f"{name}: rank correlation with the maps of random weights",
            lambda some, values=values: float(values[-1][some].mean()),
            len(checked),
            options.seed,
            kind="number",
        )
        for name, values in similarity.items()
    ]
    return Result(
        protocol=f"Maps for the expression that the network names. Sanity check on {len(checked)} "
        f"pictures of {study.part} of {study.name}: Spearman's correlation of each map with those "
        f"of {options.seeds} copies of the network whose layers, from the last one on in the order "
        "of their definition (a residual block's shortcut stands behind its convolutions), were "
        "started anew, norms too; these then measured their statistics on the same pictures. The "
        "mean over the copies counts; intervals are over pictures.",
        numbers=tuple(numbers),
        figures=(_maps_figure(out, trained, shown, model), _sanity_figure(out, similarity)),
        meaning=(
            *learned.doubts(study.test.labels, models.predicted(model, study.test.images)),
            "A correlation near 0 after all layers are random means that a map shows what was "
            "learned; one that stays high means that it mostly shows the picture's own edges.",
            "A map tells where small changes would change the answer, not why the face looks so.",
        ),
        model=model.facts,
        data=study.name,
        data_sha256=studies.fingerprint(study.test),
    )


def methods(logits: gradients.Logits) -> dict[str, Callable[[Tensor, Tensor], Maps]]:
    """Ways to draw maps, by name: from faces float32 (n, 1, 48, 48), 0..1, and classes int64 (n,).

    Simonyan et al. 2014 (gradient), Springenberg et al. 2015 (guided back-propagation), Selvaraju
    et al. 2017 (Grad-CAM), Sundararajan et al. 2017 (integrated gradients, black as baseline). A
    network without ReLU has no guided one, and one without maps of features no Grad-CAM.
    """
    layer = gradients.feature_layer(logits)

    def gradient(faces: Tensor, classes: Tensor) -> Maps:
        return _picture(Saliency(logits).attribute(_climbable(faces), classes))

    def guided(faces: Tensor, classes: Tensor) -> Maps:
        with gradients.GuidedRelus():
            return _picture(Saliency(logits).attribute(_climbable(faces), classes))

    def grad_cam(layer: nn.Module, faces: Tensor, classes: Tensor) -> Maps:
        coarse = LayerGradCam(logits, layer).attribute(
            _climbable(faces), classes, relu_attributions=True
        )
        assert isinstance(coarse, Tensor)
        return _picture(LayerAttribution.interpolate(coarse, faces.shape[2:], "bilinear"))

    def integrated(faces: Tensor, classes: Tensor) -> Maps:
        found = IntegratedGradients(logits).attribute(
            faces, target=classes, n_steps=_STEPS, internal_batch_size=_BATCH
        )
        assert isinstance(found, Tensor)
        return _picture(found.abs())

    named: dict[str, Callable[[Tensor, Tensor], Maps]] = {"gradient": gradient}
    if gradients.has_relus(logits):
        named["guided back-propagation"] = guided
    if layer is not None:
        named["Grad-CAM"] = functools.partial(grad_cam, layer)
    return named | {"integrated gradients": integrated}


def _climbable(faces: Tensor) -> Tensor:
    """The same with a gradient."""
    return faces.detach().clone().requires_grad_(True)


def _picture(found: Tensor) -> Maps:
    return found.detach().cpu().double().squeeze(1).clamp(min=0).numpy()


def _sanity(
    trained: gradients.Logits, faces: Tensor, options: Options, out: Out
) -> dict[str, NDArray[np.float64]]:
    """Correlation of each picture's map with that of the trained weights: name to (levels, n).

    Each is a mean over networks with random weights.
    """
    classes = _named(trained, faces)
    wanted = {name: draw(faces, classes) for name, draw in methods(trained).items()}
    whole = len(layers.weighted(trained.net))
    found = {name: np.zeros((options.levels, len(faces))) for name in wanted}
    repeats = [(level, seed) for level in range(options.levels) for seed in range(options.seeds)]
    for level, seed in out.each("sanity check", repeats):
        count = max(1, round(whole * (level + 1) / options.levels))
        changed = copy.deepcopy(trained)
        layers.randomise(
            layers.weighted(changed.net)[-count:],
            options.seed + seed,
            functools.partial(changed, faces),
        )
        for name, draw in methods(changed).items():
            found[name][level] += _correlations(wanted[name], draw(faces, classes)) / options.seeds
    return found


def _correlations(first: Maps, second: Maps) -> NDArray[np.float64]:
    """0 where a map is the same everywhere."""
    values = []
    for one, other in zip(first, second, strict=True):
        flat = np.ptp(one) == 0 or np.ptp(other) == 0
        found: Any = None if flat else spearmanr(one.ravel(), other.ravel())
        values.append(0.0 if flat else float(found.statistic))
    return np.array(values)


@torch.no_grad()
def _named(logits: gradients.Logits, faces: Tensor) -> Tensor:
    return logits(faces).argmax(1)


def _some(test: FaceSet, count: int, seed: int) -> FaceSet:
    """So many pictures, drawn at random; each costs many passes through the network."""
    drawn = np.random.default_rng(seed).permutation(len(test))[:count]
    return test.where(np.sort(drawn))


def _one_of_each(test: FaceSet, model: models.TorchModel) -> FaceSet:
    """The picture of each label that the network reads most surely as that."""
    sure = metrics.softmax(model.logits(test.images))
    places = []
    for label in range(len(emotions.NAMES)):
        members = np.flatnonzero(test.labels == label)
        if len(members):
            places.append(members[sure[members, label].argmax()])
    return test.where(np.array(places))


def _maps_figure(
    out: Out, trained: gradients.Logits, shown: FaceSet, model: models.TorchModel
) -> Figure:
    faces = gradients.faces(shown.images, model)
    classes = _named(trained, faces)
    maps = {name: draw(faces, classes) for name, draw in methods(trained).items()}
    grid = [
        [shown.images[row], *(_heat(shown.images[row], each[row]) for each in maps.values())]
        for row in range(len(shown))
    ]
    rows = [
        f"{emotions.NAMES[label]}\nlooks {emotions.NAMES[answer]}"
        for label, answer in zip(shown.labels, classes.tolist(), strict=True)
    ]
    caption = (
        "For each label the picture that is read most surely: where the answer depends on it, from "
        "dark (little) to bright (much)."
    )
    with figures.drawing(
        out, "maps", caption, size=(7.5, 1.25 * len(rows) + 0.4), faces=True
    ) as drawn:
        columns = ["picture", *(name.replace(" ", "\n", 1) for name in maps)]
        figures.pictures(drawn.canvas, grid, rows=rows, columns=columns)
    return figures.done(drawn)


def _heat(face: NDArray[np.uint8], relevance: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The face in grey under the map in colour, uint8 (h, w, 3), RGB."""
    from matplotlib import colormaps

    scaled = (relevance / max(float(np.percentile(relevance, 99)), 1e-12)).clip(0, 1)
    colour = colormaps["inferno"](scaled)[..., :3] * 255
    return (0.25 * face[..., None] + 0.75 * colour).astype(np.uint8)


def _sanity_figure(out: Out, similarity: dict[str, NDArray[np.float64]]) -> Figure:
    caption = (
        "Similarity of each map to that of the trained network while ever more layers (norms "
        "counted), from the last one on, are started anew: mean and 95 % interval over pictures."
    )
    with figures.drawing(out, "sanity", caption) as drawn:
        axes = drawn.canvas.subplots()
        for index, (name, values) in enumerate(similarity.items()):
            mean, count = values.mean(1), values.shape[1]
            reach = 1.96 * values.std(1) / count**0.5
            shares = np.arange(1, len(values) + 1) / len(values)
            x = [0.0, *shares]
            figures.band(axes, x, [1.0, *mean], [1.0, *(mean - reach)], [1.0, *(mean + reach)],
                         name, index)  # fmt: skip
        axes.axhline(0, color="#8a8a94", linestyle=":", marker="")
        figures.percent(axes.xaxis)
        axes.set(xlabel="share of the layers with random weights", ylabel="rank correlation")
        axes.legend()
    return figures.done(drawn)
