"""Classifiers as experiments see them: pictures in, logits and features out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from howifeel import assets, emotions
from howifeel.errors import AssetError
from howifeel.lab.kit import training
from howifeel.lab.kit.options import ModelOptions
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import ModelFacts
from howifeel.lab.kit.study import Study
from howifeel.train import calibrate, checkpoint, evaluate, metrics, nets, reopen
from howifeel.train.forward import predict, trained
from howifeel.train.parallel import device_of
from howifeel.train.recipe import Recipe
from howifeel.train.soup import MEAN_OF

Pictures = NDArray[np.uint8] | NDArray[np.float32]
"""Grey faces (n, 48, 48), 0..255."""


class Answering(Protocol):
    """A classifier whose probabilities may be anything.

    Attributes:
        facts: which one.
    """

    facts: ModelFacts

    def logits(self, pictures: Pictures) -> NDArray[np.float32]:
        """Logits, float32 (n, 7)."""
        ...

    def features(self, pictures: Pictures) -> NDArray[np.float32]:
        """What the last layer reads, float32 (n, k): features, averaged over the picture."""
        ...


class Model(Answering, Protocol):
    """A classifier with calibrated probabilities."""

    def probabilities(self, pictures: Pictures, *, camera: bool = False) -> NDArray[np.float64]:
        """Calibrated probabilities, float64 (n, 7).

        Args:
            pictures: the faces.
            camera: with the model's correction, if it has one, for how common each expression is
                before a camera; without it for pictures that are mixed as the training data are.
        """
        ...


class OnnxModel:
    """A model file.

    Args:
        path: the file.

    Raises:
        AssetError: it cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._session, self.spec = evaluate.open_model(path)
        self.facts = ModelFacts(path.name, assets.sha256(path), "ONNX file")

    def logits(self, pictures: Pictures) -> NDArray[np.float32]:
        """Logits, float32 (n, 7), without the bias that is for cameras."""
        return evaluate.logits_of(self._session, pictures, self.spec.mean, self.spec.std)

    def probabilities(self, pictures: Pictures, *, camera: bool = False) -> NDArray[np.float64]:
        """As the file says, see `Model`."""
        spec = self.spec if camera else self.spec.unbiased()
        return spec.probabilities(self.logits(pictures))

    def features(self, pictures: Pictures) -> NDArray[np.float32]:
        """The output `features`, averaged.

        Raises:
            AssetError: the file has no such output.
        """
        if "features" not in [output.name for output in self._session.get_outputs()]:
            raise AssetError(
                f"{self.facts.name} does not give its features; name the checkpoint.pt that it was "
                "exported from."
            )
        parts = []
        for start in range(0, len(pictures), 64):
            some = pictures[start : start + 64]
            batch = evaluate.to_input(some, self.spec.mean[0], self.spec.std[0])
            (features,) = self._session.run(["features"], {"face": batch})
            parts.append(np.asarray(features).mean((2, 3)))
        return np.concatenate(parts)


class TorchModel:
    """A network with gradients, whose answers are not calibrated.

    Args:
        net: with seven logits.
        recipe: how its input is normalised.
        facts: which one it is.
        device: where it computes.
    """

    def __init__(
        self, net: nets.Net, recipe: Recipe, facts: ModelFacts, device: torch.device
    ) -> None:
        self.facts, self.device = facts, device
        self.recipe = replace(recipe, precision="fp32")
        self.net = net.to(device)
        for parameter in self.net.parameters():
            parameter.requires_grad_(False)

    def logits(self, pictures: Pictures) -> NDArray[np.float32]:
        """Logits, float32 (n, 7)."""
        return predict(self.net, self._tensor(pictures), self.recipe)

    @torch.no_grad()
    def features(self, pictures: Pictures) -> NDArray[np.float32]:
        """What `head` takes."""
        taken: list[torch.Tensor] = []
        hook = self.net.head.register_forward_pre_hook(lambda _, inputs: taken.append(inputs[0]))
        try:
            self.logits(pictures)
        finally:
            hook.remove()
        return torch.cat(taken).cpu().numpy()

    def _tensor(self, pictures: Pictures) -> torch.Tensor:
        return torch.from_numpy(np.array(pictures)).unsqueeze(1).to(self.device)


class CheckpointModel(TorchModel):
    """The network of a checkpoint.

    Args:
        saved: the checkpoint; its pictures of the chosen-on part calibrate it.
        facts: which one it is.
        device: where it computes.
    """

    def __init__(
        self, saved: checkpoint.Checkpoint, facts: ModelFacts, device: torch.device
    ) -> None:
        super().__init__(trained(saved), saved.recipe, facts, device)
        self.saved = saved
        self._temperature: float | None = None

    def probabilities(self, pictures: Pictures, *, camera: bool = False) -> NDArray[np.float64]:
        """With a temperature that is fitted on the chosen-on part at first; `camera` is nothing."""
        if self._temperature is None:
            answers = self.logits(self.saved.choose_images.numpy())
            self._temperature = calibrate.fit_temperature(answers, self.saved.choose_labels.numpy())
        return metrics.softmax(self.logits(pictures), self._temperature)


def any_model(options: ModelOptions, study: Study, out: Out) -> Model:
    """The classifier that the options name.

    Without a name it is the shipped model, or for drawn faces a small net that is trained here.

    Raises:
        AssetError: the file cannot be used.
    """
    if options.model is None and study.drawn:
        return trained_here(options, study, out)
    return named(options.model or assets.DEFAULT_MODEL, options.device)


def named(name: str, device: str) -> Model:
    """The classifier of a checkpoint, of an ONNX file, or that is shipped under a name.

    Raises:
        AssetError: it cannot be used.
    """
    if Path(name).suffix == ".pt":
        return from_checkpoint(Path(name), device)
    return OnnxModel(assets.model_file(name))


def given(options: ModelOptions) -> TorchModel | None:
    """The network that the options name, or that ships; none where drawn faces are to train one.

    Experiments call this before they do any work, as a model without gradients ends them.

    Raises:
        AssetError: the file cannot be used.
    """
    if options.model is None and options.data is None:
        return None
    return with_gradients(options.model or assets.DEFAULT_MODEL, options.device)


def with_gradients(name: str, device: str) -> TorchModel:
    """The network of a checkpoint, of an ONNX file, or that is shipped under a name.

    Raises:
        AssetError: it cannot be used.
    """
    if Path(name).suffix == ".pt":
        return from_checkpoint(Path(name), device)
    path = assets.model_file(name)
    opened = reopen.reopen(path)
    views = ", which looks at a single view here" if opened.spec.mirrored else ""
    facts = ModelFacts(path.name, assets.sha256(path), f"ONNX file, net {opened.recipe.net}{views}")
    return TorchModel(opened.net, opened.recipe, facts, device_of(device))


def from_checkpoint(path: Path, device: str) -> CheckpointModel:
    """A network from a checkpoint of howifeel-train.

    Raises:
        AssetError: it is missing, damaged, or of another size than 48 pixels.
    """
    saved = checkpoint.load(path)
    if saved.recipe.size != 48:
        raise AssetError(f"{path} is for faces of {saved.recipe.size} pixels; choose one for 48.")
    about = f"checkpoint of the net {saved.recipe.net}, {_when(saved)}"
    return CheckpointModel(
        saved, ModelFacts(path.name, assets.sha256(path), about), device_of(device)
    )


def trained_here(
    options: ModelOptions, study: Study, out: Out, *, name: str = "small net"
) -> CheckpointModel:
    """A small net, trained on the study's own pictures."""
    recipe = training.small(options.seed, options.epochs)
    saved = training.fit(recipe, study, out, label=f"training a {name}", device=options.device)
    about = (
        f"{recipe.net} of width {recipe.options['width']}, trained here, {recipe.epochs} epochs; "
        + study.trained
    )
    facts = ModelFacts(name, training.fingerprint(saved), about, trained_here=True)
    return CheckpointModel(saved, facts, device_of(options.device))


def predicted(model: Answering, pictures: Pictures) -> NDArray[np.intp]:
    """The likeliest expression of each picture as a position in `emotions.NAMES`."""
    answers = model.logits(pictures)
    assert answers.shape[1] == len(emotions.NAMES)
    return answers.argmax(1)


def protocol_note(model: Answering, study: Study) -> str:
    """What must be known about how model and pictures belong together."""
    if model.facts.trained_here:
        return ""
    return (
        f" The model's epoch and temperature may have been chosen on {study.part}, and its "
        "Training may hold copies of these pictures: see its card."
    )


def camera_note(model: Model) -> str:
    """Which correction for cameras its answers have, as a clause."""
    if not isinstance(model, OnnxModel):
        return "without a correction for cameras, which no checkpoint has"
    if model.spec == model.spec.unbiased():
        return f"without a correction for cameras, which {model.facts.name} does not have"
    return "with the correction for cameras that the program uses"


def _when(saved: checkpoint.Checkpoint) -> str:
    if trainings := saved.notes.get(MEAN_OF):
        return f"mean of the weights of {len(trainings)} trainings"
    best = max(saved.history, key=lambda record: record["choose_accuracy"])
    return f"epoch {int(best['epoch'])}"
