"""One card per face: what it looks like, seven bars, and for how long."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from howifeel import emotions
from howifeel.desktop import theme, words
from howifeel.desktop.live.history import FaceState
from howifeel.desktop.live.neutral_model import NeutralModel
from howifeel.desktop.live.neutral_view import NeutralView


class BarsView(QWidget):
    """Seven bars with names and per cent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._probs: tuple[float, ...] = (0.0,) * len(emotions.NAMES)
        self._shown = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Seven rows."""
        row = self._row()
        return QSize(220, round(row * len(emotions.NAMES)))

    def set_probs(self, probs: tuple[float, ...], shown: str) -> None:
        """Show these probabilities; `shown` is the expression that is named, "" for none."""
        if (probs, shown) != (self._probs, self._shown):
            self._probs, self._shown = probs, shown
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, bar, per cent, row by row."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, metrics, row = theme.current(), QFontMetricsF(self.font()), self._row()
        names = [words.name(name) for name in emotions.NAMES]
        left = max(metrics.horizontalAdvance(name) for name in names) + 10
        right = metrics.horizontalAdvance("100 %") + 8
        full = max(20.0, self.width() - left - right)
        thick = max(5.0, row * 0.36)
        for index, (key, label) in enumerate(zip(emotions.NAMES, names, strict=True)):
            y, probability = index * row, self._probs[index]
            shown = key == self._shown
            painter.setPen(QColor(look.text if shown else look.dim))
            line = QRectF(0, y, self.width(), row)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, label)
            painter.drawText(
                line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                f"{probability:.0%}",
            )  # fmt: skip
            painter.setPen(Qt.PenStyle.NoPen)
            track = QRectF(left, y + (row - thick) / 2, full, thick)
            painter.setBrush(QColor(look.raised))
            painter.drawRoundedRect(track, thick / 2, thick / 2)
            colour = theme.colour_of(key)
            colour.setAlphaF(1.0 if shown else 0.6)
            painter.setBrush(colour)
            track.setWidth(max(thick, full * probability))
            if probability >= 0.005:
                painter.drawRoundedRect(track, thick / 2, thick / 2)

    def _row(self) -> float:
        return QFontMetricsF(self.font()).height() + 5


class FaceCard(QFrame):
    """What is known of one face. Click it, or press Space on it, to choose it.

    Signals:
        chosen: its track.
        neutral_begun: track of the face that looks neutral now.
        neutral_switched: track, and whether its readings should be relative to its neutral look.
    """

    chosen = Signal(int)
    neutral_begun = Signal(int)
    neutral_switched = Signal(int, bool)

    def __init__(self, track: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.track = track
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name = QLabel()
        self._name.setObjectName("dim")
        self._since = QLabel()
        self._since.setObjectName("dim")
        self._title = QLabel()
        self._title.setFont(theme.sized(self.font(), 1.35, bold=True))
        self._chip = QWidget()
        self._chip.setFixedWidth(5)
        headline = QHBoxLayout()
        headline.setSpacing(8)
        headline.addWidget(self._chip)
        headline.addWidget(self._title, 1)
        self._why = QLabel()
        self._why.setObjectName("dim")
        self._why.setWordWrap(True)
        self._why.hide()
        self._bars = BarsView()
        self.neutral = NeutralView()
        self.neutral.begun.connect(lambda: self.neutral_begun.emit(track))
        self.neutral.switched.connect(lambda used: self.neutral_switched.emit(track, used))
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self._since)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 10, 14, 12)
        box.setSpacing(5)
        box.addLayout(top)
        box.addLayout(headline)
        box.addWidget(self._bars)
        box.addWidget(self._why)
        box.addWidget(self.neutral)

    def show_state(
        self,
        state: FaceState,
        name: str,
        why: Sequence[str],
        neutral: NeutralModel,
        *,
        chosen: bool,
    ) -> None:
        """Show what is known now.

        Args:
            state: of the face.
            name: given by the user; "" for its number.
            why: sentences that tell why it is unsure.
            neutral: the neutral faces.
            chosen: whether the chart shows this face.
        """
        reading = state.reading
        phrase = words.phrase(reading.top, reading.unsure)
        title = name or self.tr("Face {}").format(state.track)
        self._name.setText(title)
        since = self.tr("for {} s").format(f"{state.since_s:.0f}")
        self._since.setText(since if state.present else self.tr("not in the picture"))
        self._title.setText(phrase)
        colour = theme.colour_of("unsure" if reading.unsure else reading.top)
        self._chip.setStyleSheet(f"background: {colour.name()}; border-radius: 2px;")
        self._bars.set_probs(reading.probs, "" if reading.unsure else reading.top)
        failure = neutral.failure(state.track)
        text = "\n".join(map(words.sentence, (*why, failure) if failure else why))
        self.neutral.show_state(state.track, neutral)
        self._why.setText(text)
        self._why.setVisible(bool(text))
        self.setAccessibleName(f"{title}: {phrase}")
        if self.property("chosen") != chosen:
            self.setProperty("chosen", chosen)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setEnabled(state.present)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose this face."""
        super().mousePressEvent(event)
        self.chosen.emit(self.track)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose this face with Space or Enter."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.track)
        else:
            super().keyPressEvent(event)
