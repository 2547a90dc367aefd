"""One source in; its annotated copy and its timeline out, each whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from howifeel import files, overlay, timeline
from howifeel.engine import Engine
from howifeel.errors import OutputError, SourceError
from howifeel.overlay import Overlay
from howifeel.timeline.summary import Summary
from howifeel.types import Frame, Moment
from howifeel.video import PictureSink, Source, SourceInfo, VideoSink, open_source

DEFAULT_OVERLAYS = ("boxes", "bars")


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with one source.

    Attributes:
        source: path, URL, camera number or test pattern.
        annotated: the annotated video or picture to write, if wanted.
        timeline: the table to write, if wanted; a `.json` with its origin appears beside it.
        overlays: names of the overlays, drawn in this order.
        force: replace targets that exist.
        stop_after_s: end after this many seconds of the stream.
    """

    source: str
    annotated: Path | None = None
    timeline: Path | None = None
    overlays: tuple[str, ...] = DEFAULT_OVERLAYS
    force: bool = False
    stop_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `frames` of `total` (None: unknown)."""

    frames: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job.

    Attributes:
        source: as in the job.
        written: the files that now exist.
        frames: number of frames read.
        wall_s: seconds that it took.
        summary: statistics of the timeline, see `timeline.summary.Summary`.
        notes: sentences that the user should read, such as damage in the source.
    """

    source: str
    written: tuple[Path, ...]
    frames: int
    wall_s: float
    summary: dict[str, object]
    notes: tuple[str, ...]


def annotate(
    job: Job,
    engine: Engine,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Do a job.

    Args:
        job: what to read and what to write.
        engine: the loaded detector and classifier.
        on_progress: called after each frame.
        stopped: asked after each frame; True ends the stream there, and the outputs are kept.

    Raises:
        SourceError: the source cannot be read or holds no picture.
        OutputError: a target cannot be written or exists.
    """
    started = time.monotonic()
    targets = _targets(job)
    summary = Summary()
    with open_source(job.source) as source, ExitStack() as stack:
        unfinished = {
            target: stack.enter_context(files.atomic(target, force=job.force)) for target in targets
        }
        table = sink = None
        if job.timeline:
            table = stack.enter_context(timeline.writer_for(unfinished[job.timeline]))
        if job.annotated:
            sink = stack.enter_context(_open_sink(unfinished[job.annotated], job, source.info))
        layers = [overlay.build(name, engine.settings) for name in job.overlays]
        analyser = engine.analyser()
        start_s = None
        for frame in source:
            start_s = frame.time_s if start_s is None else start_s
            moment = analyser.read(frame)
            summary.add(moment)
            if table:
                table.add(moment)
            if sink:
                sink.write(_drawn(frame, moment, layers), frame.time_s)
            on_progress(Progress(summary.frames, source.info.frames))
            if stopped() or _reached(job.stop_after_s, frame.time_s - start_s):
                if sink:
                    sink.end_early()
                break
        if not summary.frames:
            raise SourceError(f"{job.source} holds no readable picture; use a complete copy.")
        if job.timeline:
            timeline.write_sidecar(
                unfinished[_sidecar(job.timeline)], engine.provenance(job.source), summary
            )
    return Outcome(
        source=job.source,
        written=targets,
        frames=summary.frames,
        wall_s=time.monotonic() - started,
        summary=summary.as_dict(),
        notes=_notes(job.source, source, sink, summary),
    )


def _targets(job: Job) -> tuple[Path, ...]:
    wanted = [job.annotated, job.timeline, _sidecar(job.timeline) if job.timeline else None]
    targets = tuple(path for path in wanted if path is not None)
    source = Path(job.source)
    for target in targets:
        if target.exists() and source.exists() and target.samefile(source):
            raise OutputError(f"{target} is the source itself; name another file.")
    return targets


def _sidecar(table: Path) -> Path:
    return table.with_suffix(".json")


def _open_sink(path: Path, job: Job, info: SourceInfo) -> VideoSink | PictureSink:
    if info.kind == "picture":
        return PictureSink(path)
    sound = Path(job.source) if info.kind == "file" else None
    return VideoSink(path, info, sound_from=sound)


def _drawn(frame: Frame, moment: Moment, layers: list[Overlay]) -> NDArray[np.uint8]:
    image = frame.image
    for layer in layers:
        image = layer.draw(image, moment)
    return image


def _reached(stop_after_s: float | None, passed_s: float) -> bool:
    return stop_after_s is not None and passed_s >= stop_after_s


def _notes(
    name: str, source: Source, sink: VideoSink | PictureSink | None, summary: Summary
) -> tuple[str, ...]:
    notes = [source.damage] if source.damage else []
    notes += sink.notes if sink else ()
    if not summary.as_dict()["frames_with_face"]:
        notes.append(f"No readable face appears in {name}: its timeline holds only gaps.")
    return tuple(notes)
