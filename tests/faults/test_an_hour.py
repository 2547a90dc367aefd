"""An hour of 30 pictures a second, as fast as it goes: nothing piles up or is left over."""

import resource
import threading
from pathlib import Path

import numpy as np
import pytest

from builders import face
from fakes import FakeClassifier, FakeDetector
from howifeel import session, timeline
from howifeel.config import Settings
from howifeel.pipeline import analyse
from howifeel.timeline import Summary
from howifeel.types import Frame
from howifeel.video import SourceInfo
from recordings import ORIGIN

HOUR = 30 * 3600
PICTURE = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)


def frames(count):
    return (Frame(PICTURE, index, index / 30) for index in range(count))


def faces(count):
    """One or two faces that come, move and go."""
    for index in range(count):
        x = index // 10 % 40
        here = (face(x, 5, 40),) if index % 600 < 500 else ()
        yield (*here, face(50, 20, 40)) if index % 900 < 100 else here


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def memory_mb():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_an_hour_leaves_nothing_over(tmp_path):
    store = session.Store(tmp_path)
    info = SourceInfo("camera 0", "camera", 96, 64, None, None, None, 1 / 1000, live=True)
    threads, files = threading.active_count(), open_files()
    recorder = store.record("hour", info, ORIGIN)
    summary, sizes = Summary(), []
    detector = FakeDetector()
    detector._frames = faces(HOUR)
    pictures = frames(HOUR)
    with timeline.writer_for(tmp_path / "hour.parquet") as writer:
        for moment in analyse(pictures, detector, FakeClassifier(), Settings(min_sharpness=0)):
            recorder.add(Frame(PICTURE, moment.index, moment.time_s), moment)
            writer.add(moment)
            summary.add(moment)
            if moment.index % (HOUR // 20) == HOUR // 40:
                sizes.append(memory_mb())
    kept = store.open(recorder.finish().id)
    assert summary.frames == kept.info.frames == HOUR
    assert timeline.read_table(tmp_path / "hour.parquet").frames == HOUR
    assert max(sizes[10:]) - max(sizes[5:10]) < 20, sizes
    assert threading.active_count() == threads
    assert open_files() <= files + 1
