import argparse
import io
import json
import shlex
import shutil
import sys
from fractions import Fraction

import numpy as np
import pytest

from howifeel import plugins
from howifeel.cli import train as program
from howifeel.errors import OutputError, SettingsError, Stopped
from howifeel.train.detector import checkpoint, command, flags
from howifeel.video import VideoSink
from howifeel.video.source import SourceInfo


def run(*words):
    parser = argparse.ArgumentParser()
    flags.add_arguments(parser)
    return command.run(parser.parse_args([str(word) for word in words]))


def test_train_evaluate_export(face_folder, tiny_recipe_file, tmp_path, capsys):
    out, again = tmp_path / "run", tmp_path / "again"
    flags = ("--recipe", tiny_recipe_file, "--steps", 10, "--threads", 1, "--workers", 0)
    assert run("--data", face_folder, "--out", out, "--device", "cpu", *flags) == 0
    told = capsys.readouterr()
    assert "20 px" in told.out
    assert "step 10 (100%)" in told.err

    assert run("export", out / "best.pt", "--out", again) == 0
    for name in ("architecture.txt", "weights.caffemodel"):
        assert (again / name).read_bytes() == (out / name).read_bytes()
    capsys.readouterr()

    pair = ("--detector-files", again / "architecture.txt", again / "weights.caffemodel")
    assert run("evaluate", "--data", face_folder, *pair, "--json", "--repeat", 1) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["detector"] == "weights.caffemodel"
    assert [result["min_px"] for result in report["sizes"]] == [20, 32, 64]
    assert report["sizes"][0]["faces"] == 12
    assert 0 <= report["sizes"][0]["average_precision"] <= 1
    assert set(report["ms"]) == {"1", "2"}

    with pytest.raises(OutputError, match="--resume"):
        run("--data", face_folder, "--out", out)
    (out / "last.pt").unlink()
    for resume in ((), ("--resume",)):
        with pytest.raises(OutputError, match=r"best\.pt without a run"):
            run("--data", face_folder, "--out", out, *resume)
    for name in ("best.pt", "log.jsonl"):
        (out / name).unlink()
    with pytest.raises(OutputError, match=r"architecture\.txt without a run"):
        run("--data", face_folder, "--out", out)


def test_a_paused_run_goes_on_with_the_command_that_it_tells(
    face_folder, tiny_recipe_file, tmp_path, capsys
):
    out, labelled = tmp_path / "my runs", tmp_path / "labelled"
    labelled.mkdir()
    shutil.copy(face_folder / "train-0-of-1.parquet", labelled / "labelled-0-of-1.parquet")
    given = (
        "--data", face_folder, "--labelled", labelled, "--out", out, "--recipe", tiny_recipe_file,
        "--steps", 2, "--minutes", 60, "--pause-minutes", 1e-9, "--workers", 0, "--device", "cpu",
    )  # fmt: skip
    assert run(*given) == 0
    told = capsys.readouterr().err.strip().splitlines()[-1].removeprefix("Paused; go on with: ")
    words = shlex.split(told)
    assert words[:2] == ["howifeel-train", "detector"]
    for flag, message in (("--labelled", "learns from 24 .*24 marked"), ("--minutes", "60")):
        forgotten = words[2:]
        place = forgotten.index(flag)
        del forgotten[place : place + 2]
        with pytest.raises(SettingsError, match=message):
            run(*forgotten)
    assert checkpoint.load(out / "last.pt").step == 1
    assert run(*words[2:]) == 0
    assert checkpoint.load(out / "last.pt").step == 2


def test_a_run_that_is_stopped_tells_how_to_go_on(
    face_folder, tiny_recipe_file, tmp_path, monkeypatch
):
    given = (
        "--data", face_folder, "--out", tmp_path / "run", "--recipe", tiny_recipe_file,
        "--steps", 3, "--workers", 0, "--device", "cpu",
    )  # fmt: skip

    def stop(progress):
        raise KeyboardInterrupt

    assert run(*given, "--pause-minutes", 1e-9) == 0
    with monkeypatch.context() as patched, pytest.raises(Stopped) as stopped:
        patched.setattr(command, "_show", stop)
        run(*given, "--resume")
    told = str(stopped.value).removeprefix("go on with: ")
    assert run(*shlex.split(told)[2:]) == 0
    assert checkpoint.load(tmp_path / "run" / "last.pt").step == 3


def test_a_run_cannot_both_go_on_and_begin_anew(face_folder, tmp_path):
    with pytest.raises(SettingsError, match="one of them"):
        run("--data", face_folder, "--out", tmp_path, "--resume", "--force")


def test_training_needs_pictures_and_a_folder():
    with pytest.raises(SettingsError, match="--data and --out"):
        run()


@pytest.mark.parametrize("flags", [("--steps", "0"), ("--minutes", "-1"), ("--threads", "x")])
def test_numbers_out_of_range_are_wrong_usage(flags, capsys):
    with pytest.raises(SystemExit) as stopped:
        run(*flags)
    assert stopped.value.code == 2
    assert flags[0] in capsys.readouterr().err


def test_every_detector_is_evaluated_where_none_is_named(face_folder, capsys):
    assert run("evaluate", "--data", face_folder, "--repeat", 0) == 0
    told = capsys.readouterr()
    for name in plugins.names("howifeel.detect"):
        assert name in told.out + told.err
    assert "caffe_ssd\n" in told.out


def test_each_table_is_out_before_the_next_detector_begins(face_folder, monkeypatch):
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", stdout)
    seen = []

    def named(name):
        def detect(image):
            seen.append((name, stdout.buffer.getvalue().decode()))
            return np.zeros((0, 5), np.float32)

        return detect

    monkeypatch.setattr(command, "named_detector", named)
    flags = ("--detector", "caffe_ssd", "--detector", "mtcnn", "--repeat", 1)
    assert run("evaluate", "--data", face_folder, *flags) == 0
    stdout.flush()
    printed = stdout.buffer.getvalue().decode()
    first = dict(reversed(seen))
    assert first["caffe_ssd"] == ""
    assert first["mtcnn"].startswith("caffe_ssd\n") and "64 px" in first["mtcnn"]
    assert printed.startswith(first["mtcnn"] + "mtcnn\n")
    assert "mtcnn: 0.0 ms with 1 thread(s), 0.0 ms with 2 thread(s)\n" in printed


def test_an_evaluation_shows_its_progress(face_folder, capsys):
    flags = ["--detector", "caffe_ssd", "--repeat", "1"]
    words = ["detector", "evaluate", "--data", str(face_folder), *flags]
    assert program.main(words) == 0
    told = capsys.readouterr()
    assert "caffe_ssd: 100%, " in told.err
    assert "speed with 2 thread(s): 100%, 1 of 1 rounds" in told.err
    assert "100%" not in told.out
    assert program.main([*words, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_help_warns_of_the_slow_detector(capsys):
    with pytest.raises(SystemExit):
        run("evaluate", "--help")
    assert "MTCNN, which is slow" in " ".join(capsys.readouterr().out.split())


def test_jitter_of_a_video(face_folder, tmp_path, astronaut, capsys):
    video = tmp_path / "still.mp4"
    about = SourceInfo(
        name="still", kind="pattern", width=512, height=512, fps=Fraction(25), frames=None,
        duration_s=None, time_base=Fraction(1, 25), live=False,
    )  # fmt: skip
    with VideoSink(video, about) as sink:
        for number in range(3):
            sink.write(astronaut, number / 25)
    flags = ("--detector", "caffe_ssd", "--repeat", 0, "--json", "--video", video)
    assert run("evaluate", "--data", face_folder, *flags) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["videos"]["still.mp4"]["found"] == 1
    assert report["videos"]["still.mp4"]["raw"] < 0.01
