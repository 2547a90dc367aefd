"""Lab Streaming Layer (labstreaminglayer.org): readings in step with other instruments.

For each place there are two streams, as one device of a laboratory has them: numbers, of type
Expression, and what is shown, of type Markers. Both bear the time at which the picture was grabbed.
"""

from __future__ import annotations

import hashlib
import json
import math
import socket
from typing import TYPE_CHECKING, get_args

from howifeel import emotions
from howifeel.emit import Place, Target, Update, _warnings
from howifeel.errors import MissingPackageError, OutputError, SettingsError
from howifeel.types import Gap, Provenance

if TYPE_CHECKING:
    from types import ModuleType

    from pylsl import StreamInfo, StreamOutlet

GAPS: tuple[str, ...] = get_args(Gap)
"""The reasons for a gap; the channel "gap" holds their position, from 1, and 0 for none."""

CHANNELS: dict[str, str] = {
    **dict.fromkeys(emotions.NAMES, "probability"),
    "shown": "position among the expressions, from 0",
    "unsure": "0 or 1",
    "relative": "0 or 1, relative to a neutral face",
    "track": "number",
    "gap": "0 none, " + ", ".join(f"{n} {reason}" for n, reason in enumerate(GAPS, start=1)),
}
"""The channels of a stream of numbers, each with its unit."""

BUFFERED = 10
"""Hundreds of samples that LSL keeps for a receiver that does not fetch them."""

_THIS_COMPUTER = """[ports]
IPv6 = disable
[multicast]
ResolveScope = machine
ListenAddress = 127.0.0.1
AddressesOverride = {127.0.0.1}
TTLOverride = 0
[log]
level = -2
"""


_used: dict[str, bool] = {}
"""Whether LSL's library was kept on this computer when this process first used it. It reads its
configuration then, and never again."""


def build(target: Target) -> Lsl:
    """A sender of LSL.

    Raises:
        MissingPackageError: pylsl or its library is not installed.
        OutputError: LSL was used by this process for other listeners.
        SettingsError: the target names a port, or another computer.
    """
    if target.port is not None:
        raise SettingsError("LSL chooses its ports itself; leave out the port.")
    if not target.is_local and target.host not in ("0.0.0.0", "::"):
        raise SettingsError(
            "LSL is not sent to one computer; write lsl for this one, or lsl:0.0.0.0 for all "
            "in the network."
        )
    try:
        import pylsl
    except (ImportError, OSError, RuntimeError) as error:
        raise MissingPackageError(
            'LSL needs the package pylsl; run: pip install "howifeel[lsl]".'
        ) from error
    _check_reach(_used.get("is_local", target.is_local), target)
    return Lsl(target, pylsl)


def _check_reach(was_local: bool, target: Target) -> None:
    if was_local != target.is_local:
        raise OutputError(
            "LSL decides at its first use who may listen; restart HowIFeel to change that."
        )


class Lsl:
    """Two outlets for each place."""

    def __init__(self, target: Target, pylsl: ModuleType) -> None:
        self.address = ""
        self.notes = (_warnings.LSL_LOCAL if target.is_local else _warnings.LSL_NETWORK,)
        self._target, self._pylsl = target, pylsl
        self._numbers: list[StreamOutlet] = []
        self._labels: list[StreamOutlet] = []
        self._said: list[str] = []

    async def open(self) -> None:
        """Keep LSL on this computer unless more was asked for; outlets come with `describe`."""
        _check_reach(_used.setdefault("is_local", self._target.is_local), self._target)
        if self._target.is_local:
            self._keep_here()
        self.address = ", ".join(map(_name, range(1, self._target.faces + 1)))

    def describe(self, about: Provenance) -> None:
        """Make the outlets anew, because LSL describes a stream only at its beginning."""
        self._drop()
        try:
            for number in range(1, self._target.faces + 1):
                self._numbers.append(self._outlet(self._numbers_info(number, about)))
                self._labels.append(self._outlet(self._labels_info(number, about)))
        except RuntimeError as error:
            raise OutputError(f"LSL cannot open a stream: {error}.") from error
        self._said = [""] * self._target.faces

    def send(self, update: Update) -> None:
        """Push a sample into each stream of numbers, and a label where it changed."""
        stamp = self._pylsl.local_clock() - update.age_s
        for n, (place, outlet) in enumerate(zip(update.places, self._numbers, strict=False)):
            outlet.push_sample(_sample(place), stamp)
            if place.says != self._said[n]:
                self._said[n] = place.says
                self._labels[n].push_sample([place.says], stamp)

    async def close(self) -> None:
        """End the streams."""
        self._drop()

    def _keep_here(self) -> None:
        try:
            self._pylsl.set_config_content(_THIS_COMPUTER)
        except NotImplementedError as error:
            raise OutputError(
                "This library of LSL cannot be kept on this computer; "
                'run: pip install --upgrade "howifeel[lsl]".'
            ) from error

    def _drop(self) -> None:
        self._numbers.clear()
        self._labels.clear()

    def _outlet(self, info: StreamInfo) -> StreamOutlet:
        return self._pylsl.StreamOutlet(info, max_buffered=BUFFERED)

    def _numbers_info(self, number: int, about: Provenance) -> StreamInfo:
        info = self._info(_name(number), "Expression", len(CHANNELS), "float32", about)
        channels = info.desc().append_child("channels")
        for label, unit in CHANNELS.items():
            channel = channels.append_child("channel")
            channel.append_child_value("label", label)
            channel.append_child_value("unit", unit)
            channel.append_child_value("type", "Expression")
        return info

    def _labels_info(self, number: int, about: Provenance) -> StreamInfo:
        return self._info(f"{_name(number)} label", "Markers", 1, "string", about)

    def _info(
        self, name: str, type: str, channels: int, format: str, about: Provenance
    ) -> StreamInfo:
        same = hashlib.sha256(f"{socket.gethostname()}\n{about.source}\n{name}".encode())
        rate = self._pylsl.IRREGULAR_RATE
        id = f"howifeel-{same.hexdigest()[:16]}"
        info = self._pylsl.StreamInfo(name, type, channels, rate, format, id)
        told = info.desc().append_child("acquisition")
        for key, value in (
            ("manufacturer", "HowIFeel"),
            ("version", about.version),
            ("source", about.source),
            ("model", about.model),
            ("model_sha256", about.model_sha256),
            ("detector", about.detector),
            ("detector_sha256", about.detector_sha256 or ""),
            ("not_shipped", ", ".join(about.not_shipped)),
            ("settings", json.dumps(about.settings)),
            ("meaning", "what a face looks like, not what a person feels"),
            ("time", "when the picture was grabbed"),
        ):
            told.append_child_value(key, value)
        return info


def _name(number: int) -> str:
    return f"HowIFeel face {number}"


def _sample(place: Place) -> list[float]:
    """One value for each of `CHANNELS`; NaN where nothing is known."""
    reading = place.reading
    if reading is None:
        reason = GAPS.index(place.gap or "no face") + 1
        return [math.nan] * (len(CHANNELS) - 1) + [float(reason)]
    track = math.nan if reading.face.track is None else float(reading.face.track)
    shown = float(emotions.NAMES.index(reading.top))
    return [
        *reading.probs, shown, float(reading.unsure), float(place.is_relative), track, 0.0,
    ]  # fmt: skip
