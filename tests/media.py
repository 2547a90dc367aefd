"""What is inside a video file, read with PyAV alone."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import av


@dataclass(frozen=True)
class Media:
    """Times of all frames in seconds, size, and of each sound a hash and the times of its packets.

    Sound that begins before zero is what a decoder needs to get going (priming, 21 ms in AAC).
    """

    times: tuple[float, ...]
    size: tuple[int, int]
    sound: tuple[str, ...]
    sound_times: tuple[tuple[float, ...], ...]


def probe(path: Path) -> Media:
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        hashes = {stream.index: hashlib.md5() for stream in container.streams.audio}
        sound_times = {index: [] for index in hashes}
        times, size = [], (0, 0)
        for packet in container.demux():
            if packet.stream is video:
                for frame in packet.decode():
                    times.append(float(frame.pts * frame.time_base))
                    size = (frame.width, frame.height)
            elif packet.stream.index in hashes and packet.size:
                hashes[packet.stream.index].update(bytes(packet))
                sound_times[packet.stream.index].append(float(packet.pts * packet.time_base))
    return Media(
        times=tuple(times),
        size=size,
        sound=tuple(digest.hexdigest() for digest in hashes.values()),
        sound_times=tuple(tuple(track) for track in sound_times.values()),
    )
