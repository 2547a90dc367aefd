"""What the window asks of its pages."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """A page of the window; each overrides what concerns it."""

    def retheme(self) -> None:
        """Take on the colours of the current theme."""

    def close_all(self) -> None:
        """End what runs, within two seconds, because the window closes."""
