"""Pictures that are tiny, huge, or lie about what they are."""

from __future__ import annotations

import io
import struct
import zlib

import cv2
import numpy as np
import seeds
from PIL import Image


def files() -> dict[str, bytes]:
    """Contents by a name whose last word is the file's name."""
    portrait = seeds.portrait()
    found: dict[str, bytes] = {}
    for kind in ("jpg", "png", "webp", "bmp", "tiff"):
        found[f"nothing empty.{kind}"] = b""
        found[f"one byte.{kind}"] = b"\x89"
        found[f"text words.{kind}"] = b"This is no picture.\n" * 20
        found[f"one pixel.{kind}"] = _encoded(portrait[:1, :1], kind)
        found[f"two pixels wide.{kind}"] = _encoded(portrait[:, :2], kind)
        found[f"film film.{kind}"] = seeds.video("mp4")
    found["one row of 16k row.png"] = _encoded(np.zeros((1, 16384, 3), np.uint8), "png")
    found["one column of 16k column.jpg"] = _encoded(np.zeros((16384, 1, 3), np.uint8), "jpg")
    found["16k squared bomb.png"] = _png(16384, 16384, bits=1, colour=0)
    found["84 megapixels bomb.png"] = _png(16384, 5120, bits=1, colour=0)
    found["36 megapixels of colour large.png"] = _png(6000, 6000, bits=8, colour=2)
    found["30 megapixels of 16 bits deep.png"] = _png(6000, 5000, bits=16, colour=2)
    found["promises 2^31 squared lie.png"] = _png(2**31 - 1, 2**31 - 1, 8, 2, rows=2)
    found["promises 9000 squared, no data lie.png"] = _png(9000, 9000, 8, 2, rows=0)
    found["promises no width lie.png"] = _png(0, 100, 8, 2, rows=2)
    found["text of 200 MB text.png"] = _png(64, 64, 8, 2, extra=(b"zTXt", b"a\0\0" + _zeros(200)))
    found["colour profile of 200 MB icc.png"] = _png(
        64, 64, 8, 2, extra=(b"iCCP", b"a\0\0" + _zeros(200))
    )
    found["200,000 chunks chunks.png"] = _png(64, 64, 8, 2, extra=(b"tEXt", b"a\0b"), times=200_000)
    found["animation of 500 pictures animated.png"] = _animated("png", 500)
    found["animation of 500 pictures animated.webp"] = _animated("webp", 500)
    found["promises 65500 squared lie.jpg"] = _jpeg_size(seeds.picture("jpg"), 65500, 65500)
    found["promises 9000 squared lie.jpg"] = _jpeg_size(seeds.picture("jpg"), 9000, 9000)
    found["promises no height lie.jpg"] = _jpeg_size(seeds.picture("jpg"), 0, 160)
    found["4,000 scans progressive.jpg"] = _many_scans(4000)
    found["4,000 scans after a fill byte progressive.jpg"] = _dressed(_many_scans(4000), fill=True)
    found["200 megapixels in passes lie.jpg"] = _large_progressive(scans=9)
    found["200 megapixels in one pass lie.jpg"] = _large_progressive(scans=1)
    found["5 million comments comments.jpg"] = _dressed(
        seeds.picture("jpg"), between=b"\xff\xfe\0\2" * 5_000_000
    )
    found["20 MB before the header stray.jpg"] = _dressed(
        seeds.picture("jpg"), between=bytes(20 * 2**20)
    )
    found["30 megapixels large.jpg"] = _encoded(np.zeros((5000, 6000, 3), np.uint8), "jpg")
    found["promises 100000 squared lie.bmp"] = _bmp_size(100_000, 100_000)
    found["promises -1 rows lie.bmp"] = _bmp_size(160, -(2**31))
    found["promises 16383 squared lie.webp"] = _webp_size(16383, 16383)
    found["pages in a ring ring.tiff"] = _tiff_ring()
    found["promises 2^31 squared lie.tiff"] = _tiff({256: 2**31 - 1, 257: 2**31 - 1})
    found["strips of 4 GB lie.tiff"] = _tiff({278: 2**32 - 1, 279: 2**32 - 1})
    found["no samples lie.tiff"] = _tiff({277: 0})
    found["JPEG with orientation 99 turned.jpg"] = _exif(99)
    found["JPEG with orientation 6 turned.jpg"] = _exif(6)
    found["grey with alpha.png"] = _png(64, 64, 8, 4)
    found["drawing a.png"] = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/>'
    return found


def _zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(megabytes)) + packer.flush()


def _encoded(image: np.ndarray, kind: str) -> bytes:
    return cv2.imencode(f".{kind}", image)[1].tobytes()


def _png(
    width: int,
    height: int,
    bits: int,
    colour: int,
    rows: int | None = None,
    extra: tuple[bytes, bytes] | None = None,
    times: int = 1,
) -> bytes:
    """A black picture by hand; `rows` are really there, and another chunk so many times."""
    samples = {0: 1, 2: 3, 4: 2}[colour]
    row = bytes(1 + min(width * samples * bits // 8 + 1, 2**20))
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height if rows is None else rows))
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))]
    parts += [extra] * times if extra else []
    parts += [(b"IDAT", data + packer.flush()), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def _animated(kind: str, pictures: int) -> bytes:
    sink = io.BytesIO()
    first, *rest = (Image.new("RGB", (32, 32), (n % 256, 0, 0)) for n in range(pictures))
    first.save(sink, kind, save_all=True, append_images=rest)
    return sink.getvalue()


def _jpeg_size(data: bytes, height: int, width: int) -> bytes:
    start = data.index(b"\xff\xc0") + 5
    return data[:start] + struct.pack(">HH", height, width) + data[start + 4 :]


def _many_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again: each costs a whole pass."""
    sink = io.BytesIO()
    Image.new("RGB", (2000, 2000)).save(sink, "JPEG", progressive=True)
    data = sink.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + b"\xff\xd9"


def _dressed(data: bytes, fill: bool = False, between: bytes = b"") -> bytes:
    """With something before the first segment that decoders skip."""
    return data[:2] + between + b"\xff" * fill + data[2:]


def _large_progressive(scans: int) -> bytes:
    """A few bytes that claim 200 megapixels, with a comment that seems to end each scan."""
    sink = io.BytesIO()
    Image.new("RGB", (64, 64)).save(sink, "JPEG", progressive=True)
    head, *parts = sink.getvalue().split(b"\xff\xda")
    start = head.index(b"\xff\xc2") + 5
    head = head[:start] + struct.pack(">HH", 14_000, 14_200) + head[start + 4 :]
    comment = b"\xff\xfe\0\4\xff\xd9"
    return head + comment.join(b"\xff\xda" + part for part in parts[:scans])


def _bmp_size(width: int, height: int) -> bytes:
    data = seeds.picture("bmp")
    return data[:18] + struct.pack("<ii", width, height) + data[26:]


def _webp_size(width: int, height: int) -> bytes:
    data = _encoded(seeds.portrait(), "webp")
    start = data.find(b"\x9d\x01\x2a")
    if start < 0:
        return data[:30]
    return data[: start + 3] + struct.pack("<HH", width, height) + data[start + 7 :]


def _tiff(tags: dict[int, int]) -> bytes:
    """A plain grey picture of 16 x 16 pixels, with other values for some tags."""
    values = {
        256: 16, 257: 16, 258: 8, 259: 1, 262: 1, 273: 200, 277: 1, 278: 16, 279: 256,
    } | tags  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, v) for tag, v in sorted(values.items()))
    head = struct.pack("<2sHIH", b"II", 42, 8, len(values)) + entries + struct.pack("<I", 0)
    return head.ljust(200, b"\0") + bytes(256)


def _tiff_ring() -> bytes:
    data = bytearray(_tiff({}))
    where = 8 + 2 + 12 * 9
    data[where : where + 4] = struct.pack("<I", 8)
    return bytes(data)


def _exif(orientation: int) -> bytes:
    sink = io.BytesIO()
    image = Image.fromarray(seeds.portrait()[:, :, ::-1])
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(sink, "JPEG", exif=exif)
    return sink.getvalue()
