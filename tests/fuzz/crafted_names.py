"""Names, links, pipes, devices and folders where a plain file is expected."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import bodies
import seeds
from child import Case

NAMES = (
    "with spaces", "'single' \"double\" `back`", "line\nbreak", "tab\tand\rreturn", "umläüt ß ñ 彩 😀",
    "\x1b[31mred\x1b[0m\x07", "\u202egnp.exe", "-leading", "--out", "--", "%d %s %n", "{name}",
    "$(touch harmed)", ";touch harmed", "a|b&c", "http:evil", "concat:a|b", "file:a", "data:,x",
    "pipe:0", "..", "...", "~", "*", "?", "C:\\evil", "nul", "con", "a" * 240, "ä" * 120, ".hidden",
    " ", "\\", "&#60;script&#62;", "<img src=x onerror=alert(1)>", "#fragment", "?query", "0", "x.mp4",
    "e\u0301", "\u200b", "\xa0",
)  # fmt: skip
_RAW = (b"\xff\xfe", b"caf\xe9", b"\xed\xa0\x80", b"a\xc3")


def cases(*, trainer: bool) -> Iterator[Case]:
    """All of them; most concern the runtime."""
    if trainer:
        yield from _places("fer2013.csv", bodies.read_faces, lambda: seeds.faces("csv"), "faces")
        yield from _places("recipe.toml", bodies.read_recipe, seeds.recipe, "recipe")
        yield from _places(
            "a.pt", bodies.read_checkpoint, lambda: seeds.weights("pt"), "checkpoint"
        )
        return
    for name in NAMES:
        yield _named(os.fsencode(f"{name}.gif"), bodies.annotate, lambda: seeds.video("gif"))
        yield _named(os.fsencode(f"{name}.png"), bodies.analyse, lambda: seeds.picture("png"))
        yield _named(os.fsencode(f"{name}.mp4"), bodies.annotate, lambda: b"no film")
    for name in _RAW:
        yield _named(name + b".gif", bodies.annotate, lambda: seeds.video("gif"))
        yield _named(name + b".mp4", bodies.annotate, lambda: b"no film")
        yield _named(name + b".csv", bodies.read_timeline, lambda: seeds.timeline_file("csv"))
        yield _named(name + b".onnx", bodies.use_model, seeds.onnx)
    for name in NAMES[:12]:
        yield Case("target's name", repr(name), _film, _to(name), writes=False)
        yield Case("folder's name", repr(name), _in_folder(name), bodies.annotate_all, True)
    yield from _places("film.mp4", bodies.annotate, lambda: seeds.video("mp4"), "film")
    yield from _places("photo.png", bodies.annotate, lambda: seeds.picture("png"), "photo")
    yield from _places("model.onnx", bodies.use_model, seeds.onnx, "model")
    yield from _places("settings.toml", bodies.read_settings, seeds.settings, "settings")
    for kind in ("csv", "jsonl", "parquet"):
        yield from _places(
            f"film.{kind}", bodies.read_timeline, lambda kind=kind: seeds.timeline_file(kind), kind
        )
    for name in ("session.json", "timeline.parquet", "video.mkv"):
        yield from _session_places(name)
    yield Case("folder", "a ring of links", _ring, bodies.annotate_all, True)
    yield Case("folder", "pipes and devices among films", _zoo, bodies.annotate_all, True)
    for where in ("file", "folder", "nowhere", "ring", "device"):
        yield Case("target", f"is a link to a {where}", _film, _to_link(where))


def _named(name: bytes, body: Callable[[Path, Path], int], seed: Callable[[], bytes]) -> Case:
    def make(folder: Path) -> Path:
        path = folder / os.fsdecode(name)
        path.write_bytes(seed())
        return path

    return Case("name", ascii(os.fsdecode(name)), make, body)


def _places(
    name: str, body: Callable[[Path, Path], int], seed: Callable[[], bytes], kind: str
) -> Iterator[Case]:
    """The same file behind links, and things that are no file under its name."""

    def link(folder: Path, path: Path) -> None:
        (folder / "elsewhere").write_bytes(seed())
        path.symlink_to(folder / "elsewhere")

    def ring(folder: Path, path: Path) -> None:
        path.symlink_to(folder / "other")
        (folder / "other").symlink_to(path)

    def deep(folder: Path, path: Path) -> None:
        path.write_bytes(seed())

    things: dict[str, Callable[[Path, Path], object]] = {
        "a link": link,
        "a link in a ring": ring,
        "a link to nothing": lambda folder, path: path.symlink_to(folder / "nothing"),
        "a link to /dev/zero": lambda folder, path: path.symlink_to("/dev/zero"),
        "a link to /dev/null": lambda folder, path: path.symlink_to("/dev/null"),
        "a link to /dev/tty": lambda folder, path: path.symlink_to("/dev/tty"),
        "a link to /proc/self/mem": lambda folder, path: path.symlink_to("/proc/self/mem"),
        "a link to /proc/self/environ": lambda folder, path: path.symlink_to("/proc/self/environ"),
        "a pipe": lambda folder, path: os.mkfifo(path),
        "a folder": lambda folder, path: path.mkdir(),
        "a folder without rights": lambda folder, path: path.mkdir(mode=0),
        "a socket": _socket,
        "an empty file": lambda folder, path: path.touch(),
        "a sparse file of 1 TB": lambda folder, path: (path.touch(), os.truncate(path, 2**40)),
    }
    for what, place in things.items():

        def make(folder: Path, place: Callable[[Path, Path], object] = place) -> Path:
            place(folder, folder / name)
            return folder / name

        yield Case(f"{kind} that is no file", what, make, body)


def _socket(folder: Path, path: Path) -> None:
    import socket

    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def _session_places(name: str) -> Iterator[Case]:
    for what, place in {
        "a pipe": lambda path: os.mkfifo(path),
        "a link to /dev/zero": lambda path: path.symlink_to("/dev/zero"),
        "a link out of the folder": lambda path: path.symlink_to(path.parents[2] / "precious"),
        "a folder": lambda path: path.mkdir(),
        "missing": lambda path: None,
    }.items():

        def make(folder: Path, place: Callable[[Path], object] = place) -> Path:
            (folder / "precious").write_bytes(seeds.session_files()[name])
            one = folder / "sessions" / "talk"
            one.mkdir(parents=True)
            for each, content in seeds.session_files().items():
                if each not in (name, "recording.arrows"):
                    (one / each).write_bytes(content)
            place(one / name)
            return folder / "sessions"

        yield Case(f"{name} that is no file", what, make, bodies.read_sessions)


def _film(folder: Path) -> Path:
    path = folder / "film.gif"
    path.write_bytes(seeds.video("gif"))
    return path


def _to(name: str) -> Callable[[Path, Path], int]:
    return lambda path, out: bodies.annotate_to(path, f"{name}.mp4")


def _to_link(where: str) -> Callable[[Path, Path], int]:
    def body(path: Path, out: Path) -> int:
        places = {"file": "real.mp4", "folder": "real", "nowhere": "gone/a.mp4", "ring": "link.mp4"}
        (out / "real").mkdir()
        (out / "real.mp4").write_bytes(b"old")
        (out / "link.mp4").symlink_to(places.get(where, "/dev/null"))
        code = bodies.annotate_to(path, "link.mp4")
        assert (out / "real.mp4").read_bytes() == b"old"
        shutil.rmtree(out / "real")
        (out / "real.mp4").unlink()
        (out / "link.mp4").unlink()
        return code

    return body


def _in_folder(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        inside = folder / "films" / name
        inside.mkdir(parents=True)
        (inside / f"{name}.gif").write_bytes(seeds.video("gif"))
        (folder / "films" / "b.gif").write_bytes(seeds.video("gif"))
        return folder / "films"

    return make


def _ring(folder: Path) -> Path:
    films = folder / "films"
    films.mkdir()
    (films / "a.gif").write_bytes(seeds.video("gif"))
    (films / "again").symlink_to(films)
    (films / "up").symlink_to(folder)
    (films / "b.gif").symlink_to(films / "b.gif")
    return films


def _zoo(folder: Path) -> Path:
    films = folder / "films"
    films.mkdir()
    (films / "a.gif").write_bytes(seeds.video("gif"))
    os.mkfifo(films / "b.mp4")
    (films / "c.mp4").symlink_to("/dev/zero")
    (films / "d.mp4").mkdir()
    (films / "e.mp4").symlink_to("nothing")
    return films
