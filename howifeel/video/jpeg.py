"""How a JPEG file is built, as far as that decides what reading it costs."""

from __future__ import annotations

import re
from dataclasses import dataclass

START = b"\xff\xd8\xff"
"""How each such file begins."""

MOST_STEPS = 20_000
"""No real file takes so many; with 100 times as many, Pillow needs minutes and gigabytes."""

_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd9-\xfe])")
_SEQUENTIAL = b"\xc0\xc1\xc9"
_FRAMES = _SEQUENTIAL + b"\xc2\xc3\xc5\xc6\xc7\xca\xcb\xcd\xce\xcf"
_START_OF_SCAN = b"\xda"
_END_OF_PICTURE = b"\xd9"
_COMPONENTS_OF_FRAME, _COMPONENTS_OF_SCAN = 7, 2


@dataclass(frozen=True, slots=True)
class Layout:
    """What a decoder has to do.

    Attributes:
        scans: how often it goes over the picture: once in a plain file, about ten times if it is
            progressive; 0 where there is no picture.
        plain: it decodes row by row. Otherwise it keeps the coefficients of the whole picture in
            memory (ITU-T T.81, annex G, and A.2 where components come one by one).
        steps: number of segments, and of stray bytes before the first scan; counting ends at
            `MOST_STEPS`.
    """

    scans: int
    plain: bool
    steps: int


def layout(data: bytes) -> Layout:
    r"""Walk from marker to marker as a decoder does, without decoding.

    The walk skips what decoders skip: bytes between segments, fill bytes (B.1.1.2), and the data of
    a scan, where 0xFF is never followed by the code of a marker that has a length (B.1.1.5).
    Pictures within the picture, such as a thumbnail, lie in segments and do not count.

    >>> frame = b"\xff\xc2\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    >>> layout(b"\xff\xd8" + frame + 2 * b"\xff\xda\x00\x03\x01..." + b"\xff\xd9")
    Layout(scans=2, plain=False, steps=3)
    """
    at, scans, steps, plain = len(START) - 1, 0, 0, False
    frame = components = b""
    while steps < MOST_STEPS and (marker := _MARKER.search(data, at)):
        code, stray, at = marker[1], marker.start() - at, marker.end()
        if code == _END_OF_PICTURE:
            break
        steps += 1 if scans else 1 + stray
        if code in _FRAMES:
            frame, components = code, _byte(data, at + _COMPONENTS_OF_FRAME)
        elif code == _START_OF_SCAN:
            scans += 1
            whole = components == _byte(data, at + _COMPONENTS_OF_SCAN)
            plain = scans == 1 and bool(frame) and frame in _SEQUENTIAL and whole
        at += max(2, int.from_bytes(data[at : at + 2], "big"))
    return Layout(scans, plain, steps)


def _byte(data: bytes, at: int) -> bytes:
    return data[at : at + 1]
