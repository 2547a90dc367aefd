"""Line icons, drawn for this program, in the colour of the text beside them."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

SIDE = 24

_SHAPES = {
    "live": (
        '<rect x="2.5" y="6" width="13" height="12" rx="3"/><path d="M15.5 11l6-3.5v9l-6-3.5"/>'
    ),
    "review": '<path d="M3 17l5-6 4 4 4-8 5 5"/><path d="M3 21h18"/>',
    "batch": '<path d="M3 7.5h6l2 2.5h10v9H3z"/><path d="M6 4.5h5l2 2.5h5"/>',
    "settings": (
        '<path d="M4 7h9M18 7h2M4 12h2M11 12h9M4 17h7M16 17h4"/><circle cx="15.5" cy="7" r="2.3"/>'
        '<circle cx="8.5" cy="12" r="2.3"/><circle cx="13.5" cy="17" r="2.3"/>'
    ),
    "about": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.2"/>',
    "play": '<path d="M7 4.5v15l12.5-7.5z"/>',
    "pause": '<path d="M8 5v14M16 5v14" stroke-width="3"/>',
    "stop": '<rect x="6" y="6" width="12" height="12" rx="1.5"/>',
    "record": '<circle cx="12" cy="12" r="6" fill="currentColor"/>',
    "mirror": '<path d="M12 3v18" stroke-dasharray="3 2"/><path d="M9 7v10H3zM15 7v10h6z"/>',
    "heat": (
        '<path d="M12 3c1 4 5 5.5 5 10.5a5 5 0 0 1-10 0c0-2.5 1.5-3.5 2-5.5 '
        '1.5 1 2 2 2 3.5 1-2 1.5-5 1-8.5z"/>'
    ),
    "blur": (
        '<path d="M3 12c2.5-4 5.5-6 9-6s6.5 2 9 6c-2.5 4-5.5 6-9 6s-6.5-2-9-6z"/>'
        '<path d="M4.5 19.5l15-15"/>'
    ),
    "labels": '<path d="M4 9V5h4M20 9V5h-4M4 15v4h4M20 15v4h-4"/><path d="M8.5 12h7"/>',
    "marker": '<path d="M6 21V4l12 4-12 4.5"/>',
    "face": (
        '<circle cx="12" cy="12" r="9"/><path d="M8.5 14.5c1.8 2.2 5.2 2.2 7 0"/>'
        '<path d="M9 9.3v.2M15 9.3v.2" stroke-width="2.4"/>'
    ),
    "trash": '<path d="M4 6.5h16M9 6.5V4h6v2.500M6.5 6.5l1 14h9l1-14"/>',
    "export": '<path d="M12 15V4M8 8l4-4 4 4M4 14v6h16v-6"/>',
    "folder": '<path d="M3 6h6l2 2.5h10V19H3z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "retry": '<path d="M19 12a7 7 0 1 1-2-5M19 4v4h-4"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "back": '<path d="M15 5l-7 7 7 7"/>',
    "step_back": '<path d="M18 5.5v13L9 12z"/><path d="M6 5.500v13"/>',
    "step_forward": '<path d="M6 5.5v13l9-6.5z"/><path d="M18 5.500v13"/>',
    "pencil": '<path d="M4 20l1-4L16 5l3 3L8 19z"/><path d="M13.500 7.500l3 3"/>',
    "minus": '<path d="M5 12h14"/>',
    "whole": '<path d="M4 6v12M20 6v12M7 12h10M9.500 9L7 12l2.500 3M14.500 9l2.500 3-2.500 3"/>',
    "lock": (
        '<rect x="5" y="11" width="14" height="9.5" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>'
        '<path d="M12 15v2"/>'
    ),
    "people": (
        '<circle cx="9" cy="8.5" r="3.3"/><path d="M3 19.5c.5-3.8 2.8-5.5 6-5.5s5.5 1.7 '
        '6 5.5"/><path d="M15.5 5.5a3 3 0 0 1 0 6M17.5 14.5c2 .8 3.2 2.4 3.5 5"/>'
    ),
    "law": (
        '<path d="M12 4v16M7 20h10M5 7h14"/><path d="M5 7l-2.5 6.5h5zM19 7l-2.5 6.5h5z"/>'
        '<path d="M2.5 13.5a2.5 2.5 0 0 0 5 0M16.5 13.5a2.5 2.5 0 0 0 5 0"/>'
    ),
    "film": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M8 5v14M16 5v14M3 12h18"/>',
}


def icon(name: str, colour: str, checked: str | None = None) -> QIcon:
    """An icon by name.

    Args:
        name: one of the shapes of this file.
        colour: "#rrggbb".
        checked: the colour on a button that is pressed in, if another.
    """
    made = QIcon()
    made.addPixmap(_pixmap(name, colour), QIcon.Mode.Normal, QIcon.State.Off)
    if checked:
        made.addPixmap(_pixmap(name, checked), QIcon.Mode.Normal, QIcon.State.On)
    faded = QColor(colour)
    faded.setAlpha(110)
    made.addPixmap(_pixmap(name, faded.name(QColor.NameFormat.HexArgb)), QIcon.Mode.Disabled)
    return made


def _pixmap(name: str, colour: str) -> QPixmap:
    solid = QColor(colour)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" fill="none" '
        f'stroke="{solid.name()}" stroke-opacity="{solid.alphaF()}" stroke-width="1.8" '
        f'stroke-linecap="round" stroke-linejoin="round">{_SHAPES[name]}</svg>'
    ).replace("currentColor", solid.name())
    pixmap = QPixmap(QSize(4 * SIDE, 4 * SIDE))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, 4 * SIDE, 4 * SIDE))
    painter.end()
    return pixmap
