"""Video files and network streams, read with PyAV (FFmpeg)."""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.error import ArgumentError, ExitError, FFmpegError, InvalidDataError
from av.stream import Disposition

from howifeel.errors import SourceError
from howifeel.printable import printable
from howifeel.types import Frame
from howifeel.video.clock import Clock
from howifeel.video.colour import ToBgr
from howifeel.video.container import (
    DECODER_LIMITS,
    MEGAPIXELS,
    clock_origin,
    open_address,
    open_path,
    packets,
    promised_end,
    shown_size,
    threads_for,
)
from howifeel.video.orientation import Orientation
from howifeel.video.source import Kind, ReadOnce, SourceInfo
from howifeel.video.spelling import display_name

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_LIVE_SCHEMES = frozenset({"rtsp", "rtsps", "rtp", "udp", "tcp", "srt", "rtmp"})
_TIMEOUT_S = 10.0
_HIGHEST_FPS = 1000
_DEFAULT_FRAME_S = Fraction(1, 25)
_TOLERATED_FRAMES = 2
_MANY_PIXELS = 1920 * 1088
_MP4_BOXES = frozenset({b"ftyp", b"mdat", b"wide", b"free", b"skip"})


def open_file(path: Path, threads: int | None = None) -> FileSource:
    """Open a video file that exists; `threads` as in `open_source`.

    Raises:
        SourceError: it cannot be read, is no video, or has no frame that can be decoded.
    """
    container = open_video(path)
    name = printable(path.name)
    return FileSource(container, name=name, kind="file", live=False, threads=threads)


def open_video(path: Path) -> InputContainer:
    """Open the container of a video file that exists.

    Raises:
        SourceError: it cannot be read or is no video.
    """
    try:
        return open_path(path)
    except PermissionError as error:
        raise SourceError(f"You may not read {path}; change its permissions.") from error
    except (InvalidDataError, ArgumentError) as error:
        raise SourceError(_why_unreadable(path)) from error
    except FFmpegError as error:
        raise SourceError(f"Cannot read {path}: {error.strerror}.") from error


def open_url(url: str, threads: int | None = None) -> FileSource:
    """Open a network stream, such as rtsp://host/stream or https://host/video.mp4.

    `threads` is as in `open_source`.

    Raises:
        SourceError: nothing answers within ten seconds, or what answers is no video.
    """
    name = display_name(url)
    try:
        container = open_address(url, _TIMEOUT_S)
    except ExitError as error:
        wait = round(_TIMEOUT_S)
        raise SourceError(f"{name} did not answer in {wait} s; check the address.") from error
    except InvalidDataError as error:
        advice = "check the address, or download it and name the file"
        raise SourceError(f"{name} sends no video that can be read; {advice}.") from error
    except FFmpegError as error:
        raise SourceError(f"Cannot open {name}: {error.strerror}; check the address.") from error
    live = url.partition("://")[0].lower() in _LIVE_SCHEMES or container.duration is None
    return FileSource(container, name=name, kind="url", live=live, threads=threads)


class FileSource(ReadOnce):
    """The frames of one video, turned upright, with the stream's own time stamps.

    Frames that the decoder marks as broken, or of more than 36 megapixels, are left out. The
    first frame is decoded at once, because only then the size to show is known. Frames of more than
    4096 x 2304 pixels are read at half their width and height. When the size changes on the way,
    frames are scaled to the first one's size.

    Args:
        container: an open container; this source closes it.
        name: what to show to a user.
        kind: what `SourceInfo.kind` is to say.
        live: the frames come when they happen.
        threads: how many decode; None chooses by the size of the frames.

    Raises:
        SourceError: the container has no video, its frames have more than 36 megapixels, or no
            frame of it can be decoded.
    """

    def __init__(
        self,
        container: InputContainer,
        *,
        name: str,
        kind: Kind,
        live: bool,
        threads: int | None = None,
    ) -> None:
        self._container = container
        self._live = live
        self._lost = 0
        self._lost_last = False
        try:
            self._stream = video_stream(container, name, live=live)
            if threads:
                self._stream.codec_context.thread_count = threads
            self._decoded = self._decode(name)
            first = next(self._decoded, None)
            if first is None:
                raise SourceError(_why_no_frame(name, kind))
            self._first: VideoFrame | None = first
            self._stored = first.width, first.height
            self._orientation = Orientation.of(first)
            super().__init__(_describe(container, self._stream, first, name, kind, live))
        except BaseException:
            container.close()
            raise

    def _read(self) -> Generator[Frame, None, None]:
        info, stream = self.info, self._stream
        frame_s = 1 / info.fps if info.fps else _DEFAULT_FRAME_S
        clock = Clock(info.time_base, frame_s, clock_origin(self._container, info.time_base))
        to_bgr = ToBgr(*shown_size(*self._stored))
        index, end_s = 0, 0.0
        frame, self._first = self._first, None
        while frame is not None:
            time_s = clock.seconds(frame.dts if frame.pts is None else frame.pts)
            end_s = time_s + float(frame.duration * info.time_base or frame_s)
            image = self._orientation.apply(to_bgr.convert(frame))
            del frame  # large ones must not lie in memory while the next one is decoded
            yield Frame(image, index, time_s)
            del image
            frame = next(self._decoded, None)
            index += 1
        promised_s = promised_end(self._container, stream)
        ended_early = promised_s is not None and promised_s - end_s > _TOLERATED_FRAMES * frame_s
        self.damage = self._damage(index, end_s, ended_early)

    def _decode(self, name: str) -> Generator[VideoFrame, None, None]:
        try:
            for packet in packets(self._container, self._stream):
                frames = self._intact_frames(packet)
                while frames:
                    self._lost_last = False
                    yield frames.pop(0)
        except FFmpegError as error:
            if self._live:
                raise SourceError(f"{name} stopped to deliver; check the connection.") from error
            self._lose()

    def _intact_frames(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        if packet.is_corrupt:
            self._lose()
            return []
        try:
            frames = packet.decode()
        except FFmpegError:
            self._lose()
            return []
        intact = [frame for frame in frames if not frame.is_corrupt]
        if len(intact) < len(frames):
            self._lose()
        return intact

    def _lose(self) -> None:
        self._lost += 1
        self._lost_last = True

    def _damage(self, frames: int, end_s: float, ended_early: bool) -> str | None:
        if ended_early or self._lost_last:
            return (
                f"The video is damaged after {end_s:.1f} s ({frames} frames); "
                "what came before was processed."
            )
        if self._lost:
            return f"The video is damaged on its way ({self._lost}x); broken frames were left out."
        width, height = self._stored
        if self._stored != shown_size(width, height):
            return f"The frames, {width} x {height} pixels, were read at half their sides."
        return None

    def _release(self) -> None:
        self._decoded.close()
        self._container.close()


def video_stream(container: InputContainer, name: str, *, live: bool = False) -> VideoStream:
    """The stream to show, ready to be decoded.

    Args:
        container: an open container.
        name: what to call it in an error.
        live: frames come when they happen, so that none may wait in the decoder.

    Raises:
        SourceError: there is none that can be decoded.
    """
    videos = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not (videos or container.streams.audio):
        raise SourceError(f"{name} is not a video; name a video, picture or camera.")
    if not videos:
        raise SourceError(f"{name} holds sound but no picture; name a video.")
    decoder = videos[0].codec_context
    if not decoder:
        raise SourceError(f"{name} has an unknown video format; convert it to MP4 (H.264).")
    if decoder.width * decoder.height > MEGAPIXELS * 1_000_000:
        size = f"{decoder.width} x {decoder.height} pixels"
        raise SourceError(f"{name} has {size}; scale it down to {MEGAPIXELS} megapixels or less.")
    decoder.options = DECODER_LIMITS
    decoder.thread_count = threads_for(decoder.width, decoder.height)
    videos[0].thread_type = "SLICE" if live or _is_large(videos[0]) else "AUTO"
    return videos[0]


def _describe(
    container: InputContainer,
    stream: VideoStream,
    first: VideoFrame,
    name: str,
    kind: Kind,
    live: bool,
) -> SourceInfo:
    width, height = shown_size(first.width, first.height)
    pixel_aspect = stream.sample_aspect_ratio or Fraction(1)
    if Orientation.of(first).transpose:
        width, height, pixel_aspect = height, width, 1 / pixel_aspect
    rates = (stream.average_rate, stream.guessed_rate)
    fps = next((rate for rate in rates if rate and 0 < rate <= _HIGHEST_FPS), None)
    time_base = stream.time_base or Fraction(1, av.time_base)
    duration_s = None
    if stream.duration:
        duration_s = float(stream.duration * time_base)
    elif container.duration:
        duration_s = container.duration / av.time_base
    frames = stream.frames or (round(duration_s * fps) if duration_s and fps else None)
    return SourceInfo(
        name=name,
        kind=kind,
        width=width,
        height=height,
        fps=fps,
        frames=frames,
        duration_s=duration_s,
        time_base=time_base,
        live=live,
        pixel_aspect=pixel_aspect,
        primaries=int(first.color_primaries),
        transfer=int(first.color_trc),
    )


def _is_large(stream: VideoStream) -> bool:
    """Whether frames are too large for one decoder thread each, with a frame in memory each."""
    return stream.codec_context.width * stream.codec_context.height > _MANY_PIXELS


def _why_no_frame(name: str, kind: Kind) -> str:
    if kind == "url":
        return f"{name} cannot be read while it is sent; download it and name the file."
    return f"No frame of {name} can be decoded; it is damaged or above {MEGAPIXELS} megapixels."


def _why_unreadable(path: Path) -> str:
    with path.open("rb") as file:
        box = file.read(8)[4:]
    if box in _MP4_BOXES:
        return f"{path} is not complete, its index (moov) is missing; copy or record it again."
    return f"{path} is not a video that can be read; name another, or convert it to MP4 (H.264)."
