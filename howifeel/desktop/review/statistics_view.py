"""Shares of the expressions over the chosen stretch, with their intervals."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from howifeel.desktop import theme, words
from howifeel.desktop.review.statistics import UNSURE, Share, Statistics


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
        self, face: str, stretch: tuple[float, float] | None, statistics: Statistics
    ) -> None:
        """Show these numbers.

        Args:
            face: its name; "" where there is none.
            stretch: what is selected, in seconds from the begin; None for everything.
            statistics: of the face over the stretch.
        """
        self.title.setText(face or self.tr("No face"))
        if stretch:
            begin, end = (words.clock(t, 1) for t in stretch)
            self.stretch.setText(f"{begin} – {end} ({statistics.length_s:.1f} s)")
        else:
            self.stretch.setText(self.tr("The whole session"))
        self.all.setVisible(stretch is not None)
        self.hint.setVisible(stretch is None)
        self.shares.show_shares(statistics.shares)
        self.notes.setText(self._notes(statistics))

    def _notes(self, statistics: Statistics) -> str:
        read, length = words.clock(statistics.read_s, 1), words.clock(statistics.length_s, 1)
        lines = [self.tr("Read for {} of {}.").format(read, length)]
        if statistics.gaps_s:
            parts = [
                f"{words.gap(reason)} {words.clock(seconds, 1)}"
                for reason, seconds in statistics.gaps_s.items()
            ]
            lines.append(self.tr("Gaps: {}.").format(", ".join(parts)))
        if any(share.low is not None for share in statistics.shares):
            lines.append(
                self.tr("Thin lines: 95 % intervals, which tell how much chance there is in it.")
            )
        return "\n".join(lines)


class SharesView(QWidget):
    """A row for each expression: name, bar with interval, share, mean probability."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: tuple[Share, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            self.tr(
                "Bar and first number: share of the time in which the face was shown so.\n"
                "Last number: mean probability over that time."
            )
        )

    def show_shares(self, shares: tuple[Share, ...]) -> None:
        """Show these shares."""
        self._shares = shares
        spoken = ", ".join(f"{words.name(s.name)} {s.share:.0%}" for s in shares)
        self.setAccessibleName(self.tr("Shares of the time"))
        self.setAccessibleDescription(spoken)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One row each, and a heading."""
        return QSize(240, round(self._row() * (len(self._shares) + 1)) if self._shares else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Row by row."""
        del event
        if not self._shares:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, metrics, row = theme.current(), QFontMetricsF(self.font()), self._row()
        number = metrics.horizontalAdvance("100 %") + 6
        names = [words.name(share.name) for share in self._shares]
        left = max(metrics.horizontalAdvance(name) for name in names) + 10
        full = max(20.0, self.width() - left - 2 * number)
        heads = ((left + full, self.tr("share")), (left + full + number, self.tr("mean p")))
        painter.setPen(QColor(look.dim))
        painter.setFont(theme.sized(self.font(), 0.82))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for x, text in heads:
            painter.drawText(QRectF(x - number, 0, 2 * number, row), int(right), text)
        painter.setFont(self.font())
        for index, share in enumerate(self._shares):
            line = QRectF(0, (index + 1) * row, self.width(), row)
            painter.setPen(QColor(look.text if share.share > 0 else look.dim))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, names[index])
            place = QRectF(left + full, line.top(), number, row)
            painter.drawText(place, int(right), f"{share.share:.0%}")
            if share.mean is not None:
                painter.setPen(QColor(look.dim))
                painter.drawText(place.translated(number, 0), int(right), f"{share.mean:.0%}")
            self._paint_bar(painter, share, QRectF(left, line.top(), full - 4, row))

    def _paint_bar(self, painter: QPainter, share: Share, room: QRectF) -> None:
        look, thick = theme.current(), max(6.0, room.height() * 0.38)
        track = QRectF(room.left(), room.center().y() - thick / 2, room.width(), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.raised))
        painter.drawRoundedRect(track, thick / 2, thick / 2)
        if share.share >= 0.005:
            bar = QRectF(track)
            bar.setWidth(max(thick, track.width() * share.share))
            painter.setBrush(theme.colour_of("unsure" if share.name == UNSURE else share.name))
            painter.drawRoundedRect(bar, thick / 2, thick / 2)
        if share.low is not None and share.high is not None:
            y = track.center().y()
            painter.setPen(QPen(QColor(look.text), 1.3))
            x0, x1 = (track.left() + track.width() * v for v in (share.low, share.high))
            painter.drawLine(
                QRectF(x0, y, max(1.0, x1 - x0), 0).topLeft(), QRectF(x1, y, 0, 0).topLeft()
            )
            for x in (x0, x1):
                painter.drawLine(QRectF(x, y - 3, 0, 0).topLeft(), QRectF(x, y + 3, 0, 0).topLeft())

    def _row(self) -> float:
        return QFontMetricsF(self.font()).height() + 6
