"""Half an hour of a camera at ten times its speed: memory stays flat, nothing is left behind."""

import os
import threading
import time
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from howifeel.types import Frame
from howifeel.video.source import ReadOnce, SourceInfo

FPS, MINUTES = 300, 3
ALLOWED_MB = 40


class FastCamera(ReadOnce):
    """A portrait that moves, 300 times a second, with the time stamps of 30 pictures a second."""

    def __init__(self, portrait):
        self._portrait = cv2.resize(portrait, (320, 320))
        super().__init__(
            SourceInfo("camera 0", "camera", 320, 240, Fraction(30), None, None,
                       Fraction(1, 1000), True)
        )  # fmt: skip

    def _read(self):
        began = time.monotonic()
        for index in range(FPS * 60 * MINUTES):
            time.sleep(max(0.0, began + index / FPS - time.monotonic()))
            shift = index // 30 % 60
            yield Frame(
                np.ascontiguousarray(self._portrait[shift : shift + 240]), index, index / 30
            )


def resident_mb():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory from /proc")
def test_half_an_hour_at_ten_times_the_speed_keeps_memory_flat(window, qtbot, astronaut):
    page = window.live
    page.model._opener = lambda spec: FastCamera(astronaut)
    threads = threading.active_count()
    page.open("0")
    qtbot.waitUntil(lambda: page.model.history.now_s > 200, timeout=120_000)
    early_mb = resident_mb()
    last_s = 0.97 * 30 * 60
    qtbot.waitUntil(lambda: page.model.history.now_s > last_s, timeout=400_000)
    assert resident_mb() - early_mb < ALLOWED_MB
    assert len(page.faces.cards) == 1
    page.model.close_and_wait()
    assert threading.active_count() == threads
