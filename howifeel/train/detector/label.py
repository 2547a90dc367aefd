"""Marks the faces of photos by two detectors that agree, for pictures that nobody marked.

The rule: a face is where both are sure and their boxes overlap; its box is the first detector's.
Where only one of them sees a face, the place is doubtful and training ignores it, unless it is
another box of a face that both see. A picture without a face by this rule is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyarrow
import pyarrow.parquet
from numpy.typing import NDArray

from howifeel.files import atomic
from howifeel.train.detector.evaluate import Detect
from howifeel.train.detector.matching import iou
from howifeel.train.detector.picture import Picture

FILE_NAME = "labelled-0-of-1.parquet"
_SCHEMA = pyarrow.schema(
    {
        "image": pyarrow.struct({"bytes": pyarrow.binary(), "path": pyarrow.string()}),
        "boxes": pyarrow.list_(pyarrow.list_(pyarrow.float32())),
        "doubtful": pyarrow.list_(pyarrow.list_(pyarrow.float32())),
        "boxed": pyarrow.bool_(),
    }
)
_JPEG_QUALITY = 95


@dataclass(frozen=True, slots=True)
class LabelRule:
    """When two detectors agree.

    Attributes:
        sure_first: least score (0..1) of a face for the first detector.
        sure_second: the same for the second.
        suspect_first: from this score on a face that the other does not see is doubtful; below
            it, hands, ears and letters are more frequent than faces, and are background.
        suspect_second: the same for the second detector.
        overlap: least intersection over union of the two boxes.
    """

    sure_first: float = 0.5
    sure_second: float = 0.9
    suspect_first: float = 0.5
    suspect_second: float = 0.6
    overlap: float = 0.5


@dataclass(frozen=True, slots=True)
class Labelled:
    """What came of it.

    Attributes:
        pictures: number looked at.
        kept: number with at least one face that both detectors see.
        faces: number of these faces.
        doubtful: number of places in the kept pictures where only one sees a face.
    """

    pictures: int
    kept: int
    faces: int
    doubtful: int


def label(
    pictures: Iterable[NDArray[np.uint8]], first: Detect, second: Detect, rule: LabelRule
) -> Iterator[Picture]:
    """Every picture with the faces that both detectors see, perhaps none.

    Args:
        pictures: uint8 (h, w, 3), BGR.
        first: draws boxes as the people did who marked the other pictures.
        second: another opinion.
        rule: when they agree.
    """
    for image in pictures:
        yield Picture(image, *agree(first(image), second(image), rule))


def agree(
    first: NDArray[np.float32], second: NDArray[np.float32], rule: LabelRule
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The boxes of the faces and of the doubtful places.

    Args:
        first: float32 (n, 5): x0, y0, x1, y1, score.
        second: float32 (m, 5), likewise.
        rule: when they agree.
    """
    overlap = iou(first[:, :4], second[:, :4]) >= rule.overlap
    sure = (first[:, 4] >= rule.sure_first)[:, None] & (second[:, 4] >= rule.sure_second)[None]
    both = overlap & sure
    faces = first[both.any(axis=1), :4]
    suspects = np.concatenate(
        [
            first[~both.any(axis=1) & (first[:, 4] >= rule.suspect_first), :4],
            second[~both.any(axis=0) & (second[:, 4] >= rule.suspect_second), :4],
        ]
    )
    return faces, suspects[~_on_any(suspects, faces)]


def _on_any(boxes: NDArray[np.float32], faces: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which boxes (n, 4) mostly cover a face, or are mostly covered by one: another box of it."""
    low = np.maximum(boxes[:, None, :2], faces[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], faces[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    sizes = [(all_[:, 2:] - all_[:, :2]).prod(axis=1) for all_ in (boxes, faces)]
    return (shared > 0.5 * np.minimum(sizes[0][:, None], sizes[1][None])).any(axis=1)


def write(pictures: Iterable[Picture], folder: Path, *, force: bool = False) -> Labelled:
    """Write the pictures that have a face as `labelled-0-of-1.parquet` into a folder.

    Raises:
        OutputError: the file cannot be written, or exists and `force` is false.
    """
    rows, looked_at, faces, doubtful = [], 0, 0, 0
    for number, picture in enumerate(pictures):
        looked_at += 1
        if not len(picture.faces):
            continue
        faces, doubtful = faces + len(picture.faces), doubtful + len(picture.doubtful)
        quality = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
        encoded = cv2.imencode(".jpg", picture.image, quality)[1].tobytes()
        rows.append(
            {
                "image": {"bytes": encoded, "path": f"{number}.jpg"},
                "boxes": picture.faces.tolist(),
                "doubtful": picture.doubtful.tolist(),
                "boxed": True,
            }
        )
    with atomic(folder / FILE_NAME, force=force) as unfinished:
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, _SCHEMA), unfinished)
    return Labelled(looked_at, len(rows), faces, doubtful)
