"""howifeel-video over a folder as a program of its own, to be killed, and what is left then."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

import clips
import media
from howifeel.batch import manifest
from howifeel.batch.ledger import recall

COMMAND = Path(sys.executable).with_name("howifeel-video")
FRAMES = 40


def write_films(folder, *names):
    """Films that take a moment to read and to write."""
    folder.mkdir()
    for name in names:
        clips.write_clip(
            folder / f"{name}.mp4", frames=FRAMES, picture=lambda n: clips.noise(n, 320, 240)
        )
    return folder


class Command:
    """howifeel-video over a folder, in a process group of its own, with all its children."""

    def __init__(self, films, out, *flags, env=None):
        command = [COMMAND, films, "--out", out, *map(str, flags)]
        self.films, self.out = films, out
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            start_new_session=True,
        )
        self.family = [psutil.Process(self.process.pid)]

    def wait(self):
        """Exit code, stdout and stderr; nothing that was started may be left."""
        out, err = self.process.communicate(timeout=170)
        _gone, alive = psutil.wait_procs(self.family, timeout=20)
        assert not alive
        return self.process.returncode, out, err

    def workers(self):
        """The worker processes that run now."""
        children = psutil.Process(self.process.pid).children()
        self.family = [self.family[0], *children]
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]

    def wait_for_work(self):
        """Wait until a file is being written."""
        deadline = time.monotonic() + 170
        while not list(self.out.glob(".howifeel-*.part.mp4")):
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        self.workers()

    def kill_all(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=20)
        psutil.wait_procs(self.family, timeout=20)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def rows(out):
    """What the next run will know, by source; the manifest itself must be readable too."""
    manifest.read(out / manifest.NAME)
    return {row.source: row for row in recall(out / manifest.NAME)}


def states(out):
    return {source: row.state for source, row in rows(out).items()}


def check_complete(out):
    """Every target is whole: it decodes to its end."""
    for path in out.glob("*-annotated.mp4"):
        assert len(media.probe(path).times) == FRAMES


def check_finished(films, out):
    assert set(states(out).values()) == {"done"}
    assert names(out) == sorted(
        [manifest.NAME, *(f"{path.stem}-annotated.mp4" for path in films.iterdir())]
    )
    check_complete(out)
