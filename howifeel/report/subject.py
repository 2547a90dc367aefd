"""What a report is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from howifeel.timeline import Marker, Table
from howifeel.types import Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One timeline and what a reader should know about it.

    Attributes:
        name: headline of its section.
        table: the timeline, or a stretch of it.
        provenance: source, model, detector, settings and version; None where unknown.
        started: when it was recorded, as text; empty where unknown.
        markers: numbered in this order.
        names: track -> name that a person gave to the face.
        baselines: tracks whose readings are relative to the person's neutral face.
        thumbnail: a small JPEG or PNG picture, if one may be shown.
        notes: sentences that a reader must know, such as damage in the source.
        path: where the source lies in the folder that was worked through, such as "old/talk.mp4";
            stands in place of its file name and of `name`, which other films may share.
    """

    name: str
    table: Table
    provenance: Provenance | None = None
    started: str = ""
    markers: tuple[Marker, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    baselines: tuple[int, ...] = ()
    thumbnail: bytes | None = None
    notes: tuple[str, ...] = ()
    path: str = ""

    @property
    def title(self) -> str:
        """What the subject is called."""
        return self.path or self.name

    @property
    def source(self) -> str:
        """What was read, without the folders of this computer; empty where unknown."""
        return self.path or (self.provenance.public().source if self.provenance else "")

    def face(self, track: int) -> str:
        """What a face is called."""
        return self.names.get(track) or f"Face {track}"
