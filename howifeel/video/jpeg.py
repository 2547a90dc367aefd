"""How a JPEG file is built, as far as that decides what decoding it costs."""

from __future__ import annotations

_START_OF_SCAN = b"\xff\xda"
_END_OF_PICTURE = b"\xff\xd9"
_FIRST_SEGMENT = 2


def scans(data: bytes) -> int:
    r"""How often a decoder goes over the picture; 0 where that cannot be told.

    Once in a plain file, about ten times if it is progressive. Then a decoder keeps the
    coefficients of the whole picture in memory (ITU-T T.81, annex G). Inside a scan the byte 0xFF
    is never followed by a marker's code (B.1.1.5), so that scans are counted without decoding.
    Pictures within the picture, such as a thumbnail, do not count.

    >>> scans(b"\xff\xd8\xff\xda\x00\x02..\xff\xda\x00\x02..\xff\xd9")
    2
    """
    at = _FIRST_SEGMENT
    while data[at : at + 2] != _START_OF_SCAN:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at : at + 1] != b"\xff" or length < 2:
            return 0
        at += 2 + length
    end = data.find(_END_OF_PICTURE, at)
    return data.count(_START_OF_SCAN, at, end if end >= 0 else len(data))
