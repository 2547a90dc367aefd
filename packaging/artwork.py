"""The icon in every form that a system wants, all drawn from `howifeel/desktop/howifeel.svg`."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING = Path(__file__).resolve().parents[1] / "howifeel" / "desktop" / "howifeel.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256)


def picture(side: int) -> Image.Image:
    """The icon as a picture, RGBA, `side` pixels wide and high."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(buffer.data().data())).convert("RGBA")


def hicolor(folder: Path) -> list[Path]:
    """Write the icon where a Linux desktop looks for it, below share/icons/hicolor.

    Returns:
        The files: one PNG for each of `SIZES`, and the drawing.
    """
    written = []
    for side in SIZES:
        target = folder / f"{side}x{side}" / "apps" / "howifeel.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        picture(side).save(target, optimize=True)
        written.append(target)
    target = folder / "scalable" / "apps" / "howifeel.svg"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(DRAWING.read_bytes())
    return [*written, target]


def icon_files(folder: Path) -> list[Path]:
    """Write `howifeel.ico` for Windows and `howifeel.icns` for macOS."""
    folder.mkdir(parents=True, exist_ok=True)
    largest = picture(256)
    others = [picture(side) for side in SIZES[:-1]]
    icons = [folder / "howifeel.ico", folder / "howifeel.icns"]
    largest.save(icons[0], append_images=others, sizes=[(side, side) for side in SIZES])
    largest.save(icons[1], append_images=others)
    return icons
