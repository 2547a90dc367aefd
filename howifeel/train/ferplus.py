"""FER+: ten people's votes for each picture of FER-2013 (Barsoum et al. 2016, arXiv 1608.01041)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions, untrusted
from howifeel.train.data import VOTES, DataError, FaceSet

VOTES_FILE = "fer2013new.csv"
_NAME = "image name"

CLASSES = VOTES[:8]
"""The eight expressions that FER+ knows; "unknown" and "not a face" are none."""

LEAST_AGREEMENT = 0.4
"""Share of pictures whose FER+ majority must equal the FER-2013 label. In the original files it is
about two thirds; votes that belong to other pictures agree by chance, in about one of five."""


def read_votes(path: Path, pictures: NDArray[np.int64] | list[str]) -> NDArray[np.uint8]:
    """The votes for pictures.

    Args:
        path: FER+'s `fer2013new.csv`, with one row for each of `fer2013.csv`.
        pictures: int64 (n,), their rows there (-1: unknown), or the n names of their files. Its
            column `Image name` knows these; they count only the pictures that FER+ kept. Where it
            has no names, the number in a name like `fer0000123.png` is taken for the row.

    Returns:
        uint8 (n, 10) in the order of `VOTES`; 0 where a picture has none.

    Raises:
        DataError: the file is damaged, has no row for some picture, or knows none of the names.
    """
    try:
        untrusted.check_regular(path)
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(untrusted.lines(file))
            columns = [name.strip().lower() for name in next(reader, [])]
            where = [columns.index(name) for name in VOTES]
            named = columns.index(_NAME) if _NAME in columns else None
            table, names = [], []
            for row in reader:
                table.append([int(row[i] or 0) for i in where])
                names.append("" if named is None else row[named])
            table = np.array(table, np.uint8)
    except (OSError, ValueError, IndexError, OverflowError, csv.Error) as error:
        raise DataError(f"The FER+ votes in {path} are damaged; use a complete copy.") from error
    rows = _rows(pictures, names) if isinstance(pictures, list) else pictures
    known = rows >= 0
    if not known.any():
        raise DataError(
            "The pictures do not tell which ones of FER+ they are (fer0000123.png), so the votes "
            f"in {path.name} cannot be assigned; remove that file."
        )
    if rows.max() >= len(table):
        raise DataError(f"{path} has {len(table)} rows, fewer than the data set's pictures.")
    votes = np.zeros((len(rows), len(VOTES)), np.uint8)
    votes[known] = table[rows[known]]
    return votes


def _rows(pictures: list[str], names: list[str]) -> NDArray[np.int64]:
    """The row of each picture's name in FER+, -1 where it is unknown."""
    where = {_stem(name): row for row, name in enumerate(names) if name.strip()}
    if not where:
        numbers = [_stem(picture).removeprefix("fer") for picture in pictures]
        rows = [int(n) if len(n) == 7 and n.isdecimal() else -1 for n in numbers]
    else:
        rows = [where.get(_stem(picture), -1) for picture in pictures]
    return np.array(rows, np.int64)


def _stem(name: str) -> str:
    return name.strip().lower().partition(".")[0]


def distribution(votes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Votes as distributions over the seven expressions.

    Args:
        votes: uint8 (n, 10) in the order of `VOTES`; contempt, unknown and "not a face" have no
            counterpart and are left out.

    Returns:
        float32 (n, 7) in the order of `emotions.NAMES`; a row sums to 1, or to 0 without votes.
    """
    ours = [emotions.from_label(name) for name in VOTES]
    counts = votes[:, [ours.index(name) for name in emotions.NAMES]].astype(np.float32)
    return counts / np.maximum(counts.sum(1, keepdims=True), 1)


def voted_classes(votes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Votes as distributions over FER+'s own eight expressions.

    Args:
        votes: uint8 (n, 10) in the order of `VOTES`.

    Returns:
        float32 (n, 8) in the order of `CLASSES`; a row sums to 1, or to 0 without votes.
    """
    counts = votes[:, : len(CLASSES)].astype(np.float32)
    return counts / np.maximum(counts.sum(1, keepdims=True), 1)


def agreement(faces: FaceSet) -> float:
    """Share (0..1) of the voted pictures whose likeliest expression by votes is their label.

    Raises:
        DataError: there are no votes.
    """
    if faces.votes is None or not faces.votes.any():
        raise DataError(f"The data set has no FER+ votes; put {VOTES_FILE} beside it.")
    by_votes = distribution(faces.votes)
    voted = by_votes.sum(1) > 0
    return float((by_votes.argmax(1) == faces.labels)[voted].mean())


def check_votes(faces: FaceSet) -> None:
    """Refuse votes that evidently belong to other pictures.

    Raises:
        DataError: there are no votes, or they contradict the labels as often as chance does.
    """
    share = agreement(faces)
    if share < LEAST_AGREEMENT:
        raise DataError(
            f"The FER+ votes agree with only {share:.0%} of the labels, so they belong to other "
            "pictures; put them right with howifeel-train votes, or set votes = 0 in the recipe."
        )
