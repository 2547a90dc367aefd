"""The values that flow one way: Frame -> Face -> Reading -> Moment -> Timeline.

All are frozen. Pixels are integers, time is seconds as float.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from howifeel import emotions
from howifeel.printable import file_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Gap = Literal["no face", "too small", "blurred", "deleted"]
"""Why a frame has no reading; "deleted": the only face was deleted from a session."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, half-open: it covers columns x0..x1-1 and rows y0..y1-1.

    Raises:
        ValueError: the box is empty or starts left of or above the picture.
    """

    x0: int
    y0: int
    x1: int
    y1: int

    def __post_init__(self) -> None:
        if not (0 <= self.x0 < self.x1 and 0 <= self.y0 < self.y1):
            raise ValueError(f"not a box inside a picture: {self.x0, self.y0, self.x1, self.y1}")

    @classmethod
    def clipped(
        cls, x0: float, y0: float, x1: float, y1: float, *, width: int, height: int
    ) -> Box | None:
        """The rounded part of a rectangle that lies inside a picture; None where nothing does.

        >>> Box.clipped(-3.2, 4.4, 9.6, 99, width=20, height=10)
        Box(x0=0, y0=4, x1=10, y1=10)
        """
        if not all(map(math.isfinite, (x0, y0, x1, y1))):
            return None
        left, top = max(0, round(x0)), max(0, round(y0))
        right, bottom = min(width, round(x1)), min(height, round(y1))
        if left >= right or top >= bottom:
            return None
        return cls(left, top, right, bottom)

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.y1 - self.y0

    @property
    def area(self) -> int:
        """Number of pixels."""
        return self.width * self.height

    @property
    def center(self) -> tuple[float, float]:
        """Column and row of the middle."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def iou(self, other: Box) -> float:
        """Intersection over union with another box, 0 (apart) to 1 (equal)."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area + other.area - shared)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a stream.

    Attributes:
        image: uint8 (height, width, 3), BGR, 0..255. Made read-only here, so the source
            must hand over a buffer that it does not write to again.
        index: position in the stream, from 0.
        time_s: the stream's own time stamp in seconds (for a camera: seconds since it opened).

    Raises:
        ValueError: the image is not uint8 (height, width, 3) or has no pixels.
    """

    image: NDArray[np.uint8]
    index: int
    time_s: float

    def __post_init__(self) -> None:
        image = self.image
        if image.dtype.name != "uint8" or image.ndim != 3 or image.shape[2] != 3 or not image.size:
            raise ValueError(
                f"a frame needs uint8 (height, width, 3) pixels, not {image.dtype} {image.shape}"
            )
        view = image.view()
        view.setflags(write=False)
        object.__setattr__(self, "image", view)

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.image.shape[1]

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.image.shape[0]


@dataclass(frozen=True, slots=True)
class Face:
    """A face that a detector found: where, how sure (0..1), and its short-lived track id."""

    box: Box
    score: float
    track: int | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"a face score lies between 0 and 1, not at {self.score}")


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """Where in a face the shown expression was read.

    Attributes:
        values: float32 (rows, columns), 0..1, the cells of a square around the face; 1 is what
            speaks most for the expression.
        x: left column of the square in pixels of the frame; it may reach beyond the picture.
        y: its top row.
        side: its width and height.
    """

    values: NDArray[np.float32]
    x: int
    y: int
    side: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one face looks like it expresses.

    Attributes:
        face: the face that was read.
        probs: seven probabilities in the order of `emotions.NAMES`, sum 1.
        top: the expression to show. It is the likeliest one, or the one shown just before
            while that is nearly as likely (see `smooth`).
        unsure: no expression is likely enough to be named.
        unadjusted: the same reading without the person's baseline (see `baseline`); None where
            no baseline was applied. Timelines do not hold it.
        heat: where in the face the expression was read; None where nobody asked for it or the
            model cannot tell. Timelines do not hold it.

    Raises:
        ValueError: the probabilities are not seven numbers that sum to 1, or `top` is unknown.
    """

    face: Face
    probs: tuple[float, ...]
    top: str
    unsure: bool
    unadjusted: Reading | None = field(default=None, compare=False, repr=False)
    heat: Heat | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.probs) != len(emotions.NAMES) or not all(0 <= p <= 1 for p in self.probs):
            raise ValueError(f"a reading needs {len(emotions.NAMES)} probabilities: {self.probs}")
        if abs(sum(self.probs) - 1) > 1e-3:
            raise ValueError(f"probabilities must sum to 1, these sum to {sum(self.probs)}")
        if self.top not in emotions.NAMES:
            raise ValueError(f"unknown expression {self.top!r}")

    @property
    def top_prob(self) -> float:
        """Probability of the shown expression, 0..1."""
        return self.probs[emotions.NAMES.index(self.top)]

    @property
    def entropy(self) -> float:
        """Shannon entropy in bits: 0 (certain) to log2(7) = 2.81 (no idea)."""
        return -sum(p * math.log2(p) for p in self.probs if p > 0)


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything known about one frame, without its pixels.

    Attributes:
        index: the frame's position in the stream, from 0.
        time_s: the frame's time stamp in seconds.
        readings: one for each usable face.
        gap: why there is no reading; None where there is one.
        unread: faces that were found but are too small or too blurred to be read.
        missed: faces seen in the last half second that were not found now, each with the box in
            which it should be. These and `unread` are for what must not overlook a face, such as
            the privacy blur; timelines do not hold them.

    Raises:
        ValueError: readings and gap contradict each other.
    """

    index: int
    time_s: float
    readings: tuple[Reading, ...] = ()
    gap: Gap | None = None
    unread: tuple[Face, ...] = ()
    missed: tuple[Face, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.readings) == bool(self.gap):
            raise ValueError("a moment has either readings or the reason for the gap")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What produced a timeline, so that the run can be repeated.

    Attributes:
        source: name of the analysed file, camera or URL.
        model: file name of the classifier; `model_sha256` is the hash of its bytes.
        detector: name of the detector; `detector_sha256` is the hash of its files, if it has any.
        device: what the classifier really ran on, for example "cpu" or "cuda".
        settings: every setting of the run by name, as TOML-compatible values.
        version: version of HowIFeel.
        not_shipped: which of "model" and "detector" did not come with HowIFeel, so that its
            measured figures and limits do not hold for them.
    """

    source: str
    model: str
    model_sha256: str
    detector: str
    detector_sha256: str | None
    device: str
    settings: dict[str, object]
    version: str
    not_shipped: tuple[str, ...] = ()

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Provenance:
        """What was written as JSON, by this version or an earlier one.

        Raises:
            KeyError, TypeError: a value is missing, or these are no values by name.
        """
        given: dict[str, Any] = {
            each.name: values[each.name] for each in fields(cls) if each.name in values
        }
        given["not_shipped"] = tuple(map(str, values.get("not_shipped", ())))
        return cls(**given)

    def public(self) -> Provenance:
        """The same without the folders of this computer, which are nobody else's business."""
        settings = self.settings if isinstance(self.settings, Mapping) else {}
        return replace(
            self,
            source=file_name(str(self.source)),
            model=file_name(str(self.model)),
            settings={name: _without_folders(value) for name, value in settings.items()},
        )


def _without_folders(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_without_folders(item) for item in value]
    return file_name(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Timeline:
    """All moments of one source, in order, and where they came from, if that is known."""

    moments: tuple[Moment, ...]
    provenance: Provenance | None = None
