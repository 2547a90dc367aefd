"""One source in; its annotated copy and its timeline out, each whole or not at all."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from howifeel import files, overlay, report, timeline
from howifeel.engine import Engine
from howifeel.errors import SourceError
from howifeel.report import Subject
from howifeel.timeline import Summary, TableBuilder
from howifeel.types import Frame
from howifeel.video import (
    PictureSink,
    Source,
    SourceInfo,
    VideoSink,
    display_name,
    local_path,
    open_source,
)


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with one source.

    Attributes:
        source: path, URL, camera number or test pattern.
        annotated: the annotated video or picture to write, if wanted.
        timeline: the table to write, if wanted; a `.json` with its origin appears beside it.
        report: the HTML report to write, if wanted.
        overlays: names of the overlays, drawn in this order.
        force: replace targets that exist.
        stop_after_s: end after this many seconds of the stream.
        live: the source may be one that has no end, such as a camera.
        codec_threads: how many threads decode, and how many encode; None leaves it to the codecs.
        mark: for the names of unfinished files, see `files.atomic`.
        path: where the source lies in the folder that is worked through, for the report.
    """

    source: str
    annotated: Path | None = None
    timeline: Path | None = None
    report: Path | None = None
    overlays: tuple[str, ...] = overlay.DEFAULT
    force: bool = False
    stop_after_s: float | None = None
    live: bool = False
    codec_threads: int | None = None
    mark: str = ""
    path: str = ""

    @property
    def targets(self) -> tuple[Path, ...]:
        """All files that the job writes."""
        sidecar = timeline.sidecar_of(self.timeline) if self.timeline else None
        return tuple(path for path in (self.annotated, self.timeline, sidecar, self.report) if path)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `frames` of `total` (None: unknown)."""

    frames: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job.

    Attributes:
        source: as in the job, without a password.
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
    """Do a job. All targets appear together, or none does.

    Args:
        job: what to read and what to write.
        engine: the loaded detector and classifier.
        on_progress: called after each frame.
        stopped: asked before each frame; True ends the stream there, and the outputs are kept.

    Raises:
        SourceError: the source cannot be read, holds no picture, or has no end although the job
            is not live.
        OutputError: a target cannot be written or exists.
    """
    started = time.perf_counter()
    summary = Summary()
    with open_source(job.source, threads=job.codec_threads) as source, ExitStack() as stack:
        if source.info.live and not job.live:
            raise SourceError(f"{source.info.name} has no end; add --live to record from it.")
        unfinished = stack.enter_context(
            files.atomic_all(job.targets, force=job.force, mark=job.mark)
        )
        sink = None
        writers: list[timeline.Writer] = []
        for_report = TableBuilder()
        if job.timeline:
            writers.append(stack.enter_context(timeline.writer_for(unfinished[job.timeline])))
        if job.report:
            writers.append(for_report)
        if job.annotated:
            sink = stack.enter_context(_open_sink(unfinished[job.annotated], job, source.info))
        layers = [overlay.build(name, engine.settings) for name in job.overlays]
        analyser = engine.analyser()
        analyser.heat = "heat" in job.overlays
        limit_s = math.inf if job.stop_after_s is None else job.stop_after_s
        total = _expected_frames(source.info, limit_s)
        start_s, cut = None, False
        frames = _Frames(source, summary)
        for frame in frames:
            start_s = frame.time_s if start_s is None else start_s
            cut = frame.time_s - start_s >= limit_s
            if cut or stopped():
                if sink:
                    sink.end_early()
                break
            moment = analyser.read(frame)
            summary.add(moment)
            for writer in writers:
                writer.add(moment)
            if sink:
                sink.write(overlay.drawn(frame.image, moment, layers), frame.time_s)
            del frame  # large ones must not lie in memory while the next one is decoded
            on_progress(Progress(summary.frames, total))
        if frames.broke_off and sink:
            sink.end_early()
        if not summary.frames:
            raise SourceError(f"{source.info.name} holds no readable picture; use another copy.")
        limit = (f"The run was told to stop after {limit_s:g} s.",) if cut else ()
        notes = (*_notes(job, source, sink, summary, engine), *limit, *frames.broke_off)
        origin = engine.provenance(display_name(job.source))
        if job.timeline:
            sidecar = unfinished[timeline.sidecar_of(job.timeline)]
            timeline.write_sidecar(sidecar, origin, summary, notes)
        if job.report:
            table = for_report.table()
            about = Subject(source.info.name, table, origin, notes=notes, path=job.path)
            report.write(unfinished[job.report], [about])
    return Outcome(
        source=display_name(job.source),
        written=job.targets,
        frames=summary.frames,
        wall_s=time.perf_counter() - started,
        summary=summary.as_dict(),
        notes=notes,
    )


class _Frames:
    """The frames of a source. A live one that breaks off ends, and what came before it is kept."""

    def __init__(self, source: Source, summary: Summary) -> None:
        self._source, self._summary = source, summary
        self.broke_off: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Frame]:
        try:
            yield from self._source
        except SourceError as error:
            if not (self._summary.frames and self._source.info.live):
                raise
            self.broke_off = (f"{error} What came before was kept.",)


def _open_sink(path: Path, job: Job, info: SourceInfo) -> VideoSink | PictureSink:
    if info.kind == "picture":
        return PictureSink(path)
    sound = local_path(job.source)
    return VideoSink(path, info, sound_from=sound, threads=job.codec_threads)


def _expected_frames(info: SourceInfo, limit_s: float) -> int | None:
    if info.fps is None or math.isinf(limit_s):
        return info.frames
    wanted = math.ceil(limit_s * float(info.fps))
    return min(wanted, info.frames or wanted)


def _notes(
    job: Job,
    source: Source,
    sink: VideoSink | PictureSink | None,
    summary: Summary,
    engine: Engine,
) -> tuple[str, ...]:
    notes = [source.damage] if source.damage else []
    notes += sink.notes if sink else ()
    if job.annotated and source.info.kind == "url":
        notes.append("Sound is copied from files only; download the video to keep its sound.")
    if job.annotated and "heat" in job.overlays and not engine.classifier.has_maps:
        name = engine.classifier.name
        notes.append(f"{name} brings no activation maps, so no heat is drawn; use another model.")
    if not summary.as_dict()["frames_with_face"]:
        notes.append(f"No readable face appears in {source.info.name}; every frame is a gap.")
    return tuple(notes)
