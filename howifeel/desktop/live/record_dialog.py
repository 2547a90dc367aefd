"""What to record: asked once before each recording, because it concerns people."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from howifeel.desktop import theme
from howifeel.desktop.live.recording_model import Wish
from howifeel.session import Picture


class RecordDialog(QDialog):
    """A name, what to keep of the picture, and the agreement of those who are recorded."""

    def __init__(self, name: str, picture: Picture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Record a session"))
        self.setMinimumWidth(430)
        self.name = QLineEdit(name)
        self.name.setAccessibleName(self.tr("Name of the session"))
        self.name.selectAll()
        self.choices = QButtonGroup(self)
        self._pictures: tuple[Picture, ...] = ("none", "blurred", "full")
        self.consent = QCheckBox(
            self.tr("Everyone in the picture knows about this recording and agrees to it.")
        )
        box = QVBoxLayout(self)
        box.setSpacing(9)
        box.setContentsMargins(20, 18, 20, 16)
        box.addWidget(QLabel(self.tr("Name")))
        box.addWidget(self.name)
        box.addSpacing(6)
        box.addWidget(QLabel(self.tr("What to keep")))
        texts = (
            (self.tr("Numbers only"), self.tr("No picture and no sound are stored.")),
            (
                self.tr("Numbers and a film with blurred faces"),
                self.tr("Every face that is found is hidden before it is stored. Voices are kept."),
            ),
            (
                self.tr("Numbers and the full picture"),
                self.tr("With the sound, where the source is a file."),
            ),
        )
        for index, (title, hint) in enumerate(texts):
            button = QRadioButton(title)
            button.setChecked(self._pictures[index] == picture)
            self.choices.addButton(button, index)
            box.addWidget(button)
            under = QLabel(hint)
            under.setObjectName("dim")
            under.setIndent(26)
            under.setFont(theme.sized(self.font(), 0.92))
            box.addWidget(under)
        box.addSpacing(6)
        box.addWidget(self.consent)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.start = buttons.addButton(self.tr("Record"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.start.setObjectName("primary")
        self.start.setEnabled(False)
        self.consent.toggled.connect(self.start.setEnabled)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        box.addSpacing(4)
        box.addWidget(buttons)
        self.name.setFocus()

    @property
    def wish(self) -> Wish:
        """What was chosen."""
        picture = self._pictures[self.choices.checkedId()]
        return Wish(self.name.text().strip(), picture, self.consent.text())
