"""Text as masks, drawn with the typeface that comes with Pillow (Aileron)."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from howifeel.overlay._paint import FINE, Mask, reduced

CONTRAST = 0.75  # thin strokes lose weight when they are reduced; this power gives it back


@lru_cache(maxsize=512)
def text(words: str, size_px: int) -> Mask:
    """One line of text; all masks of one size are equally high and share a baseline."""
    font = _font(size_px)
    ascent, descent = font.getmetrics()
    width, height = (math.ceil(v / FINE) for v in (font.getlength(words), ascent + descent))
    picture = Picture.new("L", (width * FINE, height * FINE))
    ImageDraw.Draw(picture).text((0, 0), words, fill=255, font=font)
    return reduced(np.asarray(picture)) ** np.float32(CONTRAST)


@lru_cache(maxsize=64)
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size_px * FINE)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font
