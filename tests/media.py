"""What is inside a video file, read with PyAV alone."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import av


@dataclass(frozen=True)
class Media:
    """Time stamps of all frames in seconds, size, and a hash of every packet of each sound."""

    times: tuple[float, ...]
    size: tuple[int, int]
    sound: tuple[str, ...]


def probe(path: Path) -> Media:
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        hashes = {stream.index: hashlib.md5() for stream in container.streams.audio}
        times, size = [], (0, 0)
        for packet in container.demux():
            if packet.stream is video:
                for frame in packet.decode():
                    times.append(float(frame.pts * frame.time_base))
                    size = (frame.width, frame.height)
            elif packet.stream.index in hashes and packet.size:
                hashes[packet.stream.index].update(bytes(packet))
    return Media(tuple(times), size, tuple(h.hexdigest() for h in hashes.values()))
