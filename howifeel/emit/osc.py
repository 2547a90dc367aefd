"""Open Sound Control 1.0 over UDP (opensoundcontrol.org), for programs of music and stage."""

from __future__ import annotations

import json
import math
import socket
import time
from typing import TYPE_CHECKING, Any

from howifeel import emotions
from howifeel.emit import Place, Target, Update, _warnings, numeric
from howifeel.errors import MissingPackageError, OutputError, SettingsError
from howifeel.types import Provenance

if TYPE_CHECKING:
    from pythonosc.osc_bundle import OscBundle
    from pythonosc.udp_client import UDPClient

PORT = 9000
ABOUT_EVERY_S = 5.0
"""UDP knows no beginning, so what describes the stream is said again and again."""

NOBODY = -1
_NO_BOX = (math.nan,) * 4
_NO_PROBS = (math.nan,) * len(emotions.NAMES)


def build(target: Target) -> Osc:
    """A sender of OSC.

    Raises:
        MissingPackageError: python-osc is not installed.
        SettingsError: the target has no port.
    """
    try:
        import pythonosc.udp_client  # noqa: F401
    except ImportError as error:
        raise MissingPackageError(
            'OSC needs the package python-osc; run: pip install "howifeel[osc]".'
        ) from error
    if target.port == 0:
        raise SettingsError("OSC needs the port on which the receiver listens, such as osc:9000.")
    return Osc(target)


class Osc:
    """One bundle for the frame and one for each place, see docs/streams.md."""

    def __init__(self, target: Target) -> None:
        self.address = ""
        self.notes = () if target.is_local else (_warnings.OSC_NETWORK,)
        self._target = target
        self._client: UDPClient | None = None
        self._about: OscBundle | None = None
        self._about_due_s = 0.0

    async def open(self) -> None:
        """Make a socket that never waits."""
        from pythonosc.udp_client import UDPClient

        port = self._target.port or PORT
        host = numeric(self._target.host, port, socket.SOCK_DGRAM)
        try:
            self._client = UDPClient(host, port)
        except OSError as error:
            raise OutputError(f"Cannot send OSC to {host}: {error.strerror}.") from error
        self.address = f"udp://{f'[{host}]' if ':' in host else host}:{port}"

    def describe(self, about: Provenance) -> None:
        """Say it with the next update, and every few seconds."""
        values = (about.version, about.model, about.model_sha256, json.dumps(about.settings))
        self._about = _bundle({"about": values})
        self._about_due_s = 0.0

    def send(self, update: Update) -> None:
        """Send the bundles; what the system cannot take at once is lost."""
        if self._client is None:
            return
        faces = sum(place.reading is not None for place in update.places)
        frame = {"frame": (update.index, update.time_s, faces, update.gap or "")}
        bundles = [_bundle(frame)]
        for number, place in enumerate(update.places, start=1):
            values = _values(place, update)
            bundles.append(_bundle({f"face/{number}/{name}": v for name, v in values.items()}))
        if self._about and time.monotonic() >= self._about_due_s:
            self._about_due_s = time.monotonic() + ABOUT_EVERY_S
            bundles.insert(0, self._about)
        for bundle in bundles:
            self._client.send(bundle)

    async def close(self) -> None:
        """Give back the socket."""
        if self._client:
            self._client.close()
            self._client = None


def _values(place: Place, update: Update) -> dict[str, tuple[Any, ...]]:
    """What is said about a place, by the last part of the address; NaN where nothing is known."""
    reading = place.reading
    probs = reading.probs if reading else _NO_PROBS
    values: dict[str, tuple[Any, ...]] = {
        "present": (int(reading is not None),),
        "says": (place.says,),
        "unsure": (int(reading is not None and reading.unsure),),
        "relative": (int(place.is_relative),),
        "gap": (place.gap or "",),
        "track": (NOBODY if reading is None or reading.face.track is None else reading.face.track,),
        "box": _share(place, update),
        "probability": (reading.top_prob if reading else math.nan,),
        "expressions": probs,
    }
    return values | {name: (p,) for name, p in zip(emotions.NAMES, probs, strict=True)}


def _share(place: Place, update: Update) -> tuple[float, ...]:
    """Left, top, width and height of the box as shares of the picture, 0..1."""
    if place.reading is None:
        return _NO_BOX
    box, w, h = place.reading.face.box, update.width, update.height
    return (box.x0 / w, box.y0 / h, box.width / w, box.height / h)


def _bundle(messages: dict[str, tuple[Any, ...]]) -> OscBundle:
    from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
    from pythonosc.osc_message_builder import OscMessageBuilder

    bundle = OscBundleBuilder(IMMEDIATELY)
    for name, values in messages.items():
        message = OscMessageBuilder(f"/howifeel/{name}")
        for value in values:
            kind = {float: "f", int: "i", str: "s"}[type(value)]
            message.add_arg(value, kind)
        bundle.add_content(message.build())
    return bundle.build()
