"""One screen to read before the first picture: limits, privacy, people, law."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from howifeel.desktop import icons, theme

BARRETT = "https://doi.org/10.1177/1529100619832930"
WIDEST = 880


class StartView(QScrollArea):
    """What to know, a box to tick, and two ways on.

    Signals:
        agreed: the box was ticked and Start pressed.
        declined: the program is to end.
    """

    agreed = Signal()
    declined = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pictures: dict[QLabel, str] = {}
        self._texts: list[tuple[QLabel, str]] = []
        self.agree = QCheckBox(
            self.tr("I have read this, and I ask the people in the picture before I begin.")
        )
        self.start = QPushButton(self.tr("Start"))
        self.start.setObjectName("primary")
        self.start.setMinimumWidth(140)
        self.start.setEnabled(False)
        self.quit = QPushButton(self.tr("Quit"))
        self._build()
        self.agree.toggled.connect(self.start.setEnabled)
        self.start.clicked.connect(self.agreed)
        self.quit.clicked.connect(self.declined)
        self.retheme()

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        for label, name in self._pictures.items():
            label.setPixmap(icons.icon(name, look.accent).pixmap(26, 26))
        for label, text in self._texts:
            coloured = text.replace("<a ", f'<a style="color: {look.accent}" ')
            label.setText(f'<div style="line-height: 130%">{coloured}</div>')

    def ask(self) -> None:
        """Begin anew: nothing is ticked."""
        self.agree.setChecked(False)
        self.agree.setFocus()

    def _build(self) -> None:
        title = QLabel(self.tr("What a face looks like is not what a person feels"))
        title.setFont(theme.sized(self.font(), 1.9, bold=True))
        title.setWordWrap(True)
        lead = QLabel(
            self.tr("HowIFeel names the expression that a face seems to show, live, and how sure ")
            + self.tr("it is. Four things before you begin:")
        )
        lead.setObjectName("dim")
        lead.setFont(theme.sized(self.font(), 1.1))
        lead.setWordWrap(True)
        column = QWidget()
        column.setMaximumWidth(WIDEST)
        box = QVBoxLayout(column)
        box.setContentsMargins(28, 24, 28, 24)
        box.setSpacing(14)
        box.addWidget(title)
        box.addWidget(lead)
        box.addSpacing(4)
        box.addLayout(self._cards())
        box.addSpacing(4)
        box.addWidget(self.agree)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start)
        buttons.addWidget(self.quit)
        buttons.addStretch(1)
        box.addLayout(buttons)
        whole = QWidget()
        middle = QHBoxLayout(whole)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        middle.addWidget(column, 100, Qt.AlignmentFlag.AlignVCenter)
        middle.addStretch(1)
        self.setWidget(whole)

    def _cards(self) -> QGridLayout:
        barrett = f'<a href="{BARRETT}">Barrett et al. 2019</a>'
        cards = (
            (
                "face",
                self.tr("An impression, often wrong"),
                self.tr(
                    "People smile and frown for many reasons; nobody can read feelings reliably "
                    "from a face alone ({}). Where it is not sure, it says “unsure”."
                ).format(barrett),
            ),
            (
                "lock",
                self.tr("It stays here"),
                self.tr(
                    "Everything is computed on this computer. Recording and sending are off "
                    "until you turn them on. Nobody is identified."
                ),
            ),
            (
                "people",
                self.tr("Ask first"),
                self.tr(
                    "Ask everyone who will be in the picture, and the parents of children. Say "
                    "what is shown and what you keep. Stop when someone wants you to."
                ),
            ),
            (
                "law",
                self.tr("Not at work, not at school"),
                self.tr(
                    "The EU prohibits inferring the emotions of people at work and in education "
                    "(AI Act, Art. 5(1)(f)). Elsewhere those exposed must be told (Art. 50(3)). "
                    "This is no legal advice."
                ),
            ),
        )
        grid = QGridLayout()
        grid.setSpacing(12)
        for number, (icon, heading, text) in enumerate(cards):
            grid.addWidget(self._card(icon, heading, text), number // 2, number % 2)
            grid.setColumnStretch(number % 2, 1)
        return grid

    def _card(self, icon: str, heading: str, text: str) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        picture, title, body = QLabel(), QLabel(heading), QLabel()
        self._pictures[picture] = icon
        self._texts.append((body, text))
        title.setFont(theme.sized(self.font(), 1.15, bold=True))
        body.setFont(theme.sized(self.font(), 1.05))
        body.setWordWrap(True)
        body.setTextFormat(Qt.TextFormat.RichText)
        body.setOpenExternalLinks(True)
        body.setAlignment(Qt.AlignmentFlag.AlignTop)
        body.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(picture)
        top.addWidget(title, 1)
        box = QVBoxLayout(card)
        box.setContentsMargins(16, 14, 16, 14)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(body, 1)
        return card
