"""Photos with marked faces, read from Parquet files into memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyarrow
import pyarrow.parquet
from numpy.typing import NDArray

from howifeel.errors import SourceError

_COLUMNS = ("image", "boxes", "boxed")


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A photo and its faces.

    Attributes:
        image: uint8 (height, width, 3), BGR.
        faces: float32 (n, 4): x0, y0, x1, y1 in pixels.
    """

    image: NDArray[np.uint8]
    faces: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class FaceData:
    """The pictures to learn from and those to choose the best net by.

    Attributes:
        photos: training pictures with at least one face.
        negatives: training pictures without a face.
        validation: pictures that are never trained on.
    """

    photos: tuple[Picture, ...]
    negatives: tuple[Picture, ...]
    validation: tuple[Picture, ...]


def read(folder: Path) -> FaceData:
    """Read `train-*`, `negatives-*` and `validation-*` Parquet files.

    Pictures whose faces are not marked (`boxed` is false) are left out.

    Raises:
        SourceError: the folder lacks training or validation pictures, or a file is damaged.
    """
    training = read_split(folder, "train") + read_split(folder, "negatives", required=False)
    return FaceData(
        photos=tuple(picture for picture in training if len(picture.faces)),
        negatives=tuple(picture for picture in training if not len(picture.faces)),
        validation=read_split(folder, "validation"),
    )


def read_split(folder: Path, split: str, *, required: bool = True) -> tuple[Picture, ...]:
    """Read all `SPLIT-*.parquet` files of a folder in the order of their names.

    The columns are `image` (a struct whose `bytes` hold an encoded picture), `boxes` (lists of
    x0, y0, x1, y1 in pixels) and `boxed` (whether the faces are marked at all).

    Raises:
        SourceError: there is none and `required` is true, or one is damaged.
    """
    paths = sorted(folder.glob(f"{split}-*.parquet"))
    if required and not paths:
        raise SourceError(
            f"There is no {split}-*.parquet in {folder}; name the folder with the face pictures."
        )
    return tuple(picture for path in paths for picture in _read_file(path))


def _read_file(path: Path) -> Iterator[Picture]:
    try:
        rows = pyarrow.parquet.read_table(path, columns=list(_COLUMNS)).to_pylist()
    except (OSError, pyarrow.ArrowException, KeyError) as error:
        raise SourceError(f"Cannot read the face pictures in {path}: {error}.") from error
    for number, row in enumerate(rows):
        if not row["boxed"]:
            continue
        image = cv2.imdecode(np.frombuffer(row["image"]["bytes"], np.uint8), cv2.IMREAD_COLOR)
        if image is None:
            raise SourceError(f"Row {number} of {path} holds no picture; use a complete copy.")
        faces = np.array(row["boxes"], np.float32).reshape(-1, 4)
        yield Picture(image.astype(np.uint8, copy=False), faces)
