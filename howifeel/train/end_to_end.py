"""Measures the whole program on uncropped pictures: detector, crop, classifier."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions, engine, quality
from howifeel.classify import Classifier
from howifeel.classify.curve import STRAIGHT
from howifeel.config import Settings
from howifeel.train import class_labels, tta
from howifeel.train.data import DataError
from howifeel.train.pictures import decode
from howifeel.train.scores import Scores, score
from howifeel.types import Frame

HALVES = {"all": slice(None), "first": slice(0, None, 2), "second": slice(1, None, 2)}
"""All pictures; every other one from the first on, to choose on; the others, to report on."""

CORRECTED = "corrected for the camera"
"""What the answers are called that the program shows, where the model has a `bias`."""

ABOUT_CORRECTION = (
    f'howifeel and howifeel-video show the answers that are "{CORRECTED}": with its bias the model '
    "allows for faces before a camera being neutral more often than those that it learned from."
)
"""What to tell beside answers without and with the correction."""

_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the program read in labelled pictures.

    Attributes:
        probs: probabilities, float64 (n, 7), of the pictures with a usable face, by how they were
            made: "raw" without calibration, "calibrated", and "corrected" by the model's bias.
        labels: int64 (n,), theirs.
        missed: int64 (m,), labels of the pictures without a usable face.
        unknown: number of pictures that were left out, as their label is none of the seven.
    """

    probs: dict[str, NDArray[np.float64]]
    labels: NDArray[np.int64]
    missed: NDArray[np.int64]
    unknown: int


def evaluate(data: Path, settings: Settings, half: str = "all") -> list[Scores]:
    """Measure the program on labelled pictures; a picture without a usable face is an error.

    Where the model has a `bias`, both without and with it.

    Args:
        data: a folder with a folder of pictures for each label, or a Parquet file (or a folder of
            these) with the columns `image` (a struct with `bytes`) and `label`: a name, or a number
            in the order that the file names in its metadata, else in that of `emotions.NAMES`.
        settings: detector, model and thresholds.
        half: which pictures, one of `HALVES`.

    Raises:
        DataError: the data cannot be read, or holds no picture with a known label.
        AssetError: the model or the detector cannot be used.
    """
    loaded = engine.load(settings)
    answers = read(data, loaded, half)
    spec = loaded.classifier.spec
    part = "" if half == "all" else f", {half} half"
    left_out = f", {answers.unknown} with other labels left out" if answers.unknown else ""
    looked = tta.described(tta.SINGLE, mirrored=spec.mirrored, networks=spec.networks)
    name = f"{data.name}{part}, end to end, {looked}{left_out}"
    versions = {name: "calibrated"}
    if any(spec.bias):
        versions[f"{name}, {CORRECTED}"] = "corrected"
    return [
        score(
            answers.probs["raw"],
            answers.probs[version],
            answers.labels,
            spec.unsure_below,
            protocol,
            answers.missed,
        )
        for protocol, version in versions.items()
    ]


def read(data: Path, loaded: engine.Engine, half: str = "all") -> Answers:
    """What the program answers to each picture, for its largest face.

    Raises:
        DataError: see `evaluate`.
    """
    versions = _versions(loaded.classifier)
    probs: dict[str, list[NDArray[np.float32]]] = {version: [] for version in versions}
    labels: list[int] = []
    missed: list[int] = []
    unknown = 0
    chosen = HALVES[half]
    for image, label in islice(pictures(data), chosen.start, chosen.stop, chosen.step):
        name = emotions.from_label(label)
        if name is None:
            unknown += 1
            continue
        frame = Frame(image, 0, 0.0)
        faces, _ = quality.usable(frame, loaded.detector.detect(frame), loaded.settings)
        if not faces:
            missed.append(emotions.NAMES.index(name))
            continue
        largest = max(faces, key=lambda face: face.box.area)
        for version, classifier in versions.items():
            probs[version].append(classifier.classify(frame, (largest,)).probs[0])
        labels.append(emotions.NAMES.index(name))
    if not labels:
        raise DataError(f"In {data} no face was found in a picture with a known expression.")
    stacked = {version: np.stack(rows).astype(np.float64) for version, rows in probs.items()}
    return Answers(stacked, np.array(labels), np.array(missed, np.int64), unknown)


def _versions(classifier: Classifier) -> dict[str, Classifier]:
    """The classifier without calibration, without its bias, and as it is."""
    plain, raw = copy.copy(classifier), copy.copy(classifier)
    plain.spec = classifier.spec.unbiased()
    raw.spec = replace(plain.spec, temperature=1.0, curve=STRAIGHT)
    return {"raw": raw, "calibrated": plain, "corrected": classifier}


def pictures(data: Path) -> Iterator[tuple[NDArray[np.uint8], str]]:
    """The pictures, uint8 (height, width, 3) BGR, and the label of each as it is written.

    Raises:
        DataError: see `evaluate`.
    """
    if data.is_file():
        yield from _of_parquet(data)
    elif tables := sorted(data.glob("*.parquet")):
        for table in tables:
            yield from _of_parquet(table)
    elif data.is_dir():
        yield from _of_folders(data)
    else:
        raise DataError(f"There are no pictures at {data}; check the name.")


def _of_parquet(path: Path) -> Iterator[tuple[NDArray[np.uint8], str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, columns=["image", "label"])
    except (OSError, pa.ArrowException) as error:
        raise DataError(
            f"{path} is damaged or no Parquet file with the columns image and label."
        ) from error
    names = class_labels.names(table.schema.metadata)
    for number, row in enumerate(table.to_pylist()):
        if not isinstance(row["image"], dict) or not row["image"].get("bytes"):
            raise DataError(f"The column image of {path} must hold `bytes` of a picture.")
        label = class_labels.named(row["label"], names)
        if isinstance(label, int) and 0 <= label < len(emotions.NAMES):
            label = emotions.NAMES[label]
        yield _decoded(row["image"]["bytes"], f"{path}, row {number}"), str(label)


def _of_folders(folder: Path) -> Iterator[tuple[NDArray[np.uint8], str]]:
    labels = sorted(child for child in folder.iterdir() if child.is_dir())
    if not labels:
        raise DataError(f"{folder} has no folders; it needs one with pictures for each expression.")
    for label in labels:
        for path in sorted(label.iterdir()):
            if path.suffix.lower() in _PICTURES:
                yield _decoded(path, str(path)), label.name


def _decoded(source: bytes | Path, name: str) -> NDArray[np.uint8]:
    upright = decode(source, name, "RGB", upright=True)
    return np.ascontiguousarray(np.asarray(upright, np.uint8)[:, :, ::-1])
