"""What a JPEG costs to read is known before it is read."""

import io
import struct
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from clips import noise
from howifeel.errors import SourceError
from howifeel.video import jpeg
from howifeel.video.picture import decode

EDGE = b"\xff\xfe\x00\x04\xff\xd9"
"""A comment that holds the marker of the end."""


def encoded(size=(64, 48), **options):
    sink = io.BytesIO()
    Image.fromarray(noise(0, *size)).save(sink, "JPEG", **options)
    return sink.getvalue()


PLAIN, PROGRESSIVE = encoded(), encoded(progressive=True)


def scans_of(data):
    """Where each scan begins, and where the last ends, in a file without thumbnails."""
    starts = [at for at in range(len(data)) if data[at : at + 2] == b"\xff\xda"]
    return [*starts, len(data) - 2]


def sized(data, width, height):
    """The same file, which claims another size."""
    at = next(data.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in data) + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def with_comments(data):
    """A comment before each scan that seems to end the picture."""
    starts = scans_of(data)
    parts = [data[a:b] for a, b in pairwise(starts)]
    return data[: starts[0]] + b"".join(EDGE + part for part in parts) + data[-2:]


def with_fill_bytes(data):
    """Each marker of a segment gets a fill byte."""
    at = scans_of(data)[0]
    return data[:2] + b"\xff" + data[2:at] + b"\xff" + data[at:]


def first_scan_alone(data):
    return data[: scans_of(data)[1]] + b"\xff\xd9"


def bomb(data, scans):
    """The last scan comes again and again; each costs a pass over the whole picture."""
    start, end = scans_of(data)[-2:]
    return data[:end] + data[start:end] * scans + data[end:]


@pytest.mark.parametrize("dressed", [bytes, with_comments, with_fill_bytes])
@pytest.mark.parametrize("data", [PLAIN, PROGRESSIVE, encoded(restart_marker_blocks=3)])
def test_scans_are_counted_however_the_file_is_spelled(data, dressed):
    found = jpeg.layout(dressed(data))
    assert found.scans == len(scans_of(data)) - 1
    assert found.plain == (found.scans == 1)
    assert np.array_equal(decode(dressed(data), "a").image, decode(data, "a").image)


def test_a_thumbnail_and_a_second_picture_do_not_count():
    exif = Image.Exif()
    exif[0x9286] = PROGRESSIVE
    assert jpeg.layout(encoded(exif=exif) + PROGRESSIVE) == jpeg.layout(encoded(exif=exif))
    assert jpeg.layout(encoded(exif=exif)).scans == 1


@pytest.mark.parametrize("dressed", [bytes, with_comments, with_fill_bytes])
def test_many_passes_are_refused(dressed):
    with pytest.raises(SourceError, match="more than 64 passes"):
        decode(dressed(bomb(PROGRESSIVE, 64)), "a")


@pytest.mark.parametrize(
    "data", [PROGRESSIVE, with_comments(PROGRESSIVE), first_scan_alone(PROGRESSIVE)]
)
def test_a_large_progressive_picture_is_refused(data):
    with pytest.raises(SourceError, match="larger than 32 megapixels"):
        decode(sized(data, 14_000, 14_200), "a")


def test_a_frame_whose_scan_has_fewer_colours_is_not_plain():
    at = scans_of(PLAIN)[0]
    grey = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    assert jpeg.layout(PLAIN[:at] + grey + b"\xff\xd9") == jpeg.Layout(
        1, False, jpeg.layout(PLAIN).steps
    )


def test_a_plain_picture_of_200_megapixels_is_read_at_a_quarter():
    found = decode(sized(PLAIN, 14_000, 14_200), "a")
    assert found.image.shape == (3550, 3500, 3)


def test_the_largest_plain_picture_is_told():
    with pytest.raises(SourceError, match="larger than 400 megapixels"):
        decode(sized(PLAIN, 20_100, 20_000), "a")


@pytest.mark.parametrize(
    "data",
    [
        PLAIN[:2] + b"\xff\xfe\x00\x02" * jpeg.MOST_STEPS + PLAIN[2:],
        PLAIN[:-2] + b"\xff\xfe\x00\x02" * jpeg.MOST_STEPS + PLAIN[-2:],
        PLAIN[:20] + bytes(jpeg.MOST_STEPS) + PLAIN[20:],
        PLAIN[: scans_of(PLAIN)[0]],
        PLAIN[:2] + b"\xff\xd9" + PLAIN[2:],
    ],
    ids=["comments", "comments after", "stray bytes", "no scan", "ends at once"],
)
def test_what_no_camera_writes_is_refused(data):
    with pytest.raises(SourceError, match="not a picture that can be read"):
        decode(data, "a")
