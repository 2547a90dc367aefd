"""Reading frames from videos, pictures and cameras, and writing videos and pictures."""

from __future__ import annotations

from howifeel.video.camera import camera_names
from howifeel.video.open import open_source
from howifeel.video.picture import PictureSink, write_picture
from howifeel.video.sink import SINK_SUFFIXES, VideoSink
from howifeel.video.source import PICTURE_SUFFIXES, Source, SourceInfo
from howifeel.video.spelling import display_name, kind_of, local_path

__all__ = [
    "PICTURE_SUFFIXES",
    "SINK_SUFFIXES",
    "PictureSink",
    "Source",
    "SourceInfo",
    "VideoSink",
    "camera_names",
    "display_name",
    "kind_of",
    "local_path",
    "open_source",
    "write_picture",
]
