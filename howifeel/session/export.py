"""A session as files for others: tables, subtitles, a chart, a report, an annotated video."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from howifeel import files, overlay, report, timeline
from howifeel.config import Settings
from howifeel.errors import OutputError, SettingsError
from howifeel.report import Subject, chart
from howifeel.report.words import tenths
from howifeel.session.session import Session
from howifeel.timeline import Marker, Summary, Table, formats
from howifeel.types import Moment
from howifeel.video import SINK_SUFFIXES, VideoSink, open_source

_TABLES = (".csv", ".jsonl", ".parquet")

SUFFIXES = (*_TABLES, ".srt", ".html", ".svg", *SINK_SUFFIXES)
"""What an export may end with; it decides what is written."""

SLACK_S = 0.002
"""Time stamps of a kept video may differ by this from the timeline's, because they are rounded."""

LONGEST_S = 0.25
"""A reading is drawn over pictures that follow it by at most this much and have none."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to export, beside the session.

    Attributes:
        start_s: where to begin, in seconds; None for the session's begin.
        end_s: where to end, this frame not included; None for the session's end.
        track: the face of a chart; None for the one that was read longest.
        overlays: what is drawn over a video.
        thumbnail: a small JPEG or PNG picture for a report, if one may be shown.
    """

    start_s: float | None = None
    end_s: float | None = None
    track: int | None = None
    overlays: tuple[str, ...] = overlay.DEFAULT
    thumbnail: bytes | None = None


def targets(target: Path) -> tuple[Path, ...]:
    """The files that `export` writes for a target: a table has a `.json` beside it."""
    is_table = target.suffix.lower() in _TABLES
    return (target, timeline.sidecar_of(target)) if is_table else (target,)


def export(
    session: Session,
    target: Path,
    wish: Wish | None = None,
    *,
    force: bool = False,
    on_progress: Callable[[float], None] = lambda share: None,
) -> tuple[Path, ...]:
    """Write one file, which appears whole or not at all.

    Tables get a `.json` beside them, as those of `howifeel-video` do, with the markers and names
    of the session. Times are those of the session, except in a video, which begins at 0.

    Args:
        session: what to export.
        target: its suffix, one of `SUFFIXES`, decides what is written.
        wish: a stretch, a face, overlays; everything by default.
        force: replace files that exist.
        on_progress: called with the share that is done, 0..1; an exception that it raises ends
            the work, and nothing is written.

    Returns:
        The files that now exist.

    Raises:
        SettingsError: nothing is written with this suffix.
        OutputError: the file cannot be written or exists; a video is wanted and there is none.
        SourceError: the session's video cannot be read.
    """
    wish = wish or Wish()
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise SettingsError(f"Nothing is exported as {suffix!r}; use {', '.join(SUFFIXES)}.")
    if suffix in SINK_SUFFIXES:
        _video(session, target, wish, force, on_progress)
    elif suffix in (".html", ".svg"):
        write = _report if suffix == ".html" else _chart
        with files.atomic(target, force=force) as unfinished:
            write(session, unfinished, wish)
    else:
        return _table(session, target, wish, force, on_progress)
    on_progress(1.0)
    return (target,)


def subject(session: Session, wish: Wish | None = None) -> Subject:
    """What a report about a session shows; several make a report that compares them."""
    wish = wish or Wish()
    info = session.info
    abrupt = "The recording ended abruptly; its last seconds may be missing."
    notes = (_part(session, wish), abrupt if info.recovered else "")
    return Subject(
        name=info.name,
        table=_stretch(session, wish),
        provenance=info.provenance,
        started=_day_and_time(info.started),
        markers=_markers(session, wish),
        names=info.names,
        baselines=tuple(info.baselines),
        thumbnail=wish.thumbnail,
        notes=tuple(filter(None, notes)),
    )


def _day_and_time(iso: str) -> str:
    """A time that a person reads.

    >>> _day_and_time("2026-11-21T15:30:12+01:00")
    '2026-11-21 15:30'
    """
    try:
        return f"{datetime.fromisoformat(iso):%Y-%m-%d %H:%M}"
    except ValueError:
        return iso


def _stretch(session: Session, wish: Wish) -> Table:
    return session.table.between(*_bounds(wish))


def _part(session: Session, wish: Wish) -> str:
    """A sentence about the stretch that is shown; "" where that is everything."""
    whole, (start_s, end_s) = session.table, _bounds(wish)
    if start_s <= whole.start_s and end_s >= whole.end_s:
        return ""
    begin, end = max(start_s, whole.start_s), min(end_s, whole.end_s)
    return f"Only {tenths(begin)} to {tenths(end)} of {tenths(session.info.duration_s)}."


def _bounds(wish: Wish) -> tuple[float, float]:
    start_s = -math.inf if wish.start_s is None else wish.start_s
    return start_s, math.inf if wish.end_s is None else wish.end_s


def _markers(session: Session, wish: Wish) -> tuple[Marker, ...]:
    start_s, end_s = _bounds(wish)
    return tuple(m for m in session.info.markers if start_s <= m.time_s < end_s)


def _table(
    session: Session, target: Path, wish: Wish, force: bool, on_progress: Callable[[float], None]
) -> tuple[Path, ...]:
    info = session.info
    labels = target.suffix.lower() == ".srt"
    written = targets(target)
    rows = _stretch(session, wish)
    summary = Summary()
    with ExitStack() as stack:
        unfinished = [stack.enter_context(files.atomic(t, force=force)) for t in written]
        format = formats.load(target)
        options = {"names": info.names} if labels else {}
        with format.open_writer(unfinished[0], **options) as writer:
            for moment in rows.moments():
                writer.add(moment)
                summary.add(moment)
                on_progress(summary.frames / rows.frames)
        if not labels:
            about = {
                "name": info.name,
                "started": info.started,
                "markers": [asdict(marker) for marker in _markers(session, wish)],
                "names": info.names,
                "baselines": info.baselines,
            }
            timeline.write_sidecar(unfinished[1], info.provenance, summary, session=about)
    return written


def _report(session: Session, target: Path, wish: Wish) -> None:
    report.write(target, [subject(session, wish)])


def _chart(session: Session, target: Path, wish: Wish) -> None:
    rows = _stretch(session, wish)
    track = wish.track
    if track is None:
        seen_s = {t: float(rows.of_track(t).lasts_s.sum()) for t in rows.tracks}
        track = max(seen_s, key=seen_s.__getitem__, default=0)
    name = f"{session.info.name}: {session.info.face_name(track)}"
    drawing = chart.svg(
        session.table,
        track,
        title=name,
        headline=name,
        markers=session.info.markers,
        start_s=wish.start_s,
        end_s=wish.end_s,
    )
    target.write_text(drawing, "utf-8")


def _video(
    session: Session, target: Path, wish: Wish, force: bool, on_progress: Callable[[float], None]
) -> None:
    video, info = session.video, session.info
    if video is None:
        raise OutputError(
            f"There is no picture of {info.name}; export a table, a chart or a report instead."
        )
    if "blur" in wish.overlays:
        raise OutputError(
            "A session does not know the faces that could not be read, so it cannot hide them; "
            "use howifeel-video --overlay blur, which looks for all of them."
        )
    if files.real(target) == files.real(video):
        raise OutputError(f"{target} would be read and written; choose another name.")
    rows = _stretch(session, wish)
    if not len(rows):
        raise OutputError("There is no frame in this stretch; choose another.")
    layers = [overlay.build(name, Settings()) for name in wish.overlays]
    begin_s, end_s = rows.start_s, rows.end_s
    length_s = max(end_s - begin_s, 1e-6)
    with ExitStack() as stack:
        source = stack.enter_context(open_source(video))
        unfinished = stack.enter_context(files.atomic(target, force=force))
        start_s = session.video_offset_s + begin_s
        sink = stack.enter_context(
            VideoSink(unfinished, source.info, sound_from=video, sound_start_s=start_s)
        )
        readings = _Following(rows.moments())
        for frame in source:
            time_s = frame.time_s - session.video_offset_s
            if time_s < begin_s - SLACK_S:
                continue
            if time_s >= end_s:
                sink.end_early()
                break
            image, moment = frame.image, readings.at(time_s + SLACK_S)
            if moment:
                image = overlay.drawn(image, moment, layers)
            sink.write(image, max(0.0, time_s - begin_s))
            on_progress(min((time_s - begin_s) / length_s, 1.0))


class _Following:
    """The moments that belong to growing times."""

    def __init__(self, moments: Iterator[Moment]) -> None:
        self._moments = moments
        self._now: Moment | None = None
        self._next = next(moments, None)

    def at(self, time_s: float) -> Moment | None:
        """The last moment up to a time, None if that is long ago."""
        while self._next and self._next.time_s <= time_s:
            self._now, self._next = self._next, next(self._moments, None)
        if self._now and time_s - self._now.time_s <= LONGEST_S:
            return self._now
        return None
