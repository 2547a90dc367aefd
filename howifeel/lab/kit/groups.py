"""Tables of face pictures with the groups that people or pictures belong to."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from howifeel import emotions
from howifeel.train.data import SIDE, DataError, FaceSet

_MOST_GROUPS = 20
LEAST = 20
"""Groups of fewer pictures are compared with nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Pictures with groups.

    Attributes:
        images: uint8 (n, 48, 48), grey.
        groups: text (n,) for each column.
        order: the groups of each column that are compared, as they are shown.
        labels: int (n,), or None where nobody said what the faces look like.
        name: the table in words.
    """

    images: NDArray[np.uint8]
    groups: dict[str, NDArray[np.str_]]
    order: dict[str, tuple[str, ...]]
    labels: NDArray[np.integer] | None
    name: str

    def some(self, places: NDArray[np.integer]) -> Grouped:
        """The pictures at these positions."""
        labels = None if self.labels is None else self.labels[places]
        groups = {name: values[places] for name, values in self.groups.items()}
        return Grouped(self.images[places], groups, _present(self.order, groups), labels, self.name)


def read(path: Path, columns: tuple[str, ...], trim: float) -> Grouped:
    """Read a Parquet file with `image` (bytes), group columns and, if known, `label`.

    Args:
        path: the file.
        columns: which columns are groups; all others of few values when empty.
        trim: share of the side that is cut away on each side, 0..0.4, as FER-2013's faces fill
            their picture.

    Raises:
        DataError: it cannot be read, has no such column, or a named one with too many values.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{path} is missing, damaged or not a Parquet file.") from error
    if "image" not in table.column_names:
        raise DataError(f"{path} lacks the column image.")
    missing = [name for name in columns if name not in table.column_names]
    if missing:
        known = ", ".join(table.column_names)
        raise DataError(f"{path} has no column {missing[0]!r}; it has {known}.")
    pictures = table["image"].to_pylist()
    images = [_face(picture, trim, f"{path}, row {row}") for row, picture in enumerate(pictures)]
    groups = {}
    for name in columns or table.column_names:
        values = np.array([str(value) for value in table[name].to_pylist()]
                          if name not in ("image", "label") else [])  # fmt: skip
        count = len(np.unique(values))
        if columns and count > _MOST_GROUPS:
            raise DataError(
                f"The column {name!r} of {path} has {count:,} different values, more than "
                f"{_MOST_GROUPS}; put them into fewer groups, or name another with --groups."
            )
        if count and (columns or 1 < count <= _MOST_GROUPS):
            groups[name] = values
    if not images or not groups:
        raise DataError(f"{path} has no pictures or no column of groups; name one with --groups.")
    labels = _labels(table["label"].to_pylist()) if "label" in table.column_names else None
    order = {name: tuple(np.unique(values).tolist()) for name, values in groups.items()}
    return Grouped(np.stack(images), groups, order, labels, path.stem)


def by_brightness(faces: FaceSet, name: str) -> Grouped:
    """Faces in thirds by the mean brightness of their picture, which says nothing about people."""
    means = faces.images.mean((1, 2))
    thirds = np.searchsorted(np.quantile(means, (1 / 3, 2 / 3)), means)
    words = ("darkest third", "middle third", "brightest third")
    groups = {"picture": np.array(words)[thirds]}
    order = _present({"picture": words}, groups)
    return Grouped(faces.images, groups, order, faces.labels, name)


def large(seen: Grouped) -> tuple[Grouped, tuple[str, ...]]:
    """The same without groups of fewer than `LEAST` pictures, and a sentence for each column of it.

    Columns in which fewer than two groups are left go as a whole.
    """
    order, told = {}, []
    for column, names in seen.order.items():
        kept = tuple(name for name in names if (seen.groups[column] == name).sum() >= LEAST)
        if len(kept) < 2:
            told.append(
                f"Nothing is compared by {column}, as too few of its groups have at least {LEAST} "
                f"pictures ({len(kept)} of {len(names)})."
            )
            continue
        order[column] = kept
        if len(kept) < len(names):
            told.append(
                f"Left out of the comparison by {column}: {len(names) - len(kept)} of {len(names)} "
                f"groups, with fewer than {LEAST} pictures each."
            )
    groups = {column: seen.groups[column] for column in order}
    return replace(seen, groups=groups, order=order), tuple(told)


def _present(
    order: dict[str, tuple[str, ...]], groups: dict[str, NDArray[np.str_]]
) -> dict[str, tuple[str, ...]]:
    """The same without groups that have no picture."""
    return {
        column: tuple(name for name in names if (groups[column] == name).any())
        for column, names in order.items()
    }


def _face(picture: object, trim: float, name: str) -> NDArray[np.uint8]:
    data = picture.get("bytes") if isinstance(picture, dict) else picture
    try:
        with Image.open(io.BytesIO(data)) as image:  # type: ignore[arg-type]
            grey = image.convert("L")
    except (UnidentifiedImageError, OSError, TypeError) as error:
        raise DataError(f"The picture {name} is damaged; use a complete copy.") from error
    across, down = (round(trim * side) for side in grey.size)
    inner = grey.crop((across, down, grey.width - across, grey.height - down))
    return np.asarray(inner.resize((SIDE, SIDE), Image.Resampling.BOX), np.uint8)


def _labels(values: list[object]) -> NDArray[np.integer]:
    found = []
    for value in values:
        name = emotions.from_label(value) if isinstance(value, str) else None
        if name is None and not (isinstance(value, int) and 0 <= value < len(emotions.NAMES)):
            raise DataError(f"Unknown label {value!r}; use {', '.join(emotions.NAMES)}.")
        found.append(emotions.NAMES.index(name) if name else value)
    return np.array(found, np.int64)
