"""Photos with marked faces as loose files: Pascal VOC's XML or YOLO's text beside each picture.

Every object that a file marks counts as a face, whatever its class: face data sets use classes for
masks, poses or blur.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from howifeel import untrusted
from howifeel.errors import SourceError
from howifeel.train.detector.picture import Picture, checked_boxes
from howifeel.video.picture import read_picture

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
_LARGEST_SHARE = 2.0  # a box may reach beyond its picture, but not so far
_MOST_BYTES = 16 * 2**20
_SHORT = {"validation": "val"}


def find_split(folder: Path, split: str) -> list[tuple[Path, Path]]:
    """The pictures of a split and the file beside each that marks its faces, sorted by name.

    Three layouts are known, with `val` for `validation` where a data set says so:

    - Pascal VOC: `ImageSets/Main/SPLIT.txt`, `JPEGImages/NAME.jpg`, `Annotations/NAME.xml`;
    - YOLO: `images/SPLIT/NAME.jpg`, `labels/SPLIT/NAME.txt`;
    - `SPLIT/NAME.jpg` with `NAME.xml` or `NAME.txt` beside it.

    Raises:
        SourceError: a picture that a list names is missing.
    """
    for name in (split, _SHORT.get(split, split)):
        listed = folder / "ImageSets" / "Main" / f"{name}.txt"
        if listed.is_file():
            return [_listed(folder, line.split()[0]) for line in _lines(listed) if line.split()]
        if (folder / "images" / name).is_dir():
            pictures = _pictures(folder / "images" / name)
            return [(path, folder / "labels" / name / f"{path.stem}.txt") for path in pictures]
        if (folder / name).is_dir():
            return [(path, _beside(path)) for path in _pictures(folder / name)]
    return []


def read_pair(picture: Path, marks: Path) -> Picture:
    """Read a picture and its faces. Without a file of marks it has none, as YOLO has it.

    Raises:
        SourceError: a file is damaged; or the XML file is missing, which Pascal VOC always has.
    """
    decoded = read_picture(picture)
    height, width = (side * decoded.reduced for side in decoded.image.shape[:2])
    read = _read_voc if marks.suffix == ".xml" else _read_yolo
    try:
        faces, doubtful = map(checked_boxes, read(marks, width, height))
    except (OSError, ElementTree.ParseError, LookupError, ValueError) as error:
        reason = untrusted.reason(error)
        raise SourceError(f"Cannot read the faces in {marks}: {reason}.") from error
    reduced = np.float32(decoded.reduced)
    return Picture(decoded.image, faces / reduced, doubtful / reduced)


def _lines(path: Path) -> list[str]:
    try:
        return untrusted.read_text(path).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"Cannot read the list {path}: {error}.") from error


def _listed(folder: Path, name: str) -> tuple[Path, Path]:
    suffixes = (*PICTURES, *map(str.upper, PICTURES))
    found = [folder / "JPEGImages" / f"{name}{suffix}" for suffix in suffixes]
    for picture in found:
        if picture.is_file():
            return picture, folder / "Annotations" / f"{name}.xml"
    raise SourceError(f"There is no picture {found[0]}; use a complete copy.")


def _pictures(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.suffix.lower() in PICTURES)


def _beside(picture: Path) -> Path:
    xml = picture.with_suffix(".xml")
    return xml if xml.exists() else picture.with_suffix(".txt")


def _read_voc(path: Path, width: int, height: int) -> tuple[list[list[float]], list[list[float]]]:
    """Faces and doubtful (`difficult`) ones; VOC counts pixels from 1 and includes the last."""
    faces, doubtful = [], []
    marks = ElementTree.fromstring(untrusted.read_bytes(path, _MOST_BYTES))
    for thing in marks.iter("object"):
        box = thing.find("bndbox")
        if box is None:
            raise ValueError("an object has no bndbox")
        x0, y0, x1, y1 = (float(box.findtext(side) or "") for side in _VOC_SIDES)
        into = doubtful if thing.findtext("difficult", "0").strip() == "1" else faces
        into.append([x0 - 1, y0 - 1, x1, y1])
    return faces, doubtful


_VOC_SIDES = ("xmin", "ymin", "xmax", "ymax")


def _read_yolo(path: Path, width: int, height: int) -> tuple[list[list[float]], list[list[float]]]:
    """Lines of class, centre x, centre y, width and height, as shares of the picture."""
    faces = []
    for line in untrusted.read_text(path).splitlines() if path.exists() else ():
        if line.strip():
            x, y, across, down = shares = [float(value) for value in line.split()[1:5]]
            if max(map(abs, shares)) > _LARGEST_SHARE:
                raise ValueError(
                    "a box is not in shares of the picture, 0 to 1; "
                    "divide pixels by its width and height"
                )
            left, top = (x - across / 2) * width, (y - down / 2) * height
            faces.append([left, top, left + across * width, top + down * height])
    return faces, []
