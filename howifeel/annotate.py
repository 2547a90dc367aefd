"""One source in; its annotated copy and its timeline out, each whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from howifeel import files, overlay, timeline
from howifeel.engine import Engine
from howifeel.errors import OutputError, SourceError
from howifeel.timeline.summary import Summary
from howifeel.types import Frame
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
    with open_source(job.source) as source:
        with ExitStack() as stack:
            unfinished = {
                target: stack.enter_context(files.atomic(target, force=job.force))
                for target in targets
            }
            table = sink = None
            if job.timeline:
                table = stack.enter_context(timeline.writer_for(unfinished[job.timeline]))
            if job.annotated:
                sink = stack.enter_context(_open_sink(unfinished[job.annotated], source, job))
            layers = [overlay.build(name, engine.settings) for name in job.overlays]
            analyser = engine.analyser()
            for frame in source:
                moment = analyser.read(frame)
                summary.add(moment)
                if table:
                    table.add(moment)
                if sink:
                    sink.write(_drawn(frame, moment, layers), frame.time_s)
                on_progress(Progress(summary.frames, source.info.frames))
                if stopped() or _reached(job.stop_after_s, frame.time_s, summary):
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
