"""How small a change of a picture changes the answer: FGSM, PGD, one change for all pictures.

Goodfellow et al. 2015 (fast gradient sign method), Madry et al. 2018 (projected gradient descent),
Shafahi et al. 2020 (universal perturbation by stochastic gradients). The network's weights are
known to the attacker, so the figures are the worst case.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from howifeel import emotions
from howifeel.lab.kit import figures, gradients, learned, models
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import share
from howifeel.lab.kit.options import ModelOptions, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Result

with warnings.catch_warnings():
    # it imports a name that SciPy has moved
    warnings.simplefilter("ignore", DeprecationWarning)
    import foolbox
    from foolbox.models.pytorch import PyTorchModel

_BATCH = 64
_LEVELS = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(ModelOptions):
    """Options of the experiment."""

    epsilons: tuple[float, ...] = option(
        (0.5, 1, 2, 4, 8, 16),
        "greatest change of a pixel, in steps of brightness of 255",
        quick=(1, 4, 16),
        least=0,
    )
    attacked: int = option(1000, "pictures that are attacked", quick=84, least=7)
    steps: int = option(20, "steps of PGD", quick=5, least=1)
    passes: int = option(50, "passes of the universal change over its pictures", quick=10, least=1)


Attacked = dict[str, dict[float, NDArray[np.bool_]]]
"""Attack to epsilon to which pictures, bool (n,), are still named right."""


def run(options: Options, out: Out) -> Result:
    """Attack at each epsilon, and count what is still named right."""
    given = models.given(options)
    study = studies.study(options, train=True)
    model = given or models.trained_here(options, study, out)
    logits = gradients.Logits(model).eval()
    test = studies.fewer(study.test, options.attacked, options.seed)
    faces = gradients.faces(test.images, model)
    labels = torch.from_numpy(test.labels.copy()).to(model.device)
    answers = models.predicted(model, test.images)
    clean = answers == test.labels
    found: Attacked = {"FGSM": {}, "PGD": {}, "one change for all": {}, "random signs": {}}
    changed: dict[str, Tensor] = {}
    fit = studies.fewer(study.fit, options.attacked, options.seed)
    # steps that could cross the whole ball two and a half times (Madry et al. 2018)
    climb = foolbox.attacks.LinfPGD(
        steps=options.steps, rel_stepsize=2.5 / options.steps, random_start=True
    )
    epsilons = sorted(set(options.epsilons))
    for epsilon in out.each("attacks", epsilons):
        size = epsilon / _LEVELS
        changed = {
            name: _foolbox(attack, logits, faces, labels, size, options)
            for name, attack in (("FGSM", foolbox.attacks.FGSM()), ("PGD", climb))
        }
        universal = _universal(
            logits, gradients.faces(fit.images, model), fit.labels, size, options
        )
        changed["one change for all"] = (faces + universal).clamp(0, 1)
        generator = torch.Generator().manual_seed(options.seed)
        signs = torch.randn(faces.shape, generator=generator).sign().to(faces.device)
        changed["random signs"] = (faces + size * signs).clamp(0, 1)
        for name, pictures in changed.items():
            found[name][epsilon] = _right(logits, pictures, labels)
    return Result(
        protocol=f"{len(test):,} pictures of {study.part} of {study.name}; every pixel may change "
        "by at most epsilon of 255 steps, the attacker knows the weights and the label; PGD takes "
        f"{options.steps} steps. The change for all was made on {len(fit):,} pictures of Training "
        f"in {options.passes} passes, {options.passes * -(-len(fit) // _BATCH):,} steps."
        + models.protocol_note(model, study),
        numbers=(
            share("unchanged pictures", clean),
            *(
                share(f"{name}, epsilon {epsilon:g}", hits)
                for name, levels in found.items()
                for epsilon, hits in levels.items()
            ),
        ),
        figures=(
            _curve(out, clean, found, learned.commonest(test.labels)),
            _pictures(out, test.images, faces, changed, epsilons[-1], logits),
        ),
        meaning=(
            *learned.doubts(test.labels, answers),
            "Random changes of the same size are the comparison: where they do nothing, it is the "
            "direction of the change and not its size that misleads the network.",
            "Robust accuracy is an upper bound: a stronger attack may find more.",
        ),
        model=model.facts,
        data=study.name,
        data_sha256=studies.fingerprint(test),
    )


def _foolbox(
    attack: Any,
    logits: gradients.Logits,
    faces: Tensor,
    labels: Tensor,
    size: float,
    options: Options,
) -> Tensor:
    torch.manual_seed(options.seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrapped = PyTorchModel(logits, bounds=(0, 1), device=faces.device)
        parts = [
            attack(wrapped, some, right, epsilons=size)[1]
            for some, right in zip(faces.split(_BATCH), labels.split(_BATCH), strict=True)
        ]
    return torch.cat(parts).detach()


def _universal(
    logits: gradients.Logits,
    faces: Tensor,
    labels: NDArray[np.integer],
    size: float,
    options: Options,
) -> Tensor:
    """One change, float32 (1, 1, 48, 48), that raises the loss of most pictures."""
    targets = torch.from_numpy(labels.copy()).to(faces.device)
    generator = torch.Generator().manual_seed(options.seed)
    change = torch.zeros_like(faces[:1])
    for _ in range(options.passes):
        order = torch.randperm(len(faces), generator=generator).to(faces.device)
        for some in order.split(_BATCH):
            change.requires_grad_(True)
            # the loss is cut off, so that single pictures do not decide (equation 5 there)
            losses = functional.cross_entropy(
                logits((faces[some] + change).clamp(0, 1)), targets[some], reduction="none"
            )
            (slope,) = torch.autograd.grad(losses.clamp(max=9).mean(), change)
            change = (change + size / 4 * slope.sign()).clamp(-size, size).detach()
    return change


@torch.no_grad()
def _right(logits: gradients.Logits, faces: Tensor, labels: Tensor) -> NDArray[np.bool_]:
    answers = torch.cat([logits(some).argmax(1) for some in faces.split(_BATCH)])
    return (answers == labels).cpu().numpy()


def _curve(out: Out, clean: NDArray[np.bool_], found: Attacked, commonest: float) -> Figure:
    caption = (
        "Accuracy against the greatest change of a pixel, with Wilson's 95 % interval; dotted, "
        "always naming the commonest label."
    )
    with figures.drawing(out, "accuracy", caption) as drawn:
        axes = drawn.canvas.subplots()
        figures.shares(axes, commonest)
        for index, (name, levels) in enumerate(found.items()):
            estimates = [share("", clean), *(share("", hits) for hits in levels.values())]
            figures.band(
                axes, [0.0, *levels], [e.value or 0 for e in estimates],
                [e.low or 0 for e in estimates], [e.high or 1 for e in estimates], name, index,
            )  # fmt: skip
        axes.set_xscale("symlog", linthresh=0.5)
        ticks = [0.0, *next(iter(found.values()))]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.set(xlabel="greatest change of a pixel (of 255)", ylabel="accuracy")
        axes.legend()
    return figures.done(drawn)


@torch.no_grad()
def _pictures(
    out: Out,
    images: NDArray[np.uint8],
    faces: Tensor,
    changed: dict[str, Tensor],
    epsilon: float,
    logits: gradients.Logits,
) -> Figure:
    some = np.linspace(0, len(images) - 1, 6).astype(int)
    grid: list[list[Any]] = [[images[place] for place in some]]
    answers = logits(faces[some]).argmax(1).tolist()
    titles = [[f"looks {emotions.NAMES[answer]}" for answer in answers]]
    for pictures in changed.values():
        grid.append([pictures[place, 0].cpu().numpy() * 255 for place in some])
        answers = logits(pictures[some]).argmax(1).tolist()
        titles.append([f"looks {emotions.NAMES[answer]}" for answer in answers])
    caption = f"Pictures before and after changes of at most {epsilon:g} of 255, and what is named."
    with figures.drawing(out, "pictures", caption, size=(8.5, 7.5), faces=True) as drawn:
        figures.pictures(drawn.canvas, grid, rows=["unchanged", *changed], titles=titles)
    return figures.done(drawn)
