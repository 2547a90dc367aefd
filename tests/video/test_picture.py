import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from clips import corner_names, corners, noise
from howifeel.errors import OutputError, SourceError
from howifeel.video import PICTURE_SUFFIXES, PictureSink, open_source, write_picture

LOSSLESS = (".png", ".bmp", ".tif", ".tiff")
# What the picture of `corners` looks like after the turn that each EXIF orientation asks for.
TURNED = {
    1: "red green blue white", 2: "green red white blue", 3: "white blue green red",
    4: "blue white red green", 5: "red blue green white", 6: "blue red white green",
    7: "white green blue red", 8: "green white red blue",
}  # fmt: skip


def read(path):
    with open_source(path) as source:
        (frame,) = source
    return frame.image


@pytest.mark.parametrize("suffix", sorted(PICTURE_SUFFIXES))
def test_written_pictures_are_read_back(tmp_path, suffix):
    image = corners(63, 47)
    path = tmp_path / f"Gemälde{suffix.upper()}"
    write_picture(path, image)
    found = read(path)
    assert np.median(np.abs(found.astype(int) - image)) <= 1
    if suffix in LOSSLESS:
        assert np.array_equal(found, image)


@pytest.mark.parametrize("orientation", TURNED)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_orientation(tmp_path, form, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a.{form.lower()}"
    Image.fromarray(corners()[:, :, ::-1]).save(path, form, exif=exif)
    assert corner_names(read(path)) == TURNED[orientation].split()


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1", "I;16"])
def test_other_pixel_formats(tmp_path, mode):
    grey = np.tile(np.arange(64, dtype=np.uint8) * 4, (48, 1))
    picture = Image.fromarray(grey)
    if mode == "I;16":
        picture = Image.fromarray(grey.astype(np.uint16) * 257)
    path = tmp_path / "a.tiff"
    (picture.convert(mode) if mode != "I;16" else picture).save(path)
    found = read(path)
    assert found.shape == (48, 64, 3)
    assert found[:, :16].mean() < 64 < 192 < found[:, -16:].mean()


@pytest.mark.parametrize("suffix", sorted(PICTURE_SUFFIXES - {".bmp"}))
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_picture_that_is_cut_off_is_refused(tmp_path, capfd, suffix, kept):
    path = tmp_path / f"a{suffix}"
    write_picture(path, noise(0))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(SourceError, match=r"damaged|not a picture"):
        open_source(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("data", [b"hello", b"\x89PNG\r\n\x1a\n", bytes(1000)])
def test_what_is_not_a_picture_is_refused(tmp_path, data):
    path = tmp_path / "a.png"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="not a picture"):
        open_source(path)


@pytest.mark.parametrize("side", [10_000, 40_000, 2**31 - 1])
def test_a_small_file_with_a_huge_picture_is_refused(tmp_path, side):
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    path = tmp_path / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b""))
    )
    with pytest.raises(SourceError, match="larger than 32 megapixels"):
        open_source(path)


@pytest.mark.parametrize("dtype", [np.float32, np.int32])
def test_pixels_that_are_no_bytes_are_refused(tmp_path, capfd, dtype):
    path = tmp_path / "a.tiff"
    Image.fromarray(np.ones((48, 64), dtype)).save(path)
    with pytest.raises(SourceError, match=r"pixel format .* convert it to PNG or JPEG"):
        open_source(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("size", [(1_200_000, 10), (10, 1_200_000)])
def test_a_picture_that_is_too_long_is_refused(tmp_path, capfd, size):
    path = tmp_path / "a.png"
    Image.new("1", size).save(path)
    with pytest.raises(
        SourceError, match=f"has {size[0]} x {size[1]} pixels; make no side longer than"
    ):
        open_source(path)
    assert capfd.readouterr() == ("", "")


def test_the_longest_picture_is_read(tmp_path):
    Image.new("1", (65_535, 2)).save(tmp_path / "a.png")
    assert read(tmp_path / "a.png").shape == (2, 65_535, 3)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "a.png"
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(SourceError, match="larger than 128 MB"):
        open_source(path)


def test_unknown_suffix(tmp_path):
    with pytest.raises(OutputError, match=r"\.jpeg, \.jpg, \.png"):
        write_picture(tmp_path / "a.psd", corners())


def test_a_folder_that_is_missing(tmp_path):
    with pytest.raises(OutputError, match="No such file"):
        write_picture(tmp_path / "none" / "a.png", corners())


def test_the_sink_writes_one_picture(tmp_path):
    with PictureSink(tmp_path / "a.png") as sink:
        sink.write(corners(), time_s=0.0)
        sink.end_early()
    assert sink.notes == ()
    assert np.array_equal(read(tmp_path / "a.png"), corners())


def test_jpeg_quality(tmp_path):
    write_picture(tmp_path / "a.jpg", corners())
    tables = Image.open(io.BytesIO((tmp_path / "a.jpg").read_bytes())).quantization
    assert max(tables[0]) <= 12  # the standard table, which reaches 121, divided by ten
