"""Finds the detector and the models that ship, in a checkout, a wheel or a frozen app."""

from __future__ import annotations

import hashlib
from pathlib import Path

from howifeel.errors import AssetError

DEFAULT_MODEL = "howifeel"

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
    path = folder("models") / f"{model}.onnx"
    if not path.is_file():
        shipped = ", ".join(model_names()) or "none"
        raise AssetError(f"There is no model {model!r}; name an .onnx file or one of: {shipped}.")
    return path


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
        digest.update(path.read_bytes())
    return digest.hexdigest()
