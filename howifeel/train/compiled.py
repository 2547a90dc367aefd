"""torch.compile where it pays."""

from __future__ import annotations

import copy
import time

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


def compile_if_faster(
    net: nn.Module, recipe: Recipe, faces: int, steps: int, device: torch.device, choice: str
) -> str:
    """Compile the net in place, if it is wanted or measured to be faster here.

    Args:
        net: on the device, in training mode.
        recipe: its side and precision.
        faces: in a batch of this process.
        steps: how many will follow.
        device: where.
        choice: "on", "off", or "auto": only on a GPU, only for long runs, only if it is faster.

    Returns:
        What was decided and why, in a few words.
    """
    if choice == "on":
        net.compile(dynamic=False)
        return "compiled"
    if choice == "off" or device.type != "cuda":
        return "not compiled"
    batch = torch.rand(faces, 1, recipe.size, recipe.size, device=device)
    batch = batch.contiguous(memory_format=layout(recipe))
    twin = copy.deepcopy(net)
    plain = _seconds_per_step(twin, batch, recipe)
    if steps * plain < _WORTH_S:
        return f"not compiled, as the run takes only {steps * plain:.0f} s"
    try:
        twin.compile(dynamic=False)
        quick = _seconds_per_step(twin, batch, recipe)
    except Exception as error:  # the compiler fails in ways of its own, with and without a GPU
        return f"not compiled, as it failed here ({type(error).__name__})"
    if quick > _FASTER * plain:
        return f"not compiled: {1000 * plain:.1f} ms for a step, {1000 * quick:.1f} ms compiled"
    net.compile(dynamic=False)
    return f"compiled: {1000 * quick:.1f} ms for a step in place of {1000 * plain:.1f} ms"


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
