"""What each layer has learned: filters, activation maps, pictures that excite an answer most.

Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks"; Erhan et al. 2009
(activation maximisation); Alain and Bengio 2016 (linear probes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn
from torch.nn import functional

from howifeel import emotions
from howifeel.lab.kit import figures, gradients, layers, learned, models
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import share
from howifeel.lab.kit.options import ModelOptions, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Published, Result

_MAPS = 8
_FILTERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(ModelOptions):
    """Options of the experiment."""

    layers: int = option(6, "layers that are looked at, spread over the network", quick=4, least=1)
    probed: int = option(
        2000, "pictures of Training that a linear probe is fitted on", quick=150, least=70
    )
    steps: int = option(200, "steps of activation maximisation", quick=30, least=1)


def run(options: Options, out: Out) -> Result:
    """Show filters and maps; probe each layer; climb to what excites each answer."""
    given = models.given(options)
    study = studies.study(options, train=True)
    model = given or models.trained_here(options, study, out)
    logits = gradients.Logits(model).eval()
    looked = layers.spread(logits.net, options.layers)
    probed = studies.fewer(study.fit, options.probed, options.seed)
    hits = _probes(looked, model, probed.images, probed.labels, study, out, options.seed)
    answers = models.predicted(model, study.test.images)
    climbed = _maximise(logits, options, model, out)
    with torch.no_grad():
        sure = torch.softmax(logits(climbed), 1).diagonal().tolist()
    return Result(
        protocol=f"{study.measured}. A probe is a logistic regression on a layer's channels after "
        "the norm and the activation that follow at once, each averaged over the picture, fitted "
        f"on {len(probed):,} pictures of Training without copies of test pictures."
        + models.protocol_note(model, study),
        numbers=(
            *(share(f"linear probe of {name}", right) for name, right in hits.items()),
            share("the network itself", answers == study.test.labels),
            *(Number(f"probability of {name} in the picture made for it", value)
              for name, value in zip(emotions.NAMES, sure, strict=True)),
        ),
        figures=(
            _filter_figure(out, logits.net),
            _map_figure(out, looked, model, study.test.images),
            _probe_figure(out, hits, learned.commonest(study.test.labels)),
            _maximum_figure(out, climbed, sure),
        ),
        published=(
            Published(
                "pictures that excite a class most, which their author called “the horror”",
                "a project that looked into its FER-2013 network",
                "the same method; no figure to compare",
            ),
        ),
        meaning=(
            *learned.doubts(study.test.labels, answers),
            "A probe that rises from layer to layer shows where expressions become separable.",
            "A picture made for an answer need not look like a face to people: what convinces a "
            "network is not what convinces us.",
        ),
        model=model.facts,
        data=study.name,
        data_sha256=studies.fingerprint(study.fit, study.test),
    )  # fmt: skip


def _averaged(
    looked: dict[str, nn.Module], model: models.TorchModel, images: NDArray[np.uint8]
) -> dict[str, NDArray[np.float32]]:
    parts: dict[str, list[NDArray[np.float32]]] = {name: [] for name in looked}
    for start in range(0, len(images), 128):
        for name, answer in layers.answers(looked, model, images[start : start + 128]).items():
            mean = answer.mean((2, 3)) if answer.ndim == 4 else answer.flatten(1)
            parts[name].append(mean.cpu().numpy())
    return {name: np.concatenate(values) for name, values in parts.items()}


def _probes(
    looked: dict[str, nn.Module],
    model: models.TorchModel,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    study: studies.Study,
    out: Out,
    seed: int,
) -> dict[str, NDArray[np.bool_]]:
    fit, test = _averaged(looked, model, images), _averaged(looked, model, study.test.images)
    found = {}
    for name in out.each("probing layers", looked):
        probe = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=2000))
        found[name] = probe.fit(fit[name], labels).predict(test[name]) == study.test.labels
    return found


def _maximise(
    logits: gradients.Logits, options: Options, model: models.TorchModel, out: Out
) -> Tensor:
    """Faces, float32 (7, 1, 48, 48), 0..1, climbed from grey; smooth, and shifted at every step."""
    generator = torch.Generator().manual_seed(options.seed)
    start = 0.5 + 0.02 * torch.randn(len(emotions.NAMES), 1, 48, 48, generator=generator)
    faces = start.to(model.device).requires_grad_(True)
    optimiser = torch.optim.Adam([faces], lr=0.03)
    for _ in out.each("activation maximisation", range(options.steps)):
        across, down = torch.randint(-3, 4, (2,), generator=generator).tolist()
        answers = logits(torch.roll(faces.clamp(0, 1), (down, across), (2, 3)))
        rough = (faces.diff(dim=2).abs().mean() + faces.diff(dim=3).abs().mean()) * 2
        loss = rough - functional.log_softmax(answers, 1).diagonal().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return faces.detach().clamp(0, 1)


def _filter_figure(out: Out, net: nn.Module) -> Figure:
    first = next((m for m in net.modules() if isinstance(m, nn.Conv2d)), None)
    weights = np.zeros((1, 3, 3)) if first is None else first.weight[:_FILTERS, 0].cpu().numpy()
    grid = [list(weights[start : start + 16]) for start in range(0, len(weights), 16)]
    caption = f"Filters of the first convolution, {len(weights)} of them: what it looks for."
    with figures.drawing(out, "filters", caption, size=(8.5, 0.65 * len(grid) + 0.3)) as drawn:
        figures.pictures(drawn.canvas, grid, limits=None)
    return figures.done(drawn)


def _map_figure(
    out: Out, looked: dict[str, nn.Module], model: models.TorchModel, images: NDArray[np.uint8]
) -> Figure:
    grid: list[list[NDArray | None]] = [[images[0], *[None] * (_MAPS - 1)]]
    for answer in layers.answers(looked, model, images[:1]).values():
        if answer.ndim == 4:
            maps = answer[0].cpu().numpy()
            order = np.argsort(-maps.std((1, 2)))[:_MAPS]
            grid.append(list(maps[order]))
    caption = "One picture, and the activation maps of each layer that vary most over it."
    with figures.drawing(out, "maps", caption, size=(8.5, 1.08 * len(grid)), faces=True) as drawn:
        figures.pictures(drawn.canvas, grid, rows=["picture", *looked], limits=None)
    return figures.done(drawn)


def _probe_figure(out: Out, hits: dict[str, NDArray[np.bool_]], commonest: float) -> Figure:
    caption = "Accuracy of a linear probe of each layer, with Wilson's 95 % interval."
    estimates = [share("", right) for right in hits.values()]
    with figures.drawing(out, "probes", caption, size=(8, 3.4)) as drawn:
        axes = drawn.canvas.subplots()
        figures.shares(axes, commonest)
        figures.band(axes, range(len(hits)), [e.value or 0 for e in estimates],
                     [e.low or 0 for e in estimates], [e.high or 1 for e in estimates],
                     "probe")  # fmt: skip
        axes.set_xticks(range(len(hits)), list(hits))
        axes.set(ylabel="accuracy")
        axes.legend()
    return figures.done(drawn)


def _maximum_figure(out: Out, climbed: Tensor, sure: list[float]) -> Figure:
    pictures = climbed[:, 0].cpu().numpy() * 255
    titles = [[f"{name}\n{p:.0%}" for name, p in zip(emotions.NAMES, sure, strict=True)]]
    caption = "Pictures that were climbed to from grey, one for each answer, with its probability."
    with figures.drawing(out, "maximised", caption, size=(8.5, 1.7)) as drawn:
        figures.pictures(drawn.canvas, [list(pictures)], titles=titles)
    return figures.done(drawn)
