"""The bar under the picture: what the chosen face looked like, gaps, markers, and where we are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from howifeel import emotions
from howifeel.desktop import theme, words
from howifeel.desktop.review import thinning
from howifeel.desktop.review.opened import FaceSeries, Opened
from howifeel.session import Marker

HEIGHT, RIBBON, EDGE = 34, 14, 7
UNSURE_ALPHA = 90
"""Of 255: what is unsure is fainter than what is named."""
PAGE_S = 10.0


class ScrubView(QWidget):
    """Time from left to right; press or drag to seek.

    Signals:
        sought: seconds.
        stepped: frames to go by, from the arrow keys.
    """

    sought = Signal(float)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened: Opened | None = None
        self._face: FaceSeries | None = None
        self._stretch: tuple[float, float] | None = None
        self._position_s = 0.0
        self._ribbon: QImage | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(self.tr("Position"))

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(400, HEIGHT)

    def show_session(self, opened: Opened) -> None:
        """Show a session."""
        self._opened, self._face = opened, None
        self._position_s = opened.begin_s
        self._renew()

    def show_edits(self, opened: Opened) -> None:
        """Show other markers."""
        self._opened = opened
        self.update()

    def show_face(self, face: FaceSeries | None) -> None:
        """Colour the bar by what this face looked like."""
        self._face = face
        self._renew()

    def show_stretch(self, stretch: tuple[float, float] | None) -> None:
        """Show what is selected."""
        self._stretch = stretch
        self.update()

    def show_position(self, time_s: float) -> None:
        """Show where we are."""
        if time_s != self._position_s:
            self._position_s = time_s
            self.update()
            self.setAccessibleDescription(words.clock(time_s, 1))

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        self._renew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The colours have to be sorted anew."""
        super().resizeEvent(event)
        self._renew()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ribbon, stretch, markers, position."""
        del event
        if self._opened is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, bar = theme.current(), self._bar()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.raised))
        painter.drawRoundedRect(bar, 4, 4)
        if self._ribbon:
            painter.drawImage(bar, self._ribbon)
        if self._stretch:
            self._paint_stretch(painter, bar, self._stretch)
        for marker in self._opened.info.markers:
            self._paint_marker(painter, marker)
        x = self._x(self._position_s)
        painter.setPen(QPen(QColor(look.window), 5))
        painter.drawLine(QPointF(x, bar.top() - 4), QPointF(x, bar.bottom() + 4))
        painter.setPen(QPen(QColor(look.text), 2))
        painter.drawLine(QPointF(x, bar.top() - 4), QPointF(x, bar.bottom() + 4))
        painter.setPen(QPen(QColor(look.window), 1.5))
        painter.setBrush(QColor(look.accent if self.hasFocus() else look.text))
        painter.drawEllipse(QPointF(x, bar.bottom() + 4), 5, 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek."""
        if event.button() == Qt.MouseButton.LeftButton and self._opened:
            self.sought.emit(self._time(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Seek while the button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._opened:
            self.sought.emit(self._time(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Frames with the arrow keys, ten seconds with the page keys, Home and End."""
        jumps = {Qt.Key.Key_PageUp: -PAGE_S, Qt.Key.Key_PageDown: PAGE_S}
        if self._opened is None:
            return
        if event.key() in jumps:
            self.sought.emit(self._position_s + jumps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Home:
            self.sought.emit(self._opened.begin_s)
        elif event.key() == Qt.Key.Key_End:
            self.sought.emit(self._opened.end_s)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what lies under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._opened:
            QToolTip.showText(event.globalPos(), self._under(event.pos().x()), self)
            return True
        return super().event(event)

    def _under(self, x: float) -> str:
        assert self._opened
        time_s = self._time(x)
        lines = [words.clock(time_s, 1)]
        near = [m for m in self._opened.info.markers if abs(self._x(m.time_s) - x) <= 6]
        lines += [marker.text for marker in near]
        lines += [words.gap(g.reason) for g in self._opened.gaps if g.begin_s <= time_s < g.end_s]
        return "\n".join(lines)

    def _bar(self) -> QRectF:
        return QRectF(EDGE, (HEIGHT - RIBBON) / 2, max(1, self.width() - 2 * EDGE), RIBBON)

    def _x(self, time_s: float) -> float:
        assert self._opened
        bar, length_s = self._bar(), self._opened.end_s - self._opened.begin_s
        return bar.left() + bar.width() * (time_s - self._opened.begin_s) / (length_s or 1.0)

    def _time(self, x: float) -> float:
        assert self._opened
        bar, length_s = self._bar(), self._opened.end_s - self._opened.begin_s
        share = min(max((x - bar.left()) / bar.width(), 0.0), 1.0)
        return self._opened.begin_s + share * length_s

    def _paint_stretch(self, painter: QPainter, bar: QRectF, stretch: tuple[float, float]) -> None:
        left, right = (self._x(t) for t in stretch)
        painter.setPen(QPen(QColor(theme.current().accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, bar.top() - 3, right - left, bar.height() + 6))

    def _paint_marker(self, painter: QPainter, marker: Marker) -> None:
        x, top = self._x(marker.time_s), self._bar().top()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().warning))
        flag = [QPointF(x - 5, top - 9), QPointF(x + 5, top - 9), QPointF(x, top - 1)]
        painter.drawPolygon(QPolygonF(flag))

    def _renew(self) -> None:
        self._ribbon = None
        if self._opened and self._face:
            pixels = max(1, round(self._bar().width()))
            self._ribbon = ribbon(self._face, self._opened.begin_s, self._opened.end_s, pixels)
        self.update()


def ribbon(face: FaceSeries, begin_s: float, end_s: float, pixels: int) -> QImage:
    """One row of pixels: the colour of what is shown most; transparent in gaps."""
    shown = thinning.ribbon(face, begin_s, end_s, pixels)
    colours = [theme.colour_of(name).rgba() for name in emotions.NAMES]
    unsure = theme.colour_of(emotions.UNSURE)
    unsure.setAlpha(UNSURE_ALPHA)
    colours.append(unsure.rgba())
    image = QImage(pixels, 1, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    for x, code in enumerate(shown.tolist()):
        if code >= 0:
            image.setPixel(x, 0, colours[code])
    return image
