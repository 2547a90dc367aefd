"""The last minute of one face as seven curves; where it was not read, there is no line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from howifeel import emotions
from howifeel.desktop import theme, words

MOST_POINTS = 600
LEGEND_NEEDS_PX = 700


class ChartView(QWidget):
    """Seven curves over the seconds before now; the strongest ones are drawn thicker."""

    def __init__(self, seconds: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = pyqtgraph.PlotWidget(self)
        item: Any = self._plot.getPlotItem()
        item.setMouseEnabled(False, False)
        item.hideButtons()
        item.setMenuEnabled(False)
        item.setXRange(-seconds, 0.02 * seconds, padding=0)
        item.setYRange(-0.03, 1.06, padding=0)
        item.getAxis("left").setTicks([[(0, "0"), (0.5, "50 %"), (1, "100 %")]])
        item.getAxis("bottom").setTicks(
            [[(-s, f"-{s} s" if s else self.tr("now")) for s in range(0, int(seconds), 10)]]
        )
        item.getAxis("left").setWidth(46)
        item.showGrid(x=True, y=True, alpha=0.12)
        self._curves = {
            name: item.plot(connect="finite", antialias=True) for name in emotions.NAMES
        }
        self._legend = pyqtgraph.LegendItem(offset=(56, 4), colCount=len(emotions.NAMES))
        self._legend.setParentItem(item.vb)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._plot)
        self.setMinimumHeight(110)
        self.setAccessibleName(self.tr("Expressions of the chosen face in the last minute"))
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.retheme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A legend that would not fit is left out; the cards show the colours too."""
        super().resizeEvent(event)
        self._legend.setVisible(self.width() >= LEGEND_NEEDS_PX)

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        self._plot.setBackground(look.surface)
        item: Any = self._plot.getPlotItem()
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setPen(look.border)
            axis.setTextPen(look.dim)
        self._legend.clear()
        self._legend.setLabelTextColor(look.dim)
        for name, curve in self._curves.items():
            curve.setPen(_pen(name, 1.6))
            self._legend.addItem(curve, words.name(name))

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
        for index, curve in enumerate(self._curves.values()):
            curve.setData(times, probs[:, index])


def _pen(name: str, width: float) -> object:
    colour = QColor(theme.colour_of(name))
    return pyqtgraph.mkPen(colour, width=width)
