"""The chart with its head (which face, what it looks like here, zoom) and its legend."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from howifeel import emotions
from howifeel.desktop import icons, theme, words
from howifeel.desktop.review import described
from howifeel.desktop.review.chart_view import ChartView
from howifeel.desktop.review.legend_view import LegendView
from howifeel.desktop.review.opened import Opened
from howifeel.desktop.review.session_bar import tool
from howifeel.types import Moment

ZOOM_STEP = 1.6


class ChartPanel(QFrame):
    """The chart of one face.

    Signals:
        chosen: track of the face that was chosen in the list.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.chart = ChartView()
        self.legend = LegendView()
        self.face = QComboBox()
        self.face.setAccessibleName(self.tr("Face in the chart"))
        self.face.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.face.setMinimumWidth(110)
        self.face.setMaximumWidth(220)
        self.doing = QLabel()
        self.doing.setObjectName("dim")
        self.closer = tool(self.tr("Zoom in (+)"))
        self.farther = tool(self.tr("Zoom out (-)"))
        self.whole = tool(self.tr("Show the whole session (0)"))
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(self.face)
        head.addSpacing(6)
        head.addWidget(self.doing, 1)
        for button in (self.closer, self.farther, self.whole):
            head.addWidget(button)
        body = QHBoxLayout()
        body.setSpacing(2)
        body.addWidget(self.chart, 1)
        body.addWidget(self.legend)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        box.setSpacing(2)
        box.addLayout(head)
        box.addLayout(body, 1)
        self.legend.switched.connect(self.chart.show_expression)
        self.face.activated.connect(lambda i: self.chosen.emit(self.face.itemData(i)))
        self.closer.clicked.connect(lambda: self.chart.zoom(ZOOM_STEP))
        self.farther.clicked.connect(lambda: self.chart.zoom(1 / ZOOM_STEP))
        self.whole.clicked.connect(self.chart.zoom_out)
        self.retheme()

    def show_names(self, opened: Opened, track: int | None) -> None:
        """List the faces by their names."""
        self.face.clear()
        for face in opened.faces:
            self.face.addItem(described.face(opened.info, face.track), face.track)
        self.face.setEnabled(bool(opened.faces))
        self.face.setCurrentIndex(self.face.findData(track))

    def show_face(self, opened: Opened, track: int | None) -> None:
        """Draw the curves of a face."""
        self.face.setCurrentIndex(self.face.findData(track))
        self.chart.show_face(opened.face(track))

    def show_moment(self, moment: Moment, track: int | None) -> None:
        """Show what the face looks like here."""
        probs = (math.nan,) * len(emotions.NAMES)
        doing = words.gap(moment.gap) if moment.gap else self.tr("not read here")
        for reading in moment.readings:
            if reading.face.track == track:
                probs, doing = reading.probs, described.reading(reading)
        self.legend.show_probs(probs)
        self.doing.setText(doing)

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        for button, icon in ((self.closer, "plus"), (self.farther, "minus"), (self.whole, "whole")):
            button.setIcon(icons.icon(icon, look.text))
        self.chart.retheme()
        self.legend.retheme()
