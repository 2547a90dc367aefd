"""The rows of a batch while it runs, and the manifest that follows them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from howifeel.batch import manifest
from howifeel.batch.manifest import Entry, State
from howifeel.batch.plan import Key

_SHARE = 0.05
"""The most of its time that a run spends on writing its manifest."""


class Ledger:
    """Keeps rows, and the manifest not far behind them.

    Args:
        path: the manifest.
        rows: what it held, and what the run adds; the last row of a key counts.
        mark: see `files.atomic`.

    Raises:
        OutputError: the manifest cannot be written.
    """

    def __init__(self, path: Path, rows: Iterable[Entry], mark: str) -> None:
        self.path = path
        self._rows = {row.key: row for row in rows}
        self._mark = mark
        self._behind = True
        self._next_s = 0.0
        self.catch_up(at_once=True)

    def __getitem__(self, key: Key) -> Entry:
        return self._rows[key]

    def change(self, key: Key, **changes: Any) -> Entry:
        """Replace values of one row, and write the manifest when that is due.

        Raises:
            OutputError: the manifest cannot be written.
        """
        self._rows[key] = replace(self._rows[key], **changes)
        self._behind = True
        self.catch_up()
        return self._rows[key]

    def catch_up(self, *, at_once: bool = False) -> None:
        """Write the manifest if it is behind: now, or as soon as writing costs little time.

        Raises:
            OutputError: it cannot be written.
        """
        begun = time.monotonic()
        if not self._behind or (begun < self._next_s and not at_once):
            return
        manifest.write(self.path, self._rows.values(), mark=self._mark)
        self._behind = False
        ended = time.monotonic()
        self._next_s = ended + (ended - begun) / _SHARE

    def count(self, keys: Iterable[Key]) -> Counter[State]:
        """How many of these rows are in each state."""
        return Counter(self._rows[key].state for key in keys)
