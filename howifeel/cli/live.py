"""What `howifeel-video --live` does where no picture is written: read, tell, and send."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from howifeel import emit, engine, files, timeline, video
from howifeel.cli import common
from howifeel.cli.progress import clock
from howifeel.config import EMIT_TOKEN_VARIABLE
from howifeel.emit import Place
from howifeel.errors import HowIFeelError, SettingsError, SourceError
from howifeel.live import Emitter, Live, Outlet, Shot, Status
from howifeel.timeline import Summary, Writer
from howifeel.types import Frame, Moment

LOOK_EVERY_S, TELL_EVERY_S = 0.05, 1.0
FINISH_WITHIN_S = 30.0
BACKLOG = 300
"""Moments that may wait for a slow disk."""


def run(arguments: argparse.Namespace) -> int:
    """Do what the flags of `howifeel-video --live` ask for.

    Returns:
        0 the source ended, 1 something failed on the way, 130 Ctrl-C.

    Raises:
        HowIFeelError: nothing can be done at all.
    """
    try:
        spec, targets = _checked(arguments)
        loaded = engine.load(common.settings_from(arguments))
        return _Run(arguments, spec).go(loaded, targets)
    except Exception as error:
        if arguments.json:
            print(json.dumps({"error": common.sentence(error)}), flush=True)
        raise


def _checked(arguments: argparse.Namespace) -> tuple[str, list[emit.Target]]:
    """The source and the targets.

    Raises:
        SettingsError: the flags contradict each other.
    """
    if not arguments.live:
        raise SettingsError("Readings are sent while they happen; add --live to --emit.")
    if len(arguments.inputs) > 1:
        raise SettingsError("One source at a time is read live; name one.")
    if arguments.out or arguments.report:
        raise SettingsError(
            "With --emit nothing but a --timeline is written; leave out --out and --report."
        )
    token = arguments.emit_token or os.environ.get(EMIT_TOKEN_VARIABLE, "")
    targets = [emit.parse(text, faces=arguments.emit_faces, token=token) for text in arguments.emit]
    if arguments.timeline:
        timeline.check_suffix(Path(arguments.timeline))
    spec = arguments.inputs[0]
    if video.kind_of(spec) == "picture":
        raise SettingsError(f"{spec} is a picture; only what moves is read live.")
    return spec, targets


class _Keeper:
    """Writes moments to a timeline, in the thread of an outlet."""

    def __init__(self, writer: Writer) -> None:
        self.summary = Summary()
        self._writer = writer

    def add(self, frame: Frame, moment: Moment) -> None:
        self._writer.add(moment)
        self.summary.add(moment)


@dataclass(slots=True)
class _Told:
    """What was said last, so that it is not said again."""

    message: str = ""
    due_s: float = 0.0


class _Run:
    """One live run, from the opening of the source to its end."""

    def __init__(self, arguments: argparse.Namespace, spec: str) -> None:
        self._arguments, self._spec = arguments, spec
        self._told = _Told()
        self._first_s: float | None = None
        self._newest: Moment | None = None

    def go(self, loaded: engine.Engine, targets: list[emit.Target]) -> int:
        for note in loaded.notes:
            self._warn(note)
        live = Live(self._spec, loaded)
        try:
            emitters = [live.emit(target) for target in targets]
            for target, emitter in zip(targets, emitters, strict=True):
                self._announce(target, emitter)
            with self._kept(live, loaded) as outlet:
                live.start()
                code = self._watch(live, emitters, outlet)
        finally:
            live.stop()
        self._tell_left_out(live.status.rates.dropped)
        if any(emitter.state.state == "failed" for emitter in emitters):
            return common.FAILED
        return code

    def _announce(self, target: emit.Target, emitter: Emitter) -> None:
        address = emitter.wait_open()
        if self._arguments.json:
            print(json.dumps({"protocol": target.protocol, "address": address}), flush=True)
        else:
            print(f"{target.protocol}: {address}", flush=True)
        for note in emitter.notes:
            self._warn(note)

    def _watch(self, live: Live, emitters: list[Emitter], outlet: Outlet | None) -> int:
        """Tell once a second how it goes, until the source ends or the user has enough.

        Raises:
            Exception: the timeline cannot be written any more.
        """
        try:
            while True:
                if shot := live.latest():
                    self._take(shot)
                status = live.status
                self._tell(status, emitters)
                if outlet and outlet.error:
                    raise outlet.error
                if status.condition.state == "failed":
                    if self._newest is None:
                        raise SourceError(status.condition.message)
                    self._warn(status.condition.message)
                    return common.FAILED
                if self._is_enough() or live.is_over:
                    if status.condition.message:
                        self._warn(status.condition.message)
                    return common.DONE
                time.sleep(LOOK_EVERY_S)
        except KeyboardInterrupt:
            print(f"\n{self._arguments.program}: stopped.", file=sys.stderr)
            return common.INTERRUPTED

    def _take(self, shot: Shot) -> None:
        self._newest = shot.moment
        if self._first_s is None:
            self._first_s = shot.moment.time_s
            self._told.due_s = time.monotonic() + TELL_EVERY_S

    def _is_enough(self) -> bool:
        limit_s = self._arguments.seconds
        if limit_s is None or self._newest is None or self._first_s is None:
            return False
        return self._newest.time_s - self._first_s >= limit_s

    def _tell(self, status: Status, emitters: list[Emitter]) -> None:
        problems = [emitter.state.problem for emitter in emitters]
        over = status.condition.state in ("ended", "failed")
        waiting = "" if over else status.condition.message
        message = " ".join(filter(None, (waiting, status.problem, *problems)))
        if message and message != self._told.message:
            self._warn(message)
        self._told.message = message
        now = time.monotonic()
        if self._newest is None or now < self._told.due_s:
            return
        self._told.due_s = now + TELL_EVERY_S
        if self._arguments.json:
            sent = [emitter.state.sent for emitter in emitters]
            print(_as_json(self._newest, status, sent), flush=True)
        else:
            print(_in_words(self._newest, status), flush=True)

    def _tell_left_out(self, dropped: int) -> None:
        """Of a film, unlike of a camera, one might expect that every frame is read."""
        if dropped and video.kind_of(self._spec) == "file":
            count = "1 frame was" if dropped == 1 else f"{dropped} frames were"
            self._warn(
                f"{count} left out, because the film goes on while a frame is read; "
                "leave --live and --emit out to have every frame read."
            )

    def _warn(self, sentence: str) -> None:
        print(f"{self._arguments.program}: {sentence}", file=sys.stderr, flush=True)

    @contextmanager
    def _kept(self, live: Live, loaded: engine.Engine) -> Iterator[Outlet | None]:
        """Write a timeline of what happens inside, if one is wanted."""
        if not self._arguments.timeline:
            yield None
            return
        table = Path(self._arguments.timeline)
        force = self._arguments.force
        beside = timeline.sidecar_of(table)
        files.check_target(beside, force=force)
        with files.atomic(table, force=force) as unfinished:
            with timeline.writer_for(unfinished) as writer:
                keeper = _Keeper(writer)
                outlet = live.send_to(keeper, BACKLOG)
                try:
                    yield outlet
                finally:
                    live.cut(outlet)
                    in_time = outlet.close(FINISH_WITHIN_S)
                notes = _notes(outlet, in_time, live.status.rates.dropped)
                if self._is_enough():
                    notes += (f"The run was told to stop after {self._arguments.seconds:g} s.",)
            if not keeper.summary.frames:
                raise SourceError(f"{video.display_name(self._spec)} gave no picture.")
            origin = loaded.provenance(video.display_name(self._spec))
            with files.atomic(beside, force=force) as sidecar:
                timeline.write_sidecar(sidecar, origin, keeper.summary, notes)
        if self._arguments.json:
            print(json.dumps({"written": [str(table), str(beside)]}), flush=True)
        else:
            print(f"{keeper.summary.frames} frames -> {table}, {beside}", flush=True)


def _notes(outlet: Outlet, in_time: bool, dropped: int) -> tuple[str, ...]:
    """What a reader of the timeline must know.

    Raises:
        Exception: whatever kept it from being written.
    """
    if not in_time:
        raise HowIFeelError("The timeline could not be written in time; use a faster disk.")
    if outlet.error:
        raise outlet.error
    notes = [f"The source was read live: {dropped} frames that came meanwhile are left out."]
    if outlet.lost:
        notes.append(f"The disk was too slow for {outlet.lost} frames, which are left out.")
    return tuple(notes)


def _as_json(moment: Moment, status: Status, sent: list[int]) -> str:
    rates = status.rates
    faces = [
        {
            "track": reading.face.track,
            "says": Place(reading, None).says,
            "probability": round(reading.top_prob, 5),
        }
        for reading in moment.readings
    ]
    told = {
        "time_s": round(moment.time_s, 3),
        "source_fps": round(rates.source_fps, 1),
        "read_fps": round(rates.read_fps, 1),
        "dropped": rates.dropped,
        "faces": faces,
        "gap": moment.gap,
        "sent": sent,
    }
    return json.dumps(told)


def _in_words(moment: Moment, status: Status) -> str:
    faces = [Place(reading, None).says for reading in moment.readings]
    shown = ", ".join(faces) if faces else Place(None, moment.gap).says
    count = "1 face" if len(faces) == 1 else f"{len(faces)} faces"
    return f"{clock(moment.time_s)}  {status.rates.read_fps:.0f} fps  {count}: {shown}"
