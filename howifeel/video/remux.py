"""Completing a Matroska video that was cut short while it was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.error import FFmpegError

from howifeel.video.container import open_path, packets

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.stream import Stream


def complete(path: Path, target: Path) -> bool:
    """Copy all whole packets of a video into a new file, which has the end that `path` lacks.

    Players can seek in the copy and know its length.

    Returns:
        Whether there was a picture to copy; otherwise `target` is of no use.

    Raises:
        OSError: the new file cannot be written.
    """
    pictures = 0
    try:
        source = open_path(path)
    except FFmpegError:
        return False
    with source, _open_output(target) as output:
        copies: dict[int, Stream] = {
            stream.index: output.add_stream_from_template(stream)
            for stream in (*source.streams.video, *source.streams.audio)
        }
        for packet in _with_decoding_times(_whole_packets(source)):
            pictures += packet.stream.type == "video"
            packet.stream = copies[packet.stream.index]
            output.mux_one(packet)
    return pictures > 0


def _open_output(target: Path) -> OutputContainer:
    options = {"avoid_negative_ts": "disabled"}
    return av.open(f"file:{target}", "w", format="matroska", container_options=options)


def _whole_packets(source: InputContainer) -> Iterator[Packet]:
    """Packets as far as they can be read; the last one may be cut."""
    with suppress(FFmpegError):
        for packet in packets(source, *source.streams.video, *source.streams.audio):
            if packet.size and packet.pts is not None and not packet.is_corrupt:
                yield packet


def _with_decoding_times(found: Iterable[Packet]) -> Iterator[Packet]:
    """Give a time of decoding to the first packets of a track, of which it is not known.

    It is only an order: each is decoded one tick before the next.
    """
    waiting: dict[int, list[Packet]] = {}
    known: set[int] = set()
    for packet in found:
        track = packet.stream.index
        if packet.dts is None and track not in known:
            waiting.setdefault(track, []).append(packet)
            continue
        if packet.dts is None:
            continue
        known.add(track)
        early = waiting.pop(track, [])
        for number, one in enumerate(early):
            one.dts = packet.dts - len(early) + number
            yield one
        yield packet
