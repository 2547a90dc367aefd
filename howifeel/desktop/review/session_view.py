"""One session: its picture, its chart, and beside them faces, statistics and markers."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QPushButton,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from howifeel import emotions
from howifeel.desktop import icons, theme
from howifeel.desktop.live.video_view import VideoView
from howifeel.desktop.review import described, statistics
from howifeel.desktop.review.chart_view import ChartView
from howifeel.desktop.review.faces_view import FacesView
from howifeel.desktop.review.legend_view import LegendView
from howifeel.desktop.review.markers_view import MarkersView
from howifeel.desktop.review.opened import Opened
from howifeel.desktop.review.playback_model import PlaybackModel
from howifeel.desktop.review.session_model import SessionModel
from howifeel.desktop.review.statistics_view import StatisticsView
from howifeel.desktop.review.transport_view import TransportView
from howifeel.live import Shot
from howifeel.session import Marker

ZOOM_STEP = 1.6


class SessionView(QWidget):
    """Wires `SessionModel` and `PlaybackModel` to their widgets.

    Signals:
        left: the person wants to see the list of sessions.
    """

    left = Signal()

    def __init__(
        self, model: SessionModel, playback: PlaybackModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model, self.playback = model, playback
        self._icons: dict[QPushButton | QToolButton, str] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.picture = VideoView()
        self.transport = TransportView(playback)
        self.chart = ChartView()
        self.legend = LegendView()
        self.faces = FacesView()
        self.statistics = StatisticsView()
        self.markers = MarkersView()
        self.face = QComboBox()
        self._build()
        self._wire()
        self.retheme()

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        look = theme.current()
        for button, name in self._icons.items():
            button.setIcon(icons.icon(name, look.text))
        for part in (self.transport, self.chart, self.legend, self.faces, self.markers):
            part.retheme()
        self.playback.redraw()

    # Building

    def _build(self) -> None:
        self.side = QTabWidget()
        self.side.setDocumentMode(True)
        self.side.addTab(self.faces, self.tr("Faces"))
        self.side.addTab(self.statistics, self.tr("Statistics"))
        self.side.addTab(self.markers, self.tr("Markers"))
        side = _panel(self.side, 1)
        side.setMinimumWidth(280)
        side.setMaximumWidth(420)
        top = QWidget()
        top_box = QVBoxLayout(top)
        top_box.setContentsMargins(0, 0, 0, 0)
        top_box.setSpacing(4)
        top_box.addWidget(self.picture, 1)
        top_box.addWidget(self.transport)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(top)
        left.addWidget(_panel(self._chart_part(), 6))
        left.setStretchFactor(0, 1)
        left.setSizes([460, 210])
        left.setChildrenCollapsible(False)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(side)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([880, 310])
        self.splitter.setChildrenCollapsible(False)
        middle = QVBoxLayout()
        middle.setContentsMargins(10, 10, 10, 10)
        middle.addWidget(self.splitter)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._bar())
        box.addLayout(middle, 1)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("bar")
        self.bar_box = QHBoxLayout(bar)
        self.bar_box.setContentsMargins(10, 8, 10, 8)
        self.bar_box.setSpacing(8)
        self.back = self._tool("back", self.tr("Back to the sessions (Alt+Left)"))
        self.back.clicked.connect(self.left)
        self.name = QLabel()
        self.name.setFont(theme.sized(self.font(), 1.2, bold=True))
        self.about = QLabel()
        self.about.setObjectName("dim")
        self.about.setMinimumWidth(40)
        self.rename = self._tool("pencil", self.tr("Rename this session (F2)"))
        self.delete = self._tool("trash", self.tr("Delete this session …"))
        self.bar_box.addWidget(self.back)
        self.bar_box.addWidget(self.name)
        self.bar_box.addWidget(self.rename)
        self.bar_box.addSpacing(6)
        self.bar_box.addWidget(self.about, 1)
        self.bar_box.addWidget(self.delete)
        return bar

    def _chart_part(self) -> QWidget:
        self.face.setAccessibleName(self.tr("Face in the chart"))
        self.face.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.face.setMinimumWidth(110)
        self.face.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.doing = QLabel()
        self.doing.setObjectName("dim")
        self.closer = self._tool("plus", self.tr("Zoom in (+)"))
        self.farther = self._tool("minus", self.tr("Zoom out (-)"))
        self.whole = self._tool("whole", self.tr("Show the whole session (0)"))
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(self.face)
        head.addSpacing(6)
        head.addWidget(self.doing, 1)
        for button in (self.closer, self.farther, self.whole):
            head.addWidget(button)
        body = QHBoxLayout()
        body.setSpacing(2)
        body.addWidget(self.chart, 1)
        body.addWidget(self.legend)
        part = QWidget()
        box = QVBoxLayout(part)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addLayout(head)
        box.addLayout(body, 1)
        return part

    def _tool(self, icon: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("flat")
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        self._icons[button] = icon
        return button

    def _wire(self) -> None:
        model, playback = self.model, self.playback
        model.opened.connect(self._show)
        model.edited.connect(self._show_edits)
        model.closed.connect(lambda _: playback.close())
        model.chosen.connect(self._show_face)
        model.stretched.connect(self._show_stretch)
        playback.moved.connect(self._show_position)
        playback.shown.connect(self._show_shot)
        playback.problem.connect(self.picture.set_message)
        self.picture.face_clicked.connect(model.choose)
        self.chart.sought.connect(playback.seek)
        self.chart.stretched.connect(model.select)
        self.legend.switched.connect(self.chart.show_expression)
        self.face.activated.connect(lambda i: model.choose(self.face.itemData(i)))
        self.faces.chosen.connect(model.choose)
        self.faces.named.connect(model.name_face)
        self.faces.doomed.connect(self._delete_face)
        self.statistics.everything.connect(model.select_all)
        self.markers.added.connect(self.mark)
        self.transport.marker.clicked.connect(self.mark)
        self.markers.sought.connect(playback.seek)
        self.markers.edited.connect(model.edit_marker)
        self.markers.doomed.connect(model.delete_marker)
        self.closer.clicked.connect(lambda: self.chart.zoom(ZOOM_STEP))
        self.farther.clicked.connect(lambda: self.chart.zoom(1 / ZOOM_STEP))
        self.whole.clicked.connect(self.chart.zoom_out)
        self.rename.clicked.connect(self._rename)
        self.delete.clicked.connect(self._delete)
        for area in (self.faces, self.statistics, self.markers.table):
            area.installEventFilter(self)

    # Doing

    def mark(self) -> None:
        """Mark the moment that is shown, and let the person say what it is."""
        info = self.model.info
        if info is None:
            return
        text = self.tr("Marker {}").format(len(info.markers) + 1)
        marker = Marker(round(self.playback.position_s, 3), text)
        self.model.add_marker(marker.time_s, marker.text)
        self.side.setCurrentWidget(self.markers)
        self.markers.edit(marker)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of a player, wherever a part of the page has no use of its own for them."""
        playback, model, key = self.playback, self.model, Qt.Key
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        now = playback.position_s
        stretch = model.stretch or (now, playback.last_s)
        actions = {
            key.Key_Space: playback.toggle,
            key.Key_Left: lambda: playback.step(-1),
            key.Key_Right: lambda: playback.step(1),
            key.Key_Home: lambda: playback.seek(0),
            key.Key_End: lambda: playback.seek(playback.last_s),
            key.Key_PageUp: lambda: playback.seek(now - 10),
            key.Key_PageDown: lambda: playback.seek(now + 10),
            key.Key_BracketLeft: lambda: self.transport.change_speed(-1),
            key.Key_BracketRight: lambda: self.transport.change_speed(1),
            key.Key_K: self.mark,
            key.Key_I: lambda: model.select(now, max(now, stretch[1])),
            key.Key_O: lambda: model.select(min(stretch[0], now), now),
            key.Key_Escape: model.select_all,
            key.Key_Plus: self.closer.click,
            key.Key_Minus: self.farther.click,
            key.Key_0: self.whole.click,
            key.Key_F2: self._rename,
        }
        if alt and event.key() == key.Key_Left:
            self.left.emit()
        elif not (ctrl or alt) and event.key() in actions:
            actions[Qt.Key(event.key())]()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll areas and tables would eat the keys that step and play."""
        steps = (Qt.Key.Key_Left, Qt.Key.Key_Right)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() not in steps:
                return False
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        """The keys are meant for the player."""
        super().showEvent(event)
        self.setFocus()

    def _rename(self) -> None:
        info = self.model.info
        if info is None:
            return
        name, good = QInputDialog.getText(
            self, self.tr("Rename"), self.tr("Name of the session:"), text=info.name
        )
        if good:
            self.model.rename(name)

    def _delete(self) -> None:
        info = self.model.info
        if info and described.confirmed(self, described.doom_of_session(info)):
            self.playback.close()
            self.model.delete()

    def _delete_face(self, track: int) -> None:
        info = self.model.info
        if info and described.confirmed(self, described.doom_of_face(info, track)):
            self.playback.close()
            self.model.delete_face(track)

    # Showing

    def _show(self, opened: Opened) -> None:
        self.chart.show_session(opened)
        self.faces.show_session(opened)
        self.transport.show_session(opened)
        self._show_edits(opened)
        self.picture.set_message("")
        self.picture.clear()
        self.playback.open(opened)
        self.setFocus()

    def _show_edits(self, opened: Opened) -> None:
        info = opened.info
        self.name.setText(info.name)
        self.about.setText(described.about(info))
        self.about.setToolTip(described.origin(info))
        self.chart.show_markers(info.markers)
        self.markers.show_markers(info.markers, opened.begin_s)
        self.transport.scrub.show_session(opened)
        self.faces.show_names(opened)
        self.picture.names = dict(info.names)
        self.face.clear()
        for face in opened.faces:
            self.face.addItem(info.names.get(face.track) or self._number(face.track), face.track)
        self.face.setEnabled(bool(opened.faces))
        self.face.setCurrentIndex(self.face.findData(self.model.track))
        self._show_statistics()
        if self.playback.opened:
            self.playback.update(opened)

    def _show_face(self, track: int | None) -> None:
        face = self.model.face
        self.picture.chosen = track
        self.picture.update()
        self.face.setCurrentIndex(self.face.findData(track))
        self.faces.show_chosen(track)
        self.chart.show_face(face)
        self.transport.scrub.show_face(face)
        self._show_statistics()
        self._show_position(self.playback.position_s)

    def _show_stretch(self, stretch: tuple[float, float] | None) -> None:
        self.chart.show_stretch(stretch)
        self.transport.scrub.show_stretch(stretch)
        if stretch:
            self.side.setCurrentWidget(self.statistics)
        self._show_statistics()

    def _show_statistics(self) -> None:
        opened = self.model.current
        if opened is None:
            return
        stretch = self.model.stretch
        begin_s, end_s = stretch or (opened.begin_s, opened.end_s)
        numbers = statistics.of(opened.session.table, self.model.track, begin_s, end_s)
        shown = (begin_s - opened.begin_s, end_s - opened.begin_s) if stretch else None
        self.statistics.show_statistics(self._name_of(self.model.track), shown, numbers)

    def _show_position(self, time_s: float) -> None:
        self.chart.show_position(time_s, follow=self.playback.is_playing)

    def _show_shot(self, shot: Shot) -> None:
        self.picture.show_shot(shot)
        probs = (math.nan,) * len(emotions.NAMES)
        doing = described.gap(shot.moment.gap) if shot.moment.gap else self.tr("not read here")
        for reading in shot.moment.readings:
            if reading.face.track == self.model.track:
                probs = reading.probs
                doing = described.reading(reading)
        self.legend.show_probs(probs)
        self.doing.setText(doing)

    def _name_of(self, track: int | None) -> str:
        info = self.model.info
        if info is None or track is None:
            return ""
        return info.names.get(track) or self._number(track)

    def _number(self, track: int) -> str:
        return self.tr("Face {}").format(track)


def _panel(inside: QWidget, margin: int) -> QFrame:
    panel = QFrame()
    panel.setObjectName("panel")
    box = QVBoxLayout(panel)
    box.setContentsMargins(margin, margin, margin, margin)
    box.addWidget(inside)
    return panel
