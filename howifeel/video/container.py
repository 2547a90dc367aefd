"""What PyAV (FFmpeg) tells about an open video file or stream, and its packets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.format import Flags

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

MEGAPIXELS = 36
"""The largest frame that is decoded, in millions of pixels: a little more than 8192 x 4320."""

MOST_SHOWN = 4096 * 2304
"""Frames with more pixels are read at half their width and height, or a quarter."""

DECODER_LIMITS = {"max_pixels": str(MEGAPIXELS * 1_000_000)}
"""Options of a decoder, which then refuses larger frames before it asks for their memory."""

_FILE_FORMATS = (
    "mov", "matroska", "avi", "mpeg", "mpegts", "mpegvideo", "flv", "asf", "ogg", "gif", "mxf",
    "mjpeg", "h264", "hevc", "m4v", "ivf", "obu", "rm", "dv", "nut", "apng", "yuv4mpegpipe",
    "wav", "mp3", "flac", "aac", "ac3", "aiff", "w64", "amr",
)  # fmt: skip
_FROM_FILES = DECODER_LIMITS | {
    "protocol_whitelist": "file",
    "format_whitelist": ",".join(_FILE_FORMATS),
}
"""Options for a file: the formats in which people keep films and sound.

FFmpeg knows hundreds more. Some are lists of other files or addresses, which it would open.
"""

_BYTES_IN_THREADS = 32 * 2**20
_MOST_THREADS = 8


def open_path(path: Path) -> InputContainer:
    """Open a file of a usual format, see `open_address`; nothing beside it is opened."""
    return _open(f"file:{path}", _FROM_FILES)


def open_address(address: str, timeout_s: float | None = None) -> InputContainer:
    """Open what FFmpeg can, without decoding a frame larger than `MEGAPIXELS`.

    The size of streams with such frames may be unknown then (0 x 0).

    Args:
        address: a URL.
        timeout_s: seconds to wait for a connection, and later for each read.

    Raises:
        FFmpegError: it cannot be opened.
    """
    return _open(address, DECODER_LIMITS, timeout_s)


def shown_size(width: int, height: int) -> tuple[int, int]:
    """The size at which frames are read: theirs, halved until they fit into `MOST_SHOWN`.

    >>> shown_size(3840, 2160), shown_size(7680, 4320)
    ((3840, 2160), (3840, 2160))
    """
    while width * height > MOST_SHOWN:
        width, height = max(1, width // 2), max(1, height // 2)
    return width, height


def threads_for(width: int, height: int) -> int:
    """How many frames of a size a codec may work on at a time, so that memory stays small.

    A codec's own choice, one for each core, takes hundreds of megabytes on a large machine.
    """
    frame = max(1, width * height * 3 // 2)
    return max(1, min(_MOST_THREADS, os.cpu_count() or 1, _BYTES_IN_THREADS // frame))


def _open(address: str, options: dict[str, str], timeout_s: float | None = None) -> InputContainer:
    return av.open(address, metadata_errors="replace", options=options, timeout=timeout_s)


def packets(container: InputContainer, *streams: Stream) -> Iterator[Packet]:
    """The packets of some streams, in file order.

    PyAV raises an IndexError after the last packet if another stream turned up on the way.
    """
    with suppress(IndexError):
        yield from container.demux(*streams)


def clock_origin(container: InputContainer, time_base: Fraction) -> int:
    """The tick at which a container's time begins.

    It is 0, except for broadcast formats such as MPEG-TS, whose clock starts anywhere.
    """
    if container.start_time is None or not Flags.ts_discont & Flags(container.format.flags):
        return 0
    return round(Fraction(container.start_time, av.time_base) / time_base)


def promised_end(container: InputContainer, stream: VideoStream) -> float | None:
    """Seconds at which the last frame should end; None where the header is no promise."""
    formats = container.format.name.split(",")
    if "avi" in formats and stream.frames and stream.average_rate:
        return float(stream.frames / stream.average_rate)
    if "mov" in formats and stream.duration and stream.time_base:
        return float(((stream.start_time or 0) + stream.duration) * stream.time_base)
    if "matroska" in formats:
        return _seconds(stream.metadata.get("DURATION", ""))
    return None


def _seconds(clock: str) -> float | None:
    """Seconds of a time such as 00:01:02.500000000; None where it is spelled otherwise."""
    match = re.fullmatch(r"(\d+):(\d+):(\d+(?:\.\d+)?)", clock)
    if not match:
        return None
    hours, minutes, seconds = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
