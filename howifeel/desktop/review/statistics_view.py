"""Shares of the expressions over the chosen stretch, with their intervals."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from howifeel.desktop import theme, words
from howifeel.desktop.review.shares_view import SharesView
from howifeel.timeline.statistics import LEAST_S, FaceStatistics, Statistics


class StatisticsView(QScrollArea):
    """What one face looked like over a stretch, or over everything.

    Signals:
        everything: the selection is to be given up.
    """

    everything = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.title = QLabel()
        self.title.setFont(theme.sized(self.font(), 1.15, bold=True))
        self.title.setWordWrap(True)
        self.stretch = QLabel()
        self.stretch.setObjectName("dim")
        self.all = QPushButton(self.tr("Everything"))
        self.all.setToolTip(self.tr("Give up the selection (Esc)"))
        self.shares = SharesView()
        self.notes = QLabel()
        self.notes.setObjectName("dim")
        self.notes.setWordWrap(True)
        self.hint = QLabel(
            self.tr("Drag over the chart, or press I and O while it plays, to select a stretch.")
        )
        self.hint.setObjectName("dim")
        self.hint.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.stretch, 1)
        row.addWidget(self.all)
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(14, 12, 14, 12)
        box.setSpacing(8)
        for part in (self.title, row, self.shares, self.notes, self.hint):
            if isinstance(part, QWidget):
                box.addWidget(part)
            else:
                box.addLayout(part)
        box.addStretch(1)
        self.setWidget(inner)
        self.all.clicked.connect(self.everything)

    def show_statistics(
        self,
        face: str,
        track: int | None,
        stretch: tuple[float, float] | None,
        statistics: Statistics | None,
    ) -> None:
        """Show these numbers.

        Args:
            face: its name; "" where there is none.
            track: of the face.
            stretch: what is selected, in seconds from the begin; None for everything.
            statistics: of the stretch; None while they are being counted.
        """
        self.title.setText(face or self.tr("No face"))
        if stretch:
            begin, end = (words.clock(t, 1) for t in stretch)
            length = words.lasting(stretch[1] - stretch[0])
            self.stretch.setText(self.tr("{} to {} ({})").format(begin, end, length))
        else:
            self.stretch.setText(self.tr("The whole session"))
        self.all.setVisible(stretch is not None)
        self.hint.setVisible(stretch is None)
        if statistics is None:
            return
        found = next((each for each in statistics.faces if each.track == track), None)
        self.shares.show_shares(found)
        self.notes.setText("\n".join(self._notes(statistics, found)))

    def _notes(self, statistics: Statistics, face: FaceStatistics | None) -> list[str]:
        known = words.lasting(statistics.known_s)
        lines = [self.tr("This face was not read here.")]
        if face:
            lines = [self.tr("Read for {} of {}.").format(words.lasting(face.read_s), known)]
        for reason, seconds in statistics.gaps_s.items():
            lines.append(self.tr("Gap, {}: {}.").format(words.gap(reason), words.lasting(seconds)))
        if face and face.unsure.low is not None:
            lines.append(self.tr("Thin lines are 95 % intervals (block bootstrap over seconds)."))
        elif face:
            text = self.tr("No intervals: a face has to be read for at least {} seconds.")
            lines.append(text.format(LEAST_S))
        return lines
