"""Writes a trained net as the Caffe pair that ships, once OpenCV agrees with torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from howifeel.detect.caffe_ssd import MEAN_BGR
from howifeel.errors import HowIFeelError
from howifeel.files import atomic
from howifeel.train.detector.caffe_writer import CaffeGraph
from howifeel.train.detector.checkpoint import Checkpoint
from howifeel.train.detector.decode import LEAST_SCORE, caffe_parameters, detections
from howifeel.train.detector.net import CLASSES, FaceNet
from howifeel.train.detector.preprocess import to_input
from howifeel.train.detector.priors import (
    CENTER_VARIANCE,
    SIZE_VARIANCE,
    make_priors,
    to_corners,
)
from howifeel.train.detector.recipe import Recipe

ARCHITECTURE, WEIGHTS = "architecture.txt", "weights.caffemodel"
OFFSETS, SCORES, PRIORS, DETECTIONS = "offsets", "scores", "priors", "detections"
_FOLLOW_SHAPE = ("Input sides may be other multiples of 64.",)
_TOLERANCE = 1e-3
_MOST_UNMATCHED = 0.02
_CHECKED_PICTURES = 4


class ExportError(HowIFeelError):
    """The exported net does not compute what the trained one does."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The largest absolute differences between torch and OpenCV.

    Attributes:
        offsets: of the net's offsets (which are of order 1).
        scores: of the face probabilities.
        priors: of the prior boxes, as a share of the input's sides.
        unmatched: share of the final detections that have no equal partner.
    """

    offsets: float
    scores: float
    priors: float
    unmatched: float

    def is_small(self) -> bool:
        """Whether rounding explains it; false if any is not a number."""
        numbers = (self.offsets, self.scores, self.priors)
        return all(value < _TOLERANCE for value in numbers) and self.unmatched < _MOST_UNMATCHED


def export(checkpoint: Checkpoint, folder: Path, *, force: bool = False) -> Difference:
    """Write `architecture.txt` and `weights.caffemodel` into a folder.

    Returns:
        How far OpenCV is from torch.

    Raises:
        ExportError: too far; nothing is written.
        OutputError: a file cannot be written, or exists and `force` is false.
    """
    net, recipe = checkpoint.averaged_net(), checkpoint.recipe
    graph = build_graph(net, recipe)
    text, weights = graph.prototxt(_comments(checkpoint)), graph.caffemodel()
    difference = compare(net, recipe, text, weights)
    if not difference.is_small():
        raise ExportError(f"OpenCV disagrees with torch, so nothing was written: {difference}.")
    with (
        atomic(folder / ARCHITECTURE, force=force) as architecture,
        atomic(folder / WEIGHTS, force=force) as caffemodel,
    ):
        architecture.write_text(text, "utf-8")
        caffemodel.write_bytes(weights)
    return difference


def build_graph(net: FaceNet, recipe: Recipe) -> CaffeGraph:
    """The net with priors, softmax and non-maximum suppression as Caffe layers."""
    graph = CaffeGraph("HowIFeelFaces", channels=3, height=recipe.height, width=recipe.width)
    maps, offsets, classes = net.emit(graph)
    priors = []
    for level, top in zip(recipe.maps, maps, strict=True):
        shape = {
            "min_size": float(level.smallest),
            "max_size": float(level.largest),
            "flip": False,
            "clip": False,
            "variance": (CENTER_VARIANCE,) * 2 + (SIZE_VARIANCE,) * 2,
            "step": level.stride,
            "offset": 0.5,
        }
        name = f"priors{level.stride}"
        priors.append(
            graph.add("PriorBox", name, top, graph.input, params={"prior_box_param": shape})
        )
    graph.add("Concat", OFFSETS, *offsets, params={"concat_param": {"axis": 1}})
    graph.add("Concat", "classes", *classes, params={"concat_param": {"axis": 1}})
    graph.add("Concat", PRIORS, *priors, params={"concat_param": {"axis": 2}})
    pairs = {"reshape_param": {"shape": {"dim": (0, -1, CLASSES)}}}
    graph.add("Reshape", "classes_by_prior", "classes", params=pairs)
    graph.add("Softmax", "softmax", "classes_by_prior", params={"softmax_param": {"axis": 2}})
    graph.add("Flatten", SCORES, "softmax", params={"flatten_param": {"axis": 1}})
    parameters = {"detection_output_param": caffe_parameters(recipe.nms)}
    graph.add("DetectionOutput", DETECTIONS, OFFSETS, SCORES, PRIORS, params=parameters)
    return graph


def compare(net: FaceNet, recipe: Recipe, prototxt: str, caffemodel: bytes) -> Difference:
    """Run both on generated pictures.

    Args:
        net: in evaluation mode, on the CPU.
        recipe: its recipe.
        prototxt: the exported architecture.
        caffemodel: the exported weights.
    """
    caffe = cv2.dnn.readNetFromCaffe(
        np.frombuffer(prototxt.encode(), np.uint8), np.frombuffer(caffemodel, np.uint8)
    )
    priors = make_priors(recipe.maps, recipe.width, recipe.height)
    sides = np.array([recipe.width, recipe.height] * 2, np.float32)
    rng = np.random.default_rng(0)
    results = []
    for _ in range(_CHECKED_PICTURES):
        image = _generated_picture(rng, recipe.width, recipe.height)
        with torch.inference_mode():
            pixels = to_input(torch.from_numpy(image)[None], torch.device("cpu"))
            offsets, logits = (output[0] for output in net(pixels))
        scores = logits.softmax(dim=1)[:, 1].numpy()
        ours = detections(offsets.numpy(), scores, priors, recipe.nms)
        ours[:, :4] /= sides
        caffe.setInput(cv2.dnn.blobFromImage(image, 1.0, mean=MEAN_BGR))
        names = [OFFSETS, SCORES, PRIORS, DETECTIONS]
        their_offsets, their_scores, their_priors, rows = caffe.forward(names)  # type: ignore[call-overload]
        rows = rows.reshape(-1, 7).astype(np.float32)
        theirs = rows[rows[:, 2] > 0][:, [3, 4, 5, 6, 2]]
        results.append(
            (
                np.abs(their_offsets.reshape(-1, 4) - offsets.numpy()).max(),
                np.abs(their_scores.reshape(-1, 2)[:, 1] - scores).max(),
                np.abs(their_priors[0, 0].reshape(-1, 4) - to_corners(priors) / sides).max(),
                _unmatched(ours, theirs),
            )
        )
    return Difference(*(float(value) for value in np.max(results, axis=0)))


def _generated_picture(rng: np.random.Generator, width: int, height: int) -> NDArray[np.uint8]:
    """Bright ovals on a smooth ground, with noise: uint8 (height, width, 3)."""
    coarse = rng.uniform(0, 255, (4, 5, 3)).astype(np.float32)
    image = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(12):
        center = (int(rng.integers(width)), int(rng.integers(height)))
        radius = int(rng.integers(4, height // 3))
        colour = rng.uniform(0, 255, 3).tolist()
        cv2.ellipse(image, center, (radius, radius * 4 // 3), 0, 0, 360, colour, -1)
    noise = rng.normal(0, 8, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def _unmatched(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """Share of detections (n, 5) without an equal on the other side.

    Scores at the very threshold may fall on either side of it and do not count.
    """
    alone = total = 0
    for left, right in ((ours, theirs), (theirs, ours)):
        clear = left[left[:, 4] > LEAST_SCORE + _TOLERANCE]
        total += len(clear)
        if len(right):
            distance = np.abs(clear[:, None] - right[None]).max(axis=2)
            alone += int((distance.min(axis=1) > _TOLERANCE).sum())
        else:
            alone += len(clear)
    return alone / max(total, 1)


def _comments(checkpoint: Checkpoint) -> list[str]:
    recipe, net = checkpoint.recipe, checkpoint.recipe.net
    return [
        "Face detector of HowIFeel: a single-shot detector on a feature pyramid.",
        f"Recipe {recipe.name}, step {checkpoint.step}; written by howifeel-train detector.",
        "",
        f"Input: BGR, 0..255, squashed to {recipe.width}x{recipe.height}, "
        f"minus {', '.join(f'{mean:g}' for mean in MEAN_BGR)}; scale 1.",
        *_FOLLOW_SHAPE[: recipe.follow_shape],
        "Output: rows of [picture, class, score, x0, y0, x1, y1], sides as shares of the picture.",
        "Batch normalisation is folded into the convolutions.",
        f"Channels: stem {net.stem}; (channels, blocks) at strides 8, 16, 32, 64: {net.stages};",
        f"pyramid {net.pyramid}. Upsampling is a deconvolution with ones.",
    ]
