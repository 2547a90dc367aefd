"""A folder of sessions."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from howifeel import files, lock, untrusted
from howifeel.errors import OutputError, SourceError
from howifeel.session import folder as names
from howifeel.session import imports
from howifeel.session.erase import erase
from howifeel.session.finish import counted, recover_part
from howifeel.session.info import Picture, SessionInfo, read_info, write_info
from howifeel.session.recorder import Recorder
from howifeel.session.session import Session
from howifeel.timeline import Marker, read_table, write_table
from howifeel.types import Provenance
from howifeel.video import SourceInfo

_DELETED = ".deleted"


class Store:
    """The sessions in one folder, which is made when the first one is recorded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def list(self) -> tuple[SessionInfo, ...]:
        """All sessions, newest first; see `damaged` for what cannot be read."""
        return self._scan()[0]

    def damaged(self) -> tuple[str, ...]:
        """Folders that look like sessions but cannot be read, by name."""
        return self._scan()[1]

    def open(self, id: str) -> Session:
        """Open a session.

        Raises:
            SourceError: there is none of this name, or it is damaged.
        """
        folder, info = self._existing(id), self.info(id)
        table = read_table(folder / names.TABLE)
        if info.picture != "none":
            kept = folder / names.VIDEO
            return Session(info, table, kept if kept.is_file() else None, 0.0, folder)
        file = info.source_file if info.source_file and info.source_file.is_file() else None
        return Session(info, table, file, info.offset_s, folder)

    def info(self, id: str) -> SessionInfo:
        """What is known about a session.

        Raises:
            SourceError: there is none of this name, or it is damaged.
        """
        folder = self._existing(id)
        try:
            if names.has_links(folder):
                raise SourceError(
                    f"The session {id} holds links; put copies of the files in their place."
                )
            return replace(read_info(folder / names.INFO), id=folder.name)
        except (OSError, ValueError) as error:
            raise SourceError(f"The session {id} is damaged: {untrusted.reason(error)}.") from error

    def record(
        self,
        name: str,
        source: SourceInfo,
        provenance: Provenance,
        picture: Picture = "none",
        consent: str = "",
        sound_from: Path | None = None,
    ) -> Recorder:
        """Begin to record.

        Args:
            name: what to show; the source's name where it is empty.
            source: what is recorded.
            provenance: model, detector, settings and version.
            picture: what to keep of it. "blurred" hides every face.
            consent: the sentence that was agreed to.
            sound_from: the file, where the source is one. Its sound is kept with the picture,
                and a session without pictures refers to it.

        Raises:
            OutputError: the folder cannot be written.
        """
        name = name.strip() or source.name
        info = self._blank(name, source.name, provenance, picture, consent, sound_from)
        return Recorder(names.part_of(self.folder / info.id), info, source)

    def import_timeline(self, path: Path, video: Path | None = None, name: str = "") -> str:
        """Make a session of an analysed file, such as `howifeel-video --timeline` writes.

        Args:
            path: a .csv, .jsonl or .parquet timeline; what lies beside it as .json is read too.
            video: what was analysed, or its annotated copy; the session only refers to it.
            name: what to show; the file's name where it is empty.

        Returns:
            The session's id.

        Raises:
            SettingsError: the suffix names no format that can be read.
            SourceError: the file cannot be read or is no timeline.
            OutputError: the session cannot be written.
        """
        table, origin = imports.read(path)
        name = name.strip() or path.stem
        source = video.name if video else Path(origin.source).name
        blank = self._blank(name, source, origin, "none", "", video)
        info = counted(blank, table)
        part = names.part_of(self.folder / info.id)
        with names.output_errors(self.folder), ExitStack() as stack:
            names.make(self.folder)
            stack.callback(names.lock_of(part).unlink, missing_ok=True)
            if held := names.hold(part):
                stack.enter_context(held)
            part.mkdir(mode=0o700)
            stack.callback(shutil.rmtree, part, ignore_errors=True)
            write_table(part / names.TABLE, table)
            write_info(part / names.INFO, info)
            part.rename(self.folder / info.id)
        return info.id

    def recover(self) -> tuple[str, ...]:
        """Make sessions of recordings that ended abruptly, and remove what is left of deleted ones.

        Recordings that are still running, in this program or another, are left alone, and so are
        those that hold links: another file could be overwritten.

        Returns:
            The ids of the sessions.

        Raises:
            OutputError: a session cannot be written.
        """
        found = []
        with names.output_errors(self.folder):
            for rest in self._hidden(_DELETED):
                shutil.rmtree(rest, ignore_errors=True)
            for part in self._hidden(".part"):
                if names.has_links(part) or names.lock_of(part).is_symlink():
                    continue
                held = lock.acquire(names.lock_of(part))
                if held is None:
                    continue
                with held:
                    info = recover_part(part)
                names.lock_of(part).unlink()
                if info:
                    found.append(info.id)
        return tuple(found)

    def delete(self, id: str) -> None:
        """Delete a session and everything that it keeps; a file that it refers to stays.

        Raises:
            SourceError: there is none of this name.
            OutputError: it cannot be deleted.
        """
        folder = self._existing(id)
        with names.output_errors(self.folder):
            doomed = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}{_DELETED}")
            folder.rename(doomed)
            if doomed.is_symlink():
                doomed.unlink()
            else:
                shutil.rmtree(doomed)

    def rename(self, id: str, name: str) -> SessionInfo:
        """Change what a session is called; its id stays.

        Raises:
            SourceError, OutputError: see `info`; it cannot be written, or the name is empty.
        """
        if not name.strip():
            raise OutputError("A session needs a name; type at least one letter.")
        return self._update(id, name=name.strip())

    def name_face(self, id: str, track: int, name: str) -> SessionInfo:
        """Give a face a name; an empty one takes it away.

        Raises:
            SourceError, OutputError: see `info`; it cannot be written.
        """
        kept = {t: n for t, n in self.info(id).names.items() if t != track}
        given = {track: name.strip()} if name.strip() else {}
        return self._update(id, names=kept | given)

    def delete_face(
        self, id: str, track: int, on_progress: Callable[[float], None] = lambda share: None
    ) -> SessionInfo:
        """Delete a face from a session: its rows, its name, and its look in a kept video.

        In frames where it was the only face the timeline says "deleted". It is blurred in the
        video where its readings were, and a second around them, but not where it was not read;
        a file that the session only refers to stays as it is. When this fails, everything is as
        it was, or at most the face is blurred and still in the timeline.

        Args:
            id: the session.
            track: the face.
            on_progress: called with the share that is done, 0 to 1, the last time before the
                timeline is written; an exception that it raises ends the work.

        Raises:
            SourceError, OutputError: see `info`; there is no such face; it cannot be written.
        """
        session = self.open(id)
        info, folder, table = session.info, session.folder, session.table
        if track not in table.tracks:
            raise SourceError(f"The session {info.name} has no face {track}; it may be deleted.")
        with names.output_errors(self.folder):
            if session.video and session.keeps_video and info.picture == "full":
                with files.atomic(session.video, force=True) as unfinished:
                    erase(session.video, unfinished, table.of_track(track), on_progress)
            remaining = table.without_track(track)
            on_progress(1.0)
            with files.atomic(folder / names.TABLE, force=True) as unfinished:
                write_table(unfinished, remaining)
            info = self.info(id)  # it may have been edited while the video was written
            return self._update(
                id,
                names={t: name for t, name in info.names.items() if t != track},
                baselines={t: values for t, values in info.baselines.items() if t != track},
                faces=len(remaining.tracks),
            )

    def set_markers(self, id: str, markers: Iterable[Marker]) -> SessionInfo:
        """Replace all markers.

        Raises:
            SourceError, OutputError: see `info`; it cannot be written.
        """
        return self._update(id, markers=tuple(sorted(markers)))

    def _blank(
        self,
        name: str,
        source: str,
        provenance: Provenance,
        picture: Picture,
        consent: str,
        file: Path | None,
    ) -> SessionInfo:
        """What is known before the first frame."""
        return SessionInfo(
            id=self._new_id(name),
            name=name,
            started=datetime.now().astimezone().isoformat(timespec="seconds"),
            source=source,
            duration_s=0.0,
            frames=0,
            faces=0,
            picture=picture,
            consent=consent,
            provenance=provenance,
            source_file=file.absolute() if file else None,
        )

    def _update(self, id: str, **changes: object) -> SessionInfo:
        info = replace(self.info(id), **changes)  # type: ignore[arg-type]
        with names.output_errors(self.folder):
            write_info(self.folder / id / names.INFO, info)
        return info

    def _existing(self, id: str) -> Path:
        folder = self.folder / id
        if not id or id.startswith(".") or folder.parent != self.folder or not folder.is_dir():
            raise SourceError(f"There is no session {id!r} in {self.folder}; it may be deleted.")
        return folder

    def _new_id(self, name: str) -> str:
        wanted = id = names.name_of(datetime.now(), name)
        number = 2
        while any(path.exists() for path in (self.folder / id, names.part_of(self.folder / id))):
            id, number = f"{wanted}-{number}", number + 1
        return id

    def _scan(self) -> tuple[tuple[SessionInfo, ...], tuple[str, ...]]:
        found, damaged = [], []
        for folder in self._folders():
            try:
                found.append(self.info(folder.name))
            except SourceError:
                damaged.append(folder.name)
        found.sort(key=lambda info: (info.started, info.id), reverse=True)
        return tuple(found), tuple(damaged)

    def _folders(self) -> Iterator[Path]:
        if self.folder.is_dir():
            inside = sorted(self.folder.iterdir())
            yield from (p for p in inside if p.is_dir() and not p.name.startswith("."))

    def _hidden(self, suffix: str) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from (p for p in sorted(self.folder.glob(f".*{suffix}")) if p.is_dir())
