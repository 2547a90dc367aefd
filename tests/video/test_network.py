"""Videos that come over a network."""

import functools
import http.server
import itertools
import socket
import threading
from fractions import Fraction

import av
import numpy as np
import pytest

from clips import noise, write_clip
from howifeel.video import open_source
from opened import fails, read

FASTSTART = {"movflags": "+faststart"}


@pytest.fixture
def served(tmp_path):
    """The address of a folder, from a server that cannot begin in the middle of a file."""

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Silent, directory=str(tmp_path))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class TestServer:
    @pytest.mark.parametrize(("options", "can_be_streamed"), [(FASTSTART, True), (None, False)])
    def test_index_first_or_last(self, tmp_path, served, options, can_be_streamed):
        path = write_clip(
            tmp_path / "a.mp4", frames=50, picture=lambda index: noise(index, 320, 240),
            container_options=options,
        )  # fmt: skip
        if can_be_streamed:
            assert len(read(f"{served}/a.mp4")[0]) == 50
            return
        assert len(read(path)[0]) == 50
        sentence = fails(f"{served}/a.mp4?token=secret")
        assert sentence.startswith(f"{served}/a.mp4 cannot be read while it is sent; download it")

    def test_a_page_is_no_video(self, tmp_path, served):
        (tmp_path / "a.html").write_text("<html>" + "No video. " * 100)
        assert "sends no video" in fails(f"{served}/a.html")

    def test_missing(self, served):
        assert "404" in fails(f"{served}/a.mp4")


def test_a_connection_that_is_refused():
    sentence = fails("http://user:secret@127.0.0.1:9/a.mp4?token=secret")
    assert "http://127.0.0.1:9/a.mp4" in sentence
    assert "secret" not in sentence


@pytest.fixture
def broadcast():
    """The address of a stream that is being sent, at 25 frames per second."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"udp://127.0.0.1:{probe.getsockname()[1]}"
    stop = threading.Event()

    def send():
        with av.open(f"{address}?pkt_size=1316", "w", format="mpegts") as file:
            options = {"tune": "zerolatency", "g": "5"}
            video = file.add_stream("libx264", rate=25, options=options)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            index = 0
            while not stop.wait(0.04):
                frame = av.VideoFrame.from_ndarray(noise(index), format="bgr24")
                frame.pts, frame.time_base = index, Fraction(1, 25)
                file.mux(video.encode(frame.reformat(format="yuv420p")))
                index += 1

    sender = threading.Thread(target=send)
    sender.start()
    yield address
    stop.set()
    sender.join()


def test_a_live_stream(broadcast):
    with open_source(broadcast) as source:
        frames = list(itertools.islice(source, 50))
    assert source.info.live
    assert source.info.kind == "url"
    steps = np.diff([frame.time_s for frame in frames])
    assert len(frames) == 50
    assert np.median(steps) == pytest.approx(0.04, abs=1e-3)
