"""Runs the commands of a page as a reader would, in a folder that holds what the page speaks of."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import cv2
import numpy as np

import demo
import fer_sets
from doc_pages import ROOT

SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]


def lines(text: str) -> list[str]:
    """The commands of a block, without comments; what belongs together is one."""
    joined = re.sub(r"\\\n\s*", "", text)
    try:
        return [line for line in joined.splitlines() if shlex.split(line, comments=True)]
    except ValueError:  # a quotation over several lines
        return [joined]


def furnish(folder: Path, photograph: np.ndarray) -> None:
    """Put the films, pictures and data sets there that the pages speak of, all small."""
    demo.build_clip(folder / "talk.mp4", 320, 180, 5, seconds=3)
    cv2.imwrite(str(folder / "party.jpg"), photograph)
    (folder / "interviews").mkdir()
    for name in ("first", "second"):
        shutil.copy(folder / "talk.mp4", folder / "interviews" / f"{name}.mp4")
    fer_sets.write_csv(folder / "fer2013", fer_sets.faces(per_class=8))


def run(command: str) -> None:
    """Run one command in the current folder; it must end well.

    Programs of this project run in this process, which is quicker; the window in one of its
    own, and closes again once it has loaded its models.
    """
    program, *words = shlex.split(command, comments=True)
    if program == "mkdir":
        Path(*words).mkdir()
    elif program == "make":
        subprocess.run(["make", "--dry-run", *words], cwd=ROOT, check=True, capture_output=True)
    elif program == "howifeel":
        _apart([sys.executable, "-m", "howifeel", *words, "--smoke"])
    elif program in SCRIPTS and re.search(r"[|<>;&$*]", command) is None:
        module, _, function = SCRIPTS[program].partition(":")
        code = getattr(importlib.import_module(module), function)(words)
        assert code == 0, f"{command}: exit code {code}"
    else:
        _apart(["bash", "-euc", command])


class _Understood(BaseException):
    """Its arguments were read; the command need not go on."""


def check(command: str) -> None:
    """Read the arguments of a command of this project as it would, and stop there."""
    program, *words = shlex.split(command, comments=True)
    if words[:2] == ["-m", "howifeel.train"]:
        program, words = "howifeel-train", words[2:]
    if program not in SCRIPTS:
        return
    unread = [program] * (2 if program == "howifeel-lab" else 1)  # it reads EXPERIMENT first

    def parse_args(parser, *arguments):
        read = original(parser, *arguments)
        unread.pop()
        if not unread:
            raise _Understood
        return read

    original = argparse.ArgumentParser.parse_args
    module, _, function = SCRIPTS[program].partition(":")
    try:
        argparse.ArgumentParser.parse_args = parse_args
        getattr(importlib.import_module(module), function)(words)
    except _Understood:
        return
    finally:
        argparse.ArgumentParser.parse_args = original
    raise AssertionError(f"{command}: it did not read its arguments")


def _apart(command: list[str]) -> None:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {
        **os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(Path("config").resolve()),
        "XDG_DATA_HOME": str(Path("data").resolve()),
    }  # fmt: skip
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"


def copy(furnished: Path, target: Path) -> None:
    """A folder for one page, in which it may do what it wants."""
    shutil.copytree(furnished, target)


def write(name: str, text: str) -> None:
    Path(name).write_text(text, "utf-8")
