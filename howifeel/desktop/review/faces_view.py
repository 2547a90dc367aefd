"""The faces of a session: choose one, give it a name, delete it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from howifeel.desktop import icons, theme, words
from howifeel.desktop.review.opened import FaceSeries, Opened
from howifeel.desktop.review.scrub_view import ribbon

MOST_CARDS = 100
CARDS_AT_ONCE = 2
_RIBBON_PIXELS = 240


class FacesView(QScrollArea):
    """A card for each face, the one that was read longest first.

    Signals:
        chosen: track of a face.
        named: track of a face, and its new name; "" for none.
        doomed: track of the face that is to be deleted.
    """

    chosen = Signal(int)
    named = Signal(int, str)
    doomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[int, FaceCard] = {}
        self._chosen: int | None = None
        self._opened: Opened | None = None
        self._coming: list[FaceSeries] = []
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.timeout.connect(self._add_cards)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._note = QLabel()
        self._note.setObjectName("dim")
        self._note.setWordWrap(True)
        inner = QWidget()
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(10, 10, 10, 10)
        self._box.setSpacing(8)
        self._box.addWidget(self._note)
        self._box.addStretch(1)
        self.setWidget(inner)

    def show_session(self, opened: Opened) -> None:
        """Show the faces of a session."""
        for card in self.cards.values():
            self._box.removeWidget(card)
            card.deleteLater()
        self.cards = {}
        self._opened, self._coming = opened, list(opened.faces[:MOST_CARDS])
        self._note.setText(self._about(len(opened.faces)))
        self._note.setVisible(bool(self._note.text()))
        self._chosen = None
        self._add_cards()

    def show_chosen(self, track: int | None) -> None:
        """Mark the card of the chosen face."""
        self._chosen = track
        for card in self.cards.values():
            card.show_chosen(card.track == track)
        if track in self.cards:
            self.ensureWidgetVisible(self.cards[track])

    def show_names(self, opened: Opened) -> None:
        """Show other names."""
        self._opened = opened
        for card in self.cards.values():
            card.show_name(opened.info.names.get(card.track, ""))

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        for card in self.cards.values():
            card.retheme()

    def _add_cards(self) -> None:
        """Add a few cards, and the others when the window had time for something else."""
        if self._opened is None:
            return
        for face in self._coming[:CARDS_AT_ONCE]:
            card = self.cards[face.track] = FaceCard(face, self._opened)
            card.chosen.connect(self.chosen)
            card.named.connect(self.named)
            card.doomed.connect(self.doomed)
            card.show_chosen(face.track == self._chosen)
            self._box.insertWidget(len(self.cards) - 1, card)
        self._coming = self._coming[CARDS_AT_ONCE:]
        if self._coming:
            self._more.start()

    def _about(self, faces: int) -> str:
        if not faces:
            return self.tr("No face was read in this session.")
        if faces > MOST_CARDS:
            text = self.tr("{} more faces were read for a shorter time.")
            return text.format(faces - MOST_CARDS)
        return ""


class FaceCard(QFrame):
    """One face: its name, when it was read, and what it looked like over the session.

    Signals:
        chosen: its track.
        named: its track and its new name.
        doomed: its track.
    """

    chosen = Signal(int)
    named = Signal(int, str)
    doomed = Signal(int)

    def __init__(self, face: FaceSeries, opened: Opened, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.track = face.track
        self._face, self._opened = face, opened
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("Face {}").format(face.track))
        self.name.setAccessibleName(self.tr("Name of face {}").format(face.track))
        self.name.setToolTip(self.tr("Click to name this face"))
        self.name.setFrame(False)
        self.name.setFont(theme.sized(self.font(), 1.1, bold=True))
        self.name.setMaxLength(80)
        self.delete = QToolButton()
        self.delete.setObjectName("flat")
        self.delete.setToolTip(self.tr("Delete this face …"))
        self.delete.setAccessibleName(self.tr("Delete face {}").format(face.track))
        begin_s = opened.begin_s
        about = QLabel(
            self.tr("read for {}, from {} to {}").format(
                words.lasting(face.read_s),
                words.clock(face.begin_s - begin_s),
                words.clock(face.end_s - begin_s),
            )
        )
        if face.track in opened.info.baselines:
            about.setText(about.text() + "\n" + self.tr("relative to its neutral look"))
        about.setObjectName("dim")
        about.setWordWrap(True)
        self._ribbon = RibbonView()
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(self.delete)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 8, 10)
        box.setSpacing(5)
        box.addLayout(top)
        box.addWidget(about)
        box.addWidget(self._ribbon)
        self.show_name(opened.info.names.get(face.track, ""))
        self.name.editingFinished.connect(self._named)
        self.delete.clicked.connect(lambda: self.doomed.emit(self.track))
        self.retheme()

    def show_name(self, name: str) -> None:
        """Show its name; "" for its number."""
        self._shown_name = name
        if self.name.text() != name:
            self.name.setText(name)
        self.setAccessibleName(name or self.name.placeholderText())

    def show_chosen(self, chosen: bool) -> None:
        """Show whether it is the chosen face."""
        if self.property("chosen") != chosen:
            self.setProperty("chosen", chosen)
            self.style().unpolish(self)
            self.style().polish(self)

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        self.delete.setIcon(icons.icon("trash", look.dim))
        self.name.setStyleSheet(_NAME_STYLE.format(look=look))
        opened = self._opened
        self._ribbon.show_image(ribbon(self._face, opened.begin_s, opened.end_s, _RIBBON_PIXELS))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose this face."""
        super().mousePressEvent(event)
        self.chosen.emit(self.track)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses this face, F2 names it, Delete deletes it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.name.hasFocus():
                self.setFocus()
            self.chosen.emit(self.track)
        elif event.key() == Qt.Key.Key_F2:
            self.name.setFocus()
            self.name.selectAll()
        elif event.key() == Qt.Key.Key_Delete:
            self.doomed.emit(self.track)
        else:
            super().keyPressEvent(event)

    def _named(self) -> None:
        name = self.name.text().strip()
        if name != self._shown_name:
            self.named.emit(self.track, name)


class RibbonView(QWidget):
    """A strip of colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setFixedHeight(8)

    def show_image(self, image: QImage) -> None:
        """Show a row of pixels, stretched."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The strip on its ground."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().raised))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        if self._image:
            painter.drawImage(QRectF(self.rect()), self._image)


_NAME_STYLE = """
QLineEdit {{
  background: transparent; border: 1px solid transparent; padding: 1px 4px;
  placeholder-text-color: {look.text};
}}
QLineEdit:hover {{ border: 1px solid {look.border}; }}
QLineEdit:focus {{ background: {look.raised}; border: 1px solid {look.accent}; }}
"""
