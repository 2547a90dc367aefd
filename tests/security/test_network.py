"""The program opens no connection: seen by an audit hook, by the system, and without a network."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clips import write_clip

AUDIT = """
import sys
def hook(event, details):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.")):
        if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo",
                     "socket.gethostbyname", "urllib.Request"):
            print("NETWORK", event, details[1:], file=sys.stderr)
sys.addaudithook(hook)
from howifeel.cli import {module}
sys.exit({module}.main(sys.argv[1:]))
"""


def command(module, *arguments):
    return [sys.executable, "-c", AUDIT.format(module=module), *map(str, arguments)]


def run(line, tmp_path, home=None):
    telemetry = "ORT_DISABLE_TELEMETRY"  # set by howifeel in this process; here it must do so anew
    environment = {k: v for k, v in os.environ.items() if k not in (telemetry, "CI")} | {
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(home or tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "HOWIFEEL_SESSIONS": str(tmp_path / "sessions"),
    }
    return subprocess.run(
        line, capture_output=True, text=True, timeout=120, env=environment, cwd=tmp_path
    )


@pytest.fixture
def film(tmp_path):
    return write_clip(tmp_path / "film.mp4", sound=("aac",), frames=5)


def annotating(film):
    here = film.parent
    return command(
        "video", film, "--out", here / "out.mp4", "--timeline", here / "out.parquet",
        "--report", here / "out.html",
    )  # fmt: skip


def emptied_network(line):
    """The command in a network namespace of its own, which holds nothing, not even loopback."""
    if not shutil.which("unshare"):
        pytest.skip("needs unshare")
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode:
        pytest.skip("this system lets nobody make namespaces")
    return ["unshare", "-rn", *line]


def test_a_film_is_annotated_without_a_connection(film, tmp_path):
    done = run(annotating(film), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "NETWORK" not in done.stderr
    assert (tmp_path / "out.html").exists()


def test_a_film_is_annotated_where_there_is_no_network(film, tmp_path):
    done = run(emptied_network(annotating(film)), tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("out.mp4", "out.parquet", "out.parquet.json", "out.html"):
        assert (tmp_path / name).stat().st_size > 0


def test_the_window_opens_no_connection_and_needs_no_network(tmp_path):
    pytest.importorskip("PySide6.QtWidgets")
    done = run(emptied_network(command("desktop", "--smoke")), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "NETWORK" not in done.stderr


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")
def test_the_system_sees_no_connection_and_no_write_beside_the_targets(film, tmp_path):
    """FFmpeg and ONNX Runtime are no Python: the system's own record is asked."""
    log = tmp_path / "calls"
    out = tmp_path / "only here"
    out.mkdir()
    line = command("video", film, "--out", out / "out.mp4", "--timeline", out / "out.csv")
    traced = [
        "strace",
        "-f",
        "-qq",
        "-s",
        "300",
        "-o",
        str(log),
        "-e",
        "trace=connect,bind,sendto,openat,rename,renameat,renameat2,unlink,unlinkat,mkdir",
    ]
    done = run([*traced, *line], tmp_path)
    if "ptrace" in done.stderr:
        pytest.skip("this system lets nobody trace")
    assert done.returncode == 0, done.stderr
    calls = [
        call.partition(" ")[2].strip() for call in log.read_text(errors="replace").splitlines()
    ]
    assert any("out.mp4" in call for call in calls)
    internet = [c for c in calls if c.startswith(("connect", "bind", "sendto")) and "AF_INET" in c]
    assert internet == []
    written = [c for c in calls if c.startswith("openat") and ("O_WRONLY" in c or "O_RDWR" in c)]
    allowed = (str(out), "/dev/", "/tmp/", "/proc/self/", ".pyc", "__pycache__")
    foreign = [c for c in written if "= -1" not in c and not any(part in c for part in allowed)]
    assert foreign == []


def test_no_library_keeps_anything_about_the_user(film, tmp_path):
    """ONNX Runtime would keep an identifier of the machine, and events to be sent later."""
    home = tmp_path / "home"
    home.mkdir()
    done = run(annotating(film), tmp_path, home=home)
    assert done.returncode == 0, done.stderr
    assert [path for path in home.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("kind", ["mp4", "ts", "mkv"])
def test_a_film_that_is_a_list_of_addresses_opens_none(tmp_path, kind):
    address = "http://127.0.0.1:9/a.ts"
    lists = {
        "mp4": f"ffconcat version 1.0\nfile '{address}'\n",
        "ts": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}\n#EXT-X-ENDLIST\n",
        "mkv": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\n"
        "m=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    }
    path = Path(tmp_path, f"list.{kind}")
    path.write_text(lists[kind])
    done = run(command("video", path, "--timeline", tmp_path / "a.csv"), tmp_path)
    assert done.returncode == 1
    assert "is not a video that can be read" in done.stderr
