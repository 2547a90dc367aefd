"""`howifeel-video --live` without a picture to write, run as a program of its own."""

import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

import demo
from howifeel import timeline
from howifeel.cli.video import main
from howifeel.pipeline import Analyser
from howifeel.timeline.formats.csv import CsvWriter

COMMAND = Path(sys.executable).with_name("howifeel-video")
TOKEN = "correct-horse-battery"


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A face that appears, two seconds."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    demo.build_clip(path, 320, 180, 15, seconds=2)
    return path


@pytest.fixture
def begin():
    """Starts the command; ends it after the test."""
    started = []

    def command(*arguments, **environment):
        made = subprocess.Popen(
            [COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=os.environ | environment,
        )  # fmt: skip
        started.append(made)
        return made

    yield command
    for each in started:
        each.kill()
        each.communicate()


def refused(capsys, *arguments):
    """Exit code 2 and one sentence."""
    assert main([str(argument) for argument in arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("howifeel-video: ") and line.endswith(".")
    return line


def test_it_tells_once_a_second_what_the_face_looks_like(begin, film):
    running = begin(film, "--live")
    told, complaints = running.communicate(timeout=60)
    assert running.returncode == 0 and complaints == ""
    lines = told.splitlines()
    assert 1 <= len(lines) <= 4
    assert any(" fps  1 face: looks " in line or "1 face: unsure" in line for line in lines)
    assert "is happy" not in told


def test_a_program_reads_along_until_ctrl_c_and_the_timeline_is_kept(begin, tmp_path):
    table = tmp_path / "t.csv"
    running = begin(
        "test:320x240@15", "--live", "--emit", "ws:0", "--emit-faces", 2, "--timeline", table,
        "--json", HOWIFEEL_EMIT_TOKEN=TOKEN,
    )  # fmt: skip
    opened = json.loads(running.stdout.readline())
    assert opened["protocol"] == "websocket" and opened["address"].endswith(f"?token={TOKEN}")
    assert not table.exists()
    with connect(opened["address"].replace("http", "ws").replace("/?", "/stream?")) as client:
        about = json.loads(client.recv(timeout=20))
        assert about["type"] == "about" and len(about["model_sha256"]) == 64
        got = [json.loads(client.recv(timeout=20)) for _ in range(12)]
        assert [face["says"] for face in got[0]["faces"]] == ["no face", "no face"]
        assert got[-1]["frame"] > got[0]["frame"] and got[-1]["gap"] == "no face"
        told = json.loads(running.stdout.readline())
        assert told["gap"] == "no face" and told["faces"] == [] and told["sent"][0] > 0
        running.send_signal(signal.SIGINT)
        with pytest.raises(ConnectionClosed):
            while True:
                client.recv(timeout=20)
    rest, complaints = running.communicate(timeout=30)
    assert running.returncode == 130 and complaints.strip() == "howifeel-video: stopped."
    assert json.loads(rest.splitlines()[-1]) == {"written": [str(table), f"{table}.json"]}
    frames = [moment.index for moment in timeline.read(table).moments]
    assert set(frames) >= {each["frame"] for each in got}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.csv", "t.csv.json"]
    notes = json.loads((tmp_path / "t.csv.json").read_text())["notes"]
    assert re.match(r"The source was read live: \d+ frames that came meanwhile", notes[0])


def test_it_ends_after_the_seconds_that_were_asked_for(begin):
    running = begin("test:64x48@20", "--live", "--seconds", "0.5", "--emit", "osc:9", "--json")
    told, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert json.loads(told.splitlines()[0])["address"] == "udp://127.0.0.1:9"


def test_a_port_that_is_taken_is_one_sentence(begin, film, tmp_path):
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        target = f"ws:{other.getsockname()[1]}"
        running = begin(film, "--live", "--emit", target, "--timeline", tmp_path / "t.csv")
        told, complaint = running.communicate(timeout=60)
    assert running.returncode == 1 and told == ""
    assert "cannot be used" in complaint and len(complaint.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_ends_it_at_once(monkeypatch, capsys, tmp_path):
    def full(self, moment):
        raise OSError(errno.ENOSPC, "No space left on device")

    table = tmp_path / "t.csv"
    monkeypatch.setattr(CsvWriter, "add", full)
    assert main(["test:64x48@20", "--live", "--emit", "osc:9", "--timeline", str(table)]) == 1
    assert capsys.readouterr().err == (
        f"howifeel-video: Cannot write {table}: No space left on device.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_frames_of_a_film_that_were_left_out_are_counted(monkeypatch, capsys, film, tmp_path):
    usual, table = Analyser.read, tmp_path / "t.csv"

    def slow(self, frame):
        time.sleep(0.2)
        return usual(self, frame)

    monkeypatch.setattr(Analyser, "read", slow)
    assert main([str(film), "--live", "--emit", "osc:9", "--timeline", str(table)]) == 0
    read = len({moment.index for moment in timeline.read(table).moments})
    assert 0 < read < 30
    assert capsys.readouterr().err == (
        f"howifeel-video: {30 - read} frames were left out, because the film goes on while a frame "
        "is read; leave --live and --emit out to have every frame read.\n"
    )


def test_a_missing_film_is_one_sentence(begin, tmp_path):
    running = begin(tmp_path / "none.mp4", "--live", "--timeline", tmp_path / "t.csv")
    _, complaint = running.communicate(timeout=60)
    assert running.returncode == 1 and len(complaint.splitlines()) == 1
    assert "There is no file" in complaint and list(tmp_path.iterdir()) == []


def test_what_contradicts_itself_is_refused(capsys, film, tmp_path):
    assert "add --live" in refused(capsys, film, "--emit", "osc")
    assert "name one" in refused(capsys, film, film, "--live", "--emit", "osc")
    out = tmp_path / "a.mp4"
    assert "leave out" in refused(capsys, film, "--live", "--emit", "osc", "--out", out)
    assert "lsl, osc or ws" in refused(capsys, film, "--live", "--emit", "smoke")
    assert "1 to 8" in refused(capsys, film, "--live", "--emit", "osc", "--emit-faces", 9)
    assert "is a picture" in refused(capsys, "a.jpg", "--live")
    table = tmp_path / "t.xyz"
    assert "cannot end in" in refused(capsys, film, "--live", "--emit", "ws", "--timeline", table)


def test_without_emit_no_socket_is_opened(film):
    script = (
        "import sys; told = []\n"
        "sys.addaudithook(lambda event, _: event.startswith('socket.') and told.append(event))\n"
        "from howifeel.cli.video import main\n"
        f"code = main([{str(film)!r}, '--live'])\n"
        "print(code, told)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr
