"""Which colour is which expression, how likely each is at the position, and which are drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from howifeel import emotions
from howifeel.desktop import theme, words


class LegendView(QWidget):
    """A switch for each expression.

    Signals:
        switched: name of an expression, and whether its curve is drawn.
    """

    switched = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 2, 0, 2)
        box.setSpacing(0)
        self.entries = {name: _Entry(name) for name in emotions.NAMES}
        for name, entry in self.entries.items():
            entry.toggled.connect(lambda on, name=name: self.switched.emit(name, on))
            box.addWidget(entry)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def show_probs(self, probs: Sequence[float]) -> None:
        """Show probabilities in the order of `emotions.NAMES`; NaN where there is none."""
        for entry, value in zip(self.entries.values(), probs, strict=True):
            entry.set_value(value)

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        for entry in self.entries.values():
            entry.update()


class _Entry(QAbstractButton):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._value = name, math.nan
        self.setCheckable(True)
        self.setChecked(True)
        self.setFont(theme.sized(self.font(), 0.95))
        self.setToolTip(self.tr("Draw this curve, or leave it out"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setText(words.name(name))
        self.setAccessibleName(words.name(name))

    def set_value(self, value: float) -> None:
        if value != self._value and not (math.isnan(value) and math.isnan(self._value)):
            self._value = value
            self.setAccessibleDescription("" if math.isnan(value) else f"{value:.0%}")
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        widest = max(metrics.horizontalAdvance(words.name(name)) for name in emotions.NAMES)
        width = 30 + widest + metrics.horizontalAdvance("100 %")
        return QSize(math.ceil(width), math.ceil(metrics.height() + 2))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 13)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, on = theme.current(), self.isChecked()
        middle = self.height() / 2
        if self.hasFocus() or self.underMouse():
            painter.setPen(QColor(look.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.raised))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        colour = theme.colour_of(self._name)
        swatch = QRectF(6, middle - 4.5, 9, 9)
        painter.setPen(colour)
        painter.setBrush(colour if on else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(swatch, 2.5, 2.5)
        painter.setPen(QColor(look.text if on else look.dim))
        line = QRectF(21, 0, self.width() - 27, self.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.text())
        if not math.isnan(self._value):
            painter.setPen(QColor(look.dim))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, int(flags), f"{self._value:.0%}")
