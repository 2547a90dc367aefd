"""Cases that no accident makes: bombs, lying headers, odd names, links, pipes and devices."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import bodies
import crafted_models
import crafted_names
import crafted_pictures
import crafted_tables
import crafted_videos
from child import Case

Files = dict[str, bytes]
Body = Callable[[Path, Path], int]

_APP: dict[str, tuple[Callable[[], Files], Body]] = {
    "crafted picture": (crafted_pictures.files, bodies.annotate),
    "crafted video": (crafted_videos.files, bodies.annotate),
    "crafted timeline": (crafted_tables.timelines, bodies.read_timeline),
    "crafted settings": (crafted_tables.settings, bodies.read_settings),
    "crafted onnx": (crafted_models.onnx_files, bodies.use_model),
    "crafted detector": (crafted_models.detector_files, bodies.use_detector),
}
_TRAINER: dict[str, tuple[Callable[[], Files], Body]] = {
    "crafted recipe": (crafted_tables.recipes, bodies.read_recipe),
    "crafted faces": (crafted_tables.faces, bodies.read_faces),
    "crafted photos": (crafted_tables.photos, bodies.read_photos),
    "crafted checkpoint": (crafted_models.pickles, bodies.read_checkpoint),
    "crafted weights": (crafted_models.pickles, bodies.read_weights),
    "crafted exported": (crafted_models.onnx_files, bodies.reopen_model),
}
"""What makes the files, by names whose last word is the file's; a name with "/" makes a folder."""

_SLOW = ("crafted onnx", "crafted detector", "crafted video", "crafted picture")


def cases(store: Path, *, trainer: bool) -> Iterator[Case]:
    """All of them.

    Args:
        store: a folder for the files, which are made by a process of their own: making a bomb
            takes memory that would be counted for every case.
        trainer: those that the trainer reads in place of those that the runtime reads.
    """
    for kind, (make, body) in (_TRAINER if trainer else _APP).items():
        made = store / kind
        _in_a_process(lambda make=make, made=made: _write(make(), made))
        for folder in sorted(made.iterdir(), key=lambda path: int(path.name)):
            name = (folder / "name").read_text()
            writes = body is bodies.annotate
            yield Case(kind, name, _copy(folder / "files"), body, writes, kind in _SLOW)
    yield from crafted_names.cases(trainer=trainer)


def _in_a_process(work: Callable[[], None]) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        finally:
            import traceback

            traceback.print_exc()
            os._exit(1)
    if os.waitpid(pid, 0)[1]:
        raise RuntimeError("the files could not be made")


def _write(files: Files, into: Path) -> None:
    """Names such as "what it is: whole/a.txt" that begin alike up to the colon are one case."""
    numbers: dict[str, int] = {}
    into.mkdir(parents=True)
    for name, content in files.items():
        case, _, path = name.rpartition(" ")
        key = case if "/" in path else name
        folder = into / str(numbers.setdefault(key, len(numbers)))
        target = folder / "files" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        (folder / "name").write_text(key)


def _copy(files: Path) -> Callable[[Path], Path]:
    """Puts the files into the case's folder; the input is the only one, or their folder."""

    def make(folder: Path) -> Path:
        shutil.copytree(files, folder, dirs_exist_ok=True)
        (only,) = folder.iterdir()
        return only

    return make
