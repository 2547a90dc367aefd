"""Pictures of a data set, decoded one by one with Pillow."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps

from howifeel import untrusted
from howifeel.train.data import DataError

_MOST_PIXELS = 32_000_000
_MOST_BYTES = 128 * 2**20
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP")


def decode(source: bytes | Path, name: str, mode: str, *, upright: bool = False) -> Image.Image:
    """A picture in memory of its own.

    Args:
        source: the content of a picture file, or the file.
        name: what to call it in an error.
        mode: "L" for grey, "RGB" for colour.
        upright: turn it the way up that its EXIF data tell.

    Raises:
        DataError: it is damaged, no picture, or has more than 32 megapixels.
    """
    try:
        data = source if isinstance(source, bytes) else untrusted.read_bytes(source, _MOST_BYTES)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
            if image.width * image.height > _MOST_PIXELS:
                raise _too_large(name)
            return (ImageOps.exif_transpose(image) if upright else image).convert(mode)
    except DataError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(name) from error
    except Exception as error:  # Pillow raises whatever its decoders raise
        raise DataError(f"The picture {name} is damaged; use a complete copy.") from error


def _too_large(name: str) -> DataError:
    return DataError(f"The picture {name} has more than 32 megapixels; scale it down first.")
