"""One session: its picture, its chart, and beside them faces, statistics and markers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSplitter, QTabWidget, QVBoxLayout, QWidget

from howifeel.desktop import theme
from howifeel.desktop.live.video_view import VideoView
from howifeel.desktop.review import described
from howifeel.desktop.review.chart_panel import ChartPanel
from howifeel.desktop.review.faces_view import FacesView
from howifeel.desktop.review.markers_view import MarkersView
from howifeel.desktop.review.opened import Opened
from howifeel.desktop.review.playback_model import PlaybackModel
from howifeel.desktop.review.session_bar import SessionBar
from howifeel.desktop.review.session_model import SessionModel
from howifeel.desktop.review.statistics_view import StatisticsView
from howifeel.desktop.review.transport_view import TransportView
from howifeel.live import Shot
from howifeel.session import Marker
from howifeel.timeline.statistics import Statistics

JUMP_S = 10.0


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
        self._counts: Statistics | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.bar = SessionBar()
        self.picture = VideoView()
        self.transport = TransportView(playback)
        self.panel = ChartPanel()
        self.chart = self.panel.chart
        self.faces = FacesView()
        self.statistics = StatisticsView()
        self.markers = MarkersView()
        self._build()
        self._wire()

    def retheme(self) -> None:
        """Take on the colours of the current theme."""
        for part in (self.bar, self.transport, self.panel, self.faces, self.markers):
            part.retheme()
        if self.model.current:
            self._show_ground(self.model.current)
        self.playback.redraw()

    # Building

    def _build(self) -> None:
        self.side = QTabWidget()
        self.side.setDocumentMode(True)
        self.side.tabBar().setDrawBase(False)
        self.side.addTab(self.faces, self.tr("Faces"))
        self.side.addTab(self.statistics, self.tr("Statistics"))
        self.side.addTab(self.markers, self.tr("Markers"))
        side = QFrame()
        side.setObjectName("panel")
        side.setMinimumWidth(280)
        side.setMaximumWidth(420)
        side_box = QVBoxLayout(side)
        side_box.setContentsMargins(1, 1, 1, 1)
        side_box.addWidget(self.side)
        top = QWidget()
        top_box = QVBoxLayout(top)
        top_box.setContentsMargins(0, 0, 0, 0)
        top_box.setSpacing(4)
        top_box.addWidget(self.picture, 1)
        top_box.addWidget(self.transport)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(top)
        left.addWidget(self.panel)
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
        box.addWidget(self.bar)
        box.addLayout(middle, 1)

    def _wire(self) -> None:
        model, playback = self.model, self.playback
        model.opened.connect(self._show)
        model.edited.connect(self._show_edits)
        model.closed.connect(lambda _: playback.close())
        model.chosen.connect(self._show_face)
        model.stretched.connect(self._show_stretch)
        model.counted.connect(self._show_counts)
        playback.moved.connect(self._show_position)
        playback.shown.connect(self._show_shot)
        playback.problem.connect(self.picture.set_message)
        self.picture.face_clicked.connect(model.choose)
        self.panel.chosen.connect(model.choose)
        self.chart.sought.connect(playback.seek)
        self.chart.stretched.connect(model.select)
        self.faces.chosen.connect(model.choose)
        self.faces.named.connect(model.name_face)
        self.faces.doomed.connect(self._delete_face)
        self.statistics.everything.connect(model.select_all)
        self.transport.marker.clicked.connect(self.mark)
        self.markers.added.connect(self.mark)
        self.markers.sought.connect(playback.seek)
        self.markers.edited.connect(model.edit_marker)
        self.markers.doomed.connect(model.delete_marker)
        self.bar.left.connect(self.left)
        self.bar.renamed.connect(model.rename)
        self.bar.doomed.connect(self._delete)
        for area in (self.faces, self.statistics, self.markers.table):
            area.installEventFilter(self)

    # Doing

    def mark(self) -> None:
        """Mark the moment that is shown, and let the person say what it is."""
        info = self.model.info
        if info is None:
            return
        self.playback.pause()
        text = self.tr("Marker {}").format(len(info.markers) + 1)
        marker = Marker(round(self.playback.position_s, 3), text)
        self.model.add_marker(marker)
        self.side.setCurrentWidget(self.markers)
        self.markers.edit(marker)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of a player, wherever a part of the page has no use of its own for them."""
        playback, model, key = self.playback, self.model, Qt.Key
        now, last = playback.position_s, playback.last_s
        begin, end = model.stretch or (now, last)
        actions = {
            key.Key_Space: playback.toggle,
            key.Key_Left: lambda: playback.step(-1),
            key.Key_Right: lambda: playback.step(1),
            key.Key_Home: lambda: playback.seek(0),
            key.Key_End: lambda: playback.seek(last),
            key.Key_PageUp: lambda: playback.seek(now - JUMP_S),
            key.Key_PageDown: lambda: playback.seek(now + JUMP_S),
            key.Key_BracketLeft: lambda: self.transport.change_speed(-1),
            key.Key_BracketRight: lambda: self.transport.change_speed(1),
            key.Key_K: self.mark,
            key.Key_I: lambda: model.select(now, end if end > now else last),
            key.Key_O: lambda: model.select(begin if begin < now else 0.0, now),
            key.Key_Escape: model.select_all,
            key.Key_Plus: self.panel.closer.click,
            key.Key_Minus: self.panel.farther.click,
            key.Key_0: self.panel.whole.click,
            key.Key_F2: self.bar.ask_name,
        }
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        held &= ~Qt.KeyboardModifier.ShiftModifier
        if held == Qt.KeyboardModifier.AltModifier and event.key() == key.Key_Left:
            self.left.emit()
        elif held == Qt.KeyboardModifier.NoModifier and event.key() in actions:
            actions[Qt.Key(event.key())]()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll areas and tables would eat the keys that step."""
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
        self._counts = None
        self.chart.show_session(opened)
        self.faces.show_session(opened)
        self.transport.show_session(opened)
        self._show_edits(opened)
        self.picture.set_message(self._lost_film(opened))
        self.picture.clear()
        self._show_ground(opened)
        self.playback.open(opened)
        self.setFocus()

    def _lost_film(self, opened: Opened) -> str:
        """What to say where there was a film."""
        file = opened.info.source_file
        if opened.session.video:
            return ""
        if opened.info.picture != "none":
            return self.tr("The film of this session is lost, so only the numbers are shown.")
        if file is None:
            return ""
        text = self.tr("{} is no longer where it was, so only the numbers are shown.")
        return text.format(file.name)

    def _show_ground(self, opened: Opened) -> None:
        staged = opened.session.video is None
        self.picture.ground = theme.current().window if staged else "#000000"

    def _show_edits(self, opened: Opened) -> None:
        info = opened.info
        self.bar.show_session(opened)
        self.chart.show_markers(info.markers)
        self.markers.show_markers(info.markers, opened.begin_s)
        self.transport.scrub.show_edits(opened)
        self.faces.show_names(opened)
        self.picture.names = dict(info.names)
        self.panel.show_names(opened, self.model.track)
        self.picture.update()
        self._show_statistics()

    def _show_face(self, track: int | None) -> None:
        opened = self.model.current
        if opened is None:
            return
        self.picture.chosen = track
        self.faces.show_chosen(track)
        self.panel.show_face(opened, track)
        self.transport.scrub.show_face(opened.face(track))
        self._show_statistics()
        if self.picture.shot:
            self._show_shot(self.picture.shot)

    def _show_stretch(self, stretch: tuple[float, float] | None) -> None:
        self.chart.show_stretch(stretch)
        self.transport.scrub.show_stretch(stretch)
        self.bar.export.show_stretch(stretch)
        if stretch:
            self.side.setCurrentWidget(self.statistics)
        self._show_statistics()

    def _show_statistics(self) -> None:
        opened, track, stretch = self.model.current, self.model.track, self.model.stretch
        if opened is None:
            return
        name = "" if track is None else described.face(opened.info, track)
        shown = (stretch[0] - opened.begin_s, stretch[1] - opened.begin_s) if stretch else None
        self.statistics.show_statistics(name, track, shown, self._counts)

    def _show_counts(self, counts: Statistics) -> None:
        self._counts = counts
        self._show_statistics()

    def _show_position(self, time_s: float) -> None:
        self.chart.show_position(time_s, follow=self.playback.is_playing)

    def _show_shot(self, shot: Shot) -> None:
        self.picture.show_shot(shot)
        self.panel.show_moment(shot.moment, self.model.track)
