"""One line: how fast the source and the analysis run, how late the picture is, what was dropped."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from howifeel.live import Status


class StatusView(QFrame):
    """The line at the bottom of the live page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self._left, self._right = QLabel(), QLabel()
        for label in (self._left, self._right):
            label.setObjectName("dim")
        box = QHBoxLayout(self)
        box.setContentsMargins(14, 5, 14, 5)
        box.addWidget(self._left, 1)
        box.addWidget(self._right)
        self.setMinimumHeight(28)

    def clear(self) -> None:
        """Nothing runs."""
        self._left.clear()
        self._right.clear()

    def show_status(self, status: Status, latencies_s: Collection[float]) -> None:
        """Show how it runs.

        Args:
            status: of the live session.
            latencies_s: seconds from grab to paint of the newest pictures.
        """
        rates, condition = status.rates, status.condition
        parts = [
            self.tr("source {} fps").format(f"{rates.source_fps:.0f}"),
            self.tr("analysed {} fps").format(f"{rates.read_fps:.0f}"),
        ]
        if latencies_s:
            middle = sorted(latencies_s)[len(latencies_s) // 2]
            parts.append(self.tr("grab to screen {} ms").format(f"{1000 * middle:.0f}"))
        parts.append(self.tr("{} dropped").format(rates.dropped))
        self._left.setText("   ·   ".join(parts))
        size = f"{condition.info.width}x{condition.info.height}" if condition.info else ""
        self._right.setText("   ·   ".join(filter(None, (size, status.device.upper()))))
