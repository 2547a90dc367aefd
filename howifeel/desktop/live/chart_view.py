"""The last minute of one face as seven curves; where it was not read, there is no line.

Painted here rather than by a chart library, because to load one takes longer than all the rest of
the start.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from howifeel import emotions
from howifeel.desktop import theme, words

MOST_POINTS = 600
LEGEND_NEEDS_PX = 700
GRID_EVERY_S = 10
LINE_PX = 1.6
LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 46.0, 20.0, 8.0, 20.0
LEGEND_PX = 20.0
MARGIN_PX = 6.0

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]


class ChartView(QWidget):
    """Seven curves over the seconds before now.

    Args:
        seconds: how far back it reaches.
    """

    def __init__(self, seconds: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seconds = seconds
        self._times: NDArray[np.float64] = np.empty(0)
        self._probs: NDArray[np.float64] = np.empty((0, len(emotions.NAMES)))
        self.setMinimumHeight(110)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFont(theme.sized(self.font(), 0.9))
        self.setAccessibleName(self.tr("Expressions of the chosen face in the last minute"))

    def show_series(self, times: NDArray[np.float64], probs: NDArray[np.float64]) -> None:
        """Draw these readings.

        Args:
            times: seconds before now, (n,), rising.
            probs: (n, 7) in the order of `emotions.NAMES`; NaN where there is no reading.
        """
        step = max(1, len(times) // MOST_POINTS)
        if step > 1:
            gaps = np.isnan(probs[:, 0])
            keep = gaps | (np.arange(len(times)) % step == 0)
            times, probs = times[keep], probs[keep]
        self._times, self._probs = times, probs
        self.update()

    def curve(self, name: str) -> Curve:
        """What is drawn for an expression: seconds before now and probabilities, NaN in gaps."""
        return self._times, self._probs[:, emotions.NAMES.index(name)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grid, curves, legend."""
        legend = self.width() >= LEGEND_NEEDS_PX
        top = TOP_PX + (LEGEND_PX if legend else 0.0)
        area = QRectF(self.rect()).adjusted(LEFT_PX, top, -RIGHT_PX, -BOTTOM_PX)
        if area.width() < 1 or area.height() < 1:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_grid(painter, area)
        self._paint_curves(painter, area)
        if legend:
            self._paint_legend(painter, area)
        painter.end()

    def _paint_grid(self, painter: QPainter, area: QRectF) -> None:
        look = theme.current()
        line, text = QPen(QColor(look.border), 1), QPen(QColor(look.dim))
        height = painter.fontMetrics().height()
        align = Qt.AlignmentFlag
        for share, label in ((0.0, "0"), (0.5, "50 %"), (1.0, "100 %")):
            y = area.bottom() - share * area.height()
            painter.setPen(line)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(text)
            place = QRectF(0, y - height / 2, area.left() - MARGIN_PX, height)
            painter.drawText(place, align.AlignRight | align.AlignVCenter, label)
        for ago in range(0, int(self._seconds) + 1, GRID_EVERY_S):
            x = area.right() - ago / self._seconds * area.width()
            painter.setPen(line)
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(text)
            label = f"-{ago} s" if ago else self.tr("now")
            place = QRectF(x - 40, area.bottom() + 3, 80, height)
            painter.drawText(place, align.AlignHCenter, label)

    def _paint_curves(self, painter: QPainter, area: QRectF) -> None:
        across = area.right() + self._times / self._seconds * area.width()
        down = area.bottom() - self._probs * area.height()
        read = ~np.isnan(down[:, 0])
        edges = np.flatnonzero(np.diff(read, prepend=False, append=False))
        for index, name in enumerate(emotions.NAMES):
            painter.setPen(QPen(theme.colour_of(name), LINE_PX))
            for start, end in zip(edges[::2], edges[1::2], strict=True):
                points = zip(across[start:end], down[start:end, index], strict=True)
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))

    def _paint_legend(self, painter: QPainter, area: QRectF) -> None:
        metrics, look = painter.fontMetrics(), theme.current()
        x, y = area.left(), area.top() - LEGEND_PX / 2 - 2
        for name in emotions.NAMES:
            painter.setPen(QPen(theme.colour_of(name), 2.5))
            painter.drawLine(QPointF(x, y), QPointF(x + 18, y))
            label = words.name(name)
            place = QRectF(x + 24, y - metrics.height() / 2, 200, metrics.height())
            painter.setPen(QColor(look.dim))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, label)
            x += 24 + metrics.horizontalAdvance(label) + 16
