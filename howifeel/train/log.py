"""What is kept of each epoch: one line of JSON, and TensorBoard's curves where they are wanted."""

from __future__ import annotations

import json
from pathlib import Path

from howifeel.errors import MissingPackageError
from howifeel.files import atomic
from howifeel.train.outputs import LOG_FILE


class Log:
    """Writes records into a run's folder.

    Args:
        folder: an existing folder.
        tensorboard: write event files for TensorBoard, too.

    Raises:
        MissingPackageError: TensorBoard is wanted and not installed.
    """

    def __init__(self, folder: Path, *, tensorboard: bool = False) -> None:
        self._path = folder / LOG_FILE
        self._writer = None
        if tensorboard:
            try:
                from torch.utils.tensorboard import SummaryWriter
            except ModuleNotFoundError as error:
                raise MissingPackageError(
                    "Curves for TensorBoard need the package tensorboard; install it, or leave "
                    "--tensorboard away."
                ) from error
            self._writer = SummaryWriter(str(folder / "tensorboard"))

    def add(self, record: dict[str, float]) -> None:
        """Show a new epoch in TensorBoard."""
        if self._writer:
            for name, value in record.items():
                self._writer.add_scalar(name, value, int(record["epoch"]))
            self._writer.flush()

    def keep(self, history: list[dict[str, float]]) -> None:
        """Write all records, as the checkpoint beside them has them.

        Raises:
            OutputError: the file cannot be written.
        """
        with atomic(self._path, force=True) as unfinished:
            unfinished.write_text("".join(json.dumps(r) + "\n" for r in history), "utf-8")

    def close(self) -> None:
        """Finish the event files."""
        if self._writer:
            self._writer.close()
