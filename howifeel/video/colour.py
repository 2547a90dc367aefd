"""Conversion between the YUV of a video and BGR, with the colours that players show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HD_LINES = 720
_NAMED_MATRICES = frozenset({1, 4, 5, 6, 7, 9})
_BT709, _BT601 = 1, 6


class ToBgr:
    """Decoded frames to BGR pictures of one size.

    The matrix and range that the stream names are used; where it names no matrix, BT.709 is
    taken for 720 or more lines and BT.601 for fewer, as players do. Rounding stays within two
    levels of 255.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = {"width": width, "height": height}
        self._reformatter = VideoReformatter()

    def convert(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        """BGR pixels, uint8 (height, width, 3), in memory of their own."""
        guess: dict[str, Any] = {}
        if not frame.format.is_rgb and frame.colorspace not in _NAMED_MATRICES:
            guess["src_colorspace"] = _swscale(matrix(frame.height))
        bgr = self._reformatter.reformat(frame, format="bgr24", **self._size, **guess)
        return np.ascontiguousarray(bgr.to_ndarray(), np.uint8)


class ToYuv:
    """BGR pictures to frames for an encoder: 4:2:0, limited range, the matrix of `matrix`.

    Values are rounded exactly: the faster rounding down would give grey a yellow tinge.
    """

    def __init__(self, height: int) -> None:
        self._colorspace = _swscale(matrix(height))
        self._reformatter = VideoReformatter()

    def convert(self, image: NDArray[np.uint8]) -> av.VideoFrame:
        """A frame without a time stamp.

        Args:
            image: uint8 (height, width, 3), BGR; height and width even.
        """
        return self._reformatter.reformat(
            av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(image), format="bgr24"),
            format="yuv420p",
            dst_colorspace=self._colorspace,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BILINEAR | Interpolation.ACCURATE_RND,
        )


def matrix(height: int) -> int:
    """The usual matrix for a number of lines as code point of ITU-T H.273: BT.709 or BT.601.

    >>> matrix(1080), matrix(480)
    (1, 6)
    """
    return _BT709 if height >= _HD_LINES else _BT601


def _swscale(matrix: int) -> Colorspace:
    return Colorspace.ITU709 if matrix == _BT709 else Colorspace.ITU601
