"""Sends the readings of the live page to other programs, where the user wants that."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from howifeel import emit
from howifeel.desktop import words
from howifeel.desktop.preferences import Preferences
from howifeel.emit import Sender, Target
from howifeel.errors import HowIFeelError
from howifeel.live import Emission, Emitter, Live, Task

KEPT_AS = "emit"
POLL_MS = 250
END_WITHIN_S = 2.0
PROTOCOLS = ("websocket", "osc", "lsl")


@dataclass(frozen=True, slots=True)
class EmitWish:
    """What to send where. Nothing, to begin with.

    Attributes:
        websocket, osc, lsl: whether to send by this protocol.
        port: of the WebSocket server.
        osc_host, osc_port: where OSC goes.
        network: whether other computers may listen by WebSocket and LSL.
        faces: how many faces have a place.
        keep_token: whether the WebSocket address is the same after the next start.
        token: kept from the last start, or "".
    """

    websocket: bool = False
    osc: bool = False
    lsl: bool = False
    port: int = 8765
    osc_host: str = emit.LOOPBACK
    osc_port: int = 9000
    network: bool = False
    faces: int = 1
    keep_token: bool = False
    token: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, object]) -> EmitWish:
        """What was kept; what does not fit is as it is to begin with."""
        default = asdict(cls())
        fit = {n: v for n, v in kept.items() if n in default and type(v) is type(default[n])}
        return cls(**fit)  # pyright: ignore[reportArgumentType]

    def target(self, protocol: str, token: str) -> Target:
        """Where to send by a protocol.

        Raises:
            SettingsError: a value is impossible.
        """
        host = emit.ANYWHERE if self.network else emit.LOOPBACK
        match protocol:
            case "osc":
                return Target("osc", self.osc_host.strip(), self.osc_port, self.faces)
            case "websocket":
                return Target("websocket", host, self.port, self.faces, token)
            case _:
                return Target(protocol, host, None, self.faces)


@dataclass(frozen=True, slots=True)
class Told:
    """How a protocol is: a sentence or "", whether it is a problem, and an address to copy."""

    text: str = ""
    is_problem: bool = False
    address: str = ""


_Changed = tuple[Live, dict[str, Emitter], dict[str, str]]


class EmitModel(QObject):
    """Opens and closes what sends, as the user wants it and while a source is open.

    Signals:
        changed: something else is sent or told now; see `told` and `sending`.
        problem: a sentence about what cannot be sent any more.
    """

    changed = Signal()
    problem = Signal(str)

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._wish = EmitWish.of(preferences.record(KEPT_AS))
        kept = self._wish.token if self._wish.keep_token else ""
        self._token = kept if kept and emit.is_token(kept) else secrets.token_urlsafe()
        self._live: Live | None = None
        self._emitters: dict[str, Emitter] = {}
        self._failed: dict[str, str] = {}
        self._work: Task[_Changed] | None = None
        self._again = False
        self._told: dict[str, Told] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def wish(self) -> EmitWish:
        """What is to be sent where."""
        return self._wish

    def want(self, **values: object) -> None:
        """Change what is sent where; it is remembered."""
        self._wish = replace(self._wish, **values)  # pyright: ignore[reportArgumentType]
        token = self._token if self._wish.keep_token else ""
        self._preferences.keep_record(KEPT_AS, asdict(replace(self._wish, token=token)))
        self._renew()

    def use(self, live: Live | None) -> None:
        """Send the readings of this session from now on; it closes what was opened for it."""
        self._live = live
        self._emitters = {}
        self._renew()

    @property
    def sending(self) -> tuple[str, ...]:
        """The protocols by which something is sent now."""
        return tuple(p for p, e in self._emitters.items() if e.state.state == "sending")

    @property
    def wanted(self) -> tuple[str, ...]:
        """The protocols that are switched on."""
        return tuple(p for p in PROTOCOLS if getattr(self._wish, p))

    def told(self, protocol: str) -> Told:
        """How a protocol is."""
        if not getattr(self._wish, protocol):
            return Told()
        if sentence := self._failed.get(protocol):
            return Told(sentence, is_problem=True)
        emitter = self._emitters.get(protocol)
        if emitter:
            return _of_state(emitter.state, emitter.notes)
        try:
            planned = self._planned(protocol)
        except HowIFeelError as error:
            return Told(str(error), is_problem=True)
        text = QCoreApplication.translate("Emit", "Begins with the next source.")
        return Told(_joined(text, planned.notes), address=planned.address)

    def _planned(self, protocol: str) -> Sender:
        """Tells address and notes before anything is open."""
        return emit.build(self._wish.target(protocol, self._token))

    def _renew(self) -> None:
        """Close what is open and open what is wanted, beside the window."""
        self._failed = {}
        for protocol in self.wanted:
            try:
                self._planned(protocol)
            except HowIFeelError as error:
                self._failed[protocol] = str(error)
        if self._work:
            self._again = True
        elif self._live:
            live, old = self._live, tuple(self._emitters.values())
            self._emitters = {}
            targets = {
                protocol: self._wish.target(protocol, self._token)
                for protocol in self.wanted
                if protocol not in self._failed
            }
            self._work = Task(lambda task: _change(live, old, targets))
        self._timer.start()
        self._show()

    def _poll(self) -> None:
        if self._work and self._work.done:
            self._take(self._work)
        if not self._work and not self._emitters:
            self._timer.stop()
        self._show()

    def _take(self, work: Task[_Changed]) -> None:
        self._work = None
        live, emitters, failed = work.result()
        if live is self._live:
            self._emitters = emitters
            self._failed |= failed
        if self._again:
            self._again = False
            self._renew()

    def _show(self) -> None:
        told = {protocol: self.told(protocol) for protocol in PROTOCOLS}
        if told != self._told:
            before, self._told = self._told, told
            self.changed.emit()
            for protocol, now in told.items():
                if now.is_problem and self._live and now != before.get(protocol):
                    self.problem.emit(now.text)


def _change(live: Live, old: Iterable[Emitter], targets: Mapping[str, Target]) -> _Changed:
    """Close first: a port can be used by one at a time."""
    for emitter in old:
        live.cut(emitter)
        emitter.close(END_WITHIN_S)
    emitters: dict[str, Emitter] = {}
    failed: dict[str, str] = {}
    for protocol, target in targets.items():
        try:
            emitters[protocol] = live.emit(target)
        except HowIFeelError as error:
            failed[protocol] = str(error)
    return live, emitters, failed


def _of_state(state: Emission, notes: tuple[str, ...]) -> Told:
    if state.problem:
        return Told(state.problem, is_problem=True)
    if state.state != "sending":
        return Told(QCoreApplication.translate("Emit", "Opening …"), address=state.address)
    text = QCoreApplication.translate("Emit", "Sending: {}.").format(state.address)
    if state.address.startswith("http"):
        text = QCoreApplication.translate("Emit", "Sending.")
    return Told(_joined(text, notes), address=state.address)


def _joined(text: str, notes: tuple[str, ...]) -> str:
    return " ".join((text, *map(words.sentence, notes)))
