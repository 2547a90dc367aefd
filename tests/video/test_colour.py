"""Colours survive decoding and encoding. The judge is the definition of Y'CbCr in ITU-R BT.601
and BT.709, computed here in floating point.
"""

import av
import numpy as np
import pytest

from howifeel.video import VideoSink, open_source
from howifeel.video.colour import ToBgr, ToYuv
from howifeel.video.source import SourceInfo

BT601, BT709 = (0.299, 0.114), (0.2126, 0.0722)
UNSPECIFIED, LIMITED, FULL = 2, 1, 2
PATCHES_BGR = np.array([
    (0, 0, 255), (0, 255, 0), (255, 0, 0), (0, 255, 255), (255, 255, 0), (255, 0, 255),
    (40, 120, 200), (200, 120, 40), (255, 255, 255), (0, 0, 0), (128, 128, 128), (90, 130, 190),
])  # fmt: skip
PATCH = 32


def patches(height):
    """Saturated and skin-like patches side by side, uint8 BGR."""
    row = np.repeat(PATCHES_BGR, PATCH, axis=0).astype(np.uint8)
    return np.repeat(row[np.newaxis], height, axis=0)


def patch_means(image):
    """Mean BGR of the inner part of each patch."""
    inner = [image[8:-8, i * PATCH + 8 : (i + 1) * PATCH - 8] for i in range(len(PATCHES_BGR))]
    return np.array([part.reshape(-1, 3).mean(0) for part in inner])


def planes(image, coefficients, full):
    red_weight, blue_weight = coefficients
    blue, green, red = np.moveaxis(image.astype(float) / 255, 2, 0)
    luma = red_weight * red + (1 - red_weight - blue_weight) * green + blue_weight * blue
    cb, cr = (blue - luma) / (2 - 2 * blue_weight), (red - luma) / (2 - 2 * red_weight)
    if full:
        return luma * 255, cb * 255 + 128, cr * 255 + 128
    return luma * 219 + 16, cb * 224 + 128, cr * 224 + 128


def yuv_frame(image, coefficients, full, pix_fmt="yuv420p"):
    frame = av.VideoFrame(image.shape[1], image.shape[0], pix_fmt)
    luma, cb, cr = planes(image, coefficients, full)
    for plane, values in zip(frame.planes, (luma, cb[::2, ::2], cr[::2, ::2]), strict=True):
        rows = np.zeros((plane.height, plane.line_size), np.uint8)
        rows[:, : plane.width] = np.clip(np.round(values), 0, 255)
        plane.update(rows)
    return frame


@pytest.mark.parametrize(
    ("height", "coefficients", "full", "tagged_matrix", "tagged_range"),
    [
        (360, BT601, False, 6, LIMITED),
        (360, BT601, False, 5, LIMITED),
        (360, BT601, True, 6, FULL),
        (360, BT709, False, 1, LIMITED),
        (1080, BT601, False, 6, LIMITED),
        (1080, BT709, True, 1, FULL),
        (360, BT601, False, UNSPECIFIED, 0),
        (720, BT709, False, UNSPECIFIED, 0),
        (1080, BT709, True, UNSPECIFIED, FULL),
        (1080, BT709, False, 3, 0),
    ],
)
def test_decoded_colours(height, coefficients, full, tagged_matrix, tagged_range):
    image = patches(height)
    frame = yuv_frame(image, coefficients, full)
    frame.colorspace, frame.color_range = tagged_matrix, tagged_range
    found = patch_means(ToBgr(frame.width, frame.height).convert(frame))
    assert found == pytest.approx(PATCHES_BGR, abs=2.5)


def test_decoded_colours_of_a_jpeg_range_format():
    frame = yuv_frame(patches(360), BT601, full=True, pix_fmt="yuvj420p")
    found = patch_means(ToBgr(frame.width, frame.height).convert(frame))
    assert found == pytest.approx(PATCHES_BGR, abs=2.5)


@pytest.mark.parametrize("pix_fmt", ["rgb24", "gbrp", "bgra"])
def test_rgb_stays_as_it_is(pix_fmt):
    image = patches(720)
    frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=pix_fmt)
    assert np.array_equal(ToBgr(frame.width, frame.height).convert(frame), image)


@pytest.mark.parametrize(("height", "coefficients"), [(360, BT601), (1080, BT709)])
def test_encoded_colours(height, coefficients):
    image = patches(height)
    frame = ToYuv(height).convert(image)
    for plane, values in zip(frame.planes, planes(image, coefficients, False), strict=True):
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
        step = image.shape[1] // plane.width
        middles = np.arange(len(PATCHES_BGR)) * PATCH + PATCH // 2
        expected = values[height // 2, middles]
        assert rows[plane.height // 2, middles // step] == pytest.approx(expected, abs=0.6)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm"])
@pytest.mark.parametrize("height", [360, 1080])
def test_colours_of_a_written_video(tmp_path, suffix, height):
    image, path = patches(height), tmp_path / f"a{suffix}"
    with open_source("test:64x48@10x1") as source:
        info = source.info
    info = SourceInfo(
        name="patches", kind="pattern", width=image.shape[1], height=height, fps=info.fps,
        frames=2, duration_s=None, time_base=info.time_base, live=False, primaries=1, transfer=1,
    )  # fmt: skip
    with VideoSink(path, info) as sink:
        sink.write(image, 0.0)
        sink.write(image, 0.1)
    with open_source(path) as source:
        found = patch_means(next(iter(source)).image)
        assert (source.info.primaries, source.info.transfer) == (1, 1)
    assert found == pytest.approx(PATCHES_BGR, abs=4)
    assert found.mean() == pytest.approx(PATCHES_BGR.mean(), abs=1)
    with av.open(str(path)) as file:
        context = file.streams.video[0].codec_context
        assert context.colorspace == (1 if height >= 720 else 6)
        assert context.color_range == LIMITED
