"""The only threads: pictures are grabbed and read beside the program that shows them.

A program that draws asks for the newest result whenever it wants to paint; nothing is pushed
into it, so nothing can pile up. Old pictures are dropped and counted, never queued.
"""

from __future__ import annotations

from howifeel.live.emitter import Emission, Emitter
from howifeel.live.outlet import Outlet
from howifeel.live.pictures import Pictures
from howifeel.live.rates import Rates
from howifeel.live.session import Live, Shot, Status
from howifeel.live.task import Task

__all__ = ["Emission", "Emitter", "Live", "Outlet", "Pictures", "Rates", "Shot", "Status", "Task"]
