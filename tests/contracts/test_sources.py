"""What every source keeps to, whatever it reads."""

import http.server
import threading
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from clips import corners, write_clip
from howifeel.video import open_source, write_picture

SIZE = (48, 64)
PICTURES = ("jpg", "png", "webp", "bmp", "tiff")
VIDEOS = {
    "mp4": {}, "mov": {}, "mkv": {}, "ts": {}, "avi": {"codec": "mpeg4"},
    "webm": {"codec": "libvpx-vp9"}, "gif": {"codec": "gif", "pix_fmt": "rgb8"},
}  # fmt: skip
KINDS = (*PICTURES, *VIDEOS, "pattern", "http")


needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def specs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    found = {"pattern": "test:64x48@10x1"}
    for suffix in PICTURES:
        found[suffix] = folder / f"a.{suffix}"
        write_picture(found[suffix], corners())
    for suffix, how in VIDEOS.items():
        found[suffix] = write_clip(folder / f"a.{suffix}", **how)
    serve = partial(_Silent, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found["http"] = f"http://127.0.0.1:{server.server_port}/a.mp4"
        yield found
        server.shutdown()


@pytest.fixture(params=KINDS)
def spec(request, specs):
    return specs[request.param]


def test_frames_are_numbered_and_their_time_grows(spec):
    with open_source(spec) as source:
        frames = list(source)
    assert [frame.index for frame in frames] == list(range(len(frames)))
    assert all(a.time_s < b.time_s for a, b in pairwise(frames))
    assert frames[0].time_s >= 0


def test_info_agrees_with_the_frames(spec):
    with open_source(spec) as source:
        frames = list(source)
    info = source.info
    assert {frame.image.shape for frame in frames} == {(*SIZE, 3)}
    assert (info.height, info.width) == SIZE
    assert not info.live
    assert info.frames is not None and abs(info.frames - len(frames)) <= 1
    if info.duration_s is not None:
        assert info.duration_s == pytest.approx(len(frames) / info.fps, abs=0.1)
    ticks = np.array([frame.time_s / float(info.time_base) for frame in frames])
    assert ticks == pytest.approx(np.round(ticks), abs=1e-6)
    assert source.damage is None


def test_each_frame_has_pixels_of_its_own_that_nobody_may_change(spec):
    with open_source(spec) as source:
        kept = next(iter(source))
        before = kept.image.copy()
        others = list(source)
    assert np.array_equal(kept.image, before)
    assert not any(np.shares_memory(kept.image, other.image) for other in others)
    for frame in (kept, *others):
        assert frame.image.dtype == np.uint8
        assert frame.image.flags.c_contiguous
        assert not frame.image.flags.writeable


def test_a_second_loop_goes_on_where_the_first_stopped(spec):
    with open_source(spec) as source:
        whole = [frame.index for frame in source]
        assert list(source) == []
    with open_source(spec) as source:
        parts = []
        for frame in source:
            parts.append(frame.index)
            if frame.index == 3:
                break
        parts += [frame.index for frame in source]
    assert parts == whole


@needs_proc
def test_closing_gives_the_file_back(spec):
    before = open_files()
    with open_source(spec) as source:
        next(iter(source))
    assert list(source) == []
    source.close()
    assert open_files() == before


@needs_proc
def test_closing_before_the_first_frame(spec):
    before = open_files()
    with open_source(spec):
        pass
    assert open_files() == before


def open_files():
    """What this process has open, but for connections that the test's own server closes."""
    links = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sorted(str(link) for link in links if not str(link).startswith("socket:"))
