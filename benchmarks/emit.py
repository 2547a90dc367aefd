"""Measures what sending to other programs costs the analysis: nobody, a good, a stalled receiver.

A film of one face is read live, as fast as one thread can. The cases take turns in one run, so that
other work on the machine meets all of them; what counts are the ratios. Each receiver is a process
of its own: a good one reads everything, a stalled one connects and never reads. OSC knows no
connection, so its good receiver has a socket and its stalled one is a socket that nobody reads.

    python benchmarks/emit.py
    python benchmarks/emit.py --rounds 9 --seconds 3 --json
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from howifeel import emit, engine, video
from howifeel.config import Settings
from howifeel.live import Live

TOKEN = "benchmark-benchmark"
SETTLE_S, SOURCE_FPS = 0.5, 150
CASES = ("nobody", "ws good", "ws stalled", "osc good", "osc stalled", "lsl good", "lsl stalled")

RECEIVERS = {
    "ws good": """
from websockets.sync.client import connect
with connect(f"ws://127.0.0.1:{port}/stream?token={token}") as client:
    print("ready", flush=True)
    for message in client:
        pass
""",
    "ws stalled": """
import socket, time
wire = socket.create_connection(("127.0.0.1", int(port)))
wire.sendall((f"GET /stream?token={token} HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\n"
    "Upgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Version: 13\\r\\n"
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\\r\\n\\r\\n").encode())
print("ready", flush=True)
time.sleep(1e6)
""",
    "osc good": """
from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import BlockingOSCUDPServer
server = BlockingOSCUDPServer(("127.0.0.1", int(port)), Dispatcher())
print("ready", flush=True)
server.serve_forever()
""",
    "osc stalled": """
import socket, time
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
wire.bind(("127.0.0.1", int(port)))
print("ready", flush=True)
time.sleep(1e6)
""",
    "lsl good": """
import pylsl
inlet = pylsl.StreamInlet(pylsl.resolve_byprop("source_id", port, timeout=20)[0])
inlet.open_stream(timeout=20)
print("ready", flush=True)
while True:
    inlet.pull_sample(timeout=1)
""",
    "lsl stalled": """
import os, pylsl, signal
inlet = pylsl.StreamInlet(pylsl.resolve_byprop("source_id", port, timeout=20)[0])
inlet.open_stream(timeout=20)
print("ready", flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
""",
}
_LSL = """[ports]
IPv6 = disable
[multicast]
ResolveScope = machine
ListenAddress = 127.0.0.1
AddressesOverride = {127.0.0.1}
[log]
level = -2
"""


class Film(video.source.ReadOnce):
    """The frames of a film again and again, more often than they can be read."""

    def __init__(self, info: video.SourceInfo, frames: list) -> None:
        super().__init__(info)
        self._film = frames

    def _read(self) -> Iterator:
        for index in itertools.count():
            frame = self._film[index % len(self._film)]
            yield replace(frame, index=index, time_s=index / SOURCE_FPS)


def _film(folder: Path) -> tuple[video.SourceInfo, list]:
    """Some seconds of the demo's face, decoded once."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "packaging"))
    import demo

    path = folder / "film.mp4"
    demo.build_clip(path, fps=10, seconds=4)
    with video.open_source(path) as source:
        return source.info, list(source)


@contextmanager
def _received(case: str, live: Live, folder: Path) -> Iterator[None]:
    """The session sends to a receiver of this kind."""
    if case == "nobody":
        yield
        return
    protocol = case.split()[0]
    port = str(_free_port())
    if protocol == "osc":
        with _running(case, port, folder):
            live.emit(emit.parse(f"osc:{port}")).wait_open()
            yield
        return
    target = f"ws:{port}" if protocol == "ws" else "lsl"
    emitter = live.emit(emit.parse(target, token=TOKEN))
    emitter.wait_open()
    if protocol == "lsl":
        port = emitter._sender._numbers[0].get_info().source_id()
    with _running(case, port, folder):
        yield


@contextmanager
def _running(case: str, port: str, folder: Path) -> Iterator[None]:
    config = folder / "lsl_api.cfg"
    config.write_text(_LSL)
    script = f"port, token = {port!r}, {TOKEN!r}\n{RECEIVERS[case]}"
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, env=os.environ | {"LSLAPICFG": str(config)},
    )  # fmt: skip
    try:
        assert process.stdout and process.stdout.readline() == "ready\n", case
        yield
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def measure(case: str, loaded: engine.Engine, film: tuple, seconds: float, folder: Path) -> tuple:
    """Frames read per second, and milliseconds of processor time for each."""
    live = Live("film", loaded, opener=lambda spec: Film(*film))
    reads = 0
    read = live.analyser.read

    def counted(frame: object) -> object:
        nonlocal reads
        reads += 1
        return read(frame)

    live.analyser.read = counted
    with _received(case, live, folder):
        live.start()
        time.sleep(SETTLE_S)
        began, used, before = time.perf_counter(), time.process_time(), reads
        time.sleep(seconds)
        done = reads - before
        wall, used = time.perf_counter() - began, time.process_time() - used
        assert live.stop(5)
    return done / wall, 1000 * used / done


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7, help="how often every case has its turn")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a turn is")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    loaded = engine.load(Settings())
    turns: dict[str, list[tuple[float, float]]] = {case: [] for case in CASES}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = _film(folder)
        for turn in range(arguments.rounds):
            for case in CASES if turn % 2 == 0 else reversed(CASES):
                turns[case].append(measure(case, loaded, film, arguments.seconds, folder))
    figures = {case: _figures(turns[case], turns["nobody"]) for case in CASES}
    if arguments.json:
        print(json.dumps(figures))
        return 0
    print(f"{len(os.sched_getaffinity(0))} of {os.cpu_count()} cores, receivers included; load "
          f"average {os.getloadavg()[0]:.1f}; medians of {arguments.rounds} rounds")  # fmt: skip
    print(f"{'receiver':<14}{'read per s':>11}{'share':>8}{'ms CPU a frame':>16}{'share':>8}")
    for case, (rate, rate_share, used, used_share) in figures.items():
        print(f"{case:<14}{rate:>11.1f}{rate_share:>8.2f}{used:>16.2f}{used_share:>8.2f}")
    return 0


def _figures(turns: list[tuple], nobody: list[tuple]) -> tuple[float, float, float, float]:
    """Medians of rate and processor time, each with its share of the same round without anybody."""
    rates, used = zip(*turns, strict=True)
    base_rates, base_used = zip(*nobody, strict=True)
    shares = [a / b for a, b in zip(rates, base_rates, strict=True)]
    used_shares = [a / b for a, b in zip(used, base_used, strict=True)]
    return tuple(map(statistics.median, (rates, shares, used, used_shares)))  # type: ignore


if __name__ == "__main__":
    sys.exit(main())
