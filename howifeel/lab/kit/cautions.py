"""What must be known before the figures of a run are read, on every kind of page."""

from __future__ import annotations

from collections.abc import Iterator

from howifeel.lab.kit.result import Record


def cautions(record: Record) -> Iterator[str]:
    """Sentences on a run that tells less than it seems to; none for others."""
    if "drawn faces" in record.result.data:
        yield (
            "Figures on drawn faces show that an experiment works. They say nothing about people; "
            "give --data for that."
        )
    if record.quick:
        yield "This was a quick run: few pictures, few epochs, wide intervals."
