"""One line: how fast the source and the analysis run, how late the picture is, what was dropped."""

from __future__ import annotations

import time
from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from howifeel.live import Status

TELL_S = 12.0
NAMES = {"websocket": "WebSocket", "osc": "OSC", "lsl": "LSL"}


class StatusView(QFrame):
    """The line at the bottom of the live page.

    Signals:
        review: id of a session that the user wants to see.
    """

    review = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self._left, self._right = QLabel(), QLabel()
        for label in (self._left, self._right):
            label.setObjectName("dim")
        box = QHBoxLayout(self)
        box.setContentsMargins(14, 5, 14, 5)
        self._open = QPushButton(self.tr("Review it"))
        self._open.clicked.connect(lambda: self.review.emit(self._session))
        self._open.hide()
        self._session = ""
        box.addWidget(self._left)
        box.addWidget(self._open)
        box.addStretch(1)
        box.addWidget(self._right)
        self.setMinimumHeight(28)
        self._quiet_until = 0.0
        self._sending: tuple[str, ...] = ()

    def show_sending(self, protocols: tuple[str, ...]) -> None:
        """Show by which protocols readings are sent to other programs."""
        self._sending = tuple(NAMES[protocol] for protocol in protocols)

    def clear(self) -> None:
        """Nothing runs."""
        if time.monotonic() >= self._quiet_until:
            self._left.clear()
        self._right.clear()

    def tell(self, sentence: str, session: str = "") -> None:
        """Say something for a while in the place of the numbers, perhaps about a session."""
        self._left.setText(sentence)
        self._session = session
        self._open.setVisible(bool(session))
        self._quiet_until = time.monotonic() + TELL_S

    def show_status(self, status: Status, latencies_s: Collection[float]) -> None:
        """Show how it runs.

        Args:
            status: of the live session.
            latencies_s: seconds from grab to paint of the newest pictures.
        """
        sending = self.tr("sending: {}").format(", ".join(self._sending)) if self._sending else ""
        own = {"model": self.tr("own model"), "detector": self.tr("own face detector")}
        strange = [own[part] for part in status.not_shipped]
        self._right.setText("   ·   ".join(filter(None, (sending, *strange, _right(status)))))
        self._right.setToolTip(
            self.tr("What does not ship with HowIFeel is not covered by its model cards.")
            if strange
            else ""
        )
        if time.monotonic() < self._quiet_until:
            return
        self._open.hide()
        rates = status.rates
        parts = [
            self.tr("source {} fps").format(f"{rates.source_fps:.0f}"),
            self.tr("analysed {} fps").format(f"{rates.read_fps:.0f}"),
        ]
        if latencies_s:
            middle = sorted(latencies_s)[len(latencies_s) // 2]
            parts.append(self.tr("grab to screen {} ms").format(f"{1000 * middle:.0f}"))
        parts.append(self.tr("{} dropped").format(rates.dropped))
        self._left.setText("   ·   ".join(parts))


def _right(status: Status) -> str:
    info = status.condition.info
    size = f"{info.width}x{info.height}" if info else ""
    return "   ·   ".join(filter(None, (size, status.device.upper())))
