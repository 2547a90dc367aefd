"""howifeel-video with everything that a user can get wrong."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest

import demo
import media
from howifeel.classify import onnx
from howifeel.cli.video import main
from howifeel.config import Settings

COMMAND = Path(sys.executable).with_name("howifeel-video")


@pytest.fixture
def run(capsys):
    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def sentence(err):
    """The last line of stderr, which must be the only one that is not progress."""
    lines = [line for line in err.splitlines() if "frames," not in line]
    assert len(lines) == 1, err
    assert lines[0].startswith("howifeel-video: ")
    assert lines[0].endswith(".")
    return lines[0]


def wait_for_output(folder):
    deadline = time.monotonic() + 60
    while not names(folder):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def silent_video(path, seconds=1):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for k in range(10 * seconds):
            image = np.full((48, 64, 3), 5 * k, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode(None))


def sound_only(path):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48_000, layout="mono")
        for k in range(20):
            container.mux(stream.encode(demo._tone(1024 * k)))
        container.mux(stream.encode(None))


BAD_SOURCES = {
    "missing.mp4": (lambda path: None, "no file"),
    "empty.mp4": (lambda path: path.touch(), "empty"),
    "text.mp4": (lambda path: path.write_text("hello " * 1000), "not a video"),
    "sound.m4a": (sound_only, "no (video|picture)"),
    "picture.jpg": (lambda path: path.write_bytes(b"\xff\xd8\xff" + b"x" * 99), "picture"),
}


@pytest.mark.parametrize("name", BAD_SOURCES)
def test_bad_source(run, tmp_path, name):
    make, words = BAD_SOURCES[name]
    make(tmp_path / name)
    before = names(tmp_path)
    target = "out.jpg" if name.endswith(".jpg") else "out.mp4"
    code, out, err = run(tmp_path / name, "--out", tmp_path / target)
    assert code == 1
    assert out == ""
    assert re.search(words, sentence(err))
    assert names(tmp_path) == before


def test_endless_source_needs_live(run, tmp_path):
    code, _, err = run("test:320x240@10", "--timeline", tmp_path / "o.csv")
    assert code == 1
    assert "--live" in sentence(err)
    assert names(tmp_path) == []


def test_half_a_video_without_its_index_is_refused(run, film, tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    code, _, err = run(broken, "--out", tmp_path / "out.mp4")
    assert code == 1
    assert "broken.mp4" in sentence(err)
    assert names(tmp_path) == ["broken.mp4"]


def test_truncated_end_is_processed_up_to_the_damage(run, tmp_path):
    whole, cut = tmp_path / "whole.mkv", tmp_path / "cut.mkv"
    demo.build_clip(whole, 320, 180, 10)
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    code, _, err = run(cut, "--out", tmp_path / "out.mkv")
    assert code == 0
    assert "damaged" in sentence(err)
    count = len(media.probe(tmp_path / "out.mkv").times)
    assert 20 < count < 80


def test_no_face_anywhere_is_a_timeline_of_gaps(run, tmp_path):
    silent_video(tmp_path / "grey.mp4")
    code, _, err = run(tmp_path / "grey.mp4", "--timeline", tmp_path / "out.csv")
    assert code == 0
    assert "No readable face" in sentence(err)
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert len(lines) == 11
    assert all(line.endswith("no face") for line in lines[1:])


@pytest.mark.parametrize(
    ("out", "words"), [("none/out.mp4", "does not exist"), ("taken.mp4", "--force")]
)
def test_unusable_target(run, film, tmp_path, out, words):
    (tmp_path / "taken.mp4").write_text("precious")
    code, _, err = run(film, "--out", tmp_path / out)
    assert code == 1
    assert words in sentence(err)
    assert names(tmp_path) == ["taken.mp4"]
    assert (tmp_path / "taken.mp4").read_text() == "precious"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["film.mp4"], "Nothing to write"),
        (["film.mp4", "--out", "out.txt"], "must end in"),
        (["film.mp4", "--out", "results/"], "results/ does not exist"),
        (["film.mp4", "--timeline", "out.doc"], "cannot end in '.doc'"),
        (["a.mp4", "b.mp4", "--out", "one.mp4"], "Several sources need --out"),
        (["a.mp4", "b.mp4", "--report", "one.html"], "Several sources need --report"),
        (["film.mp4", "--report", "out.pdf"], "must end in .html"),
        (["film.mp4", "--out", "film.mp4", "--force"], "read and written"),
        (["a.mkv", "a.mp4", "a-mkv.mp4", "--out", "{name}.mp4", "--force"], "read and written"),
        (["film.mp4", "--out", "a.mkv", "--timeline", "a.mkv.csv/../a.mkv"], "cannot end in"),
        (["0", "--out", "camera.mp4"], "--live"),
        (["film.mp4", "--out", "o.mp4", "--face-score", "7"], "between 0.01 and 1"),
        (["film.mp4", "--out", "o.mp4", "--detector", "yolo"], "choose one of caffe_ssd, mtcnn"),
        (["film.mp4", "--out", "o.mp4", "--config", "none.toml"], "Cannot read the settings"),
    ],
)
def test_wrong_usage(run, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    for name in (films := ["a-mkv.mp4", "a.mkv", "a.mp4", "b.mp4", "film.mp4"]):
        (tmp_path / name).touch()
    code, out, err = run(*arguments)
    assert code == 2
    assert words in sentence(err)
    assert out == ""
    assert names(tmp_path) == films


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_seconds_must_be_a_number_above_0(seconds):
    with pytest.raises(SystemExit) as stop:
        main(["film.mp4", "--out", "o.mp4", "--seconds", seconds])
    assert stop.value.code == 2


@pytest.mark.parametrize(("flag", "value"), [("--workers", "x"), ("--tries", "0")])
def test_counts_are_whole_numbers_of_at_least_1(flag, value, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["films/", "--out", "results/", flag, value])
    assert stop.value.code == 2
    assert f"'{value}' is not a whole number of at least 1" in capsys.readouterr().err


def test_seconds_end_the_stream_and_its_sound(run, film, tmp_path):
    code, _, err = run(film, "--out", tmp_path / "out.mp4", "--seconds", "2")
    assert code == 0
    assert "stop after 2 s" in sentence(err)
    assert len(media.probe(tmp_path / "out.mp4").times) == 20
    with av.open(str(tmp_path / "out.mp4")) as container:
        sound = container.streams.audio[0]
        assert float(sound.duration * sound.time_base) == pytest.approx(2, abs=0.1)


def test_a_limit_that_cuts_nothing_is_not_told(run, film, tmp_path):
    code, _, err = run(film, "--timeline", tmp_path / "t.csv", "--seconds", "600")
    assert code == 0
    assert "told to stop" not in err
    assert json.loads((tmp_path / "t.csv.json").read_text())["notes"] == []


def test_a_report_appears_whole_and_is_kept(run, film, tmp_path):
    target = tmp_path / "out.html"
    code, out, _ = run(film, "--report", target, "--seconds", "3", "--json")
    assert code == 0
    assert json.loads(out)["written"] == [str(target)]
    text = target.read_text("utf-8")
    for words in ("film.mp4", "Shown longest", "told to stop after 3 s", "howifeel.onnx"):
        assert words in text
    assert str(film.parent) not in text
    assert text.endswith("</html>\n")
    code, _, err = run(film, "--report", target)
    assert code == 1
    assert "--force" in sentence(err)
    assert target.read_text("utf-8") == text
    assert names(tmp_path) == ["out.html"]


@pytest.mark.parametrize("content", [b"", b"not a model" * 100])
def test_corrupt_model(run, film, tmp_path, content):
    model = tmp_path / "model.onnx"
    model.write_bytes(content)
    code, _, err = run(film, "--out", tmp_path / "out.mp4", "--model", model)
    assert code == 1
    assert "model.onnx" in sentence(err)
    assert names(tmp_path) == ["model.onnx"]


def test_corrupt_detector(run, film, tmp_path):
    pair = tmp_path / "a.prototxt", tmp_path / "a.caffemodel"
    for path in pair:
        path.write_text("nonsense")
    code, _, err = run(film, "--out", tmp_path / "out.mp4", "--detector-files", *pair)
    assert code == 1
    assert "a.prototxt" in sentence(err)


def test_json_report(run, film, tmp_path):
    code, out, _ = run(film, "--timeline", tmp_path / "out.csv", "--json")
    report = json.loads(out)
    assert code == 0
    assert report["frames"] == 80
    assert report["written"] == [str(tmp_path / "out.csv"), str(tmp_path / "out.csv.json")]
    assert report["device"] in ("cpu", "cuda")
    assert 0.5 < report["summary"]["coverage"] < 1


def test_force_replaces(run, film, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("old")
    assert run(film, "--timeline", out, "--force", "--seconds", "1")[0] == 0
    assert out.read_text().startswith("frame,time_s")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_leaves_nothing(film, tmp_path, number):
    command = [COMMAND, "test:1280x720@30x600", "--out", tmp_path / "out.mp4"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    wait_for_output(tmp_path)
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "stopped" in err
    assert names(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_ends_a_recording_well(tmp_path, number):
    out = tmp_path / "out.mp4"
    command = [COMMAND, "test:320x240@10", "--live", "--out", out]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    wait_for_output(tmp_path)
    time.sleep(1)
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert len(media.probe(out).times) >= 5
    assert names(tmp_path) == ["out.mp4"]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals of POSIX")
@pytest.mark.parametrize("flags", [[], ["--live"]])
def test_nohup_keeps_it_running(tmp_path, flags):
    command = [COMMAND, "test:320x240@10x3", "--out", tmp_path / "out.mp4", *flags]
    process = subprocess.Popen(["nohup", *command], stderr=subprocess.PIPE)
    wait_for_output(tmp_path)
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(media.probe(tmp_path / "out.mp4").times) == 30


def test_recordings_after_an_interruption_are_not_started(tmp_path):
    command = [COMMAND, "test:320x240@10", "test:160x120@10", "--live", "--out", tmp_path]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    wait_for_output(tmp_path)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert len(names(tmp_path)) == 1


def test_debug_shows_the_traceback(run, tmp_path):
    code, _, err = run(tmp_path / "none.mp4", "--out", tmp_path / "o.mp4", "--debug")
    assert code == 1
    assert "Traceback" in err
    assert "howifeel-video: There is no file" in err


def test_early_failure_is_json_too(run, film, tmp_path):
    code, out, _ = run(film, "--out", tmp_path / "o.mp4", "--model", "nobody", "--json")
    assert code == 1
    assert "no model 'nobody'" in json.loads(out)["error"]


@pytest.mark.parametrize(("flags", "used"), [((), None), (("--unsure-below", "0.9"), 0.9)])
def test_the_threshold_that_was_used_is_told(run, film, tmp_path, flags, used):
    table, page = tmp_path / "t.csv", tmp_path / "t.html"
    assert run(film, "--timeline", table, "--report", page, "--seconds", "0.2", *flags)[0] == 0
    settings = json.loads((tmp_path / "t.csv.json").read_text())["settings"]
    assert settings["unsure_below"] == (
        used or onnx.build(Settings(device="cpu")).spec.unsure_below
    )
    assert f"unsure_below = {settings['unsure_below']}" in page.read_text(encoding="utf-8")


def test_damage_is_noted_beside_the_table(run, film, tmp_path):
    whole, cut, table = tmp_path / "w.mkv", tmp_path / "c.mkv", tmp_path / "t.csv"
    demo.build_clip(whole, 320, 180, 10)
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert run(cut, "--timeline", table)[0] == 0
    (note,) = json.loads(table.with_name("t.csv.json").read_text())["notes"]
    assert "damaged" in note


def test_lost_terminal_does_not_stop_the_work(film, tmp_path):
    shell = f"{COMMAND} {film} --timeline {tmp_path / 'o.csv'} --seconds 1 2>&1 >/dev/null | true"
    subprocess.run(shell, shell=True, check=True, timeout=60)
    deadline = time.monotonic() + 60
    while not (tmp_path / "o.csv").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_help_shows_examples_and_version(capsys):
    for flag, words in (("--help", "annotated.mp4"), ("--version", "howifeel-video 0.")):
        with pytest.raises(SystemExit) as stop:
            main([flag])
        assert stop.value.code == 0
        assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flag", "values"),
    [
        ("--timeline", ("t.csv", "t.srt")),
        ("--out", ("a.mp4", "a.mp4")),
        ("--report", ("a.html", "b.html")),
        ("--seconds", ("1", "2")),
        ("--hold", ("0.08", "0.1")),
    ],
)
def test_a_second_value_does_not_replace_the_first_in_silence(capsys, flag, values):
    with pytest.raises(SystemExit) as stop:
        main(["a.mp4", flag, values[0], "--overlay", "boxes", "--overlay", "bars", flag, values[1]])
    assert stop.value.code == 2
    assert f"argument {flag}: it may be given once only" in capsys.readouterr().err
