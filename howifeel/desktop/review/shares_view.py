"""How the time of a face is shared between the expressions, as bars with intervals."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from howifeel import emotions
from howifeel.desktop import theme, words
from howifeel.timeline.statistics import Estimate, FaceStatistics

_HEAD_ROWS = 1.5
"""Height of the heading, two lines of small text, in rows."""


class SharesView(QWidget):
    """A row for each expression: name, bar with interval, share, mean probability."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[_Row, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            self.tr(
                "Bar and first number: share of the time in which the face was shown so.\n"
                "Last number: mean probability over that time."
            )
        )

    def show_shares(self, face: FaceStatistics | None) -> None:
        """Show the shares of a face; None for none."""
        self._rows = _rows(face) if face else ()
        spoken = ", ".join(f"{words.name(row.name)} {row.share.value:.0%}" for row in self._rows)
        self.setAccessibleName(self.tr("Shares of the time"))
        self.setAccessibleDescription(spoken)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One row each, and a heading of two lines."""
        return QSize(240, round(self._row() * (len(self._rows) + _HEAD_ROWS)) if self._rows else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Row by row."""
        del event
        if not self._rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, metrics, row = theme.current(), QFontMetricsF(self.font()), self._row()
        small = theme.sized(self.font(), 0.82)
        share, mean = self.tr("share"), self.tr("mean probability")
        words_wide = max(map(QFontMetricsF(small).horizontalAdvance, mean.split()))
        number = metrics.horizontalAdvance("100 %") + 6
        last = max(number, words_wide + 10)
        names = [words.name(each.name) for each in self._rows]
        left = max(metrics.horizontalAdvance(name) for name in names) + 10
        full = max(20.0, self.width() - left - number - last)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        head = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
        wrapped = int(head) | int(Qt.TextFlag.TextWordWrap)
        end, top = left + full + number, _HEAD_ROWS * row
        painter.setPen(QColor(look.dim))
        painter.setFont(small)
        painter.drawText(QRectF(left, 0, full + number, top - 4), int(head), share)
        painter.drawText(QRectF(end, 0, last, top - 4), wrapped, mean)
        painter.setFont(self.font())
        for index, each in enumerate(self._rows):
            line = QRectF(0, top + index * row, self.width(), row)
            painter.setPen(QColor(look.text if each.share.value > 0 else look.dim))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, names[index])
            place = QRectF(left + full, line.top(), number, row)
            painter.drawText(place, int(right), f"{each.share.value:.0%}")
            if each.mean is not None:
                painter.setPen(QColor(look.dim))
                place = QRectF(end, line.top(), last, row)
                painter.drawText(place, int(right), f"{each.mean:.0%}")
            self._paint_bar(painter, each, QRectF(left, line.top(), full - 4, row))

    def _paint_bar(self, painter: QPainter, row: _Row, room: QRectF) -> None:
        look, thick, share = theme.current(), max(6.0, room.height() * 0.38), row.share
        track = QRectF(room.left(), room.center().y() - thick / 2, room.width(), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.raised))
        painter.drawRoundedRect(track, thick / 2, thick / 2)
        if share.value >= 0.005:
            bar = QRectF(track)
            bar.setWidth(max(thick, track.width() * share.value))
            painter.setBrush(theme.colour_of(row.name))
            painter.drawRoundedRect(bar, thick / 2, thick / 2)
        if share.low is not None and share.high is not None:
            painter.setPen(QPen(QColor(look.text), 1.3))
            y = track.center().y()
            low, high = (track.left() + track.width() * v for v in (share.low, share.high))
            painter.drawLine(QPointF(low, y), QPointF(high, y))
            for x in (low, high):
                painter.drawLine(QPointF(x, y - 3), QPointF(x, y + 3))

    def _row(self) -> float:
        return QFontMetricsF(self.font()).height() + 6


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    share: Estimate
    mean: float | None


def _rows(face: FaceStatistics) -> tuple[_Row, ...]:
    read = (_Row(n, face.shares[n], face.mean_probs[n].value) for n in emotions.NAMES)
    return (*read, _Row(emotions.UNSURE, face.unsure, None))
