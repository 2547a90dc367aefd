"""Sessions on disk: what was recorded, how it is reviewed, edited, exported and deleted."""

from __future__ import annotations

from howifeel.session.folder import default_folder
from howifeel.session.info import Picture, SessionInfo
from howifeel.session.recorder import Recorder
from howifeel.session.session import Session
from howifeel.session.store import Store
from howifeel.timeline import Marker

__all__ = ["Marker", "Picture", "Recorder", "Session", "SessionInfo", "Store", "default_folder"]
