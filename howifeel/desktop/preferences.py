"""What the window remembers from one start to the next, kept by QSettings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from howifeel import config, video
from howifeel.config import Settings
from howifeel.desktop import theme
from howifeel.errors import SettingsError


class Preferences:
    """Typed access to the stored values; a value that no longer fits is as if it were not there."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings()
        self._source = ""

    @property
    def theme(self) -> theme.Choice:
        """Dark, light, or as the system."""
        value = self._store.value("theme", "system")
        return value if value in theme.CHOICES else "system"

    @theme.setter
    def theme(self, value: theme.Choice) -> None:
        self._store.setValue("theme", value)

    @property
    def language(self) -> str:
        """Two letters, or "" for the system's."""
        return str(self._store.value("language", ""))

    @language.setter
    def language(self, value: str) -> None:
        self._store.setValue("language", value)

    @property
    def consent(self) -> str:
        """What was agreed to and when; "" where nothing was, or it was withdrawn."""
        return str(self._store.value("consent", ""))

    @consent.setter
    def consent(self, value: str) -> None:
        self._store.setValue("consent", value)

    @property
    def source(self) -> str:
        """The source that was shown last; one whose address holds a secret only until the end."""
        return self._source or str(self._store.value("source", ""))

    @source.setter
    def source(self, value: str) -> None:
        self._source = value
        self._store.setValue("source", value if video.display_name(value) == value else "")

    @property
    def sessions(self) -> Path | None:
        """The folder that was chosen for sessions; None for the usual one."""
        kept = str(self._store.value("sessions", ""))
        return Path(kept) if kept else None

    @sessions.setter
    def sessions(self, value: Path | None) -> None:
        self._store.setValue("sessions", str(value or ""))

    @property
    def file(self) -> Path:
        """Where all this is kept."""
        return Path(self._store.fileName())

    def flag(self, name: str, default: bool) -> bool:
        """A switch such as "mirror"."""
        return str(self._store.value(name, default)).lower() == "true"

    def set_flag(self, name: str, value: bool) -> None:
        """Remember a switch."""
        self._store.setValue(name, value)

    def record(self, name: str) -> dict[str, object]:
        """A group of values that a page keeps; empty where nothing was kept."""
        try:
            kept = json.loads(str(self._store.value(f"record/{name}", "{}")))
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}

    def keep_record(self, name: str, values: Mapping[str, object]) -> None:
        """Remember a group of values that JSON knows."""
        self._store.setValue(f"record/{name}", json.dumps(dict(values)))

    def remembered(self) -> dict[str, object]:
        """The remembered settings by name; none where they are no longer valid."""
        try:
            kept = json.loads(str(self._store.value("settings", "{}")))
            return config.load(flags=kept).as_dict() if kept else {}
        except (SettingsError, ValueError, AttributeError):
            return {}

    def keep_settings(self, settings: Settings) -> None:
        """Remember what differs from the defaults."""
        default = Settings()
        changed = {
            name: value
            for name, value in settings.as_dict().items()
            if value != getattr(default, name)
        }
        self._store.setValue("settings", json.dumps(changed))

    def geometry(self, name: str) -> QByteArray | None:
        """Size and place of a window or splitter."""
        value = self._store.value(f"geometry/{name}")
        return value if isinstance(value, QByteArray) else None

    def keep_geometry(self, name: str, value: QByteArray) -> None:
        """Remember size and place."""
        self._store.setValue(f"geometry/{name}", value)
