"""Makes small sessions, with and without pictures."""

from fractions import Fraction

import numpy as np

from howifeel.types import Frame, Moment, Provenance
from howifeel.video import SourceInfo

CAMERA = SourceInfo(
    "camera 0", "camera", 96, 64, Fraction(25), None, None, Fraction(1, 1_000_000), live=True
)
ORIGIN = Provenance(
    "camera 0", "m.onnx", "ab" * 32, "caffe_ssd", None, "cpu", {"hold": 0.1}, "0.1.0"
)
BLACK = np.zeros((64, 96, 3), np.uint8)


def add(recorder, *moments, picture=BLACK):
    """Record moments; `picture` is one for all or makes each from its position."""
    for n, each in enumerate(moments):
        image = picture(n) if callable(picture) else picture
        recorder.add(Frame(image, each.index, each.time_s), each)


def record(store, *moments, name="", picture=BLACK, keep="none", **options):
    """Record a session; its id."""
    recorder = store.record(name, CAMERA, ORIGIN, keep, **options)
    add(recorder, *moments, picture=picture)
    return recorder.finish().id


def moved(moment, seconds):
    """The same moment later."""
    return Moment(moment.index, moment.time_s + seconds, moment.readings, moment.gap, moment.unread)
