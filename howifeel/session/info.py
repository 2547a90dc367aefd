"""What is known about a session beside its timeline, and how that is kept as JSON."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from howifeel import emotions, untrusted
from howifeel.timeline import Marker
from howifeel.types import Provenance

Picture = Literal["none", "blurred", "full"]
"""What is kept of the picture."""

SCHEMA = 1
"""Version of the JSON; a newer one is refused."""


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """What is known about a session beside its timeline.

    Times in a session count from its first frame.

    Attributes:
        id: name of its folder, such as "2026-11-21-153012-talk".
        name: what is shown; a user can change it.
        started: when it was recorded or imported, ISO 8601 with offset from UTC.
        source: display name of what was recorded.
        duration_s: from the first frame to the end of the last one, in seconds.
        frames: number of frames.
        faces: number of tracks.
        picture: what is kept of the picture; it stays so where the video is lost.
        consent: the sentence that was agreed to; empty where none was asked for.
        provenance: model, detector, settings and version.
        markers: in the order of time.
        names: track -> name that a person gave to the face.
        baselines: track -> the seven probabilities of the neutral face, where one was taken.
        recovered: the recording ended abruptly; its last seconds may be missing.
        source_file: the recorded or imported video, where the source was a file.
        offset_s: time stamp in `source_file` at which the session begins, in seconds.
    """

    id: str
    name: str
    started: str
    source: str
    duration_s: float
    frames: int
    faces: int
    picture: Picture
    consent: str
    provenance: Provenance
    markers: tuple[Marker, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    baselines: Mapping[int, tuple[float, ...]] = field(default_factory=dict)
    recovered: bool = False
    source_file: Path | None = None
    offset_s: float = 0.0

    def face_name(self, track: int) -> str:
        """The name of a face, or "Face 3" where it has none."""
        return self.names.get(track) or f"Face {track}"


def write_info(path: Path, info: SessionInfo) -> None:
    """Write or replace the JSON of a session; it is whole at any time.

    Raises:
        OSError: it cannot be written.
    """
    content = asdict(info) | {
        "source_file": str(info.source_file) if info.source_file else None,
        "howifeel.session": SCHEMA,
    }
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def read_info(path: Path) -> SessionInfo:
    """Read the JSON of a session.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not the JSON of a session, or of a newer version of HowIFeel.
    """
    content = untrusted.from_json(untrusted.read_text(path))
    try:
        if content.pop("howifeel.session") > SCHEMA:
            raise ValueError("it was written by a newer version of HowIFeel")
        return SessionInfo(**(content | _typed(content)))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it lacks something ({error})") from error


def _typed(content: dict[str, Any]) -> dict[str, object]:
    """The values that JSON writes in another form."""
    if content["picture"] not in get_args(Picture):
        raise ValueError(f"it keeps an unknown kind of picture, {content['picture']!r}")
    origin = content["provenance"]
    baselines = {int(t): tuple(map(float, p)) for t, p in content["baselines"].items()}
    if any(len(values) != len(emotions.NAMES) for values in baselines.values()):
        raise ValueError("a baseline needs seven probabilities")
    return {
        "provenance": Provenance.from_values(origin),
        "markers": tuple(Marker(float(m["time_s"]), str(m["text"])) for m in content["markers"]),
        "names": {int(track): str(name) for track, name in content["names"].items()},
        "baselines": baselines,
        "source_file": Path(content["source_file"]) if content["source_file"] else None,
    }
