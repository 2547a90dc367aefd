"""Writing a video file: pictures encoded with the source's own time stamps, sound kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import ColorRange

from howifeel.errors import OutputError
from howifeel.video import priority
from howifeel.video.colour import ToYuv, matrix
from howifeel.video.container import threads_for
from howifeel.video.sound import Sound
from howifeel.video.source import SourceInfo

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

Codec = Literal["auto", "h264", "av1", "vp9", "mpeg4"]


@dataclass(frozen=True, slots=True)
class _Encoder:
    name: str
    options: dict[str, str]
    most_ticks: int | None = None
    """How many ticks a second may have; None where any number will do."""
    frugal: dict[str, str] = field(default_factory=dict)
    """Options for large pictures, of which the encoder must not keep many."""


@dataclass(frozen=True, slots=True)
class _Container:
    format: str
    codecs: tuple[str, ...]
    sound_encoder: str
    options: dict[str, str]
    has_movie_clock: bool = False
    """The begin of a track is rounded to a clock of the whole file."""


_ENCODERS = {
    "h264": _Encoder(
        "libx264",
        {"preset": "veryfast", "crf": "21"},
        frugal={"x264-params": "rc-lookahead=0:mbtree=0:bframes=0:sync-lookahead=0:subme=0"},
    ),
    "av1": _Encoder("libsvtav1", {"preset": "9", "crf": "30"}),
    "vp9": _Encoder(
        "libvpx-vp9",
        {"deadline": "realtime", "cpu-used": "7", "row-mt": "1", "crf": "30", "b": "0"},
    ),
    "mpeg4": _Encoder("mpeg4", {"qmin": "2", "qmax": "5"}, most_ticks=65_535),
}
_FASTSTART = {"movflags": "+faststart"}
_UNSHIFTED = {"avoid_negative_ts": "disabled"}
_CONTAINERS = {
    ".mp4": _Container("mp4", ("h264", "av1", "mpeg4", "vp9"), "aac", _FASTSTART, True),
    ".mov": _Container("mov", ("h264", "mpeg4"), "aac", _FASTSTART, True),
    ".mkv": _Container("matroska", ("h264", "av1", "mpeg4", "vp9"), "aac", _UNSHIFTED),
    ".webm": _Container("webm", ("vp9", "av1"), "libopus", _UNSHIFTED),
}
SINK_SUFFIXES = tuple(_CONTAINERS)
"""What the name of a written video may end with."""

_MANY_PIXELS = 1920 * 1088
_DEFAULT_FPS = Fraction(30)
_SEEK_S = 2
"""Distance of the pictures from which a player can start, in a file that is made to grow."""


class VideoSink:
    """A video file that is being written. Use it in a `with` statement.

    The file is complete when the block ends without an exception; otherwise it is unusable and
    the caller removes it (`howifeel.files.atomic` does). Time stamps are those of the source,
    in its own unit, so a variable frame rate is kept; an .mkv or .webm file rounds them to
    milliseconds. Pictures with an odd width or height get one more column or row, a copy of the
    last one. The shape of pixels is kept, but in .webm files they become square.

    Args:
        path: the file to write; its suffix, one of `SINK_SUFFIXES`, chooses the format.
        info: the source of the pictures.
        sound_from: a video whose sound tracks and title are copied; None for silence.
        sound_start_s: the second of `sound_from` that belongs to second 0 of the pictures.
        codec: how the pictures are encoded. "auto" is H.264, for .webm VP9, or the next best
            if this installation cannot encode that.
        threads: how many encode; None chooses by the size of the pictures.
        growing: keep the file readable while it grows, but for its last seconds, and quick to
            seek in. Only an .mkv or .webm file can be.

    Raises:
        OutputError: the suffix is unknown, the format cannot hold the codec, or the file cannot
            be written.
    """

    def __init__(
        self,
        path: Path,
        info: SourceInfo,
        *,
        sound_from: Path | None = None,
        sound_start_s: float = 0.0,
        codec: Codec = "auto",
        threads: int | None = None,
        growing: bool = False,
    ) -> None:
        self._path = path
        self._size = (info.height, info.width)
        self._last_tick: int | None = None
        layout = _container(path.suffix)
        encoder = _encoder(layout, codec, path.suffix)
        self._growing = growing
        if growing:
            layout = _growing(layout, path.suffix)
        self._time_base = _time_base(encoder, info)
        self._to_yuv = ToYuv(info.height)
        self._sound: Sound | None = None
        self._sound_end: Fraction | None = None
        self._frame_s = 1 / (info.fps or _DEFAULT_FPS)
        with _output_errors():
            self._file = _open(path, layout, self._time_base)
            try:
                self._video = _add_video(self._file, encoder, info, self._time_base)
                if threads:
                    self._video.codec_context.thread_count = threads
                if growing:
                    self._video.codec_context.gop_size = round(_SEEK_S / self._frame_s)
                if sound_from is not None:
                    start = Fraction(sound_start_s)
                    self._sound = Sound(sound_from, self._file, layout.sound_encoder, start)
                    self._file.metadata.update(self._sound.tags)
                with priority.kept():
                    self._file.start_encoding()
            except BaseException:
                self._abandon()
                raise

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence for everything of the sound that is not as it was."""
        return self._sound.notes if self._sound else ()

    def write(self, image: NDArray[np.uint8], time_s: float) -> None:
        """Add a picture.

        Args:
            image: uint8 (height, width, 3), BGR, of the source's size; it is not kept.
            time_s: when it is shown, in seconds; later than the picture before.

        Raises:
            OutputError: the file cannot be written, for example because the disk is full.
            ValueError: the picture has another size.
        """
        if image.shape != (*self._size, 3):
            raise ValueError(f"the video is {self._size}, not {image.shape}, pixels large")
        frame = self._to_yuv.convert(_even(image))
        frame.pts = self._tick(time_s)
        frame.time_base = self._time_base
        with _output_errors():
            self._mux(self._video.encode(frame))

    def end_early(self) -> None:
        """Let the sound end with the last picture, because the source is left before its end."""
        self._sound_end = Fraction(0)
        if self._last_tick is not None:
            self._sound_end = self._last_tick * self._time_base + self._frame_s

    def _tick(self, time_s: float) -> int:
        tick = round(Fraction(time_s) / self._time_base)
        if self._last_tick is not None:
            tick = max(tick, self._last_tick + 1)
        self._last_tick = tick
        return tick

    def _mux(self, packets: list[Packet[VideoStream]]) -> None:
        for packet in packets:
            if self._sound and packet.dts is not None:
                self._sound.copy_until(packet.dts * packet.time_base)
            self._file.mux(packet)

    def _finish(self) -> None:
        if self._last_tick is None:
            raise OutputError("There was no picture to write.")
        self._mux(self._video.encode(None))
        if self._sound:
            self._sound.copy_until(self._sound_end)
            self._sound.flush()
        self._file.close()

    def _abandon(self) -> None:
        """Close without the work of completing the file: what is empty is soon completed."""
        if not self._growing:
            with suppress(OSError):
                os.truncate(self._path, 0)
        self._close()

    def _close(self) -> None:
        with suppress(FFmpegError):
            self._file.close()
        if self._sound:
            self._sound.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._abandon()
            return
        try:
            with _output_errors():
                self._finish()
        finally:
            self._close()


def _container(suffix: str) -> _Container:
    try:
        return _CONTAINERS[suffix.lower()]
    except KeyError:
        known = ", ".join(SINK_SUFFIXES)
        raise OutputError(f"No video is written as {suffix!r}; choose one of {known}.") from None


def _growing(container: _Container, suffix: str) -> _Container:
    """The same container, written out every second."""
    if suffix.lower() not in (".mkv", ".webm"):
        raise OutputError(f"A {suffix} file cannot be read while it grows; choose .mkv.")
    flushed = {"cluster_time_limit": "1000", "flush_packets": "1"}
    return replace(container, options=container.options | flushed)


def _encoder(container: _Container, codec: Codec, suffix: str) -> _Encoder:
    wanted = container.codecs if codec == "auto" else (codec,)
    fitting = [_ENCODERS[name] for name in wanted if name in container.codecs]
    if not fitting:
        known = ", ".join(container.codecs)
        raise OutputError(f"A {suffix} file holds no {codec}; choose one of {known}.")
    for encoder in fitting:
        if _works(encoder.name):
            return encoder
    raise OutputError(f"This installation cannot encode {', '.join(wanted)}; choose another.")


@cache
def _works(name: str) -> bool:
    """Whether this installation has the encoder; an FFmpeg may list some that cannot be opened."""
    os.environ.setdefault("SVT_LOG", "1")
    try:
        context = av.CodecContext.create(name, "w")
        assert isinstance(context, av.VideoCodecContext)
        context.width, context.height, context.pix_fmt = 64, 64, "yuv420p"
        context.time_base = Fraction(1, 25)
        with priority.kept():
            context.open()
    except (FFmpegError, ValueError):
        return False
    return True


def _time_base(encoder: _Encoder, info: SourceInfo) -> Fraction:
    if encoder.most_ticks and info.time_base.denominator > encoder.most_ticks:
        return Fraction(1, encoder.most_ticks)
    return info.time_base


def _open(path: Path, container: _Container, time_base: Fraction) -> OutputContainer:
    options = dict(container.options)
    if container.has_movie_clock:
        options["movie_timescale"] = str(time_base.denominator)
    return av.open(f"file:{path}", "w", container.format, container_options=options)


def _add_video(
    file: OutputContainer, encoder: _Encoder, info: SourceInfo, time_base: Fraction
) -> VideoStream:
    options = dict(encoder.options)
    if info.width * info.height > _MANY_PIXELS:
        options |= encoder.frugal
    stream = file.add_stream(encoder.name, rate=info.fps or _DEFAULT_FPS, options=options)
    assert isinstance(stream, av.VideoStream)
    stream.width = info.width + info.width % 2
    stream.height = info.height + info.height % 2
    stream.pix_fmt = "yuv420p"
    stream.time_base = time_base
    context = stream.codec_context
    context.thread_count = threads_for(info.width, info.height)
    context.time_base = time_base
    context.sample_aspect_ratio = info.pixel_aspect
    context.color_range = ColorRange.MPEG
    context.colorspace = matrix(info.height)
    context.color_primaries = info.primaries
    context.color_trc = info.transfer
    return stream


def _even(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    bottom, right = image.shape[0] % 2, image.shape[1] % 2
    if not (bottom or right):
        return image
    return np.pad(image, ((0, bottom), (0, right), (0, 0)), mode="edge")


@contextmanager
def _output_errors() -> Iterator[None]:
    try:
        yield
    except FFmpegError as error:
        verb, advice = "encoded", "choose another format or size"
        if isinstance(error, OSError):
            verb, advice = "written", "choose another folder or make room"
        raise OutputError(f"The video cannot be {verb}: {error.strerror}; {advice}.") from error
