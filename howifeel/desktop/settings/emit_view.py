"""The card that says what is sent to other programs, where and how."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from howifeel import emit
from howifeel.desktop.live.emit_model import PROTOCOLS, EmitModel, Told
from howifeel.desktop.settings.sections import Section, add_row, dim_label, label_grid

_INDENT = 23


class EmitView(Section):
    """Wires `EmitModel` to its widgets."""

    def __init__(self, model: EmitModel) -> None:
        super().__init__(QApplication.translate("EmitView", "Send to other programs"))
        self.model = model
        self.switches: dict[str, QCheckBox] = {}
        self.said: dict[str, QLabel] = {}
        self._build()
        self._wire()
        self._show_wish()
        self._show()

    def _build(self) -> None:
        self.box.addWidget(
            dim_label(
                self.tr(
                    "Off to begin with. While a source is open on the live page, what the faces "
                    "look like is sent, never a picture; the source stays open on other pages."
                )
            )
        )
        self.port, self.osc_port = _port(1024), _port(1)
        self.host = QLineEdit()
        self.host.setMinimumWidth(170)
        self.host.setAccessibleName(self.tr("Computer that receives OSC"))
        self.port.setAccessibleName(self.tr("Port of the overlay page"))
        self.osc_port.setAccessibleName(self.tr("Port that receives OSC"))
        self._add("websocket", self.tr("Overlay page for OBS, and JSON over WebSocket"),
                  QLabel(self.tr("Port")), self.port)  # fmt: skip
        self._add_address()
        self._add("osc", self.tr("Open Sound Control (OSC)"),
                  QLabel(self.tr("to")), self.host, self.osc_port)  # fmt: skip
        self._add("lsl", self.tr("Lab Streaming Layer (LSL)"))
        self.reach = QComboBox()
        self.reach.addItem(self.tr("on this computer only"), False)
        self.reach.addItem(self.tr("in the whole network"), True)
        self.faces = QSpinBox()
        self.faces.setRange(1, emit.MOST_FACES)
        self.faces.lineEdit().setTextMargins(7, 0, 0, 0)
        more = label_grid()
        add_row(
            more,
            self.tr("Who may listen"),
            self.reach,
            self.tr("To the overlay page, WebSocket and LSL"),
        )
        add_row(
            more,
            self.tr("Faces"),
            self.faces,
            self.tr("How many faces have a place; each keeps its own while it is in view"),
        )
        self.faces.setFixedWidth(96)
        self.box.addSpacing(4)
        self.box.addLayout(more)

    def _add(self, protocol: str, text: str, *where: QWidget) -> None:
        """A switch, where it sends to, and what is to be said about it."""
        switch = self.switches[protocol] = QCheckBox(text)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(switch)
        line.addStretch(1)
        for widget in where:
            line.addWidget(widget)
        said = self.said[protocol] = dim_label("")
        said.setContentsMargins(_INDENT, 0, 0, 0)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        both = QVBoxLayout()
        both.setSpacing(4)
        both.addLayout(line)
        both.addWidget(said)
        self.box.addLayout(both)

    def _add_address(self) -> None:
        self.address = QLineEdit()
        self.address.setReadOnly(True)
        self.address.setAccessibleName(self.tr("Address of the overlay page"))
        self.copy = QPushButton(self.tr("Copy"))
        self.copy.setToolTip(
            self.tr("Paste it in OBS as the address of a browser source; it holds a secret")
        )
        self.keep = QCheckBox(self.tr("The same address after the next start"))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.address, 1)
        line.addWidget(self.copy)
        self._address_part = QWidget()
        inside = QVBoxLayout(self._address_part)
        inside.setContentsMargins(_INDENT, 0, 0, 4)
        inside.setSpacing(8)
        inside.addLayout(line)
        inside.addWidget(self.keep)
        self.box.addWidget(self._address_part)

    def _wire(self) -> None:
        want = self.model.want
        for protocol, switch in self.switches.items():
            switch.toggled.connect(lambda on, protocol=protocol: want(**{protocol: on}))
        self.port.editingFinished.connect(lambda: self._want_changed(port=self.port.value()))
        self.osc_port.editingFinished.connect(
            lambda: self._want_changed(osc_port=self.osc_port.value())
        )
        self.host.editingFinished.connect(self._want_host)
        self.faces.valueChanged.connect(lambda count: want(faces=count))
        self.reach.activated.connect(lambda: want(network=self.reach.currentData()))
        self.keep.toggled.connect(lambda on: want(keep_token=on))
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(self.address.text()))
        self.model.changed.connect(self._show)

    def _want_host(self) -> None:
        self.host.setText(self.host.text().strip() or emit.LOOPBACK)
        self._want_changed(osc_host=self.host.text())

    def _want_changed(self, **values: object) -> None:
        """Fields say that they were left, too, when nothing was changed."""
        if any(getattr(self.model.wish, name) != value for name, value in values.items()):
            self.model.want(**values)

    def _show_wish(self) -> None:
        wish = self.model.wish
        for widget in (*self.switches.values(), self.keep, self.faces):
            widget.blockSignals(True)
        for protocol, switch in self.switches.items():
            switch.setChecked(getattr(wish, protocol))
        self.keep.setChecked(wish.keep_token)
        self.faces.setValue(wish.faces)
        for widget in (*self.switches.values(), self.keep, self.faces):
            widget.blockSignals(False)
        self.port.setValue(wish.port)
        self.host.setText(wish.osc_host)
        self.osc_port.setValue(wish.osc_port)
        self.reach.setCurrentIndex(self.reach.findData(wish.network))

    def _show(self) -> None:
        for protocol in PROTOCOLS:
            self._say(self.said[protocol], self.model.told(protocol))
        self._address_part.setVisible(self.model.wish.websocket)
        address = self.model.told("websocket").address
        self.address.setText(address)
        self.address.setCursorPosition(0)
        self.copy.setEnabled(bool(address))

    def _say(self, label: QLabel, told: Told) -> None:
        label.setText(told.text)
        label.setVisible(bool(told.text))
        name = "danger" if told.is_problem else "dim"
        if label.objectName() != name:
            label.setObjectName(name)
            label.style().unpolish(label)
            label.style().polish(label)


def _port(lowest: int) -> QSpinBox:
    made = QSpinBox()
    made.setRange(lowest, 65535)
    made.lineEdit().setTextMargins(7, 0, 0, 0)
    made.setFixedWidth(96)
    return made
