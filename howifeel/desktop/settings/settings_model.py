"""Changes of settings: what must be loaded is tried beside the window before it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from howifeel import engine as engines
from howifeel.config import ABOUT, Settings
from howifeel.desktop.background import Background
from howifeel.engine import Engine
from howifeel.errors import SettingsError

LOADED = ("detector", "detector_files", "model", "device")
"""Settings that name something to load; the others act at once."""


class SettingsModel(QObject):
    """Holds the settings that are in use.

    Signals:
        changed: the new `Settings`, by this model.
        shown: `Settings` to show, whoever changed them; with what is being loaded.
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
        self._loading: dict[str, object] = {}
        self._background = Background(self)
        self._background.ended.connect(lambda: self.trying.emit(False))

    @property
    def settings(self) -> Settings:
        """In use now."""
        return self._settings

    @property
    def wanted(self) -> Settings:
        """In use as soon as what is being loaded turns out to work."""
        return replace(self._settings, **self._loading)  # pyright: ignore[reportArgumentType]

    def take(self, settings: Settings) -> None:
        """Told that others changed the settings."""
        if settings != self._settings:
            self._settings = settings
            self.shown.emit(self.wanted)

    def want(self, settings: Settings) -> None:
        """Change to all these settings; see `change`."""
        wanted = self.wanted
        values = {name: getattr(settings, name) for name in ABOUT}
        self.change(**{n: v for n, v in values.items() if v != getattr(wanted, n)})

    def change(self, **values: object) -> None:
        """Change some settings; what cannot be used is told, and nothing changes.

        What must be loaded is used when that is done, along with what was changed meanwhile.
        """
        try:
            wanted = replace(self.wanted, **values)  # pyright: ignore[reportArgumentType]
        except SettingsError as error:
            self._refuse(str(error))
            return
        self.problem.emit("")
        kept = {name: getattr(self._settings, name) for name in LOADED}
        loading = {n: getattr(wanted, n) for n in LOADED if getattr(wanted, n) != kept[n]}
        is_new, self._loading = loading != self._loading, loading
        if is_new:
            self._background.stop()
        self._use(replace(wanted, **kept))
        if is_new and loading:
            self._background.run(lambda task: self._load(wanted), self._loaded, self._not_loaded)
        self.trying.emit(bool(loading))

    def reset(self) -> None:
        """Back to the defaults."""
        self._background.stop()
        self._loading = {}
        self.trying.emit(False)
        self.problem.emit("")
        self._use(Settings())

    def close(self) -> None:
        """End what runs, because the window closes."""
        self._background.close()
        self._loading = {}

    def _loaded(self, engine: Engine) -> None:
        wanted, self._loading = self.wanted, {}
        self._use(wanted)

    def _not_loaded(self, sentence: str) -> None:
        self._loading = {}
        self._refuse(sentence)

    def _use(self, settings: Settings) -> None:
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)
        self.shown.emit(self.wanted)

    def _refuse(self, sentence: str) -> None:
        self.problem.emit(sentence)
        self.shown.emit(self.wanted)
