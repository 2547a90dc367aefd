import itertools
import time

import numpy as np
import pytest

from howifeel.errors import SourceError
from howifeel.video import open_source


def test_size_rate_and_length():
    with open_source("test:320x240@20x2") as source:
        frames = list(source)
    assert (source.info.width, source.info.height, source.info.fps) == (320, 240, 20)
    assert len(frames) == source.info.frames == 40
    assert [frame.time_s for frame in frames] == pytest.approx(np.arange(40) / 20)


def test_something_moves():
    with open_source("test:320x240@20x2") as source:
        images = [frame.image for frame in source]
    changed = [(a != b).any(axis=2).mean() for a, b in itertools.pairwise(images)]
    assert min(changed) > 0
    assert max(changed) < 0.2


def test_without_a_length_it_keeps_to_the_clock():
    with open_source("test:64x48@50") as source:
        assert source.info.live
        begin = time.monotonic()
        last = list(itertools.islice(source, 11))[-1]
        assert time.monotonic() - begin >= last.time_s == pytest.approx(0.2)


def test_the_default_is_vga():
    with open_source("test:") as source:
        assert next(iter(source)).image.shape == (480, 640, 3)
        assert source.info.fps == 30


@pytest.mark.parametrize(
    "spec", ["test:x", "test:0x48", "test:64x", "test:64x48@0", "test:64x48@30x0", "test:640x480 "]
)
def test_misspelled(spec):
    with pytest.raises(SourceError, match="test:640x480@30x5"):
        open_source(spec)
