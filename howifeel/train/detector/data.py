"""The pictures of a data set, from Parquet files or loose ones, all in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet
from numpy.typing import NDArray

from howifeel import untrusted
from howifeel.errors import SourceError
from howifeel.train.detector import folders
from howifeel.train.detector.picture import Picture, checked_boxes
from howifeel.video.picture import Decoded, decode

_COLUMNS = ("image", "boxes", "boxed")


@dataclass(frozen=True, slots=True, eq=False)
class FaceData:
    """The pictures to learn from and those to choose the best net by.

    Attributes:
        photos: training pictures with at least one face.
        negatives: training pictures without a face, not even a doubtful one.
        validation: pictures that are never trained on.
        labelled: training pictures with at least one face, marked by detectors and not by people.
    """

    photos: tuple[Picture, ...]
    negatives: tuple[Picture, ...]
    validation: tuple[Picture, ...]
    labelled: tuple[Picture, ...] = ()

    @property
    def told(self) -> str:
        """How many pictures there are to learn from, in words."""
        return (
            f"{len(self.photos)} pictures with a face, {len(self.negatives)} without "
            f"and {len(self.labelled)} marked by detectors"
        )


def read(folder: Path, labelled: Path | None = None) -> FaceData:
    """Read the splits `train` and `validation`, and `negatives` if there is one.

    Training pictures in which all that is marked is doubtful teach nothing and are left out.

    Args:
        folder: the pictures that people marked.
        labelled: a folder with a split `labelled`, see `label.py`.

    Raises:
        SourceError: the folder lacks training or validation pictures, or a file is damaged.
    """
    training = read_split(folder, "train") + read_split(folder, "negatives", required=False)
    return FaceData(
        photos=tuple(picture for picture in training if len(picture.faces)),
        negatives=tuple(
            picture for picture in training if not len(picture.faces) and not len(picture.doubtful)
        ),
        validation=read_split(folder, "validation"),
        labelled=read_split(labelled, "labelled") if labelled else (),
    )


def read_split(folder: Path, split: str, *, required: bool = True) -> tuple[Picture, ...]:
    """Read a split from all `SPLIT-*.parquet` files of a folder, or as `folders.py` describes.

    The columns are `image` (a struct whose `bytes` hold an encoded picture), `boxes` (lists of
    x0, y0, x1, y1 in pixels), `boxed` (whether the faces are marked at all; if not, the picture is
    left out) and, where there are any, `doubtful` (like `boxes`).

    Raises:
        SourceError: there is none and `required` is true, or a file is damaged.
    """
    paths = sorted(folder.glob(f"{split}-*.parquet"))
    if paths:
        return tuple(picture for path in paths for picture in _read_file(path))
    loose = folders.find_split(folder, split)
    if required and not loose:
        raise SourceError(
            f"There is no {split}-*.parquet in {folder}, and no folder {split} with pictures; "
            "name the folder with the face pictures."
        )
    return tuple(folders.read_pair(picture, marks) for picture, marks in loose)


def read_unmarked(folder: Path, split: str) -> Iterator[NDArray[np.uint8]]:
    """The pictures of the `SPLIT-*.parquet` files whose faces are not marked: uint8 (h, w, 3), BGR.

    Raises:
        SourceError: there is no such picture, or a file is damaged.
    """
    found = False
    for path in sorted(folder.glob(f"{split}-*.parquet")):
        for number, row in enumerate(_rows(path)):
            if not row["boxed"]:
                found = True
                yield _decoded(row, number, path).image
    if not found:
        raise SourceError(
            f"There is no {split}-*.parquet in {folder} with pictures whose faces are not marked."
        )


def _read_file(path: Path) -> Iterator[Picture]:
    for number, row in enumerate(_rows(path)):
        if row["boxed"]:
            decoded = _decoded(row, number, path)
            try:
                marked = checked_boxes(row["boxes"]), checked_boxes(row.get("doubtful") or ())
            except ValueError as error:
                raise SourceError(
                    f"Cannot read the faces in row {number} of {path}: {error}."
                ) from error
            faces, doubtful = (boxes / np.float32(decoded.reduced) for boxes in marked)
            yield Picture(decoded.image, faces, doubtful)


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        untrusted.check_regular(path)
        extra = {"doubtful"} & set(pyarrow.parquet.read_schema(path).names)
        return pyarrow.parquet.read_table(path, columns=[*_COLUMNS, *extra]).to_pylist()
    except (OSError, pyarrow.ArrowException, KeyError) as error:
        reason = untrusted.reason(error)
        raise SourceError(f"Cannot read the face pictures in {path}: {reason}.") from error


def _decoded(row: dict[str, Any], number: int, path: Path) -> Decoded:
    name, image = f"Row {number} of {path}", row["image"]
    encoded = image.get("bytes") if isinstance(image, dict) else None
    if not isinstance(encoded, bytes):
        raise SourceError(f"{name} has no picture as bytes of its image; use a complete copy.")
    return decode(encoded, name)
