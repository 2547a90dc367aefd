"""Where an experiment puts its files and tells how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")

OnProgress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


class Out:
    """The folder of an experiment that is under way.

    Args:
        folder: an existing folder; what lies there at the end is the result.
        work: an existing folder for what only a continued run needs, such as checkpoints.
        on_progress: see `OnProgress`.
    """

    def __init__(self, folder: Path, work: Path, on_progress: OnProgress | None = None) -> None:
        self.folder = folder
        self.work = work
        self._on_progress = on_progress or (lambda label, done, total: None)

    def progress(self, label: str, done: int, total: int) -> None:
        """Tell that so much of something is done."""
        self._on_progress(label, done, total)

    def each(self, label: str, items: Sequence[_T] | Iterable[_T]) -> Iterator[_T]:
        """Go through items and tell how many are done."""
        known = list(items)
        for done, item in enumerate(known):
            self.progress(label, done, len(known))
            yield item
        self.progress(label, len(known), len(known))

    def path(self, name: str) -> Path:
        """A file of the result."""
        return self.folder / name
