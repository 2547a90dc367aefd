"""Trains a translation within a budget of steps and minutes; a stopped training goes on."""

from __future__ import annotations

import copy
import math
import operator
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from howifeel import emotions
from howifeel.errors import AssetError, SettingsError
from howifeel.lab.translate import losses
from howifeel.lab.translate.discriminator import Discriminator
from howifeel.lab.translate.generator import Generator
from howifeel.train import states
from howifeel.train.data import SIDE, DataError, FaceSet

_FORMAT = 2
_SAVE_EVERY_S = 60
_RECORDS = 60
"""Losses are kept so many times, spread over the budget."""

_DECAY = 0.999
_SHIFT, _NOISE = 3, 0.08
"""Pixels, and of -1 to 1: how made faces are shaken before the guide reads them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a translation is trained.

    Attributes:
        width, blocks: of the generator; the discriminator has the same width.
        batch: faces in one step.
        steps: at most so many.
        minutes: begin no step after so long; the learning rate has fallen to 0 by then.
        lr: highest learning rate of Adam; it falls in the second half of the budget.
        seed: start of all random numbers.
    """

    width: int
    blocks: int
    batch: int
    steps: int
    minutes: float = math.inf
    lr: float = 2e-4
    seed: int = 1


@dataclass(slots=True, eq=False)
class Translation:
    """Both networks while they are trained.

    Attributes:
        width, blocks: of the generator.
        generator, discriminator: as trained.
        average: moving average of the generator's weights, which is what is used.
        optimizers: their Adams, generator's first.
        step: steps that are done.
        seconds: time that they took.
        history: losses, some of all steps.
    """

    width: int
    blocks: int
    generator: Generator
    discriminator: Discriminator
    average: Generator
    optimizers: tuple[torch.optim.Adam, torch.optim.Adam]
    step: int = 0
    seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)

    @torch.no_grad()
    def changed(self, images: np.ndarray, wanted: int, batch: int = 64) -> np.ndarray:
        """Faces uint8 (n, 48, 48) with the wanted expression, uint8 (n, 48, 48)."""
        device = next(self.average.parameters()).device
        parts = []
        for some in as_faces(images, device).split(batch):
            answer = self.average(some, torch.full((len(some),), wanted, device=device))
            parts.append(((answer[:, 0] + 1) * 127.5).round().to(torch.uint8).cpu().numpy())
        return np.concatenate(parts)

    def save(self, path: Path) -> None:
        """Write or replace the file.

        Raises:
            OutputError: it cannot be written.
        """
        values = {
            "format": _FORMAT,
            **{name: getattr(self, name) for name in ("width", "blocks", "step", "seconds")},
            "history": self.history,
            **{name: getattr(self, name).state_dict() for name in _NETS},
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
        }
        states.write(values, path)


_NETS = ("generator", "discriminator", "average")


def begin(plan: Plan, device: torch.device) -> Translation:
    """A translation with random weights from the plan's seed."""
    torch.manual_seed(plan.seed)
    generator, discriminator = Generator(plan.width, plan.blocks), Discriminator(plan.width)
    average = copy.deepcopy(generator).requires_grad_(False)
    nets = [net.to(device) for net in (generator, discriminator, average)]
    first, second = (torch.optim.Adam(net.parameters(), plan.lr, (0.5, 0.999)) for net in nets[:2])
    return Translation(plan.width, plan.blocks, *nets, (first, second))  # type: ignore[arg-type]


def load(path: Path, plan: Plan, device: torch.device) -> Translation:
    """A translation from a file; only tensors and plain values are accepted from it.

    Raises:
        AssetError: it is missing, damaged or of another kind.
        SettingsError: its networks have other sizes than the plan's.
    """
    if not path.is_file():
        raise AssetError(f"There is no file {path}; name a translation.pt of transfer-emotion.")
    damaged = AssetError(
        f"{path} is damaged or not a translation.pt of transfer-emotion; use a complete copy."
    )
    try:
        values: Any = torch.load(path, map_location=device, weights_only=True)
    except Exception as error:  # torch.load raises whatever its decoders raise
        raise damaged from error
    if not isinstance(values, dict) or values.get("format") != _FORMAT:
        raise damaged
    try:
        sizes = tuple(operator.index(values[name]) for name in ("width", "blocks"))
        if sizes != (plan.width, plan.blocks):
            raise SettingsError(
                f"{path} has --width {sizes[0]} --blocks {sizes[1]}; give the same."
            )
        translation = begin(plan, device)
        for name in _NETS:
            getattr(translation, name).load_state_dict(values[name])
        for optimizer, state in zip(translation.optimizers, values["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        translation.step = operator.index(values["step"])
        translation.seconds = float(values["seconds"])
        translation.history = [
            {str(name): float(value) for name, value in record.items()}
            for record in values["history"]
        ]
    except (AttributeError, KeyError, RuntimeError, TypeError, ValueError) as error:
        raise damaged from error
    return translation


def fit(
    plan: Plan,
    faces: FaceSet,
    path: Path,
    *,
    guide: nn.Module,
    start: Path | None = None,
    device: torch.device,
    on_step: Callable[[Translation], None] = lambda translation: None,
) -> Translation:
    """Train to the end of the budget; what an earlier, interrupted call did is not done again.

    Faces are drawn so that all expressions are equally frequent, and each one is to become an
    expression that is drawn at random.

    Args:
        plan: how.
        faces: with all seven expressions.
        path: where the state is kept, every minute and at the end.
        guide: tells the generator which expressions its faces show; it maps faces, float32
            (n, 1, 48, 48), 0..1, to logits, float (n, 7), and stays as it is.
        start: another translation to begin with, where `path` does not exist.
        device: where to compute.
        on_step: called with the translation after each step.

    Raises:
        AssetError, SettingsError: see `load`.
        DataError: the loss is no longer a number.
    """
    if path.exists():
        translation = load(path, plan, device)
    elif start:
        translation = load(start, plan, device)
        translation.step, translation.seconds, translation.history = 0, 0.0, []
    else:
        translation = begin(plan, device)
    images = as_faces(faces.images, device)
    members = [np.flatnonzero(faces.labels == label) for label in range(len(emotions.NAMES))]
    began, saved = time.monotonic() - translation.seconds, time.monotonic()
    while translation.step < plan.steps and (share := spent(plan, translation)) < 1:
        for optimizer in translation.optimizers:
            optimizer.param_groups[0]["lr"] = plan.lr * min(1.0, 2 * (1 - share))
        drawn = _draw(plan, translation.step, members)
        record = _step(translation, guide, images, drawn, share)
        translation.step += 1
        translation.seconds = time.monotonic() - began
        if len(translation.history) < _RECORDS * spent(plan, translation):
            if not math.isfinite(sum(record.values())):
                raise DataError("The loss of the translation is no number; use a lower --lr.")
            translation.history.append({"step": translation.step} | record)
        on_step(translation)
        if time.monotonic() - saved > _SAVE_EVERY_S:
            translation.save(path)
            saved = time.monotonic()
    translation.save(path)
    return translation


def as_faces(images: np.ndarray, device: torch.device) -> Tensor:
    """Pictures uint8 (n, 48, 48) as faces, float32 (n, 1, 48, 48), -1 to 1."""
    return torch.from_numpy(images.astype(np.float32) / 127.5 - 1).unsqueeze(1).to(device)


def spent(plan: Plan, translation: Translation) -> float:
    """How much of the budget of steps and minutes is used up, 0..1."""
    return max(translation.step / plan.steps, translation.seconds / 60 / plan.minutes)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """What is random in a step, the same for the same step.

    Attributes:
        places: of the faces among the pictures, int (n,).
        labels: what they show, int (n,).
        wanted: what they are to show, int (n,).
        mirrored: which of them are mirrored, bool (n,).
        shift: of the made faces before the guide, down and to the right, in pixels.
        noise: that is added to them there, float32 (n, 1, 48, 48).
    """

    places: np.ndarray
    labels: np.ndarray
    wanted: np.ndarray
    mirrored: np.ndarray
    shift: tuple[int, int]
    noise: np.ndarray


def _draw(plan: Plan, step: int, members: list[np.ndarray]) -> _Drawn:
    draw = np.random.default_rng((plan.seed, step))
    labels = draw.integers(0, len(members), plan.batch)
    down, right = draw.integers(-_SHIFT, _SHIFT + 1, 2).tolist()
    return _Drawn(
        places=np.array([draw.choice(members[label]) for label in labels]),
        labels=labels,
        wanted=draw.integers(0, len(members), plan.batch),
        mirrored=draw.random(plan.batch) < 0.5,
        shift=(down, right),
        noise=draw.normal(0, _NOISE, (plan.batch, 1, SIDE, SIDE)).astype(np.float32),
    )


def _shaken(faces: Tensor, drawn: _Drawn) -> Tensor:
    """Faces shifted and noisy: patterns that move only this guide's answer do not survive it.

    Athalye et al. 2018, "Synthesizing robust adversarial examples", use it the other way round.
    """
    down, right = (_SHIFT + each for each in drawn.shift)
    wider = functional.pad(faces, (_SHIFT,) * 4, mode="replicate")
    moved = wider[:, :, down : down + SIDE, right : right + SIDE]
    return moved + torch.from_numpy(drawn.noise).to(faces.device)


def _step(
    translation: Translation, guide: nn.Module, images: Tensor, drawn: _Drawn, share: float
) -> dict[str, float]:
    """One step of the discriminator and one of the generator; the losses."""
    device = images.device
    faces = images[torch.from_numpy(drawn.places).to(device)]
    faces = torch.where(
        torch.from_numpy(drawn.mirrored).to(device)[:, None, None, None], faces.flip(3), faces
    )
    shown, told = (torch.from_numpy(each).to(device) for each in (drawn.labels, drawn.wanted))
    made = translation.generator(faces, told)
    of_generator, of_discriminator = translation.optimizers

    real = translation.discriminator(faces)
    fake = translation.discriminator(made.detach())
    judged = losses.discriminator(real, fake)
    of_discriminator.zero_grad(set_to_none=True)
    judged.backward()
    of_discriminator.step()

    translation.discriminator.requires_grad_(False)
    realness = translation.discriminator(made)
    logits = guide((_shaken(made, drawn) + 1) / 2)
    back = translation.generator(made, shown)
    loss = losses.generator(realness, logits, told, faces, back)
    of_generator.zero_grad(set_to_none=True)
    loss.total(share).backward()
    of_generator.step()
    translation.discriminator.requires_grad_(True)

    decay = min(_DECAY, (1 + translation.step) / (10 + translation.step))
    with torch.no_grad():
        for kept, new in zip(
            translation.average.parameters(), translation.generator.parameters(), strict=True
        ):
            kept.lerp_(new, 1 - decay)
    return {"discriminator": judged.item()} | {
        name: value.item() for name, value in _parts(loss).items()
    }


def _parts(loss: losses.GeneratorLoss) -> dict[str, Tensor]:
    return {name: getattr(loss, name).detach() for name in ("fooled", "expression", "cycle")}
