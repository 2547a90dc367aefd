"""What pyqtgraph lacks for a chart over time: its mouse, its axis, its gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPicture

from howifeel.desktop import words

WHEEL_STEP = 1.25
TICKS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
TICK_PIXELS = 70


class TimeBox(pyqtgraph.ViewBox):
    """A view in which only time moves."""

    clicked = Signal(float)
    dragged = Signal(float, float)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setMouseEnabled(x=True, y=False)
        self._pans = False

    def zoom(self, factor: float, around_s: float) -> None:
        """Show a shorter stretch around a time, or a longer one where the factor is below 1."""
        low, high = self.viewRange()[0]
        middle = min(max(around_s, low), high)
        self.setXRange(middle - (middle - low) / factor, middle + (high - middle) / factor, 0)

    def mouseClickEvent(self, ev: Any) -> None:
        """Tell which time was clicked."""
        if ev.button() == Qt.MouseButton.LeftButton:
            ev.accept()
            self.clicked.emit(self._seconds(ev.pos()))

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        """Select, or pan with Shift or the middle button."""
        ev.accept()
        if ev.isStart():
            shift = ev.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._pans = bool(shift) or ev.button() == Qt.MouseButton.MiddleButton
        if self._pans:
            moved_s = self._seconds(ev.lastPos()) - self._seconds(ev.pos())
            self.translateBy(x=moved_s)
        elif ev.button() == Qt.MouseButton.LeftButton:
            times = self._seconds(ev.buttonDownPos()), self._seconds(ev.pos())
            self.dragged.emit(min(times), max(times))

    def wheelEvent(self, ev: Any, axis: int | None = None) -> None:
        """Zoom around the mouse."""
        ev.accept()
        self.zoom(WHEEL_STEP ** (ev.delta() / 120), self._seconds(ev.pos()))

    def _seconds(self, point: QPointF) -> float:
        return float(self.mapToView(point).x())


class ClockAxis(pyqtgraph.AxisItem):
    """Minutes and seconds in place of bare seconds."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """Ticks at round times, as many as there is room for."""
        least_s = (maxVal - minVal) * TICK_PIXELS / max(size, 1.0)
        major = next((s for s in TICKS_S if s >= least_s), TICKS_S[-1])
        return [(major, 0.0)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Minutes and seconds."""
        decimals = 1 if spacing < 1 else 0
        return [words.clock(value, decimals) if value >= 0 else "" for value in values]


class GapsItem(pyqtgraph.GraphicsObject):
    """Shaded stretches without a reading."""

    def __init__(self) -> None:
        super().__init__()
        self._spans: tuple[tuple[float, float], ...] = ()
        self._colour = QColor()
        self._picture = QPicture()
        self.setZValue(-10)

    def set_spans(self, spans: tuple[tuple[float, float], ...]) -> None:
        """Shade these stretches, each a begin and an end in seconds."""
        if spans != self._spans:
            self._spans = spans
            self._render()

    def set_colour(self, colour: QColor) -> None:
        """Shade in this colour."""
        self._colour = colour
        self._render()

    def boundingRect(self) -> QRectF:
        """From the first to the last stretch."""
        if not self._spans:
            return QRectF()
        begin, end = self._spans[0][0], self._spans[-1][1]
        return QRectF(begin, -1, end - begin, 3)

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:
        """Draw what was rendered before."""
        del option, widget
        self._picture.play(painter)

    def _render(self) -> None:
        self.prepareGeometryChange()
        self._picture = QPicture()
        painter = QPainter(self._picture)
        for begin, end in self._spans:
            painter.fillRect(QRectF(begin, -1, end - begin, 3), self._colour)
        painter.end()
        self.update()


def faint(colour: QColor, alpha: int) -> QColor:
    """The same colour, with an alpha of 0 to 255."""
    made = QColor(colour)
    made.setAlpha(alpha)
    return made
