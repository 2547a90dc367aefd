"""Finds the detector and the models that ship, in a checkout, a wheel or a frozen app."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from howifeel import untrusted
from howifeel.errors import AssetError

DEFAULT_MODEL = "howifeel"

_MOST_BYTES = 2**30

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE, _PACKAGE.parent)  # wheel and frozen app; checkout


def folder(name: str) -> Path:
    """Where the data folder `name` ("faceDetection" or "models") lies.

    Raises:
        AssetError: the installation has no such folder.
    """
    for root in _ROOTS:
        if (root / name).is_dir():
            return root / name
    raise AssetError(
        f"The folder {name}/ is missing from this installation; install HowIFeel again."
    )


def detector_files() -> tuple[Path, Path]:
    """The shipped prototxt and caffemodel.

    Raises:
        AssetError: one of them is missing.
    """
    where = folder("faceDetection")
    return existing(where / "architecture.txt"), existing(where / "weights.caffemodel")


def model_names() -> tuple[str, ...]:
    """The models that ship, by name.

    Raises:
        AssetError: the installation has no folder of models.
    """
    return tuple(sorted(path.stem for path in folder("models").glob("*.onnx")))


def model_file(model: str = DEFAULT_MODEL) -> Path:
    """The ONNX file of a model that is given by name (shipped) or by path.

    Raises:
        AssetError: there is no such file.
    """
    if model.endswith(".onnx"):
        return existing(Path(model))
    if model.endswith(".pt") and Path(model).is_file():
        raise AssetError(
            f"{model} is a checkpoint; make a model of it with: "
            f"howifeel-train export {model} --out model.onnx"
        )
    path = folder("models") / f"{model}.onnx"
    if not path.is_file():
        shipped = ", ".join(model_names()) or "none"
        raise AssetError(f"There is no model {model!r}; name an .onnx file or one of: {shipped}.")
    return path


SUMS = "SHA256SUMS"
"""In each folder: the SHA-256 of every file that ships, as `sha256sum` writes it."""


def ships(name: str, *contents: bytes) -> bool:
    """Whether these are the contents of files that ship in the folder `name`.

    Raises:
        AssetError: the installation has no such folder, or no list of its files.
    """
    known = _sums(folder(name))
    return all(hashlib.sha256(content).hexdigest() in known for content in contents)


@cache
def _sums(where: Path) -> frozenset[str]:
    try:
        lines = (where / SUMS).read_text("utf-8").splitlines()
    except OSError as error:
        raise AssetError(f"{where / SUMS} is missing; install HowIFeel again.") from error
    return frozenset(line.split()[0] for line in lines if line)


def read(path: Path) -> bytes:
    """The content of a model's or detector's file.

    Raises:
        AssetError: it is missing, empty, no file, or larger than 1 GB.
    """
    try:
        return untrusted.read_bytes(existing(path), _MOST_BYTES)
    except OSError as error:
        raise AssetError(f"Cannot read {path}: {error.strerror or error}.") from error


def existing(path: Path) -> Path:
    """The path itself.

    Raises:
        AssetError: it is not a file, or an empty one.
    """
    if not path.is_file():
        raise AssetError(f"The file {path} is missing; check its name.")
    if not path.stat().st_size:
        raise AssetError(f"The file {path} is empty; use a complete copy.")
    return path


def sha256(*paths: Path) -> str:
    """SHA-256 of the bytes of the files one after the other, as 64 hex digits."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(read(path))
    return digest.hexdigest()
