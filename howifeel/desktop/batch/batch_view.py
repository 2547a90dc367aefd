"""The batch page: what is to be done, what becomes of it, and the buttons for both."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from howifeel.desktop import icons, theme, words
from howifeel.desktop.batch.batch_model import BatchModel
from howifeel.desktop.batch.outputs_view import OutputsView
from howifeel.desktop.batch.plan import Outputs
from howifeel.desktop.batch.question_view import QuestionView
from howifeel.desktop.batch.queue_view import QueueView
from howifeel.desktop.page import Page
from howifeel.desktop.preferences import Preferences
from howifeel.errors import HowIFeelError

REFRESH_MS = 50


class BatchView(Page):
    """Wires `BatchModel` to its widgets.

    Signals:
        review: a timeline that was written (Path) and the film it came from (Path).
    """

    review = Signal(object, object)

    def __init__(
        self, model: BatchModel, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model, self._preferences = model, preferences
        model.outputs = Outputs.from_dict(preferences.record("batch"))
        self.setAcceptDrops(True)
        self._icons: dict[QPushButton, str] = {}
        self.queue = QueueView(model)
        self.outputs = OutputsView(model.outputs)
        self.question = QuestionView()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REFRESH_MS)
        self._soon.timeout.connect(self._refresh)
        self._build()
        self._wire()
        self.retheme()
        self._refresh()

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        for button, name in self._icons.items():
            button.setIcon(icons.icon(name, look.text))
        self._show_start(self.start.isEnabled())
        self.queue.retheme()

    def close_all(self) -> None:
        """End everything that runs, within two seconds."""
        self.model.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put what was dropped into the queue."""
        event.acceptProposedAction()
        self.add([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])

    def add(self, paths: Sequence[str]) -> None:
        """Put files and folders into the queue."""
        self.queue.say("")
        self.model.add(paths)
        self._refresh()

    # Building

    def _build(self) -> None:
        middle = QHBoxLayout()
        middle.setContentsMargins(10, 10, 10, 10)
        middle.setSpacing(10)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.question)
        left.addWidget(self.queue, 1)
        middle.addLayout(left, 1)
        side = QScrollArea()
        side.setWidgetResizable(True)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFixedWidth(300)
        side.setWidget(self.outputs)
        middle.addWidget(side)
        status = QFrame()
        status.setObjectName("status")
        line = QHBoxLayout(status)
        line.setContentsMargins(14, 5, 14, 5)
        self._status = QLabel()
        self._status.setObjectName("dim")
        line.addWidget(self._status, 1)
        status.setMinimumHeight(28)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._bar())
        box.addLayout(middle, 1)
        box.addWidget(status)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("bar")
        box = QHBoxLayout(bar)
        box.setContentsMargins(10, 8, 10, 8)
        box.setSpacing(8)
        self.add_files = self._button("plus", self.tr("Add files …"), "Ctrl+O")
        self.add_folder = self._button("folder", self.tr("Add a folder …"), "Ctrl+Shift+O")
        self.pause = self._button("pause", self.tr("Pause after this file"), "")
        self.pause.setCheckable(True)
        self.cancel = self._button("stop", self.tr("Cancel"), "")
        self.start = self._button("play", self.tr("Start"), "Ctrl+Return")
        self.start.setObjectName("primary")
        box.addWidget(self.add_files)
        box.addWidget(self.add_folder)
        box.addStretch(1)
        for button in (self.pause, self.cancel, self.start):
            box.addWidget(button)
        return bar

    def _button(self, icon: str, text: str, key: str) -> QPushButton:
        button = QPushButton(text)
        if key:
            shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
            button.setToolTip(f"{text} ({shown})")
        self._icons[button] = icon
        return button

    def _wire(self) -> None:
        model = self.model
        model.listed.connect(self._refresh)
        model.changed.connect(lambda place: self._soon.start())
        model.running_changed.connect(lambda on: self._refresh())
        model.problem.connect(self.queue.say)
        model.left_out.connect(self._tell_left_out)
        self.queue.review.connect(self.review)
        self.outputs.changed.connect(self._keep_outputs)
        self.question.answered.connect(model.start)
        self.add_files.clicked.connect(self._ask_files)
        self.add_folder.clicked.connect(self._ask_folder)
        self.start.clicked.connect(self._start)
        self.pause.toggled.connect(self._pause)
        self.cancel.clicked.connect(model.cancel)
        for key, action in (
            ("Ctrl+O", self.add_files.click),
            ("Ctrl+Shift+O", self.add_folder.click),
            ("Ctrl+Return", self.start.click),
            ("Esc", self.question.hide),
        ):
            QShortcut(QKeySequence(key), self, action)

    # Doing

    def _start(self) -> None:
        self.queue.say("")
        try:
            conflicts = self.model.conflicts()
        except HowIFeelError as error:
            self.queue.say(str(error))
            return
        if conflicts:
            self.question.ask(conflicts)
        else:
            self.model.start()

    def _tell_left_out(self, known: int, copies: int) -> None:
        parts = (
            (known, self.tr("{} in the list already")),
            (copies, self.tr("{} annotated copies")),
        )
        counted = ", ".join(text.format(count) for count, text in parts if count)
        self.queue.say(self.tr("Left out: {}.").format(counted), bad=False)

    def _pause(self, on: bool) -> None:
        self.model.pause_after = on

    def _ask_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, self.tr("Add films and pictures"))
        self.add(paths)

    def _ask_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Add all films of a folder"))
        self.add([path] if path else [])

    def _keep_outputs(self, outputs: Outputs) -> None:
        self.model.outputs = outputs
        self.question.hide()
        self._preferences.keep_record("batch", outputs.as_dict())

    # Showing

    def _refresh(self) -> None:
        """Everything that depends on the queue; cheap, so it is done as a whole."""
        running, entries = self.model.running, self.model.entries
        waiting = any(entry.state == "waiting" for entry in entries)
        if running or not waiting:
            self.question.hide()
        self._show_start(waiting and not running)
        self.cancel.setEnabled(running)
        self.pause.setEnabled(running)
        if not running and self.pause.isChecked():
            self.pause.setChecked(False)
        self.outputs.setEnabled(not running)
        self.queue.refresh()
        self._status.setText("   ·   ".join(self._counts()))

    def _show_start(self, possible: bool) -> None:
        look = theme.current()
        self.start.setEnabled(possible)
        self.start.setIcon(icons.icon("play", look.on_accent if possible else look.dim))

    def _counts(self) -> list[str]:
        counts = {
            state: sum(entry.state == state for entry in self.model.entries)
            for state in ("waiting", "done", "failed", "skipped", "cancelled")
        }
        texts = {
            "waiting": self.tr("{} waiting"),
            "done": self.tr("{} done"),
            "failed": self.tr("{} failed"),
            "skipped": self.tr("{} skipped"),
            "cancelled": self.tr("{} cancelled"),
        }
        parts = [texts[state].format(count) for state, count in counts.items() if count]
        if self.model.searching:
            parts.append(self.tr("looking for files …"))
        if self.model.left_s is not None:
            parts.append(self.tr("about {} left").format(words.clock(self.model.left_s)))
        return parts
