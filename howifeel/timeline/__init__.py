"""Timelines: moments as a table, one row per face and frame, in one of several file formats."""

from __future__ import annotations

from howifeel.timeline.formats import Writer, check_suffix, writer_for
from howifeel.timeline.marker import Marker
from howifeel.timeline.read import read
from howifeel.timeline.sidecar import read_sidecar, sidecar_of, write_sidecar
from howifeel.timeline.summary import Summary
from howifeel.timeline.table import Table, TableBuilder, read_table, write_table

__all__ = [
    "Marker",
    "Summary",
    "Table",
    "TableBuilder",
    "Writer",
    "check_suffix",
    "read",
    "read_sidecar",
    "read_table",
    "sidecar_of",
    "write_sidecar",
    "write_table",
    "writer_for",
]
