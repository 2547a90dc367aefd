"""Runs an ONNX model with ONNX Runtime, on CUDA where a device really exists, else on the CPU."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from howifeel import assets, emotions
from howifeel.classify.crop import face_crop, to_input
from howifeel.classify.spec import ModelSpec
from howifeel.config import Settings
from howifeel.errors import AssetError, SettingsError
from howifeel.types import Face, Frame


class OnnxClassifier:
    """A model file with the metadata of `ModelSpec`.

    Attributes:
        name: the file's name.
        sha256: hash of the file's bytes.
        device: what the session really runs on: "cpu" or "cuda".
        spec: the model's metadata.

    Raises:
        AssetError: the file is missing, damaged, or lacks the right inputs, outputs or metadata.
        SettingsError: `device` is "cuda" and CUDA cannot be used here.
    """

    def __init__(self, path: Path, device: str = "auto", threads: int = 1) -> None:
        data = assets.existing(path).read_bytes()
        self.name = path.name
        self.sha256 = hashlib.sha256(data).hexdigest()
        self._session = _open_session(path, data, _providers(device), threads)
        self.device = self._session.get_providers()[0].removesuffix("ExecutionProvider").lower()
        if device == "cuda" and self.device != "cuda":
            raise SettingsError(
                "ONNX Runtime could not start CUDA; install howifeel[cuda] or use --device cpu."
            )
        try:
            self.spec = ModelSpec.from_metadata(self._session.get_modelmeta().custom_metadata_map)
            self._check_interface()
        except AssetError as error:
            raise AssetError(f"The model {path} cannot be used: {error}") from error

    def classify(self, frame: Frame, faces: tuple[Face, ...]) -> NDArray[np.float32]:
        """Probabilities of the expressions of all faces of a frame, in one call of the model.

        Returns:
            float32 (n, 7) in the order of `emotions.NAMES`; each row sums to 1.
        """
        if not faces:
            return np.zeros((0, len(emotions.NAMES)), np.float32)
        spec = self.spec
        crops = [
            face_crop(frame.image, face.box, margin=spec.margin, size=spec.size) for face in faces
        ]
        return self.probabilities(to_input(crops, spec))

    def probabilities(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Calibrated probabilities, float32 (n, 7), for an input batch of `to_input`."""
        (logits,) = self._session.run(["logits"], {"face": batch})
        scaled = np.asarray(logits, np.float64) / self.spec.temperature
        exponentials = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return (exponentials / exponentials.sum(axis=1, keepdims=True)).astype(np.float32)

    def _check_interface(self) -> None:
        spec = self.spec
        inputs = {value.name: value.shape for value in self._session.get_inputs()}
        wanted = [spec.channels, spec.size, spec.size]
        if list(inputs) != ["face"] or inputs["face"][1:] != wanted:
            raise AssetError(f"its input must be face (N, {', '.join(map(str, wanted))}).")
        outputs = {value.name: value.shape for value in self._session.get_outputs()}
        if "logits" not in outputs or outputs["logits"][1:] != [len(emotions.NAMES)]:
            raise AssetError(f"its output must be logits (N, {len(emotions.NAMES)}).")


def build(settings: Settings) -> OnnxClassifier:
    """The model, device and threads that the settings name."""
    return OnnxClassifier(assets.model_file(settings.model), settings.device, settings.threads)


def _cuda_device_exists() -> bool:
    nvidia_driver = Path(os.environ.get("SYSTEMROOT", "/"), "System32", "nvcuda.dll")
    return Path("/dev/nvidia0").exists() or nvidia_driver.exists()


def _providers(device: str) -> list[str]:
    offered = "CUDAExecutionProvider" in ort.get_available_providers()
    if device == "cpu" or (device == "auto" and not (offered and _cuda_device_exists())):
        return ["CPUExecutionProvider"]
    if not _cuda_device_exists():
        raise SettingsError("No NVIDIA device was found; use --device cpu or auto.")
    if hasattr(ort, "preload_dlls"):
        ort.preload_dlls()
    return ["CUDAExecutionProvider", "CPUExecutionProvider"]


def _open_session(
    path: Path, data: bytes, providers: list[str], threads: int
) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(data, options, providers=providers)
    except Exception as error:
        raise AssetError(
            f"The model {path} is damaged or not an ONNX file; use a complete copy."
        ) from error
