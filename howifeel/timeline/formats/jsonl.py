"""JSON Lines (UTF-8): one object for each row, null where there is nothing to say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from howifeel import untrusted
from howifeel.timeline.rows import to_rows
from howifeel.types import Moment


class JsonlWriter:
    """Writes rows to an open text file."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def add(self, moment: Moment) -> None:
        """Append the rows of one frame."""
        for row in to_rows(moment):
            self._file.write(json.dumps(row) + "\n")


@contextmanager
def open_writer(path: Path) -> Iterator[JsonlWriter]:
    """Write a new file.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        yield JsonlWriter(file)


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not JSON Lines.
    """
    untrusted.check_regular(path)
    with path.open(encoding="utf-8") as file:
        for line in untrusted.lines(file):
            yield untrusted.from_json(line)
