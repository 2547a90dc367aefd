"""What tests of streams share: a frame, what reads it, and an emitter that is closed after use."""

import threading
import time
from contextlib import contextmanager

import numpy as np

from howifeel import emit
from howifeel.live import Emitter
from howifeel.types import Frame, Provenance

ABOUT = Provenance(
    source="/home/somebody/talk.mp4", model="howifeel.onnx", model_sha256="ab" * 32,
    detector="caffe_ssd", detector_sha256=None, device="cpu",
    settings={"model": "/home/somebody/mine.onnx", "hold": 0.08}, version="1.2.3",
)  # fmt: skip
FRAME = Frame(np.zeros((100, 200, 3), np.uint8), 0, 0.0)


@contextmanager
def emitting(target, about=ABOUT):
    """An open emitter; its thread must end."""
    if isinstance(target, str):
        target = emit.parse(target)
    before = set(threading.enumerate())
    emitter = Emitter(emit.build(target), about, target.faces)
    try:
        emitter.wait_open(10)
        yield emitter
    finally:
        assert emitter.close(5)
    assert not set(threading.enumerate()) - before


def show(emitter, moment, *, age_s=0.0):
    """Hand over a moment and wait until it was sent."""
    before = emitter.state.sent
    emitter.put(FRAME, moment, time.monotonic() - age_s)
    until(lambda: emitter.state.sent > before)


def until(ready, within_s=8.0):
    """Wait for something; fails where it does not come."""
    end = time.monotonic() + within_s
    while not ready():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.0005)
