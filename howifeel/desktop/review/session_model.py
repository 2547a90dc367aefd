"""What the page of one session knows and does, without drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from howifeel.desktop.background import Background
from howifeel.desktop.review import opened as sessions
from howifeel.desktop.review.opened import FaceSeries, Opened
from howifeel.errors import HowIFeelError
from howifeel.live import Task
from howifeel.session import Marker, SessionInfo, Store
from howifeel.timeline.statistics import statistics

SHORTEST_STRETCH_S = 0.05
READING_S = 0.2
"""Work that only reads is waited for so long when the window closes."""

COUNT_AFTER_MS = 80
"""Statistics wait until the mouse rests for so long."""


class SessionModel(QObject):
    """One session, opened: the face and the stretch that were chosen, and every edit.

    Signals:
        opened: an `Opened` to show.
        edited: the same `Opened` with another name, other names of faces, or other markers.
        closed: the session is no longer open; the id that was deleted, or "".
        chosen: track of the face that was chosen; None for none.
        stretched: what was selected, (begin, end) in seconds; None for everything.
        counted: the `Statistics` of what is selected, soon after it was.
        working: what takes a while, as a sentence; "" when it is over.
        progressed: the share of it that is done, 0 to 1; -1 where that is unknown.
        told: a sentence on what was done after its session was left.
        failed: a sentence.
    """

    opened = Signal(object)
    edited = Signal(object)
    closed = Signal(str)
    chosen = Signal(object)
    stretched = Signal(object)
    counted = Signal(object)
    working = Signal(str)
    progressed = Signal(float)
    told = Signal(str)
    failed = Signal(str)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.current: Opened | None = None
        self.track: int | None = None
        self.stretch: tuple[float, float] | None = None
        self._wanted = ""
        self._opening = Background(self)
        self._deleting = Background(self)
        self._deleting.progressed.connect(self._show_progress)
        self._deleting.ended.connect(self._open_wanted)
        self._counting = Background(self)
        self._count_soon = QTimer(self)
        self._count_soon.setSingleShot(True)
        self._count_soon.setInterval(COUNT_AFTER_MS)
        self._count_soon.timeout.connect(self._count)

    @property
    def info(self) -> SessionInfo | None:
        """What is known about the open session."""
        return self.current.info if self.current else None

    @property
    def face(self) -> FaceSeries | None:
        """The readings of the chosen face."""
        return self.current.face(self.track) if self.current else None

    def open(self, id: str) -> None:
        """Open a session in the background, as soon as no face is being deleted any more."""
        self.close()
        self._wanted = id
        self.working.emit(self.tr("Opening …"))
        if not self._deleting.busy:
            self._open_wanted()

    def close(self) -> None:
        """Close the session, if one is open; how a deletion ends that this stops is told."""
        if self._wanted or self._opening.busy or self._deleting.busy:
            self.working.emit("")
        self._wanted = ""
        self._opening.stop()
        self._deleting.cancel()
        self._count_soon.stop()
        self._counting.stop()
        if self.current:
            self.current = self.track = self.stretch = None
            self.closed.emit("")

    def close_all(self) -> None:
        """End what runs, within two seconds."""
        self._deleting.close()
        self._opening.close(READING_S)
        self._counting.close(READING_S)
        self.close()

    def choose(self, track: int | None) -> None:
        """Show this face."""
        if self.current and track != self.track and (track is None or self.current.face(track)):
            self.track = track
            self.chosen.emit(track)

    def select(self, begin_s: float, end_s: float) -> None:
        """Select a stretch; what is too short selects everything."""
        if self.current is None:
            return
        begin_s, end_s = max(begin_s, self.current.begin_s), min(end_s, self.current.end_s)
        stretch = (begin_s, end_s) if end_s - begin_s >= SHORTEST_STRETCH_S else None
        if stretch != self.stretch:
            self.stretch = stretch
            self.stretched.emit(stretch)
            self._count_soon.start()

    def select_all(self) -> None:
        """Select everything."""
        self.select(0.0, 0.0)

    def rename(self, name: str) -> None:
        """Call the session something else."""
        self._edit(lambda id: self.store.rename(id, name))

    def name_face(self, track: int, name: str) -> None:
        """Give a face a name; an empty one takes it away."""
        self._edit(lambda id: self.store.name_face(id, track, name))

    def add_marker(self, marker: Marker) -> None:
        """Mark a moment."""
        if self.info:
            self._set_markers((*self.info.markers, marker))

    def edit_marker(self, old: Marker, new: Marker) -> None:
        """Change a marker."""
        if self.info:
            self._set_markers(new if each == old else each for each in self.info.markers)

    def delete_marker(self, marker: Marker) -> None:
        """Take a marker away."""
        if self.info:
            self._set_markers(each for each in self.info.markers if each != marker)

    def delete_face(self, track: int) -> None:
        """Delete all readings of a face, and hide it in a kept video, in the background."""
        if self.info is None:
            return
        if self._deleting.busy:
            self.failed.emit(self.tr("Wait until the other face is deleted."))
            return
        id, name = self.info.id, self.info.face_name(track)
        self.working.emit(self.tr("Deleting “{}” …").format(name))
        self._deleting.run(
            lambda task: self._delete_face(task, id, track),
            lambda opened: self._deleted(opened, name),
            self._fail_to_delete,
        )

    def delete(self) -> None:
        """Delete the session."""
        if self.info is None:
            return
        id = self.info.id
        self._deleting.stop()
        try:
            self.store.delete(id)
        except HowIFeelError as error:
            self.failed.emit(str(error))
            return
        self.current = self.track = self.stretch = None
        self.closed.emit(id)

    def _delete_face(self, task: Task[Opened | None], id: str, track: int) -> Opened | None:
        """Runs beside the window; None where it was stopped, and then all is as before."""
        try:
            self.store.delete_face(id, track, lambda share: _go_on(task, share))
        except _StoppedError:
            return None
        return self._load(id)

    def _deleted(self, opened: Opened | None, name: str) -> None:
        if opened is None:
            self.failed.emit(self.tr("“{}” was not deleted, because you left.").format(name))
        elif self.info and self.info.id == opened.info.id:
            self._show(opened)
        else:
            self.told.emit(self.tr("“{}” was deleted before you left.").format(name))

    def _show_progress(self, share: float) -> None:
        if self.current:
            self.progressed.emit(share)

    def _open_wanted(self) -> None:
        id, self._wanted = self._wanted, ""
        if id:
            self._opening.run(lambda task: self._load(id), self._show, self._fail_to_open)

    def _load(self, id: str) -> Opened:
        return sessions.prepare(self.store.open(id))

    def _show(self, opened: Opened) -> None:
        self.working.emit("")
        self.current, self.stretch = opened, None
        self.track = opened.faces[0].track if opened.faces else None
        self.opened.emit(opened)
        self.stretched.emit(None)
        QTimer.singleShot(0, self._choose_first)
        self._count_soon.start()

    def _choose_first(self) -> None:
        """Told apart from `opened`, so that the window is never busy for long."""
        if self.current:
            self.chosen.emit(self.track)

    def _count(self) -> None:
        if self.current:
            table, stretch = self.current.session.table, self.stretch or (None, None)
            self._counting.run(
                lambda task: statistics(table, *stretch), self.counted.emit, self._fail
            )

    def _fail(self, sentence: str) -> None:
        self.working.emit("")
        self.failed.emit(sentence)

    def _fail_to_delete(self, sentence: str) -> None:
        self._fail(sentence)
        if self.current:
            self.opened.emit(self.current)
            self._choose_first()

    def _fail_to_open(self, sentence: str) -> None:
        self._fail(sentence)
        self.closed.emit("")

    def _set_markers(self, markers: Iterable[Marker]) -> None:
        made = tuple(sorted(markers))
        self._edit(lambda id: self.store.set_markers(id, made))

    def _edit(self, edit: Callable[[str], SessionInfo]) -> None:
        if self.current is None:
            return
        try:
            info = edit(self.current.info.id)
        except HowIFeelError as error:
            self.failed.emit(str(error))
            return
        self.current = self.current.with_info(info)
        self.edited.emit(self.current)


class _StoppedError(Exception):
    """The session was left, or the window closes."""


def _go_on(task: Task[Opened | None], share: float) -> None:
    """Tell how far the work is, and end it when it is stopped."""
    task.report(share)
    if task.stopped():
        raise _StoppedError
