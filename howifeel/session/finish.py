"""How a recording becomes a session, whether it ended well or abruptly."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from howifeel.session import folder as names
from howifeel.session.info import SessionInfo, read_info, write_info
from howifeel.timeline import Table
from howifeel.video import remux


def finish_part(part: Path, info: SessionInfo) -> SessionInfo | None:
    """Complete what lies in a part and rename it to a session.

    Returns:
        What the session is now; None where no frame was recorded and the part was removed.

    Raises:
        OSError: it cannot be written; the part stays.
    """
    from howifeel.session.journal import read_journal  # loads pyarrow, which takes a while
    from howifeel.timeline.formats import parquet

    journal = part / names.JOURNAL
    rows = read_journal(journal, cut=info.recovered) if journal.exists() else None
    if not rows:
        shutil.rmtree(part)
        return None
    table = Table.from_arrow(rows)
    parquet.write_arrow(part / names.TABLE, rows)
    if info.recovered and info.picture != "none":
        _complete(part / names.VIDEO)
    info = counted(info, table)
    write_info(part / names.INFO, info)
    journal.unlink()
    part.rename(part.with_name(info.id))
    return info


def recover_part(part: Path) -> SessionInfo | None:
    """Make a session of a part that nobody writes any more.

    Returns:
        What the session is; None where the part held nothing and was removed.

    Raises:
        OSError: it cannot be written; the part stays.
    """
    try:
        info = read_info(part / names.INFO)
    except (OSError, ValueError):
        shutil.rmtree(part)
        return None
    if (part / names.TABLE).exists() and not (part / names.JOURNAL).exists():
        part.rename(part.with_name(names.id_of_part(part)))  # it was complete but for its name
        return info
    return finish_part(part, replace(info, id=names.id_of_part(part), recovered=True))


def _complete(video: Path) -> None:
    """Give a video the end that it lacks; one that holds no picture is removed."""
    whole = video.with_stem("complete")
    if remux.complete(video, whole):
        whole.replace(video)
    else:
        whole.unlink(missing_ok=True)
        video.unlink(missing_ok=True)


def counted(info: SessionInfo, table: Table) -> SessionInfo:
    """The same with the duration, frames and faces of a table."""
    return replace(
        info,
        duration_s=round(table.end_s - table.start_s, 6),
        frames=table.frames,
        faces=len(table.tracks),
    )
