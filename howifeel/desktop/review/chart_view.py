"""The whole session of one face as seven curves: pan, zoom, click to seek, drag to select."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pyqtgraph
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem, QVBoxLayout, QWidget

from howifeel import emotions
from howifeel.desktop import theme
from howifeel.desktop.review import thinning
from howifeel.desktop.review.chart_parts import ClockAxis, GapsItem, TimeBox, faint
from howifeel.desktop.review.opened import FaceSeries, Opened
from howifeel.session import Marker

BINS = 400
"""Points of a curve, at most twice as many."""
CLOSEST_S = 0.5

Stretch = tuple[float, float]
"""Begin and end in seconds."""


class ChartView(QWidget):
    """A chart whose x axis is the time of the session.

    Left drag selects, middle or Shift drag pans, the wheel zooms, a click seeks.

    Signals:
        sought: seconds that were clicked.
        stretched: begin and end of what was selected, in seconds.
    """

    sought = Signal(float)
    stretched = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened: Opened | None = None
        self._face: FaceSeries | None = None
        self._hidden: set[str] = set()
        self._box = TimeBox()
        self._plot = pyqtgraph.PlotWidget(
            self, viewBox=self._box, axisItems={"bottom": ClockAxis("bottom")}
        )
        item: Any = self._plot.getPlotItem()
        self._item = item
        item.hideButtons()
        item.setMenuEnabled(False)
        item.setYRange(0, 1, padding=0.09)
        item.getAxis("left").setTicks([[(0, "0"), (0.5, "50 %"), (1, "100 %")]])
        item.getAxis("left").setWidth(46)
        item.showGrid(x=True, y=True, alpha=0.12)
        self._gaps = GapsItem()
        self._region = pyqtgraph.LinearRegionItem(movable=True)
        self._region.setZValue(-5)
        self._region.hide()
        self._cursor: Any = pyqtgraph.InfiniteLine(angle=90)
        self._cursor.setZValue(20)
        for each in (self._gaps, self._region, self._cursor):
            item.addItem(each, ignoreBounds=True)
        self._curves = {
            name: item.plot(connect="finite", antialias=True) for name in emotions.NAMES
        }
        for part in (
            *(curve.curve for curve in self._curves.values()),
            *(item.getAxis(side) for side in ("left", "bottom")),
            self._gaps,
        ):
            part.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._markers: list[Any] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._plot)
        self.setMinimumHeight(110)
        self.setAccessibleName(self.tr("Expressions of the chosen face over the session"))
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._box.sigXRangeChanged.connect(self._draw)
        self._box.sigXRangeChanged.connect(self._place_labels)
        self._box.sigResized.connect(self._place_labels)
        self._box.clicked.connect(self.sought)
        self._box.dragged.connect(self.stretched)
        self._region.sigRegionChangeFinished.connect(self._region_moved)
        self.retheme()

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        self._plot.setBackground(look.surface)
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setPen(look.border)
            axis.setTextPen(look.dim)
        for name, curve in self._curves.items():
            curve.setPen(pyqtgraph.mkPen(theme.colour_of(name), width=1.6))
        accent = QColor(look.accent)
        self._cursor.setPen(pyqtgraph.mkPen(look.text, width=1.4))
        self._region.setBrush(faint(accent, 40))
        self._region.setHoverBrush(faint(accent, 60))
        for line in self._region.lines:
            line.setPen(pyqtgraph.mkPen(accent, width=1.5))
            line.setHoverPen(pyqtgraph.mkPen(accent, width=3))
        self._gaps.set_colour(faint(QColor(look.dim), 38))
        if self._opened:
            self.show_markers(self._opened.info.markers)

    def show_session(self, opened: Opened) -> None:
        """Show a session from begin to end, without a face yet."""
        self._opened, self._face = opened, None
        room = 0.01 * (opened.end_s - opened.begin_s)
        self._box.setLimits(
            xMin=opened.begin_s - room,
            xMax=opened.end_s + room,
            minXRange=min(CLOSEST_S, opened.end_s - opened.begin_s),
            yMin=-0.1,
            yMax=1.1,
        )
        self.show_markers(opened.info.markers)
        self.show_stretch(None)
        self.zoom_out()

    def show_face(self, face: FaceSeries | None) -> None:
        """Draw the curves of a face."""
        self._face = face
        self._draw()

    def show_markers(self, markers: Sequence[Marker]) -> None:
        """Draw these markers as lines with those of their texts that have room."""
        look = theme.current()
        for line in self._markers:
            self._item.removeItem(line)
        self._markers = []
        for marker in markers:
            line: Any = pyqtgraph.InfiniteLine(
                pos=marker.time_s,
                angle=90,
                pen=pyqtgraph.mkPen(look.warning, width=1.2, style=Qt.PenStyle.DashLine),
                label=_short(marker.text),
                labelOpts={
                    "position": 0.97, "color": look.warning, "anchors": [(0, 0), (0, 0)],
                    "fill": faint(QColor(look.surface), 140),
                },
            )  # fmt: skip
            line.setZValue(10)
            self._item.addItem(line, ignoreBounds=True)
            self._markers.append(line)
        self._place_labels()

    def show_stretch(self, stretch: Stretch | None) -> None:
        """Draw what is selected."""
        self._region.setVisible(stretch is not None)
        if stretch and self._region.getRegion() != stretch:
            self._region.blockSignals(True)
            self._region.setRegion(stretch)
            self._region.blockSignals(False)

    def show_position(self, time_s: float, *, follow: bool) -> None:
        """Draw the line at a time; where it left the view and `follow` says so, pan to it."""
        self._cursor.setValue(time_s)
        low, high = self._box.viewRange()[0]
        if follow and not low <= time_s <= high:
            self._box.setXRange(time_s - 0.05 * (high - low), time_s + 0.95 * (high - low), 0)

    def show_expression(self, name: str, shown: bool) -> None:
        """Draw the curve of an expression, or leave it out."""
        self._hidden = self._hidden - {name} if shown else self._hidden | {name}
        self._curves[name].setVisible(shown)

    def zoom(self, factor: float) -> None:
        """Zoom around the position: in where the factor is above 1."""
        self._box.zoom(factor, self._cursor.value())

    def zoom_out(self) -> None:
        """Show the whole session."""
        if self._opened:
            self._box.setXRange(self._opened.begin_s, self._opened.end_s, padding=0.0)

    @property
    def visible_s(self) -> Stretch:
        """The stretch of time that is seen."""
        low, high = self._box.viewRange()[0]
        return low, high

    def _draw(self, *_: object) -> None:
        low, high = self.visible_s
        if self._opened:
            self._gaps.set_spans(thinning.merged(self._opened.gaps, (high - low) / BINS))
        if self._face is None:
            for curve in self._curves.values():
                curve.setData([], [])
            return
        times_s, probs = thinning.curves(self._face, low, high, BINS)
        for index, curve in enumerate(self._curves.values()):
            curve.setData(times_s, probs[:, index])

    def _place_labels(self, *_: object) -> None:
        """Leave out each marker's text that would begin before the one before it ends."""
        low, high = self.visible_s
        pixels_per_s, free_from = self._box.width() / (high - low), -math.inf
        for line in sorted(self._markers, key=lambda line: line.value()):
            begin = pixels_per_s * (line.value() - low)
            line.label.setVisible(begin >= free_from)
            if begin >= free_from:
                free_from = begin + line.label.textItem.boundingRect().width()

    def _region_moved(self) -> None:
        region: Any = self._region.getRegion()
        self.stretched.emit(float(region[0]), float(region[1]))


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"
