"""Changes of settings: what must be loaded is tried beside the window before it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from howifeel import engine as engines
from howifeel.config import Settings
from howifeel.desktop.background import Background
from howifeel.engine import Engine
from howifeel.errors import SettingsError

LOADED = ("detector", "detector_files", "model", "device")
"""Settings that name something to load; the others act at once."""


class SettingsModel(QObject):
    """Holds the settings that are in use.

    Signals:
        changed: the new `Settings`, by this model.
        shown: `Settings` to show, whoever changed them.
        problem: why a change was not taken, in one sentence; "" when there is nothing to say.
        trying: whether something is being loaded to see whether it works.
    """

    changed = Signal(object)
    shown = Signal(object)
    problem = Signal(str)
    trying = Signal(bool)

    def __init__(
        self,
        settings: Settings,
        parent: QObject | None = None,
        *,
        load: Callable[[Settings], Engine] = engines.load,
    ) -> None:
        super().__init__(parent)
        self._settings, self._load = settings, load
        self._background = Background(self)
        self._background.ended.connect(lambda: self.trying.emit(False))

    @property
    def settings(self) -> Settings:
        """In use now."""
        return self._settings

    def take(self, settings: Settings) -> None:
        """Told that others changed the settings."""
        if settings != self._settings:
            self._settings = settings
            self.shown.emit(settings)

    def change(self, **values: object) -> None:
        """Change some settings; what cannot be used is told, and nothing changes."""
        try:
            wanted = replace(self._settings, **values)  # pyright: ignore[reportArgumentType]
        except SettingsError as error:
            self._refuse(str(error))
            return
        if all(getattr(wanted, name) == getattr(self._settings, name) for name in LOADED):
            self._accept(wanted)
            return
        self.problem.emit("")
        self.trying.emit(True)
        self._background.run(
            lambda task: self._load(wanted), lambda engine: self._accept(wanted), self._refuse
        )

    def reset(self) -> None:
        """Back to the defaults."""
        self._background.stop()
        self.trying.emit(False)
        self._accept(Settings())

    def close(self) -> None:
        """End what runs, because the window closes."""
        self._background.close()

    def _accept(self, settings: Settings) -> None:
        self._settings = settings
        self.problem.emit("")
        self.shown.emit(settings)
        self.changed.emit(settings)

    def _refuse(self, sentence: str) -> None:
        self.problem.emit(sentence)
        self.shown.emit(self._settings)
