"""A source that is grabbed, read and shown while it happens."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread

from howifeel import emit, overlay
from howifeel.config import Settings
from howifeel.engine import Engine
from howifeel.errors import HowIFeelError
from howifeel.live.capture import Capture, Condition
from howifeel.live.emitter import Emitter
from howifeel.live.newest import Newest
from howifeel.live.outlet import Outlet, Receiver
from howifeel.live.rates import Meter, Rates
from howifeel.pipeline import Analyser
from howifeel.types import Frame, Moment
from howifeel.video import Source, display_name, open_source

LAGS_AFTER_S = 0.12
"""An analysis slower than this is not waited for: pictures appear with the readings before."""


LOOK_AGAIN_S = 0.1
"""How soon a change is seen while no new picture comes."""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A picture to show, with what is known about it.

    Attributes:
        frame: the picture as it came.
        picture: the same with overlays drawn.
        moment: its readings, or those of a picture a little earlier where the analysis lags.
        grabbed_s: when the picture was grabbed, on the clock of `time.monotonic`.
        overlays: names of the overlays that are drawn into `picture`.
    """

    frame: Frame
    picture: Frame
    moment: Moment
    grabbed_s: float
    overlays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How a live session is.

    Attributes:
        condition: of the source.
        rates: how fast it runs.
        device: what the classifier really runs on.
        problem: one sentence about what the user asked for and did not get, or "".
        not_shipped: which of "model" and "detector" do not ship with HowIFeel.
    """

    condition: Condition
    rates: Rates
    device: str
    problem: str
    not_shipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the analysis should use from its next picture on."""

    settings: Settings
    overlays: tuple[str, ...]


class Live:
    """Two threads: one grabs the pictures of a source, one reads them.

    Args:
        spec: the source, see `video.open_source`.
        engine: detector and classifier to begin with.
        overlays: names of the overlays that are drawn into `Shot.picture`.
        opener: opens the source.
    """

    def __init__(
        self,
        spec: str,
        engine: Engine,
        *,
        overlays: tuple[str, ...] = (),
        opener: Callable[[str], Source] = open_source,
    ) -> None:
        self._name = display_name(spec)
        self._engine = engine
        self._wish = _Wish(engine.settings, overlays)
        self._granted: _Wish | None = None
        self._layers: tuple[overlay.Overlay, ...] = ()
        self._drawn: tuple[str, ...] = ()
        self._analyser = engine.analyser()
        self._capture = Capture(spec, self._grabbed, opener)
        self._waiting: Newest[tuple[Frame, float]] = Newest()
        self._results: Newest[Shot] = Newest()
        self._outlets: tuple[Outlet, ...] = ()
        self._emitters: tuple[Emitter, ...] = ()
        self._source_meter, self._read_meter = Meter(), Meter()
        self._showing = Lock()
        self._newest_index = self._read_index = self._grabbed_index = -1
        self._last: Shot | None = None
        self._latency_s = math.nan
        self._problem = ""
        self._error: BaseException | None = None
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to grab and to read."""
        self._thread.start()
        self._capture.start()

    def latest(self) -> Shot | None:
        """The newest result that was not fetched yet; None where there is none.

        Raises:
            Exception: whatever ended the analysis.
        """
        if self._error:
            raise self._error
        return self._results.take(0)

    @property
    def status(self) -> Status:
        """How it is now; cheap, to be asked at any time."""
        now = time.monotonic()
        rates = Rates(
            self._source_meter.per_second(now),
            self._read_meter.per_second(now),
            self._waiting.replaced,
            self._latency_s,
        )
        condition = self._capture.condition
        engine = self._engine
        device = engine.classifier.device
        return Status(condition, rates, device, self._problem, engine.not_shipped)

    @property
    def is_over(self) -> bool:
        """Whether the source has ended and its last picture is read."""
        ended = self._capture.condition.state in ("ended", "failed")
        return ended and self._read_index == self._grabbed_index

    @property
    def engine(self) -> Engine:
        """The detector and classifier in use."""
        return self._engine

    @property
    def analyser(self) -> Analyser:
        """What reads the stream; it keeps the tracks while settings change."""
        return self._analyser

    def apply(self, settings: Settings) -> None:
        """Use these settings from now on; what cannot be loaded changes nothing."""
        self._wish = replace(self._wish, settings=settings)

    def draw(self, overlays: tuple[str, ...]) -> None:
        """Draw these overlays from now on, also over a picture that stands still."""
        self._wish = replace(self._wish, overlays=overlays)

    def pause(self, paused: bool) -> None:
        """Hold a file where it is and drop the pictures of a camera, or go on."""
        self._capture.pause(paused)

    def send_to(self, receiver: Receiver, capacity: int = 60) -> Outlet:
        """Hand every analysed picture to a receiver as well; a slow one slows nobody."""
        outlet = Outlet(receiver, capacity)
        self._outlets = (*self._outlets, outlet)
        return outlet

    def cut(self, outlet: Outlet | Emitter) -> None:
        """Hand nothing more to this outlet or emitter."""
        self._outlets = tuple(o for o in self._outlets if o is not outlet)
        self._emitters = tuple(e for e in self._emitters if e is not outlet)

    def emit(self, target: emit.Target) -> Emitter:
        """Send every analysed picture's readings to other programs; a slow one slows nobody.

        Raises:
            MissingPackageError, OutputError, SettingsError: see `emit.build`.
        """
        about = self._engine.provenance(self._name)
        emitter = Emitter(emit.build(target), about, target.faces)
        self._emitters = (*self._emitters, emitter)
        if self._stop.is_set():
            emitter.close(0)
        return emitter

    def stop(self, timeout_s: float = 2.0) -> bool:
        """End all threads; whether they ended in time (a device may block its thread)."""
        until = time.monotonic() + timeout_s
        self._stop.set()
        self._waiting.close()
        for emitter in self._emitters:
            emitter.close(0)
        ended = self._capture.stop(timeout_s)
        if self._thread.ident:
            self._thread.join(max(0.0, until - time.monotonic()))
        for emitter in self._emitters:
            ended &= emitter.close(max(0.1, until - time.monotonic()))
        return ended and not self._thread.is_alive()

    def _grabbed(self, frame: Frame) -> None:
        now = time.monotonic()
        self._grabbed_index = frame.index
        self._source_meter.tick(now)
        self._waiting.put((frame, now))
        last = self._last
        if last and now - last.grabbed_s > LAGS_AFTER_S and not self._wish.overlays:
            self._show(Shot(frame, frame, last.moment, now))

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                if waiting := self._waiting.take(LOOK_AGAIN_S):
                    self._read(*waiting)
                elif self._last and self._wish != self._granted:
                    self._look(self._last.frame, self._last.grabbed_s)
        except BaseException as error:
            self._error = error

    def _read(self, frame: Frame, grabbed_s: float) -> None:
        moment = self._look(frame, grabbed_s)
        for outlet in self._outlets:
            outlet.put(frame, moment)
        for emitter in self._emitters:
            emitter.put(frame, moment, grabbed_s)
        now = time.monotonic()
        self._read_meter.tick(now)
        self._read_index = frame.index
        self._latency_s = now - grabbed_s

    def _look(self, frame: Frame, grabbed_s: float) -> Moment:
        """Read a picture, draw over it and offer it."""
        if self._wish != self._granted:
            self._grant(self._wish)
        moment = self._analyser.read(frame)
        image = overlay.drawn(frame.image, moment, self._layers)
        picture = frame if image is frame.image else replace(frame, image=image)
        self._last = Shot(frame, picture, moment, grabbed_s, self._drawn)
        self._show(self._last)
        return moment

    def _show(self, shot: Shot) -> None:
        """Offer a shot, unless a newer picture was offered while this one was read."""
        with self._showing:
            if shot.frame.index >= self._newest_index:
                self._newest_index = shot.frame.index
                self._results.put(shot)

    def _grant(self, wish: _Wish) -> None:
        self._granted = wish
        self._problem = ""
        self._layers, self._drawn = _layers(wish), wish.overlays
        self._analyser.heat = "heat" in wish.overlays
        try:
            before, self._engine = self._engine, self._engine.renewed(wish.settings)
            self._analyser.use(self._engine.detector, self._engine.classifier, wish.settings)
            if self._emitters and before.settings != wish.settings:
                self._tell_emitters()
        except HowIFeelError as error:
            self._problem = str(error)

    def _tell_emitters(self) -> None:
        about = self._engine.provenance(self._name)
        for emitter in self._emitters:
            emitter.describe(about)


def _layers(wish: _Wish) -> tuple[overlay.Overlay, ...]:
    return tuple(overlay.build(name, wish.settings) for name in wish.overlays)
