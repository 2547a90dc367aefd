"""The picture, as large as there is room, with a frame and a label for each face."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from howifeel import emotions
from howifeel.desktop import theme, words
from howifeel.live import Shot
from howifeel.types import Box, Reading

_CORNER = 0.22
"""Length of the legs of a frame's corners, as a share of its shorter side."""


class VideoView(QWidget):
    """Paints shots; a sentence in their place while there is none.

    Signals:
        painted: the shot that is on the screen now.
        face_clicked: track of the face under the mouse.
    """

    painted = Signal(object)
    face_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels = True
        self.mirrored = False
        self.ground = "#000000"
        self.chosen: int | None = None
        self.names: dict[int, str] = {}
        self._shot: Shot | None = None
        self._image: QImage | None = None
        self._pixels: NDArray[np.uint8] | None = None
        self._message = ""
        self._fresh = False
        self.setMinimumSize(320, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Picture"))

    def sizeHint(self) -> QSize:
        """As a small film."""
        return QSize(960, 540)

    def show_shot(self, shot: Shot) -> None:
        """Paint this shot next."""
        pixels = shot.picture.image
        height, width = pixels.shape[:2]
        if not pixels.flags.c_contiguous:
            pixels = pixels.copy()
        self._shot, self._fresh = shot, True
        self._pixels = pixels  # QImage borrows the memory
        self._image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_BGR888)
        self.update()

    def clear(self) -> None:
        """Show no picture."""
        self._shot = self._image = None
        self._pixels = None
        self.update()

    def set_message(self, message: str) -> None:
        """A sentence over the picture; "" for none."""
        if message != self._message:
            self._message = message
            self.update()

    @property
    def shot(self) -> Shot | None:
        """What is shown."""
        return self._shot

    def target(self) -> QRectF:
        """Where the picture lies in the widget."""
        if self._image is None:
            return QRectF(self.rect())
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = (self.width() - size.width()) / 2
        top = (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, picture, frames, message."""
        del event
        painter = QPainter(self)
        ground = self.ground if self._image else theme.current().window
        painter.fillRect(self.rect(), QColor(ground))
        if self._image is not None and self._shot is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            self._paint_picture(painter, self._image)
            if self.labels:
                self._paint_faces(painter, self._shot)
        if self._message:
            self._paint_message(painter)
        painter.end()
        if self._fresh and self._shot is not None:
            self._fresh = False
            self.painted.emit(self._shot)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the face under the mouse."""
        if self._shot is None:
            return
        for reading in self._shot.moment.readings:
            track = reading.face.track
            if track is not None and self._placed(reading.face.box).contains(event.position()):
                self.face_clicked.emit(track)
                return

    def _placed(self, box: Box) -> QRectF:
        assert self._image is not None
        target, width = self.target(), self._image.width()
        scale = target.width() / width
        left, top = target.left() + box.x0 * scale, target.top() + box.y0 * scale
        if self.mirrored:
            left = target.right() - box.x1 * scale
        return QRectF(left, top, box.width * scale, box.height * scale)

    def _paint_picture(self, painter: QPainter, image: QImage) -> None:
        target = self.target()
        if self.mirrored:
            painter.save()
            painter.translate(2 * target.center().x(), 0)
            painter.scale(-1, 1)
            painter.drawImage(target, image)
            painter.restore()
        else:
            painter.drawImage(target, image)

    def _paint_faces(self, painter: QPainter, shot: Shot) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for face in shot.moment.unread:
            _paint_unread(painter, self._placed(face.box))
        if shot.moment.unread and shot.moment.gap:
            place = self._placed(shot.moment.unread[0].box)
            self._paint_chip(painter, place, words.gap(shot.moment.gap), _bright("unsure"))
        several = len(shot.moment.readings) > 1
        for reading in shot.moment.readings:
            place = self._placed(reading.face.box)
            unsure = "unsure" if reading.unsure else reading.top
            colour = _bright(unsure)
            chosen = reading.face.track == self.chosen and several
            _paint_frame(painter, place, colour, 3.5 if chosen else 2.5)
            self._paint_label(painter, place, reading, colour, several)

    def _paint_label(
        self, painter: QPainter, place: QRectF, reading: Reading, colour: QColor, several: bool
    ) -> None:
        text = words.phrase(reading.top, reading.unsure)
        if not reading.unsure:
            text += f"  {reading.top_prob:.0%}"
        track = reading.face.track
        name = self.names.get(track or 0, str(track) if several and track is not None else "")
        if name:
            text = f"{name} · {text}"
        self._paint_chip(painter, place, text, colour)

    def _paint_chip(self, painter: QPainter, place: QRectF, text: str, colour: QColor) -> None:
        """A label over a face, or under it where there is no room above."""
        font = theme.sized(self.font(), 1.1, bold=True)
        metrics = QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(text) + 24, metrics.height() + 6
        x = min(max(place.center().x() - width / 2, 4), max(4.0, self.width() - width - 4))
        y = place.top() - height - 6
        if y < 4:
            y = min(place.bottom() + 6, self.height() - height - 4)
        chip = QRectF(x, y, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(12, 14, 18, 205))
        painter.drawRoundedRect(chip, 6, 6)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(x + 5, y + 5, 3.5, height - 10), 1.7, 1.7)
        painter.setFont(font)
        painter.setPen(QColor("#f4f6f8"))
        painter.drawText(chip.translated(4, 0), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_message(self, painter: QPainter) -> None:
        look = theme.current()
        font = theme.sized(self.font(), 1.15)
        painter.setFont(font)
        room = QRectF(self.rect()).adjusted(32, 24, -32, -24)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        if self._image is None:
            painter.setPen(QColor(look.dim))
            painter.drawText(room, int(flags), self._message)
            return
        needed = painter.boundingRect(room, int(flags), self._message).adjusted(-16, -10, 16, 10)
        needed.moveBottom(self.height() - 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(12, 14, 18, 215))
        painter.drawRoundedRect(needed, 8, 8)
        painter.setPen(QColor("#f4f6f8"))
        painter.drawText(needed.adjusted(16, 10, -16, -10), int(flags), self._message)


def _bright(expression: str) -> QColor:
    """The colour of an expression as it is on pictures, whatever the theme."""
    blue, green, red = emotions.COLOURS_BGR.get(expression, emotions.UNSURE_BGR)
    return QColor(red, green, blue)


def _paint_unread(painter: QPainter, place: QRectF) -> None:
    """A dashed frame around a face that was found but cannot be read."""
    pen = QPen(_bright("unsure"), 1.5, Qt.PenStyle.DashLine)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawRoundedRect(place, 4, 4)


def _paint_frame(painter: QPainter, place: QRectF, colour: QColor, width: float) -> None:
    """Four corners over a faint line, readable on any ground."""
    leg = max(6.0, _CORNER * min(place.width(), place.height()))
    faint = QColor(colour)
    faint.setAlpha(90)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(faint, 1))
    painter.drawRoundedRect(place, 4, 4)
    for ink, thickness in ((QColor(0, 0, 0, 110), width + 2), (colour, width)):
        pen = QPen(ink, thickness)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for corner, dx, dy in (
            (place.topLeft(), leg, leg),
            (place.topRight(), -leg, leg),
            (place.bottomLeft(), leg, -leg),
            (place.bottomRight(), -leg, -leg),
        ):
            painter.drawPolyline([corner + QPointF(dx, 0), corner, corner + QPointF(0, dy)])
