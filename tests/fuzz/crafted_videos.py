"""Films that are tiny or huge, change on the way, lie, or are lists of other files."""

from __future__ import annotations

import io
import struct
from fractions import Fraction

import av
import numpy as np
import seeds

_LISTS = {
    "ffconcat": "ffconcat version 1.0\nfile '{path}'\n",
    "HLS": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{path}\n#EXT-X-ENDLIST\n",
    "SDP": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
    "a=rtpmap:96 H264/90000\n",
    "DASH": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
    'mediaPresentationDuration="PT1S" profiles="urn:mpeg:dash:profile:full:2011"><Period>'
    '<AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>{path}'
    "</BaseURL><SegmentBase/></Representation></AdaptationSet></Period></MPD>",
    "RTSP list": "[Reference]\nRef1={path}\n",
}
_PATHS = {
    "of a file": "/etc/passwd",
    "of a URL": "http://127.0.0.1:9/a.ts",
    "of a protocol": "concat:/etc/passwd|/etc/hosts",
    "of another protocol": "subfile,,start,0,end,0,,:/etc/passwd",
}


def files() -> dict[str, bytes]:
    """Contents by a name whose last word is the file's name."""
    found: dict[str, bytes] = {}
    for kind in ("mp4", "mkv", "avi", "gif", "webm", "mov", "ts"):
        found[f"nothing empty.{kind}"] = b""
        found[f"one byte.{kind}"] = b"\0"
        found[f"text words.{kind}"] = b"This is no film.\n" * 20
        found[f"photo photo.{kind}"] = seeds.picture("png")
        found[f"zeros zeros.{kind}"] = bytes(100_000)
    for name, text in _LISTS.items():
        for what, path in _PATHS.items():
            for kind in ("mp4", "ts"):
                found[f"{name} {what} list.{kind}"] = text.replace("{path}", path).encode()
    found["another file's data reference.mov"] = seeds.video("mov").replace(
        b"url \0\0\0\1", b"url \0\0\0\0", 1
    )
    found["promises 65535 squared lie.gif"] = _gif(65535, 65535)
    found["promises 5999 squared lie.gif"] = _gif(5999, 5999)
    found["one pixel tiny.gif"] = _gif(1, 1)
    found["one pixel tiny.avi"] = _raw(1, 1, [0, 1, 2])
    found["one pixel wide thin.avi"] = _raw(1, 300, [0, 1, 2])
    found["wide and flat flat.avi"] = _raw(16384, 16, [0, 1])
    found["36 megapixels large.avi"] = _raw(6000, 6000, [0])
    found["37 megapixels large.avi"] = _raw(6100, 6100, [0])
    found["a picture every 300 years slow.mkv"] = _times([0, 10**10, 2 * 10**10, 3 * 10**10])
    found["times beyond all bounds late.mkv"] = _times([0, 1, 2**53, 2**53 + 1])
    found["times far below zero early.mkv"] = _times([-(2**40), 0, 1, 2])
    found["a million pictures a second fast.mp4"] = _encoded("mp4", 160, 160, 8, 1_000_000)
    found["size grows on the way growing.ts"] = _encoded("mpegts", 64, 48, 4) + _encoded(
        "mpegts", 1920, 1080, 2
    )
    found["size shrinks on the way shrinking.ts"] = _encoded("mpegts", 640, 480, 4) + _encoded(
        "mpegts", 16, 16, 4
    )
    found["sound of no channel sound.avi"] = seeds.video("avi").replace(
        b"\x55\x00\x02\x00", b"\x55\x00\x00\x00", 1
    )
    found["film in a film twice.mp4"] = seeds.video("mp4") * 2
    found["4K large.mp4"] = _encoded("mp4", 3840, 2160, 12)
    return found


def _gif(width: int, height: int) -> bytes:
    """A GIF of two pictures of one pixel in a screen of any size."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    picture = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + picture * 2 + b"\x3b"


def _raw(width: int, height: int, ticks: list[int]) -> bytes:
    return _film("avi", "rawvideo", "bgr24", width, height, ticks, Fraction(1, 25))


def _times(ticks: list[int]) -> bytes:
    return _film("matroska", "mpeg4", "yuv420p", 160, 160, ticks, Fraction(1, 1000))


def _encoded(kind: str, width: int, height: int, frames: int, rate: int = 25) -> bytes:
    return _film(kind, "libx264", "yuv420p", width, height, list(range(frames)), Fraction(1, rate))


def _film(
    container: str,
    codec: str,
    pixels: str,
    width: int,
    height: int,
    ticks: list[int],
    time_base: Fraction,
) -> bytes:
    sink = io.BytesIO()
    options = {"preset": "ultrafast"} if codec == "libx264" else {}
    with av.open(sink, "w", format=container) as file:
        stream = file.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        stream.time_base = stream.codec_context.time_base = time_base
        if codec == "mpeg4":
            stream.codec_context.time_base = Fraction(1, 1000)
        for number, tick in enumerate(ticks):
            image = np.full((height, width, 3), 20 * number % 256, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=pixels)
            if codec == "mpeg4":  # its encoder cannot count so far: the packets get their times
                frame.pts = number
                for packet in stream.encode(frame):
                    packet.pts = packet.dts = tick
                    file.mux(packet)
                continue
            frame.pts, frame.time_base = tick, time_base
            file.mux(stream.encode(frame))
        if codec != "mpeg4":
            file.mux(stream.encode(None))
    return sink.getvalue()
