"""The command howifeel as a process: no screen, a missing model, Ctrl-C, and a short start."""

import os
import signal
import subprocess
import sys
import time

import pytest

COMMAND = [sys.executable, "-m", "howifeel"]


@pytest.fixture
def environment(tmp_path):
    """Without a screen, and with preferences and sessions of its own."""
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    folders = {"XDG_CONFIG_HOME": tmp_path, "HOWIFEEL_SESSIONS": tmp_path / "sessions"}
    return kept | {name: str(path) for name, path in folders.items()}


def run(*arguments, **environment):
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=90
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a screen")
def test_without_a_screen_there_is_one_sentence(environment):
    done = run(**environment)
    assert done.returncode == 1
    assert done.stderr.startswith("howifeel: There is no screen here")
    assert done.stderr.count("\n") == 1


def test_a_smoke_run_opens_the_window_and_loads_the_models(environment):
    done = run("--smoke", **environment, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr


def test_a_missing_model_is_one_sentence(environment):
    done = run("--smoke", "--model", "none.onnx", **environment, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 1
    assert done.stderr == "howifeel: The file none.onnx is missing; check its name.\n"


def test_a_wrong_value_is_wrong_usage(environment):
    done = run("--hold", "7", **environment, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 2
    assert "between 0 and 1" in done.stderr


def test_ctrl_c_closes_the_window(environment):
    started = subprocess.Popen(
        [*COMMAND, "test:320x240@30"],
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(6)
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=60)
    assert started.returncode == 130, errors
    assert "Traceback" not in errors


def test_help_is_answered_without_qt(environment):
    code = (
        "import sys\nfrom howifeel.cli import desktop\n"
        "try: desktop.main(['--help'])\nexcept SystemExit: pass\n"
        "sys.exit('PySide6' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.returncode == 0
