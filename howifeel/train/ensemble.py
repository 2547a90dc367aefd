"""Several checkpoints that answer together, each with a weight that is chosen on PublicTest."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from howifeel.errors import SettingsError
from howifeel.train import calibrate, checkpoint, metrics
from howifeel.train.forward import layout, predict, trained

_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Member:
    """One checkpoint of an ensemble.

    Attributes:
        checkpoint: its file.
        temperature: divides its logits, so that its probabilities are calibrated.
        weight: of its probabilities, 0..1.
        accuracy: its own share of right answers, 0..1.
    """

    checkpoint: str
    temperature: float
    weight: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Checkpoints with weights, and what they get right together on what these were chosen on.

    Attributes:
        protocol: which pictures the accuracies are of, in words.
        count: how many pictures.
        members: the checkpoints.
        accuracy: share of right answers of the weighted mean of probabilities, 0..1.
        accuracy_low, accuracy_high: Wilson's 95 % interval.
        plain_accuracy: the same with equal weights, which nothing was chosen for.
        nll: mean negative log-likelihood of the weighted mean in nats.
    """

    protocol: str
    count: int
    members: tuple[Member, ...]
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    plain_accuracy: float
    nll: float

    def as_dict(self) -> dict[str, object]:
        """All values as JSON knows them."""
        return asdict(self)

    def table(self) -> str:
        """The figures for people."""
        lines = [f"{self.protocol} (n = {self.count:,})"]
        lines += [
            f"  {member.accuracy:.2%}  weight {member.weight:.2f}  {member.checkpoint}"
            for member in self.members
        ]
        interval = f"{self.accuracy_low:.1%} to {self.accuracy_high:.1%}"
        return "\n".join(
            [
                *lines,
                f"  {self.accuracy:.2%}  together (95 % Wilson interval {interval}), "
                f"NLL {self.nll:.4f}",
                f"  {self.plain_accuracy:.2%}  together with equal weights",
            ]
        )


def assemble(checkpoints: list[Path], device: torch.device) -> Ensemble:
    """Let checkpoints answer on the pictures that their epochs were chosen on, and weigh them.

    Raises:
        AssetError: a checkpoint is missing or damaged.
        SettingsError: there is none, or they were trained on different pictures.
    """
    if not checkpoints:
        raise SettingsError("An ensemble needs checkpoints; name at least one.")
    answers, temperatures = [], []
    first = checkpoint.load(checkpoints[0])
    labels = first.choose_labels.numpy()
    for path in checkpoints:
        saved = checkpoint.load(path)
        if saved.data != first.data:
            raise SettingsError(
                f"{path} was trained on other pictures than {checkpoints[0]}; use the same data "
                "and protocol for all."
            )
        net = trained(saved).to(device)
        net.to(memory_format=layout(saved.recipe))  # pyright: ignore[reportCallIssue]
        logits = predict(net, saved.choose_images.unsqueeze(1).to(device), saved.recipe)
        temperatures.append(calibrate.fit_temperature(logits, labels))
        answers.append(metrics.softmax(logits, temperatures[-1]))
    stacked = np.stack(answers)
    weights = choose_weights(stacked, labels)
    together, plain = np.tensordot(weights, stacked, 1), stacked.mean(0)
    hits = int((together.argmax(1) == labels).sum())
    low, high = metrics.wilson(hits, len(labels))
    members = (
        Member(str(path), round(temperature, 4), round(float(weight), 4), _accuracy(own, labels))
        for path, temperature, weight, own in zip(
            checkpoints, temperatures, weights, answers, strict=True
        )
    )
    return Ensemble(
        protocol=f"{first.notes['choose_name']}, single view, all pictures, epochs, temperatures "
        "and weights chosen on it",
        count=len(labels),
        members=tuple(members),
        accuracy=hits / len(labels),
        accuracy_low=low,
        accuracy_high=high,
        plain_accuracy=_accuracy(plain, labels),
        nll=metrics.negative_log_likelihood(together, labels),
    )


def choose_weights(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer]
) -> NDArray[np.float64]:
    """The weights under which the mean of probabilities is likeliest.

    The likelihood of a mixture is concave in its weights; expectation and maximisation in turn
    climb to its top (Dempster, Laird and Rubin 1977, section 4.3).

    Args:
        probabilities: float (members, n, classes).
        labels: int (n,).

    Returns:
        float64 (members,), at least 0, sum 1.
    """
    right = np.maximum(probabilities[:, np.arange(len(labels)), labels], 1e-12)
    weights = np.full(len(right), 1 / len(right))
    for _ in range(_ROUNDS):
        shares = weights[:, None] * right
        weights = (shares / shares.sum(0)).mean(1)
    return weights


def _accuracy(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    return float((probabilities.argmax(1) == labels).mean())
