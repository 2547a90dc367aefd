"""Runs an ONNX model with ONNX Runtime, on CUDA where a device really exists, else on the CPU."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from howifeel import assets, emotions
from howifeel.classify import Answer
from howifeel.classify.crop import face_crop, to_input
from howifeel.classify.runtime import CPU, open_session, spec_of, try_out
from howifeel.config import Settings
from howifeel.errors import AssetError, SettingsError
from howifeel.printable import printable
from howifeel.types import Face, Frame

_NO_CUDA = "An NVIDIA device was found but CUDA could not start; install howifeel[cuda]"


class OnnxClassifier:
    """A model file with the metadata of `ModelSpec`.

    Attributes:
        name: the file's name.
        sha256: hash of the file's bytes.
        ships: whether the file is one that ships with HowIFeel.
        device: what the session really runs on: "cpu" or "cuda".
        notes: sentences that the user should read.
        spec: the model's metadata.
        has_maps: whether answers bring activation maps.

    Raises:
        AssetError: the file is missing, damaged, or lacks the right inputs, outputs or metadata.
        SettingsError: `device` is "cuda" and CUDA cannot be used here.
    """

    def __init__(self, path: Path, device: str = "auto", threads: int = 1) -> None:
        data = assets.read(path)
        self.name = printable(path.name)
        self.ships = assets.ships("models", data)
        self.sha256 = hashlib.sha256(data).hexdigest()
        self._session = open_session(data, f"The model {path}", threads, _providers(device))
        self.device = self._session.get_providers()[0].removesuffix("ExecutionProvider").lower()
        self.notes: tuple[str, ...] = ()
        if device != "cpu" and _cuda_device_exists() and self.device != "cuda":
            if device == "cuda":
                raise SettingsError(f"{_NO_CUDA} or use --device cpu.")
            self.notes = (f"{_NO_CUDA}; until then the CPU does the work.",)
        try:
            self.spec = spec_of(self._session)
            self._check_interface()
            self._outputs = self._wanted_outputs()
            self.has_maps = len(self._outputs) > 1
        except AssetError as error:
            raise AssetError(f"The model {path} cannot be used: {error}") from error

    def classify(self, frame: Frame, faces: tuple[Face, ...]) -> Answer:
        """What the model says about all faces of a frame, in one call of it.

        The activation maps come from the same call where the model has them.
        """
        if not faces:
            return Answer(np.zeros((0, len(emotions.NAMES)), np.float32), None)
        spec = self.spec
        crops = [
            face_crop(frame.image, face.box, margin=spec.margin, size=spec.size) for face in faces
        ]
        outputs = self._run(crops)
        probs = spec.probabilities(outputs[0]).astype(np.float32)
        return Answer(probs, outputs[1] if self.has_maps else None)

    def _run(self, crops: list[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
        try:
            outputs = [np.asarray(o) for o in self._session.run(self._outputs, self._feed(crops))]
        except Exception as error:  # whatever the runtime raises
            raise AssetError(f"The model {self.name} cannot read these faces.") from error
        names = len(emotions.NAMES)
        if outputs[0].shape != (len(crops), names) or not np.isfinite(outputs[0]).all():
            raise AssetError(f"The model {self.name} gives no {names} numbers for each face.")
        if any(each.shape[:2] != (len(crops), names) for each in outputs[1:]):
            raise AssetError(f"The model {self.name} gives no activation maps for each face.")
        return outputs

    def _feed(self, crops: list[NDArray[np.uint8]]) -> dict[str, NDArray[np.float32]]:
        return {"face": to_input(crops, self.spec)}

    def _check_interface(self) -> None:
        spec = self.spec
        trial = np.zeros((2, spec.channels, spec.size, spec.size), np.float32)
        try:
            (logits,) = self._session.run(["logits"], {"face": trial})
        except Exception as error:
            shape = f"(N, {spec.channels}, {spec.size}, {spec.size})"
            raise AssetError(f"it must map face {shape} float32 to logits.") from error
        logits = np.asarray(logits)
        if logits.shape != (2, len(emotions.NAMES)) or not np.isfinite(logits).all():
            raise AssetError(f"its logits must be finite numbers (N, {len(emotions.NAMES)}).")

    def _wanted_outputs(self) -> list[str]:
        """The logits, and the activation maps where the model has some that fit."""
        names = len(emotions.NAMES)
        for output in self._session.get_outputs():
            if output.name == "cam":
                if len(output.shape) != 4 or output.shape[1] != names:
                    raise AssetError(f"its cam must be (N, {names}, height, width).")
                return ["logits", "cam"]
        return ["logits"]


def build(settings: Settings) -> OnnxClassifier:
    """The model, device and threads that the settings name.

    A model that does not ship is tried out in another process first, see `howifeel.probe`.

    Raises:
        AssetError, SettingsError: see `OnnxClassifier`; or it is called as the shipped one and is
            not.
    """
    path = assets.model_file(settings.model)
    data = assets.read(path)
    if settings.model == assets.DEFAULT_MODEL and not assets.ships("models", data):
        raise AssetError(
            f"{path} is not the model that ships with this version; install HowIFeel again, "
            f"or use --model {path}."
        )
    try_out(path, data)
    return OnnxClassifier(path, settings.device, settings.threads)


def _cuda_device_exists() -> bool:
    """Whether a driver offers a device: Linux, WSL, Windows."""
    windows_driver = Path(os.environ.get("SYSTEMROOT", "/"), "System32", "nvcuda.dll")
    found = any(Path("/dev").glob("nvidia[0-9]*"))
    return found or Path("/dev/dxg").exists() or windows_driver.exists()


def _providers(device: str) -> list[str]:
    offered = "CUDAExecutionProvider" in ort.get_available_providers()
    if device == "cpu" or (device == "auto" and not (offered and _cuda_device_exists())):
        return list(CPU)
    if not _cuda_device_exists():
        raise SettingsError("No NVIDIA device was found; use --device cpu or auto.")
    if hasattr(ort, "preload_dlls"):
        with contextlib.redirect_stdout(io.StringIO()):
            ort.preload_dlls()
    return ["CUDAExecutionProvider", *CPU]
