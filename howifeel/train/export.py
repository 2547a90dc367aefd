"""Turns a checkpoint into the ONNX file that the program runs, calibrated and checked."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray

from howifeel.classify.runtime import open_session
from howifeel.classify.spec import ModelSpec
from howifeel.errors import SettingsError
from howifeel.files import atomic
from howifeel.train import tta
from howifeel.train.checkpoint import Checkpoint
from howifeel.train.commit import commit
from howifeel.train.evaluate import logits_of, to_input
from howifeel.train.forward import trained
from howifeel.train.graph import Mirrored, Together, check_batches, check_parity, to_onnx
from howifeel.train.lineage import SOURCES
from howifeel.train.nets import Net
from howifeel.train.quantise import milliseconds, quantise
from howifeel.train.recalibrate import CHOSEN_ON_IT, Calibrated, Reading, calibrated
from howifeel.train.recipe import from_toml
from howifeel.train.soup import MEAN_OF

PRECISIONS = ("best", "fp32", "int8")
BUDGET_MS = 3.0
"""Milliseconds that a face may cost on one core."""
NOISE = 0.003
"""Difference of accuracy, as a share, that is not worth a slower model."""
SPOILT = 0.05
"""Loss of accuracy, as a share, from which on 8 bits do not suit a network, however quick."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What an export may decide apart from the weights.

    Attributes:
        precision: "fp32", "int8", or "best": the quickest one that is as accurate, within
            `NOISE`, as the most accurate one that takes at most `BUDGET_MS` here; the quickest
            where none does. One that 8 bits have `SPOILT` is never taken.
        mirrored: the model looks at each face and its mirror image, which takes twice the time.
        reading: how its answers are read.
    """

    precision: str = "best"
    mirrored: bool = False
    reading: Reading = field(default_factory=Reading)

    def __post_init__(self) -> None:
        if self.precision not in PRECISIONS:
            raise SettingsError(f"The precision must be one of {', '.join(PRECISIONS)}.")


@dataclass(frozen=True, slots=True, eq=False)
class Exported(Calibrated):
    """What an export wrote, and the file's answers on the chosen-on part."""

    logits: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A model in one precision, its answers on the chosen-on part, and what it costs."""

    precision: str
    model: onnx.ModelProto
    logits: NDArray[np.float32]
    accuracy: float
    face_ms: float
    megabytes: float


def export(
    checkpoint: Checkpoint,
    target: Path,
    choices: Choices | None = None,
    *,
    beside: Sequence[Checkpoint] = (),
    sample: NDArray[np.uint8] | None = None,
    force: bool = False,
) -> Exported:
    """Write the checkpoint's chosen weights as an ONNX model with full metadata.

    Temperature, curve and "unsure" threshold are fitted on the checkpoint's `choose_images`,
    with the answers of the exported file itself.

    Args:
        checkpoint: a run.
        target: the file to write.
        choices: what it may decide.
        beside: further ones that answer together with it, see `graph.Together`.
        sample: uint8 (n, 48, 48), pictures to measure the ranges of int8 activations on; those
            of the checkpoint where None.
        force: replace an existing file.

    Raises:
        SettingsError: int8 is wanted and there is no sample; or the checkpoints cannot answer
            together.
        ExportError: PyTorch and ONNX Runtime disagree.
        OutputError: the file cannot be written.
    """
    choices = choices or Choices()
    recipe = checkpoint.recipe
    net = _net(checkpoint, beside)
    candidates = _candidates(
        Mirrored(net).eval() if choices.mirrored else net, checkpoint, choices.precision, sample
    )
    chosen = _best(candidates)
    spec = ModelSpec(
        size=recipe.size,
        channels=1,
        mean=(recipe.mean,),
        std=(recipe.std,),
        margin=recipe.margin,
        temperature=1.0,
        unsure_below=0.0,
        trained_on=_trained_on(checkpoint, beside),
        recipe=_recipe_text(checkpoint, beside),
        commit=commit(),
        precision=chosen.precision,
        mirrored=choices.mirrored,
        networks=1 + len(beside),
    )
    looked = tta.described(tta.SINGLE, mirrored=spec.mirrored, networks=spec.networks)
    protocol = f"{checkpoint.notes['choose_name']}, {looked}, all pictures, {CHOSEN_ON_IT}"
    labels = checkpoint.choose_labels.numpy()
    made = calibrated(spec, chosen.logits, labels, choices.reading, protocol)
    spec = replace(made.spec, scores=made.spec.scores | _costs(candidates))
    onnx.helper.set_model_props(chosen.model, spec.to_metadata())
    onnx.checker.check_model(chosen.model)
    with atomic(target, force=force) as unfinished:
        unfinished.write_bytes(chosen.model.SerializeToString())
    return Exported(spec, made.scores, chosen.logits)


def _net(checkpoint: Checkpoint, beside: Sequence[Checkpoint]) -> Net:
    """The network of a checkpoint, or of several."""
    if not beside:
        return trained(checkpoint)
    recipe = checkpoint.recipe
    for other in beside:
        if other.data != checkpoint.data:
            raise SettingsError(
                "The checkpoints were trained on different pictures; use the same data and "
                "protocol for all."
            )
        if (other.recipe.mean, other.recipe.std) != (recipe.mean, recipe.std):
            raise SettingsError(
                "The checkpoints take faces of different mean and std; use the same for all."
            )
    nets = [trained(each) for each in (checkpoint, *beside)]
    return Together(nets, recipe.size).eval()


def _candidates(
    net: Net, checkpoint: Checkpoint, precision: str, sample: NDArray[np.uint8] | None
) -> list[_Candidate]:
    if sample is None and checkpoint.fit_sample is not None:
        sample = checkpoint.fit_sample.numpy()
    if sample is None and precision == "int8":
        raise SettingsError(
            "The checkpoint holds no pictures to measure int8 ranges on; name the data with --data."
        )
    recipe = checkpoint.recipe
    model = to_onnx(net, recipe.size)
    session = open_session(model.SerializeToString(), "the exported model")
    some = to_input(checkpoint.choose_images[:64].numpy(), recipe.mean, recipe.std)
    for batch in check_batches(some):
        check_parity(net, session, batch)
    candidates = [_measured("fp32", model, session, checkpoint)]
    if precision != "fp32" and sample is not None:
        small = quantise(model, to_input(sample, recipe.mean, recipe.std))
        session = open_session(small.SerializeToString(), "the int8 model")
        candidates.append(_measured("int8", small, session, checkpoint))
    return candidates if precision == "best" else candidates[-1:]


def _measured(
    precision: str, model: onnx.ModelProto, session: ort.InferenceSession, checkpoint: Checkpoint
) -> _Candidate:
    recipe = checkpoint.recipe
    images, labels = checkpoint.choose_images.numpy(), checkpoint.choose_labels.numpy()
    logits = logits_of(session, images, (recipe.mean,), (recipe.std,))
    return _Candidate(
        precision=precision,
        model=model,
        logits=logits,
        accuracy=float((logits.argmax(1) == labels).mean()),
        face_ms=milliseconds(session, to_input(images[:1], recipe.mean, recipe.std)),
        megabytes=model.ByteSize() / 1e6,
    )


def _best(candidates: list[_Candidate]) -> _Candidate:
    most = max(c.accuracy for c in candidates)
    candidates = [c for c in candidates if c.accuracy > most - SPOILT]
    quick = [c for c in candidates if c.face_ms <= BUDGET_MS]
    if not quick:
        return min(candidates, key=lambda c: c.face_ms)
    wanted = max(c.accuracy for c in quick) - NOISE
    return min((c for c in quick if c.accuracy >= wanted), key=lambda c: c.face_ms)


def _costs(candidates: list[_Candidate]) -> dict[str, float]:
    """Size, speed and accuracy of each precision, and how far their answers are apart."""
    figures: dict[str, float] = {}
    for c in candidates:
        figures[f"{c.precision}: milliseconds for a face, one thread, least of 200"] = round(
            c.face_ms, 2
        )
        figures[f"{c.precision}: megabytes"] = round(c.megabytes, 2)
        figures[f"{c.precision}: accuracy, chosen-on part, single view"] = round(c.accuracy, 4)
    if len(candidates) == 2:
        first, second = (c.logits for c in candidates)
        figures["int8 against fp32: greatest difference of logits"] = round(
            float(np.abs(first - second).max()), 3
        )
        figures["int8 against fp32: same expression named"] = round(
            float((first.argmax(1) == second.argmax(1)).mean()), 4
        )
    return figures


def _recipe_text(checkpoint: Checkpoint, beside: Sequence[Checkpoint]) -> str:
    text = _recipe_of(checkpoint)
    for other in beside:
        text += "\n# Beside it answers a network of this training:\n" + _commented(
            _recipe_of(other)
        )
    return text


def _recipe_of(checkpoint: Checkpoint) -> str:
    first, *others = checkpoint.notes.get(MEAN_OF) or [checkpoint.recipe.public().to_toml()]
    for other in others:
        first += "\n# Its weights are the mean with those of this training:\n" + _commented(other)
    return first


def _commented(text: str) -> str:
    return textwrap.indent(text, "# ", lambda line: True)


def _trained_on(checkpoint: Checkpoint, beside: Sequence[Checkpoint]) -> str:
    everyone = (checkpoint, *beside)
    models = dict.fromkeys(text for each in everyone for text in each.notes.get(SOURCES, ()))
    return "; and what it began with or learned from: ".join([_own(checkpoint, everyone), *models])


def _own(checkpoint: Checkpoint, everyone: Sequence[Checkpoint]) -> str:
    notes = checkpoint.notes
    recipes = [
        from_toml(text, "a recipe") for each in everyone for text in each.notes.get(MEAN_OF, ())
    ]
    recipes += [each.recipe for each in everyone]
    voted = any(recipe.votes or recipe.votes_head for recipe in recipes)
    text = checkpoint.recipe.trained_on + voted * ", FER+ votes (Barsoum et al. 2016)"
    text += f"; {notes['fitted_on']:,} pictures"
    cleaning = notes["cleaning"]
    if not cleaning:
        return text + ", copies of test pictures included"
    copies = cleaning["test_exact"] + cleaning["test_near"]
    inside = cleaning["repeated"] + cleaning["contradicting"]
    removed = [f"{copies:,} copies of test pictures", f"{inside:,} copies inside Training"]
    if held_out := cleaning.get("held_out"):
        removed += [f"{held_out:,} held out", f"{cleaning['held_out_near']:,} copies of these"]
    listed = ", ".join(removed[:-1]) + " and " + removed[-1]
    return text + f" of {cleaning['before']:,} after {listed} were removed"
