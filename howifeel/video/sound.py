"""Carrying the sound of one file over into another that is being written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import av
from av.audio.stream import AudioStream
from av.error import FFmpegError
from av.stream import Discard, Stream

from howifeel.video.container import clock_origin, open_path, packets

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet

_COMMON_RATE = 48_000
_TRACK_TAGS = frozenset({"language", "title"})
_FILE_TAGS = frozenset(
    ["title", "artist", "author", "album", "comment", "description", "copyright", "date", "genre"]
)


class Sound:
    """All sound tracks of a file, copied packet by packet in step with the pictures.

    A track that the output's format cannot hold is encoded anew, as mono or stereo. Damaged
    packets are left out; the rest goes on.

    Args:
        path: the file with the sound; it may have none.
        output: the container to write to, before its first packet.
        encoder: what encodes a track that cannot be copied, such as "aac".
        start: seconds at which to begin; this moment becomes zero.

    Attributes:
        notes: one sentence for everything that is not as it was.
        tags: title, author and the like of the file, but not where it was filmed.
    """

    def __init__(
        self, path: Path, output: OutputContainer, encoder: str, start: Fraction = Fraction(0)
    ) -> None:
        self._start = start
        self.notes: tuple[str, ...] = ()
        self.tags: dict[str, str] = {}
        self._tracks: dict[int, _Track] = {}
        self._packets: Iterator[Packet[Stream]] = iter(())
        try:
            self._input = open_path(path)
        except FFmpegError:
            self._input = None
            self._note("The sound of the source cannot be read and was left out.")
        else:
            self._add_tracks(self._input, output, encoder)
            self._packets = self._demux(self._input)
            self.tags = _only(_FILE_TAGS, self._input.metadata)
        self._next = next(self._packets, None)

    def copy_until(self, seconds: Fraction | None) -> None:
        """Write the sound that begins before a time, or all that is left where it is None.

        Raises:
            FFmpegError: the output cannot be written.
        """
        while self._next is not None and (seconds is None or _begin(self._next) < seconds):
            self._tracks[self._next.stream.index].write(self._next)
            self._next = next(self._packets, None)

    def flush(self) -> None:
        """Write what encoders still hold back; nothing can be copied afterwards.

        Raises:
            FFmpegError: the output cannot be written.
        """
        for track in self._tracks.values():
            track.flush()

    def close(self) -> None:
        """Close the file with the sound."""
        if self._input:
            self._input.close()

    def _note(self, sentence: str) -> None:
        self.notes += (sentence,)

    def _add_tracks(self, source: InputContainer, output: OutputContainer, encoder: str) -> None:
        for stream in source.streams.audio:
            if _fits(stream, output.format.name):
                self._tracks[stream.index] = _CopiedTrack(stream, output)
            elif stream.codec_context:
                self._tracks[stream.index] = _EncodedTrack(stream, output, encoder)
                codec = stream.codec_context.codec.canonical_name
                self._note(f"The format of the sound ({codec}) does not fit; it was converted.")
            else:
                self._note("A sound track has an unknown format and was left out.")

    def _demux(self, source: InputContainer) -> Iterator[Packet[Stream]]:
        used = [stream for stream in source.streams.audio if stream.index in self._tracks]
        if not used:
            return
        for stream in source.streams:
            if stream.index not in self._tracks:
                stream.discard = Discard.all
        if self._start:
            _seek(source, self._start)
        try:
            for packet in packets(source, *used):
                if _is_intact(packet):
                    _from_zero(packet, source, self._start)
                    if not self._start or _begin(packet) >= 0:
                        yield packet
        except FFmpegError:
            self._note("The sound of the source is damaged; what came before was kept.")


class _Track(Protocol):
    def write(self, packet: Packet[Stream]) -> None: ...

    def flush(self) -> None: ...


class _CopiedTrack:
    def __init__(self, source: AudioStream, output: OutputContainer) -> None:
        self._output = output
        self._stream = output.add_stream_from_template(source)
        _describe(source, self._stream)
        self._last_begin: Fraction | None = None

    def write(self, packet: Packet[Stream]) -> None:
        if self._last_begin is not None and _begin(packet) <= self._last_begin:
            return
        self._last_begin = _begin(packet)
        packet.stream = self._stream
        _mux(self._output, packet)

    def flush(self) -> None:
        """Nothing is held back."""


class _EncodedTrack:
    def __init__(self, source: AudioStream, output: OutputContainer, encoder: str) -> None:
        self._source, self._output = source, output
        rates = av.Codec(encoder, "w").audio_rates
        rate = source.rate if not rates or source.rate in rates else _COMMON_RATE
        stream = output.add_stream(encoder, rate=rate)
        assert isinstance(stream, AudioStream)
        stream.layout = "mono" if source.channels == 1 else "stereo"
        _describe(source, stream)
        self._stream = stream

    def write(self, packet: Packet[Stream]) -> None:
        try:
            frames = self._source.decode(packet)
            encoded = [part for frame in frames for part in self._stream.encode(frame)]
        except (FFmpegError, ValueError):
            return
        for part in encoded:
            _mux(self._output, part)

    def flush(self) -> None:
        for part in self._stream.encode(None):
            _mux(self._output, part)


def _mux(output: OutputContainer, packet: Packet[Stream]) -> None:
    """Write a packet, or leave it out if it is to blame itself and not the disk."""
    try:
        output.mux_one(packet)
    except FFmpegError as error:
        if isinstance(error, OSError):
            raise


def _fits(stream: AudioStream, container_format: str) -> bool:
    """Whether a container format holds a track as it is: found out by writing an empty file."""
    try:
        with av.open(io.BytesIO(), "w", format=container_format) as scratch:
            scratch.add_stream_from_template(stream)
            scratch.start_encoding()
    except (FFmpegError, ValueError):
        return False
    return True


def _describe(source: AudioStream, copy: AudioStream) -> None:
    copy.metadata.update(_only(_TRACK_TAGS, source.metadata))
    copy.disposition = source.disposition


def _only(names: frozenset[str], tags: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in tags.items() if name.lower() in names}


def _is_intact(packet: Packet[Stream]) -> bool:
    """Whether a packet can be copied: complete, timed, and in the format of those before it."""
    timed = packet.size > 0 and packet.dts is not None
    return timed and not packet.is_corrupt and not packet.has_sidedata("new_extradata")


def _begin(packet: Packet[Stream]) -> Fraction:
    return (packet.dts or 0) * packet.time_base


def _seek(source: InputContainer, start: Fraction) -> None:
    """Save the time of reading what comes before; where that is impossible, all is read."""
    origin = clock_origin(source, Fraction(1, av.time_base))
    with suppress(FFmpegError):
        source.seek(int(start * av.time_base) + origin)


def _from_zero(packet: Packet[Stream], source: InputContainer, start: Fraction) -> None:
    origin = clock_origin(source, packet.time_base) + round(start / packet.time_base)
    packet.dts = (packet.dts or 0) - origin
    packet.pts = packet.dts
