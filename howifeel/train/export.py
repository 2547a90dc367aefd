"""Turns a checkpoint into the ONNX file that the program runs, calibrated and checked."""

from __future__ import annotations

import subprocess
import tempfile
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from howifeel.classify.spec import ModelSpec
from howifeel.errors import HowIFeelError
from howifeel.files import atomic
from howifeel.train import calibrate, metrics
from howifeel.train.checkpoint import Checkpoint
from howifeel.train.evaluate import Scores, logits_of, open_session, score
from howifeel.train.loop import build_net

OPSET = 17
TOLERANCE = 1e-4
"""Greatest difference between PyTorch and ONNX Runtime, relative to 1 + the value."""


class ExportError(HowIFeelError):
    """The ONNX file does not compute what the network computes."""


@dataclass(frozen=True, slots=True, eq=False)
class Exported:
    """What an export wrote: metadata, figures on the chosen-on part, and the answers there."""

    spec: ModelSpec
    scores: Scores
    logits: NDArray[np.float32]


def export(checkpoint: Checkpoint, target: Path, *, force: bool = False) -> Exported:
    """Write the checkpoint's chosen weights as an ONNX model with full metadata.

    The temperature and the "unsure" threshold are fitted on the checkpoint's `choose_images`,
    with the answers of the exported file itself.

    Raises:
        ExportError: PyTorch and ONNX Runtime disagree by more than `TOLERANCE`.
        OutputError: the file cannot be written.
    """
    recipe = checkpoint.recipe
    net = build_net(recipe)
    net.load_state_dict(checkpoint.best)
    net.eval()
    model = to_onnx(net, recipe.size)
    session = open_session(model.SerializeToString(), target.name)
    images, labels = checkpoint.choose_images.numpy(), checkpoint.choose_labels.numpy()
    mean, std = (recipe.mean,), (recipe.std,)
    for batch in _check_batches(images, recipe.size, mean[0], std[0]):
        check_parity(net, session, batch)

    logits = logits_of(session, images, mean, std)
    temperature = round(calibrate.fit_temperature(logits, labels), 4)
    probabilities = metrics.softmax(logits, temperature)
    spec = ModelSpec(
        size=recipe.size,
        channels=1,
        mean=mean,
        std=std,
        margin=recipe.margin,
        temperature=temperature,
        unsure_below=calibrate.choose_unsure_below(probabilities, labels),
        trained_on=_trained_on(recipe.trained_on, checkpoint.notes),
        recipe=recipe.to_toml(),
        commit=_commit(),
    )
    protocol = f"{checkpoint.notes['choose_name']}, single view, all pictures, epoch chosen on it"
    scores = score(logits, labels, spec, protocol)
    spec = replace(spec, scores=scores.headline())
    onnx.helper.set_model_props(model, spec.to_metadata())
    onnx.checker.check_model(model)
    with atomic(target, force=force) as unfinished:
        unfinished.write_bytes(model.SerializeToString())
    return Exported(spec, scores, logits)


def to_onnx(net: nn.Module, size: int) -> onnx.ModelProto:
    """The net as ONNX: `face` (N, 1, size, size) in; `logits` and `features` out; norms folded.

    Args:
        net: in evaluation mode; maps faces to logits and features.
        size: side of the input in pixels.
    """
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        path = Path(folder, "net.onnx")
        torch.onnx.export(
            net,
            (torch.zeros(2, 1, size, size),),
            path,
            input_names=["face"],
            output_names=["logits", "features"],
            dynamic_axes={name: {0: "N"} for name in ("face", "logits", "features")},
            opset_version=OPSET,
            do_constant_folding=True,
            dynamo=False,
        )
        return onnx.load(path)


@torch.no_grad()
def check_parity(net: nn.Module, session: ort.InferenceSession, batch: Tensor) -> float:
    """Compare PyTorch and ONNX Runtime on a normalised batch, float32 (n, 1, size, size).

    Returns:
        The greatest difference, relative to 1 + the value.

    Raises:
        ExportError: it exceeds `TOLERANCE`.
    """
    wanted = net(batch)
    given = session.run(["logits", "features"], {"face": batch.numpy()})
    worst = max(
        float((torch.from_numpy(np.asarray(g)) - w).abs().div(1 + w.abs()).max())
        for g, w in zip(given, wanted, strict=True)
    )
    if not worst <= TOLERANCE:
        raise ExportError(
            f"The exported model differs from the network by {worst:.1e}, more than {TOLERANCE}; "
            "nothing was written."
        )
    return worst


def _check_batches(
    images: NDArray[np.uint8], size: int, mean: float, std: float
) -> tuple[Tensor, ...]:
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(8, 1, size, size, generator=generator)
    real = torch.from_numpy(images[:64, None].astype(np.float32) / 255)
    return noise, noise[:1], (real - mean) / std


def _trained_on(data: str, notes: dict[str, Any]) -> str:
    text = f"{data}; {notes['fitted_on']:,} pictures"
    cleaning = notes["cleaning"]
    if not cleaning:
        return text + ", copies of test pictures included"
    copies = cleaning["test_exact"] + cleaning["test_near"]
    inside = cleaning["repeated"] + cleaning["contradicting"]
    return text + (
        f" of {cleaning['before']:,} after {copies:,} copies of test pictures and {inside:,} "
        "copies inside Training were removed"
    )


def _commit() -> str:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
