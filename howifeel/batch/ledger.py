"""The rows of a batch while it runs, and the manifest that follows them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from howifeel.batch import journal, manifest
from howifeel.batch.manifest import Entry, State
from howifeel.batch.plan import Key

_SHARE = 0.05
"""The most of its time that a run spends on writing its manifest."""


def recall(path: Path) -> tuple[Entry, ...]:
    """The rows of a manifest, and what happened to them before the last run ended or died.

    Raises:
        OutputError: the manifest is damaged or of another kind.
    """
    rows = {row.key: row for row in manifest.read(path)}
    rows |= {row.key: row for row in journal.read(path.with_name(journal.NAME))}
    return tuple(rows.values())


class Ledger:
    """Keeps rows. Changes are in a journal at once, and in the manifest soon.

    Args:
        path: the manifest.
        rows: what `recall` gave, and what the run adds; the last row of a key counts.
        mark: see `files.atomic`.

    Raises:
        OutputError: the manifest or its journal cannot be written.
    """

    def __init__(self, path: Path, rows: Iterable[Entry], mark: str) -> None:
        self.path = path
        self._rows = {row.key: row for row in rows}
        self._mark = mark
        self._behind = False
        self._next_s = 0.0
        self._journal = path.with_name(journal.NAME)
        self._write()

    def __getitem__(self, key: Key) -> Entry:
        return self._rows[key]

    def change(self, key: Key, **changes: Any) -> Entry:
        """Replace values of one row.

        Raises:
            OutputError: the change cannot be written.
        """
        self._rows[key] = replace(self._rows[key], **changes)
        journal.add(self._journal, self._rows[key])
        self._behind = True
        return self._rows[key]

    def catch_up(self) -> None:
        """Write the manifest, if it is behind and writing it now costs little time.

        Raises:
            OutputError: it cannot be written.
        """
        if self._behind and time.monotonic() >= self._next_s:
            self._write()

    def close(self) -> None:
        """Bring the manifest up to date; there is no journal any more.

        Raises:
            OutputError: it cannot be written; the journal stays.
        """
        if self._behind:
            self._write()
        with suppress(OSError):
            self._journal.unlink()

    def count(self, keys: Iterable[Key]) -> Counter[State]:
        """How many of these rows are in each state."""
        return Counter(self._rows[key].state for key in keys)

    def _write(self) -> None:
        begun = time.monotonic()
        manifest.write(self.path, self._rows.values(), mark=self._mark)
        journal.begin(self._journal)
        self._behind = False
        ended = time.monotonic()
        self._next_s = ended + (ended - begun) / _SHARE
