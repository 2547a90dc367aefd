"""torch.compile where it pays."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass

import torch
from torch import nn

from howifeel.train.forward import autocast, layout
from howifeel.train.recipe import Recipe
from howifeel.train.throughput import synchronise

CHOICES = ("auto", "on", "off")
_WORTH_S = 240.0
"""In a shorter run compilation, about a minute, costs more than it can bring."""
_FASTER = 0.95
_PASSES = 10


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a net is compiled, and why, in a few words."""

    compiled: bool
    reason: str


def decide(
    net: nn.Module,
    recipe: Recipe,
    faces: int,
    steps: int,
    device: torch.device,
    choice: str,
    earlier: bool | None = None,
) -> Decision:
    """Whether to compile the net; it stays as it is.

    Args:
        net: on the device, in training mode.
        recipe: its side and precision.
        faces: in a batch of this process.
        steps: how many will follow.
        device: where.
        choice: "on", "off", or "auto": only on a GPU, only for long runs, only if it is faster.
        earlier: what was decided before the run was interrupted. "auto" keeps to it, as compiled
            steps round in another way.
    """
    if choice == "on":
        return Decision(True, "compiled")
    if choice == "off" or device.type != "cuda":
        return Decision(False, "not compiled")
    if earlier is not None:
        return Decision(earlier, f"{'compiled' if earlier else 'not compiled'}, as before")
    batch = torch.rand(faces, 1, recipe.size, recipe.size, device=device)
    batch = batch.contiguous(memory_format=layout(recipe))
    twin = copy.deepcopy(net)
    plain = _seconds_per_step(twin, batch, recipe)
    if steps * plain < _WORTH_S:
        return Decision(False, f"not compiled, as the run takes only {steps * plain:.0f} s")
    try:
        twin.compile(dynamic=False)
        quick = _seconds_per_step(twin, batch, recipe)
    except Exception as error:  # the compiler fails in ways of its own, with and without a GPU
        return Decision(False, f"not compiled, as it failed here ({type(error).__name__})")
    plain, quick = 1000 * plain, 1000 * quick
    if quick > _FASTER * plain:
        return Decision(False, f"not compiled: {plain:.1f} ms for a step, {quick:.1f} ms compiled")
    return Decision(True, f"compiled: {quick:.1f} ms for a step in place of {plain:.1f} ms")


def _seconds_per_step(net: nn.Module, batch: torch.Tensor, recipe: Recipe) -> float:
    for passes in (3, _PASSES):  # the first few compile, or choose algorithms
        synchronise(batch.device)
        started = time.perf_counter()
        for _ in range(passes):
            with autocast(batch.device, recipe):
                logits = net(batch)[0]
            logits.float().square().mean().backward()
        synchronise(batch.device)
    return (time.perf_counter() - started) / _PASSES
