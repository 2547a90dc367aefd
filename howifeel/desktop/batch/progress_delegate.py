"""Draws the state of an entry: a bar while it is worked on, a word before and after."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from howifeel.desktop import theme
from howifeel.desktop.batch.table_model import SHARE

_THICK, _LABEL = 6.0, 58.0


class ProgressDelegate(QStyledItemDelegate):
    """For the column of states."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """A bar with its per cent, or what a table draws."""
        super().paint(painter, option, index)
        share = index.data(SHARE)
        if share is None:
            return
        look = theme.current()
        room = QRectF(option.rect).adjusted(_LABEL, 0, -12, 0)  # pyright: ignore
        track = QRectF(room.left(), room.center().y() - _THICK / 2, room.width(), _THICK)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.border))
        painter.drawRoundedRect(track, _THICK / 2, _THICK / 2)
        track.setWidth(max(_THICK, track.width() * share))
        painter.setBrush(QColor(look.accent))
        painter.drawRoundedRect(track, _THICK / 2, _THICK / 2)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """A row with room around its text."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), hint.height() + 10)
