"""Reading frames from videos, pictures and cameras, and writing videos and pictures."""

from __future__ import annotations

from howifeel.video.camera import camera_names
from howifeel.video.open import kind_of, open_source
from howifeel.video.picture import PictureSink, write_picture
from howifeel.video.sink import SINK_SUFFIXES, VideoSink
from howifeel.video.source import PICTURE_SUFFIXES, Source, SourceInfo

__all__ = [
    "PICTURE_SUFFIXES",
    "SINK_SUFFIXES",
    "PictureSink",
    "Source",
    "SourceInfo",
    "VideoSink",
    "camera_names",
    "kind_of",
    "open_source",
    "write_picture",
]
