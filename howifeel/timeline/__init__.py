"""Timelines: moments as a table, one row per face and frame, in one of several file formats."""

from __future__ import annotations

from howifeel.timeline.formats import Writer, check_suffix, writer_for
from howifeel.timeline.read import read
from howifeel.timeline.sidecar import sidecar_of, write_sidecar
from howifeel.timeline.summary import Summary

__all__ = ["Summary", "Writer", "check_suffix", "read", "sidecar_of", "write_sidecar", "writer_for"]
