"""Readings for other programs, while they happen. One file for each protocol.

No socket is opened before `Sender.open`, and nobody calls that unless the user asked for it. A
sender is driven by the thread of a `live.Emitter`, in whose event loop all of its methods run.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Protocol

from howifeel import plugins
from howifeel.emit._update import Place, Places, Update
from howifeel.errors import OutputError, SettingsError
from howifeel.types import Provenance

__all__ = [
    "ANYWHERE", "LOOPBACK", "MOST_FACES", "Place", "Places", "Sender", "Target", "Update",
    "build", "is_token", "numeric", "parse",
]  # fmt: skip

LOOPBACK, ANYWHERE = "127.0.0.1", "0.0.0.0"
MOST_FACES = 8
SHORTEST_TOKEN = 16

_SPOKEN = {"ws": "websocket"}
_PLACE = re.compile(r"(?P<only>\d+)|(?P<host>\[[^\]]+\]|[^:\[\]\s]+)(?::(?P<port>\d+))?")
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{SHORTEST_TOKEN},}}")


@dataclass(frozen=True, slots=True)
class Target:
    """What to send where.

    Attributes:
        protocol: a file of this folder.
        host: name or number of the computer to send to, or the address to be reached at; the
            loopback address means this computer alone, `ANYWHERE` every network it is in.
        port: UDP or TCP port; None for the protocol's usual one.
        faces: how many faces have a place in what is sent, 1 to `MOST_FACES`.
        token: what a WebSocket client must know; "" to have one made.

    Raises:
        SettingsError: a value is impossible.
    """

    protocol: str
    host: str = LOOPBACK
    port: int | None = None
    faces: int = 1
    token: str = ""

    def __post_init__(self) -> None:
        if self.protocol not in plugins.names(__name__):
            raise SettingsError(f"Nothing can be sent by {self.protocol!r}; use lsl, osc or ws.")
        if self.port is not None and not 0 <= self.port <= 65535:
            raise SettingsError(f"A port lies between 0 and 65535, not at {self.port}.")
        if not 1 <= self.faces <= MOST_FACES:
            raise SettingsError(f"1 to {MOST_FACES} faces can be sent, not {self.faces}.")
        if self.token and not is_token(self.token):
            raise SettingsError(
                f"A token needs {SHORTEST_TOKEN} or more letters, digits, hyphens or underscores."
            )

    @property
    def is_local(self) -> bool:
        """Whether this computer alone is meant."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


class Sender(Protocol):
    """Sends updates by one protocol. No method waits for a receiver.

    Attributes:
        address: where it can be heard, as the receiver needs it; final when it is open.
        notes: sentences that the user should read, such as who else can read along.
    """

    address: str
    notes: tuple[str, ...]

    async def open(self) -> None:
        """Open what is needed to send.

        Raises:
            OutputError: that is impossible, such as on a port that is taken.
        """
        ...

    def describe(self, about: Provenance) -> None:
        """Tell receivers what reads the faces, from now on."""
        ...

    def send(self, update: Update) -> None:
        """Send what is known about the next frame; a receiver that is not ready goes without.

        Raises:
            OSError: it could not be sent; the next one may be.
        """
        ...

    async def close(self) -> None:
        """Tell receivers that this was all, and give back what was opened."""
        ...


def build(target: Target) -> Sender:
    """The sender for a target; nothing is opened yet.

    Raises:
        MissingPackageError: the package for this protocol is not installed.
        OutputError: it is impossible in this process, such as other listeners of LSL.
        SettingsError: the target is impossible for this protocol.
    """
    return plugins.load(__name__, target.protocol).build(target)


def parse(text: str, *, faces: int = 1, token: str = "") -> Target:
    """A target as it is typed: the protocol, then a host, a port or both.

    Raises:
        SettingsError: it is spelled wrongly.

    >>> parse("osc:192.168.0.7:9000")
    Target(protocol='osc', host='192.168.0.7', port=9000, faces=1, token='')
    >>> parse("ws:8080").host, parse("ws:8080").port
    ('127.0.0.1', 8080)
    """
    name, colon, place = text.partition(":")
    found = _PLACE.fullmatch(place)
    if (colon and not found) or _SPOKEN.get(name, name) not in plugins.names(__name__):
        raise SettingsError(
            f"Cannot send to {text!r}; write lsl, osc or ws, each alone or with an address, "
            "such as osc:192.168.0.7:9000 or ws:8765."
        )
    host = (found["host"] if found else "") or LOOPBACK
    port = (found["only"] or found["port"]) if found else None
    return Target(
        _SPOKEN.get(name, name), host.strip("[]"), int(port) if port else None, faces, token
    )


def is_token(text: str) -> bool:
    """Whether a WebSocket client may be asked for this.

    >>> is_token("correct-horse-battery"), is_token("short")
    (True, False)
    """
    return _TOKEN.fullmatch(text) is not None


def numeric(host: str, port: int, kind: socket.SocketKind) -> str:
    """The number of a computer, looked up once, so that nothing waits for a name server later.

    Raises:
        OutputError: no computer has this name.
    """
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, port, type=kind)
    except OSError as error:
        raise OutputError(f"No computer is called {host}; check the name.") from error
    return str(min(found, key=lambda entry: entry[0] != socket.AF_INET)[4][0])
