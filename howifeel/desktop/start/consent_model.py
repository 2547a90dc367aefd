"""Consent: given once with its date, remembered, and withdrawn at any time."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, Signal

from howifeel.desktop.preferences import Preferences

TEXT = "1"
"""Edition of the first screen. When what it says changes in substance, it is asked anew."""


class ConsentModel(QObject):
    """What was agreed to.

    Signals:
        changed: whether there is consent now.
    """

    changed = Signal(bool)

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences

    @property
    def given(self) -> bool:
        """Whether the present edition was agreed to."""
        return self._preferences.consent.partition(" ")[0] == TEXT

    @property
    def day(self) -> date | None:
        """When that was; None where it was not, or nobody knows."""
        try:
            return date.fromisoformat(self._preferences.consent.partition(" ")[2])
        except ValueError:
            return None

    def give(self) -> None:
        """Remember that it was agreed to today."""
        self._preferences.consent = f"{TEXT} {date.today().isoformat()}"
        self.changed.emit(True)

    def withdraw(self) -> None:
        """Forget it."""
        self._preferences.consent = ""
        self.changed.emit(False)
