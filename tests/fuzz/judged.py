"""Bodies that misbehave, to see that the judge notices."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from child import Case


def _say(text: str) -> int:
    sys.stderr.write(f"howifeel: {text}\n")
    return 1


def _crash(path: Path, out: Path) -> int:
    ctypes.string_at(0)
    return 0


def _hang(path: Path, out: Path) -> int:
    while True:
        pass


def _fill(path: Path, out: Path) -> int:
    return len(bytearray(b"x") * (1200 * 2**20)) * 0


def _write(path: Path, out: Path) -> int:
    path.with_name("other").write_text("x")
    return 0


def _stack(path: Path, out: Path) -> int:
    import traceback

    traceback.print_stack()
    return _say("Traceback (most recent call last)")


def _half(path: Path, out: Path) -> int:
    (out / "half.csv").write_text("x")
    return _say("It did not work; try again.")


_BODIES: dict[str, Callable[[Path, Path], int]] = {
    "behaves": lambda path, out: _say("It is damaged; use a complete copy."),
    "crashes": _crash,
    "hangs": _hang,
    "fills the memory": _fill,
    "writes elsewhere": _write,
    "tells its stack": _stack,
    "commands the terminal": lambda path, out: _say("\x1b[31mred"),
    "leaves a half file": _half,
}


def cases() -> Iterator[Case]:
    """One case for each way to misbehave."""

    def make(folder: Path) -> Path:
        path = folder / "a"
        path.write_text("x")
        return path

    for name, body in _BODIES.items():
        yield Case("judge", name, make, body)
