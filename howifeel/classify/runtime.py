"""Opens a model file with ONNX Runtime, with the care that a file from elsewhere needs.

The trainer uses this too, on machines that have no OpenCV.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import onnxruntime as ort

from howifeel import assets, probe
from howifeel.classify.spec import ModelSpec
from howifeel.errors import AssetError

CPU = ("CPUExecutionProvider",)
_SILENT = 4
_NAMES_OTHER_FILES = b"\x0a\x08location\x12"
"""The key "location" of an ONNX tensor's `external_data` (onnx.proto, StringStringEntryProto), as
it is usually written; however it is, ONNX Runtime looks below `_NO_FOLDER`."""
_FOLDER_OF_OTHER_FILES = "session.model_external_initializers_file_folder_path"
_NO_FOLDER = str(Path(__file__).resolve() / "none")
"""Nothing can lie below a file."""


def try_out(path: Path, data: bytes) -> None:
    """Load a model that does not ship in another process first, see `howifeel.probe`.

    Raises:
        AssetError: it cannot be loaded.
    """
    if not assets.ships("models", data):
        probe.check("model", (path,), hashlib.sha256(data).hexdigest())


def open_session(
    data: bytes, name: str, threads: int = 1, providers: Sequence[str] = CPU
) -> ort.InferenceSession:
    """A session of ONNX Runtime that reads nothing but the bytes.

    Args:
        data: an ONNX file.
        name: what to call it in an error, such as "The model a.onnx".
        threads: threads of the CPU.
        providers: of ONNX Runtime, best first.

    Raises:
        AssetError: the bytes are no ONNX model, or one with weights in other files.
    """
    if _NAMES_OTHER_FILES in data:
        raise AssetError(f"{name} has weights in other files; save it as one file.")
    ort.set_default_logger_severity(_SILENT)
    ort.disable_telemetry_events()  # for Windows; elsewhere see howifeel/__init__.py
    options = ort.SessionOptions()
    options.log_severity_level = _SILENT
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry(_FOLDER_OF_OTHER_FILES, _NO_FOLDER)
    try:
        return ort.InferenceSession(data, options, providers=providers)
    except Exception as error:
        raise AssetError(f"{name} is damaged or not an ONNX file; use a complete copy.") from error


def spec_of(session: ort.InferenceSession) -> ModelSpec:
    """What a model's metadata say.

    Raises:
        AssetError: they are missing, wrong, or no text.
    """
    try:
        return ModelSpec.from_metadata(session.get_modelmeta().custom_metadata_map)
    except UnicodeDecodeError as error:
        raise AssetError("its metadata are no text; export it again.") from error
