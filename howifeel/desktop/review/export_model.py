"""Writes an opened session as files for others, beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QObject, QRectF, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from howifeel import files, report
from howifeel.desktop.background import Background
from howifeel.errors import OutputError
from howifeel.live import Task
from howifeel.session import Session, Store
from howifeel.session.export import Wish, export, subject

PNG_SCALE = 2


class Kind(NamedTuple):
    """Something that can be exported: its suffix, and whether it needs a picture."""

    suffix: str
    needs_video: bool = False


KINDS = {
    "csv": Kind(".csv"),
    "parquet": Kind(".parquet"),
    "jsonl": Kind(".jsonl"),
    "srt": Kind(".srt"),
    "png": Kind(".png"),
    "svg": Kind(".svg"),
    "report": Kind(".html"),
    "film": Kind(".mp4", needs_video=True),
}


class CancelledError(Exception):
    """The user ended the work; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class _Order:
    session: Session
    target: Path
    wish: Wish
    force: bool


class ExportModel(QObject):
    """One export at a time.

    Signals:
        started: name of the file.
        progressed: the share that is done, 0 to 1; -1 where that is unknown.
        written: path of the file that now exists.
        cancelled: nothing was written.
        failed: a sentence.
    """

    started = Signal(str)
    progressed = Signal(float)
    written = Signal(object)
    cancelled = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = Background(self)
        self._work.progressed.connect(self.progressed)

    @property
    def busy(self) -> bool:
        """Whether an export is running."""
        return self._work.busy

    def export(self, session: Session, target: Path, wish: Wish, *, force: bool = False) -> None:
        """Write a file; its suffix decides what. With `force`, files that exist are replaced."""
        if self._is_free():
            order = _Order(session, target, wish, force)
            self.started.emit(target.name)
            self._work.run(lambda task: _write(order, task), self._done, self.failed.emit)

    def report(
        self, store: Store, ids: Sequence[str], target: Path, *, force: bool = False
    ) -> None:
        """Write one report about several sessions, which compares them; see `export`."""
        if self._is_free():
            self.started.emit(target.name)
            self._work.run(
                lambda task: _write_report(store, ids, target, force, task),
                self._done,
                self.failed.emit,
            )

    def cancel(self) -> None:
        """End the export; nothing of it is kept."""
        self._work.cancel()

    def close(self) -> None:
        """End what runs, because the window closes."""
        self._work.close()

    def _is_free(self) -> bool:
        if self.busy:
            self.failed.emit(self.tr("Wait until the export that runs is done, or cancel it."))
        return not self.busy

    def _done(self, path: Path | None) -> None:
        if path:
            self.written.emit(path)
        else:
            self.cancelled.emit()


def _write(order: _Order, task: Task[Path | None]) -> Path | None:
    def progress(share: float) -> None:
        task.report(share)
        if task.stopped():
            raise CancelledError

    try:
        if order.target.suffix.lower() == ".png":
            _write_png(order)
        else:
            export(
                order.session,
                order.target,
                order.wish,
                force=order.force,
                on_progress=progress,
            )
    except CancelledError:
        return None
    return order.target


def _write_report(
    store: Store, ids: Sequence[str], target: Path, force: bool, task: Task[Path | None]
) -> Path | None:
    subjects = []
    for number, id in enumerate(ids):
        if task.stopped():
            return None
        task.report(number / (len(ids) + 1))
        subjects.append(subject(store.open(id)))
    with files.atomic(target, force=force) as unfinished:
        report.write(unfinished, subjects)
    return target


def _write_png(order: _Order) -> None:
    """Paint the chart, which is drawn as SVG, in twice its size."""
    with files.atomic(order.target, force=order.force) as unfinished:
        drawing = unfinished.with_suffix(".svg")
        try:
            export(order.session, drawing, order.wish)
            image = painted(drawing.read_bytes())
        finally:
            drawing.unlink(missing_ok=True)
        if not image.save(str(unfinished)):
            raise OutputError(f"Cannot write {order.target}; choose another folder.")


def painted(svg: bytes) -> QImage:
    """An SVG drawing as a picture in twice its size."""
    renderer = QSvgRenderer(QByteArray(svg))
    image = QImage(renderer.defaultSize() * PNG_SCALE, QImage.Format.Format_ARGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image
