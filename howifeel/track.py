"""Short-lived ids: the same face has the same number from frame to frame, nobody is recognised."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from howifeel.steady import SteadyBox
from howifeel.types import Box, Face

FORGET_AFTER_S = 1.0
"""A face unseen for longer gets a new id when it returns."""

MISSED_S = 0.5
"""A face that was not found now but seen this long ago counts as missed, not as gone."""

REACH = 0.8
"""A face is looked for within this many box sides of where it should be,"""

REACH_PER_S = 3.0
"""plus this many for each second since it was last seen,"""

REACH_AT_MOST = 2.0
"""but never farther than this."""

FOLLOWED_IOU = 0.4
"""A weak detection goes on with a face where it covers the box of it so well."""

SIZE_RATIO = 2.0
"""A face cannot grow or shrink by more than this factor between two sights of it."""


@dataclass(slots=True)
class _Track:
    id: int
    steady: SteadyBox
    score: float
    found: bool = True


class Tracker:
    """Numbers the faces of one stream by where they are and how they move.

    Only boxes are kept, and none for longer than a second. Numbers count from 1 and are never
    used again, so a face that leaves and comes back counts as a new one.
    """

    def __init__(self) -> None:
        self._tracks: list[_Track] = []
        self._last_id = 0

    def update(
        self, faces: tuple[Face, ...], time_s: float, least_score: float = 0.0
    ) -> tuple[Face, ...]:
        """The faces in the same order, each with its track and a steady box.

        A face that is less sure is kept only where it goes on with one that was just there (as
        in ByteTrack, Zhang et al. 2022, section 3); it never begins a track.

        Args:
            faces: the faces of the next frame; all frames of a stream have one size.
            time_s: the frame's time stamp in seconds. A jump in either direction by more than a
                second ends all tracks.
            least_score: which score makes a face sure, 0..1.
        """
        self._tracks = [t for t in self._tracks if abs(time_s - t.steady.time_s) <= FORGET_AFTER_S]
        faces = tuple(f for f in faces if f.score >= least_score or self._follows(f, time_s))
        for track in self._tracks:
            track.found = False
        matched = self._match(faces, time_s)
        new = [n for n, f in enumerate(faces) if n not in matched and f.score >= least_score]
        for n in sorted(new, key=lambda n: _left_to_right(faces[n])):
            self._last_id += 1
            steady = SteadyBox.start(faces[n].box, time_s)
            matched[n] = _Track(self._last_id, steady, faces[n].score)
            self._tracks.append(matched[n])
        return tuple(
            replace(face, box=matched[n].steady.box, track=matched[n].id)
            for n, face in enumerate(faces)
            if n in matched
        )

    def _follows(self, face: Face, time_s: float) -> bool:
        """Whether the face covers one that was there within the last half second."""
        return any(
            abs(time_s - track.steady.time_s) <= MISSED_S
            and track.steady.box.iou(face.box) >= FOLLOWED_IOU
            for track in self._tracks
        )

    def missed(self, time_s: float, *, width: int, height: int) -> tuple[Face, ...]:
        """Faces that the last update did not bring, but one within the last half second did.

        Args:
            time_s: the time stamp of the last update.
            width: number of columns of the frames.
            height: number of rows of the frames.

        Returns:
            Each with the score it had, and a box that covers where it was last and where it
            should be by now.
        """
        missed = [
            track
            for track in self._tracks
            if not track.found and abs(time_s - track.steady.time_s) <= MISSED_S
        ]
        boxes = [_reach(track.steady, time_s, width, height) for track in missed]
        return tuple(
            Face(box, track.score, track.id)
            for track, box in zip(missed, boxes, strict=True)
            if box is not None
        )

    def _match(self, faces: tuple[Face, ...], time_s: float) -> dict[int, _Track]:
        """Pair faces (by position) with tracks, best pairs first, and move those tracks."""
        if not faces or not self._tracks:
            return {}
        affinity = _affinity(self._tracks, faces, time_s)
        pairs = sorted(
            np.argwhere(affinity > -np.inf).tolist(),
            key=lambda pair: (-affinity[pair[0], pair[1]], pair[0], _left_to_right(faces[pair[1]])),
        )
        matched: dict[int, _Track] = {}
        taken: set[int] = set()
        for m, n in pairs:
            if m not in taken and n not in matched:
                taken.add(m)
                matched[n] = self._tracks[m]
                matched[n].steady = matched[n].steady.moved(faces[n].box, time_s)
                matched[n].score, matched[n].found = faces[n].score, True
        return matched


def _affinity(tracks: list[_Track], faces: tuple[Face, ...], time_s: float) -> NDArray[np.float64]:
    """How well each track (row) explains each face (column): IoU minus distance in box sides.

    -inf where a face is out of reach or of quite another size.
    """
    old = np.array([t.steady.expected(time_s) for t in tracks])[:, None]  # (m, 1, 4)
    new = np.array([(f.box.x0, f.box.y0, f.box.x1, f.box.y1) for f in faces])[None]  # (1, n, 4)
    shared = np.minimum(old, new)[..., 2:] - np.maximum(old, new)[..., :2]
    overlap = np.clip(shared, 0, None).prod(axis=2)
    old_area, new_area = ((b[..., 2:] - b[..., :2]).prod(axis=2) for b in (old, new))
    iou = overlap / (old_area + new_area - overlap)
    centers = (old[..., :2] + old[..., 2:] - new[..., :2] - new[..., 2:]) / 2
    distance = np.hypot(centers[..., 0], centers[..., 1]) / (old_area * new_area) ** 0.25
    unseen_s = np.array([[abs(time_s - t.steady.time_s)] for t in tracks])
    near = distance <= np.minimum(REACH + REACH_PER_S * unseen_s, REACH_AT_MOST)
    alike = np.abs(np.log(new_area / old_area)) <= 2 * np.log(SIZE_RATIO)
    return np.where(near & alike, iou - distance, -np.inf)


def _reach(steady: SteadyBox, time_s: float, width: int, height: int) -> Box | None:
    """What covers the last box of a face and the expected one; None outside the picture."""
    both = np.stack([steady.edges, steady.expected(time_s)])
    x0, y0 = both[:, :2].min(axis=0).tolist()
    x1, y1 = both[:, 2:].max(axis=0).tolist()
    return Box.clipped(x0, y0, x1, y1, width=width, height=height)


def _left_to_right(face: Face) -> tuple[float, ...]:
    box = face.box
    return box.x0, box.y0, box.x1, box.y1, -face.score
