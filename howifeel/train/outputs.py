"""What a run leaves in its folder."""

from __future__ import annotations

from pathlib import Path

from howifeel.errors import OutputError

CHECKPOINT_FILE = "checkpoint.pt"
LOG_FILE = "log.jsonl"
MODEL_FILE = "model.onnx"
SCORES_FILE = "scores.json"
CURVES_FILE, CONFUSION_FILE, CALIBRATION_FILE = "curves.png", "confusion.png", "calibration.png"

_ALL = (
    CHECKPOINT_FILE, LOG_FILE, MODEL_FILE, SCORES_FILE, CURVES_FILE, CONFUSION_FILE,
    CALIBRATION_FILE,
)  # fmt: skip


def found(folder: Path) -> list[Path]:
    """What of it is there; the checkpoint comes first."""
    return [folder / name for name in _ALL if (folder / name).exists()]


def remove(folder: Path) -> None:
    """Remove it all; the checkpoint goes first, so that nobody continues what is half removed.

    Raises:
        OutputError: a file cannot be removed.
    """
    for path in found(folder):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"Cannot replace {path}: {error.strerror}.") from error
