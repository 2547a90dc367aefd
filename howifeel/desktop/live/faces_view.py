"""The column of face cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from howifeel.desktop.live.face_card_view import FaceCard
from howifeel.desktop.live.history import FaceState
from howifeel.desktop.live.neutral_model import NeutralModel


class FacesView(QScrollArea):
    """A card for each face that is or just was in the picture.

    Signals:
        chosen: track of the face whose card was clicked.
        neutral_begun, neutral_switched: see `FaceCard`.
    """

    chosen = Signal(int)
    neutral_begun = Signal(int)
    neutral_switched = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._cards: dict[int, FaceCard] = {}
        self._empty = QLabel(self.tr("Faces that are found appear here."))
        self._empty.setObjectName("dim")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inner = QWidget()
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(10, 10, 10, 10)
        self._box.setSpacing(10)
        self._box.addWidget(self._empty)
        self._box.addStretch(1)
        self.setWidget(inner)

    def show_faces(
        self,
        faces: Sequence[FaceState],
        chosen: int | None,
        names: Mapping[int, str],
        why: Callable[[FaceState], Sequence[str]],
        neutral: NeutralModel,
    ) -> None:
        """Show these faces; cards of others go away."""
        wanted = {face.track for face in faces}
        for track in [t for t in self._cards if t not in wanted]:
            card = self._cards.pop(track)
            self._box.removeWidget(card)
            card.deleteLater()
        for face in faces:
            card = self._cards.get(face.track)
            if card is None:
                card = self._cards[face.track] = FaceCard(face.track)
                card.chosen.connect(self.chosen)
                card.neutral_begun.connect(self.neutral_begun)
                card.neutral_switched.connect(self.neutral_switched)
                self._box.insertWidget(self._box.count() - 1, card)
            reasons = why(face) if face.reading.unsure else ()
            name = names.get(face.track, "")
            card.show_state(face, name, reasons, neutral, chosen=face.track == chosen)
        self._empty.setVisible(not faces)

    @property
    def cards(self) -> tuple[FaceCard, ...]:
        """The cards that are shown."""
        return tuple(self._cards.values())
