"""`howifeel-check` bounds its own memory and time, so it runs in a process of its own."""

import subprocess
import sys

import pytest

from howifeel import assets

MODEL = assets.model_file()
DETECTOR = assets.detector_files()


@pytest.mark.parametrize(
    ("kind", "files", "tried"),
    [
        ("model", (MODEL,), f"{MODEL} works: its metadata are complete"),
        ("detector", DETECTOR, f"{DETECTOR[0]} and {DETECTOR[1]} work: it looked for faces"),
    ],
)
def test_one_line_says_what_was_checked(kind, files, tried):
    done = check(kind, *files)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"The {kind} {tried}")
    assert done.stdout.count("\n") == 1


def test_what_does_not_work_is_not_said_to_work(tmp_path):
    (tmp_path / "bad.onnx").write_bytes(b"junk")
    done = check("model", tmp_path / "bad.onnx")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("howifeel-check: ")


def check(*words):
    return subprocess.run(
        [sys.executable, "-m", "howifeel.cli.check", *map(str, words)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
