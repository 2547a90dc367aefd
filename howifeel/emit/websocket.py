"""JSON over WebSocket (RFC 6455), and a page for streaming programs that shows it.

Whoever connects must know the token, and a browser must have loaded the page from here: `Origin`
and `Host` are checked, so that no other page that a person looks at can read along.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import re
import secrets
import socket
import time
import weakref
from collections.abc import Iterable
from dataclasses import asdict
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from howifeel import emotions
from howifeel.emit import Place, Target, Update, _warnings, numeric
from howifeel.errors import MissingPackageError, OutputError
from howifeel.types import Provenance

if TYPE_CHECKING:
    from websockets.asyncio.server import Server, ServerConnection
    from websockets.http11 import Request, Response

PORT = 8765
VERSION = 1
"""Of the messages; raised when something that was there changes or goes."""

STREAM = "/stream"
MOST_CLIENTS = 16
CLIENT_BUFFER = 32 * 1024
"""Bytes that the system may keep for a client that does not read; it misses what comes after."""

PING_EVERY_S, CLOSE_WITHIN_S = 10, 0.5
"""A client that does not answer within another `PING_EVERY_S` is dropped."""

POLICY_VIOLATION = 1008
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?")
_CHARSET = "text/html; charset=utf-8"


def build(target: Target) -> WebSocket:
    """A sender of JSON over WebSocket.

    Raises:
        MissingPackageError: websockets is not installed.
    """
    try:
        import websockets.asyncio.server  # noqa: F401
    except ImportError as error:
        raise MissingPackageError(
            'WebSocket needs the package websockets; run: pip install "howifeel[websocket]".'
        ) from error
    return WebSocket(target)


class WebSocket:
    """A server with any number of clients, see docs/streams.md for its messages."""

    def __init__(self, target: Target) -> None:
        self._token = target.token or secrets.token_urlsafe()
        self.address = self._address(target.host, PORT if target.port is None else target.port)
        self.notes = () if target.is_local else (_warnings.WEBSOCKET_NETWORK,)
        self._target = target
        self._server: Server | None = None
        self._clients: dict[ServerConnection, str] = {}  # with what each was told last by describe
        self._connections: weakref.WeakSet[ServerConnection] = weakref.WeakSet()
        self._about = self._newest = ""

    async def open(self) -> None:
        """Listen for clients."""
        from websockets.asyncio.server import serve

        port = PORT if self._target.port is None else self._target.port
        host = numeric(self._target.host, port, socket.SOCK_STREAM)
        try:
            self._server = await serve(
                self._welcome, host, port,
                process_request=self._answer, compression=None, server_header=None,
                open_timeout=PING_EVERY_S, ping_interval=PING_EVERY_S, ping_timeout=PING_EVERY_S,
                close_timeout=CLOSE_WITHIN_S, max_size=1024, max_queue=1, logger=_silent(),
                create_connection=self._connection,  # pyright: ignore[reportArgumentType]
            )  # fmt: skip
        except OSError as error:
            raise OutputError(
                f"Port {port} of {host} cannot be used, perhaps because another program has it; "
                f"choose another one, such as ws:{port + 1 if port < 65535 else PORT}."
            ) from error
        self.address = self._address(host, self._server.sockets[0].getsockname()[1])

    def describe(self, about: Provenance) -> None:
        """Tell all clients, each before its next reading, and every later one when it comes."""
        told = {"type": "about", "version": VERSION, "program": "HowIFeel"}
        told |= {"program_version": about.version, "expressions": emotions.NAMES}
        told |= {name: value for name, value in asdict(about).items() if name != "version"}
        self._about, self._newest = json.dumps(told), ""
        self._tell()

    def send(self, update: Update) -> None:
        """Send to the clients that have room for it."""
        self._newest = json.dumps(_message(update), allow_nan=False)
        self._tell()
        self._broadcast(self._newest, self._with_room())

    async def close(self) -> None:
        """Say goodbye to the clients; those that do not listen are cut off."""
        if self._server:
            self._server.close()
            try:
                await asyncio.wait_for(self._server.wait_closed(), 2 * CLOSE_WITHIN_S)
            except TimeoutError:
                for connection in tuple(self._connections):
                    connection.transport.abort()
                await self._server.wait_closed()
            self._server = None

    def _connection(self, *arguments: Any, **named: Any) -> ServerConnection:
        """Remember every connection: browsers open some that they never use."""
        from websockets.asyncio.server import ServerConnection

        made = ServerConnection(*arguments, **named)
        self._connections.add(made)
        return made

    def _address(self, host: str, port: int) -> str:
        if host in ("0.0.0.0", "::"):
            host = socket.gethostname()
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/?token={self._token}"

    def _tell(self) -> None:
        """Describe to those with room that do not know the newest; the others wait for it."""
        behind = [client for client in self._with_room() if self._clients[client] != self._about]
        self._broadcast(self._about, behind)
        self._clients |= dict.fromkeys(behind, self._about)

    def _broadcast(self, message: str, clients: Iterable[ServerConnection]) -> None:
        from websockets.asyncio.server import broadcast

        broadcast(clients, message)

    def _with_room(self) -> list[ServerConnection]:
        return [client for client in self._clients if not client.transport.get_write_buffer_size()]

    async def _welcome(self, client: ServerConnection) -> None:
        """Serve a client until it goes or says something: nothing is read here."""
        wire = client.transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, CLIENT_BUFFER)
        about = self._about
        for message in filter(None, (about, self._newest)):
            await client.send(message)
        self._clients[client] = about
        try:
            async for _ in client:
                await client.close(POLICY_VIOLATION, "nothing is read here")
        finally:
            self._clients.pop(client, None)

    def _answer(self, client: ServerConnection, request: Request) -> Response | None:
        """The page, a refusal, or None for a client that may listen."""
        url = urlsplit(request.path)
        hosts, origins = request.headers.get_all("Host"), request.headers.get_all("Origin")
        if len(hosts) != 1 or not self._is_here(hosts[0]) or len(origins) > 1:
            return client.respond(403, "This name of the computer is not known here.\n")
        if origins and origins[0] != f"http://{hosts[0]}":
            return client.respond(403, "Pages from elsewhere may not read along.\n")
        token = parse_qs(url.query).get("token", [""])[0]
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            return client.respond(
                403, "The token is missing or wrong; copy the whole address from HowIFeel.\n"
            )
        if url.path == STREAM:
            full = len(self._clients) >= MOST_CLIENTS
            return client.respond(503, "Too many programs read along.\n") if full else None
        if url.path != "/":
            return client.respond(404, "There is nothing here.\n")
        return _page(client, hosts[0])

    def _is_here(self, host: str) -> bool:
        """Whether a Host header is a number or a name of this computer.

        A foreign name that leads here (DNS rebinding) would let a foreign page pass as ours.
        """
        found = _HOST.fullmatch(host)
        if not found:
            return False
        name = found[1].strip("[]").lower()
        try:
            return bool(ipaddress.ip_address(name))
        except ValueError:
            own = socket.gethostname().lower()
            return name in ("localhost", own, f"{own}.local", self._target.host.lower())


def _page(client: ServerConnection, host: str) -> Response:
    """The overlay; it may load nothing, and connect to nobody but us."""
    nonce = secrets.token_urlsafe()
    page = (resources.files("howifeel.emit") / "overlay.html").read_text("utf-8")
    response = client.respond(200, page.replace("{nonce}", nonce))
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = _CHARSET
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
        f"connect-src 'self'{_spelled(host)}; base-uri 'none'; form-action 'none'"
    )
    return response


def _spelled(host: str) -> str:
    """For browsers whose 'self' leaves out WebSocket; a policy cannot name an IPv6 address."""
    return "" if host.startswith("[") else f" ws://{host}"


def _message(update: Update) -> dict[str, Any]:
    return {
        "type": "readings",
        "version": VERSION,
        "frame": update.index,
        "time_s": round(update.time_s, 6),
        "captured_unix_s": round(time.time() - update.age_s, 3),
        "width": update.width,
        "height": update.height,
        "gap": update.gap,
        "faces": [_face(n, place) for n, place in enumerate(update.places, start=1)],
    }


def _face(number: int, place: Place) -> dict[str, Any]:
    """What is said about a place; null where nothing is known."""
    reading = place.reading
    probs = [round(p, 5) for p in reading.probs] if reading else [None] * len(emotions.NAMES)
    box = reading.face.box if reading else None
    return {
        "place": number,
        "says": place.says,
        "gap": place.gap,
        "track": reading.face.track if reading else None,
        "top": reading.top if reading else None,
        "probability": round(reading.top_prob, 5) if reading else None,
        "unsure": reading.unsure if reading else None,
        "relative": place.is_relative if reading else None,
        "box": [box.x0, box.y0, box.x1, box.y1] if box else None,
        "score": round(reading.face.score, 4) if reading else None,
        "probabilities": dict(zip(emotions.NAMES, probs, strict=True)),
    }


def _silent() -> logging.Logger:
    """What clients do wrong is no news for the person at this computer."""
    logger = logging.getLogger(__name__)
    logger.setLevel(logging.CRITICAL + 1)
    return logger
