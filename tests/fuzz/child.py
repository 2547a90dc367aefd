"""Runs one case in a forked child with limits, and judges what came of it."""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

GIB = 2**30
MOST_ADDRESSES = 6 * GIB
"""What a case may ask for beyond what the parent has; memory that is never touched costs nothing."""

MOST_RSS = 1 * GIB
MOST_CPU_S = 20
MOST_WALL_S = 60
MOST_FILE = 256 * 2**20
_ACCEPTED = (0, 1, 2)
_PROGRESS = re.compile(r": +(\d+%|\d+ frames), ")


@dataclass(frozen=True)
class Case:
    """One hostile input.

    Attributes:
        kind: of the file, such as "mp4".
        name: what was done to it, with the seed.
        make: writes the input into a folder and returns its path.
        body: reads it as a user would; its result is the exit code. The second argument is the
            folder for outputs, the only one in which anything may change.
        writes: whether the body must leave a file there when its code is 0.
        slow: whether it takes seconds, so that a sample goes without it.
    """

    kind: str
    name: str
    make: Callable[[Path], Path]
    body: Callable[[Path, Path], int]
    writes: bool = False
    slow: bool = False


@dataclass(frozen=True)
class Verdict:
    """What came of a case. `problem` is empty where all is well."""

    kind: str
    name: str
    code: int
    peak_mb: float
    wall_s: float
    said: str
    problem: str


def run(case: Case, folder: Path) -> Verdict:
    """Make the input in an empty folder, run the body in a child, judge."""
    given, out = folder / "in", folder / "out"
    given.mkdir()
    out.mkdir()
    path = case.make(given)
    before = _state(given)
    started = time.monotonic()
    log = folder / "log"
    pid = os.fork()
    if pid == 0:
        _child(case, path, out, log)
    status, usage, timed_out = _wait(pid)
    said = log.read_text("utf-8", "replace") if log.exists() else ""
    code = os.waitstatus_to_exitcode(status)
    peak_mb = usage.ru_maxrss / 1024
    written = sorted(os.listdir(out))
    problem = _problem(case, code, said, peak_mb, written, timed_out)
    if not problem and _state(given) != before:
        problem = "something outside the target was changed"
    wall_s = time.monotonic() - started
    return Verdict(case.kind, case.name, code, peak_mb, wall_s, said.strip(), problem)


def _child(case: Case, path: Path, out: Path, log: Path) -> None:
    code = 99
    try:
        stream = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.dup2(stream, 2)
        os.chdir(out)
        addresses = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (addresses + MOST_ADDRESSES,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S + 5))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_FILE,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        code = case.body(path, out)
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 98
    finally:
        with suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


def _wait(pid: int) -> tuple[int, resource.struct_rusage, bool]:
    until = time.monotonic() + MOST_WALL_S
    pause_s = 0.002
    while True:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            return status, usage, False
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            _, status, usage = os.wait4(pid, 0)
            return status, usage, True
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, 0.05)


def _problem(
    case: Case, code: int, said: str, peak_mb: float, written: list[str], timed_out: bool
) -> str:
    lines = [line for line in said.strip("\n").split("\n") if line and not _PROGRESS.search(line)]
    if timed_out or code == -signal.SIGXCPU:
        return "it hangs"
    if code < 0:
        return f"it crashes with {signal.Signals(-code).name}"
    if "Traceback" in said or "run it again with --debug" in said:
        return f"an error that nobody expected: {said.strip()[-300:]}"
    if code not in _ACCEPTED:
        return f"exit code {code}"
    if peak_mb * 2**20 > MOST_RSS:
        return f"{peak_mb:.0f} MB of memory"
    if foreign := [line for line in lines if not line.startswith(("howifeel", "usage: howifeel"))]:
        return f"says more than sentences: {foreign[0]!r}"
    if any(ord(letter) < 32 or ord(letter) == 127 for line in lines for letter in line):
        return f"raw control characters on the terminal: {said!r}"
    if code and len(lines) != 1 and not said.startswith("usage: "):
        return f"{len(lines)} lines in place of one sentence: {said!r}"
    if code and written:
        return f"it fails and leaves {written}"
    if not code and case.writes and not written:
        return "it ends well and writes nothing"
    if any(name.startswith(".") for name in written):
        return f"it leaves {written}"
    return ""


def _state(folder: Path) -> list[tuple[bytes, int, int, int]]:
    """Names, kinds, sizes and times of change of all in a folder, but of sessions to be edited."""
    found = []
    for root, folders, files in os.walk(os.fsencode(folder)):
        if b"sessions" in folders:
            folders.remove(b"sessions")
        for name in (*folders, *files):
            about = os.lstat(os.path.join(root, name))
            size = 0 if about.st_mode & 0o040000 else about.st_size
            found.append((os.path.join(root, name), about.st_mode, size, about.st_mtime_ns))
    return sorted(found)
