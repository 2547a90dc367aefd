"""Reading frames from videos, pictures and cameras, and writing videos."""

from __future__ import annotations

from howifeel.video.sink import SINK_SUFFIXES, VideoSink
from howifeel.video.source import PICTURE_SUFFIXES, Source, SourceInfo, kind_of, open_source

__all__ = [
    "PICTURE_SUFFIXES",
    "SINK_SUFFIXES",
    "Source",
    "SourceInfo",
    "VideoSink",
    "kind_of",
    "open_source",
]
