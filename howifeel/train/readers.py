"""Reads FER-2013 in the three layouts in which it is passed around."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from howifeel import emotions, untrusted
from howifeel.train import class_labels, pictures
from howifeel.train.data import (
    PRIVATE,
    PUBLIC,
    SIDE,
    TEST,
    TRAINING,
    USAGES,
    VOTES,
    DataError,
    FaceSet,
)
from howifeel.train.ferplus import VOTES_FILE, read_votes

CSV_NAMES = ("fer2013.csv", "icml_face_data.csv")
_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
_USAGE_STARTS = {
    "public": PUBLIC,
    "val": PUBLIC,
    "private": PRIVATE,
    "test": TEST,
    "train": TRAINING,
}


def read(path: Path) -> FaceSet:
    """Read a data set; its layout is recognised by what lies at the path.

    Args:
        path: a CSV or Parquet file, or a folder with `fer2013.csv` or `icml_face_data.csv`, with
            Parquet files, or with pictures in `train/angry/...`. FER+ votes are taken from
            `fer2013new.csv` beside the data or from columns.

    Raises:
        DataError: nothing is there, it has no known layout, or it is damaged.
    """
    if not path.exists():
        raise DataError(f"There is no data set at {path}; give --data a file or folder.")
    if path.is_file():
        files, folder = [path], path.parent
    elif not path.is_dir():
        raise DataError(f"{path} is a pipe or device; give --data a file or folder.")
    else:
        files, folder = sorted(path.iterdir()), path
    tables = [file for file in files if file.name.lower() in CSV_NAMES] or [
        file for file in files if path.is_file() and file.suffix.lower() == ".csv"
    ]
    parquets = [file for file in files if file.suffix.lower() == ".parquet"]
    subfolders = [file for file in files if file.is_dir() and _usage_of(file.name)]
    votes = folder / VOTES_FILE
    if tables:
        faces, places = _read_csv(tables[0])
    elif parquets:
        faces, places = _read_parquet(parquets)
    elif subfolders:
        faces, places = _read_folders(subfolders)
    else:
        raise DataError(
            f"No FER-2013 was found in {path}; it needs {' or '.join(CSV_NAMES)}, Parquet files, "
            "or folders of pictures such as train/angry."
        )
    if not len(faces):
        raise DataError(f"The data set at {path} has no pictures; use a complete copy.")
    if faces.votes is None and votes.is_file():
        found = read_votes(votes, places)
        return FaceSet(faces.images, faces.labels, faces.usage, found)
    return faces


def _read_csv(path: Path) -> tuple[FaceSet, NDArray[np.int64]]:
    images, labels, usages, votes = [], [], [], []
    try:
        untrusted.check_regular(path)
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(untrusted.lines(file))
            columns = [name.strip().lower() for name in next(reader, [])]
            where = _columns(path, columns, ("emotion", "pixels", "usage"))
            voted = _vote_columns(columns)
            for number, row in enumerate(reader, start=2):
                try:
                    images.append(_pixels(row[where[1]]))
                    labels.append(_label(row[where[0]]))
                    usages.append(_usage(row[where[2]]))
                    votes.append([int(row[column] or 0) for column in voted])
                except (ValueError, IndexError) as error:
                    raise DataError(
                        f"Line {number} of {path} is damaged; use a complete copy."
                    ) from error
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(f"Cannot read {path}: {untrusted.reason(error)}.") from error
    faces = _face_set(images, labels, usages, votes if voted else None)
    return faces, np.arange(len(labels))


def _read_parquet(paths: list[Path]) -> tuple[FaceSet, NDArray[np.int64]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    images, labels, usages, votes = [], [], [], []
    rows: list[object] = []
    voted: list[str] = []
    for path in paths:
        try:
            untrusted.check_regular(path)
            table = pq.read_table(path)
        except (OSError, pa.ArrowException) as error:
            raise DataError(f"{path} is damaged or not a Parquet file.") from error
        columns = [name.lower() for name in table.column_names]
        names = class_labels.names(table.schema.metadata)
        table = table.rename_columns(columns)
        _columns(path, columns, ("image", "label"))
        cells = table["image"].to_pylist()
        if not all(isinstance(p, dict) and p.get("bytes") for p in cells):
            raise DataError(f"The column image of {path} must hold `bytes` of a picture.")
        images += [_decode(p["bytes"], f"{path}, row {i}")
                   for i, p in enumerate(cells)]  # fmt: skip
        labels += [_label(class_labels.named(x, names)) for x in table["label"].to_pylist()]
        named = table["usage"].to_pylist() if "usage" in columns else [path.stem] * len(cells)
        usages += [_usage(name) for name in named]
        voted = [columns[i] for i in _vote_columns(columns)]
        if voted:
            votes += zip(*(table[name].to_pylist() for name in voted), strict=True)
        index = "fer_index" if "fer_index" in columns else None
        rows += table[index].to_pylist() if index else range(len(rows), len(rows) + len(cells))
    return _face_set(images, labels, usages, votes if voted else None), _numbers(rows)


def _read_folders(folders: list[Path]) -> tuple[FaceSet, list[str]]:
    images, labels, usages, names = [], [], [], []
    for folder in folders:
        for label, picture in _labelled_pictures(folder):
            images.append(_decode(picture, str(picture)))
            labels.append(label)
            prefix = picture.stem.partition("_")[0]
            usages.append(prefix if prefix in USAGES else _usage(folder.name))
            names.append(picture.name)
    return _face_set(images, labels, usages, None), names


def _labelled_pictures(folder: Path) -> Iterator[tuple[int, Path]]:
    for kind in sorted(child for child in folder.iterdir() if child.is_dir()):
        name = emotions.from_label(kind.name)
        if name is None:
            raise DataError(
                f"The folder {kind} names no known expression; use {', '.join(emotions.NAMES)}."
            )
        for picture in sorted(kind.iterdir()):
            if picture.suffix.lower() in _PICTURES:
                yield emotions.NAMES.index(name), picture


def _face_set(
    images: list[NDArray[np.uint8]],
    labels: list[int],
    usages: list[str],
    votes: list[list[int]] | None,
) -> FaceSet:
    return FaceSet(
        np.stack(images) if images else np.zeros((0, SIDE, SIDE), np.uint8),
        np.array(labels, np.int64),
        np.array(usages, np.str_),
        None if votes is None else _counts(votes).reshape(-1, len(VOTES)),
    )


def _numbers(rows: list[object]) -> NDArray[np.int64]:
    if not all(type(row) is int and abs(row) < 2**31 for row in rows):
        raise DataError("The column fer_index must hold row numbers; use a complete copy.")
    return np.array(rows, np.int64)


def _counts(votes: list[list[int]]) -> NDArray[np.uint8]:
    try:
        counts = np.array(votes, np.int64)
    except (OverflowError, TypeError, ValueError):
        counts = np.full(1, -1)
    if counts.size and not (counts.min() >= 0 and counts.max() <= 255):
        raise DataError("FER+ votes must be whole numbers from 0 to 255; use a complete copy.")
    return counts.astype(np.uint8)


def _columns(path: Path, columns: list[str], wanted: tuple[str, ...]) -> list[int]:
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise DataError(f"{path} lacks the column {missing[0]}; it needs {', '.join(wanted)}.")
    return [columns.index(name) for name in wanted]


def _vote_columns(columns: list[str]) -> list[int]:
    found = [columns.index(f"ferplus_{v}") for v in VOTES if f"ferplus_{v}" in columns]
    return found if len(found) == len(VOTES) else []


def _usage_of(text: str) -> str | None:
    starts = text.strip().lower()
    return next((u for start, u in _USAGE_STARTS.items() if starts.startswith(start)), None)


def _usage(text: str) -> str:
    usage = _usage_of(text) if isinstance(text, str) else None
    if usage is None:
        raise DataError(f"Unknown usage {text!r}; it must be one of {', '.join(USAGES)}.")
    return usage


def _label(value: object) -> int:
    name = emotions.from_label(value) if isinstance(value, str) else None
    if name:
        return emotions.NAMES.index(name)
    try:
        if 0 <= (number := int(str(value))) < len(emotions.NAMES):
            return number
        raise ValueError
    except ValueError:
        raise DataError(
            f"Unknown label {value!r}; use 0 (angry) to 6 (neutral), or a name."
        ) from None


def _pixels(text: str) -> NDArray[np.uint8]:
    values = np.fromstring(text, np.int64, sep=" ")
    if values.size != SIDE * SIDE or values.min() < 0 or values.max() > 255:
        raise ValueError("not a picture of 48x48 pixels")
    return values.astype(np.uint8).reshape(SIDE, SIDE)


def _decode(source: bytes | Path, name: str) -> NDArray[np.uint8]:
    grey = pictures.decode(source, name, "L")
    if grey.size != (SIDE, SIDE):
        grey = grey.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return np.asarray(grey, np.uint8)
