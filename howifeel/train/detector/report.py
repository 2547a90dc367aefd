"""What `howifeel-train detector evaluate` tells, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from howifeel.train.detector.evaluate import SizeResult
from howifeel.train.detector.jitter import Jitter


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured of one detector.

    Attributes:
        detector: its name, or that of its weights.
        sizes: accuracy by size of face.
        ms: least milliseconds for a 640x480 picture with many faces, by number of threads.
        videos: jitter by file name.
    """

    detector: str
    sizes: tuple[SizeResult, ...]
    ms: dict[int, float]
    videos: dict[str, Jitter]


def size_table(results: Sequence[SizeResult]) -> str:
    """Accuracy of one detector, a line for each size."""
    lines = ["faces of at least | number |    AP | recall at 0.1 / 1 false per picture | best F1"]
    for result in results:
        recalls = f"{result.recall_at_0_1:.3f} / {result.recall_at_1:.3f}"
        lines.append(
            f"{result.min_px:14d} px | {result.faces:6d} | {result.average_precision:.3f} "
            f"| {recalls:>36} | {result.best_f1:.3f} at score {result.best_score:.2f}"
        )
    return "\n".join(lines)


def accuracy(report: Report) -> str:
    """What one detector finds: its name, the table by size, a line for each video."""
    lines = [report.detector, size_table(report.sizes)]
    for name, video in report.videos.items():
        lines.append(
            f"{name}: a face in {video.found:.1%} of {video.frames} frames, jitter "
            f"{video.raw:.2%} of the box's side, {video.tracked:.2%} after tracking"
        )
    return "\n".join(lines)


def speed(reports: Sequence[Report]) -> str:
    """How long each detector takes, a line for each."""
    lines = ["a 640x480 picture with many faces, least of several runs in turn"]
    for report in reports:
        times = ", ".join(f"{ms:.1f} ms with {n} thread(s)" for n, ms in report.ms.items())
        lines.append(f"{report.detector}: {times}")
    return "\n".join(lines)
