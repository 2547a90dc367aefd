"""All cases: damaged copies of every kind of file, and those that were built to do harm."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import bodies
import mutate
import seeds
from child import Case

Seed = Callable[[], bytes]
Body = Callable[[Path, Path], int]


def _named(name: str) -> Callable[[bytes, Path], Path]:
    """Writes the bytes as a file of this name."""

    def write(content: bytes, folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return write


def _beside(name: str, **others: Seed) -> Callable[[bytes, Path], Path]:
    """Writes the bytes as a file of this name beside whole ones; the input is the folder."""

    def write(content: bytes, folder: Path) -> Path:
        whole = folder / "whole"
        for other, seed in (others | {name: None}).items():
            path = whole / other
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(seed() if seed else content)
        return whole

    return write


def _in_session(name: str) -> Callable[[bytes, Path], Path]:
    """Writes the bytes as a file of a session that is whole but for it."""

    def write(content: bytes, folder: Path) -> Path:
        files = dict(seeds.session_files())
        where = ".2026-11-21-153012-talk.part" if name == "recording.arrows" else "talk"
        if name != "recording.arrows":
            del files["recording.arrows"]
        else:
            del files["timeline.parquet"]
        one = folder / "sessions" / where
        one.mkdir(parents=True)
        for each, whole in (files | {name: content}).items():
            (one / each).write_bytes(whole)
        return folder / "sessions"

    return write


_PAIR: dict[str, Seed] = {
    "architecture.txt": seeds.prototxt, "weights.caffemodel": seeds.caffemodel,
}  # fmt: skip
_TIMELINE = ("film.csv", "film.csv.json")

APP: dict[str, tuple[Seed, Callable[[bytes, Path], Path], Body, tuple[mutate.Mutator, ...]]] = {
    **{
        kind: (lambda kind=kind: seeds.video(kind), _named(f"film.{kind}"), bodies.annotate,
               mutate.BINARY)
        for kind in ("mp4", "mkv", "webm", "mov", "avi", "ts", "gif")
    },
    **{
        kind: (lambda kind=kind: seeds.picture(kind), _named(f"photo.{kind}"), bodies.annotate,
               mutate.BINARY)
        for kind in ("jpg", "png", "webp", "bmp", "tiff")
    },
    "onnx": (seeds.onnx, _named("model.onnx"), bodies.use_model, mutate.BINARY),
    "prototxt": (seeds.prototxt, _beside("architecture.txt", **_PAIR), bodies.use_detector,
                 mutate.TEXT),
    "caffemodel": (seeds.caffemodel, _beside("weights.caffemodel", **_PAIR), bodies.use_detector,
                   mutate.BINARY),
    "settings": (seeds.settings, _named("settings.toml"), bodies.read_settings, mutate.TEXT),
    "timeline.csv": (lambda: seeds.timeline_file("csv"), _named("film.csv"), bodies.read_timeline,
                     mutate.TEXT),
    "timeline.jsonl": (lambda: seeds.timeline_file("jsonl"), _named("film.jsonl"),
                       bodies.read_timeline, mutate.TEXT),
    "timeline.parquet": (lambda: seeds.timeline_file("parquet"), _named("film.parquet"),
                         bodies.read_timeline, mutate.BINARY),
    "sidecar": (seeds.sidecar, lambda content, folder: _beside(
        "film.csv.json", **{"film.csv": lambda: seeds.timeline_file("csv")}
    )(content, folder) / "film.csv", bodies.read_timeline, mutate.TEXT),
    **{
        f"session {name}": (lambda name=name: seeds.session_files()[name], _in_session(name),
                            bodies.read_sessions, how)
        for name, how in (("session.json", mutate.TEXT), ("timeline.parquet", mutate.BINARY),
                          ("video.mkv", mutate.BINARY), ("recording.arrows", mutate.BINARY))
    },
}  # fmt: skip

TRAINER: dict[str, tuple[Seed, Callable[[bytes, Path], Path], Body, tuple[mutate.Mutator, ...]]] = {
    "recipe": (seeds.recipe, _named("recipe.toml"), bodies.read_recipe, mutate.TEXT),
    "fer2013.csv": (lambda: seeds.faces("csv"), _named("fer2013.csv"), bodies.read_faces,
                    mutate.TEXT),
    "fer2013new.csv": (lambda: seeds.faces("votes"), _beside(
        "fer2013new.csv", **{"fer2013.csv": lambda: seeds.faces("csv")}
    ), bodies.read_faces, mutate.TEXT),
    "fer.parquet": (lambda: seeds.faces("parquet"), _named("Training.parquet"), bodies.read_faces,
                    mutate.BINARY),
    "fer folder": (lambda: seeds.picture("png"), _beside("train/happy/a.png"), bodies.read_faces,
                   mutate.BINARY),
    "labelled folder": (lambda: seeds.picture("jpg"), _beside("happy/a.jpg"),
                        bodies.read_labelled, mutate.BINARY),
    "photos.parquet": (seeds.photos, _beside("train-0.parquet"), bodies.read_photos,
                       mutate.BINARY),
    "photos jpg": (lambda: seeds.picture("jpg"),
                   _beside("train/a.jpg", **{"train/a.xml": lambda: seeds.VOC}),
                   bodies.read_photos, mutate.BINARY),
    "photos VOC": (lambda: seeds.VOC,
                   _beside("train/a.xml", **{"train/a.jpg": lambda: seeds.picture("jpg")}),
                   bodies.read_photos, mutate.TEXT),
    "photos YOLO": (lambda: seeds.YOLO,
                    _beside("train/a.txt", **{"train/a.jpg": lambda: seeds.picture("jpg")}),
                    bodies.read_photos, mutate.TEXT),
    "checkpoint": (lambda: seeds.weights("pt"), _named("checkpoint.pt"), bodies.read_checkpoint,
                   mutate.BINARY),
    "detector checkpoint": (seeds.detector_weights, _named("checkpoint.pt"),
                            bodies.read_detector_checkpoint, mutate.BINARY),
    "safetensors": (lambda: seeds.weights("safetensors"), _named("start.safetensors"),
                    bodies.read_weights, mutate.BINARY),
    "exported model": (seeds.onnx, _named("model.onnx"), bodies.reopen_model, mutate.BINARY),
}  # fmt: skip

_WRITERS = (bodies.annotate, bodies.analyse)


def damaged(per_kind: int, *, trainer: bool) -> Iterator[Case]:
    """So many damaged copies of each kind, each with another seed, after one that is whole."""
    for kind, (seed, write, body, mutators) in (TRAINER if trainer else APP).items():
        for number in range(per_kind):
            mutator = mutators[number % len(mutators)]
            name = f"{mutator.__name__} {number}"
            yield Case(
                kind, name, _damage(seed, write, mutator, kind, number), body, body in _WRITERS
            )


def whole(*, trainer: bool) -> Iterator[Case]:
    """Each seed as it is; all of these must be read."""
    for kind, (seed, write, body, _) in (TRAINER if trainer else APP).items():
        make = lambda folder, seed=seed, write=write: write(seed(), folder)  # noqa: E731
        yield Case(kind, "whole", make, body, body in _WRITERS)


def _damage(
    seed: Seed,
    write: Callable[[bytes, Path], Path],
    mutator: mutate.Mutator,
    kind: str,
    number: int,
) -> Callable[[Path], Path]:
    rng = random.Random(zlib.crc32(kind.encode()) * 100_003 + number)

    def make(folder: Path) -> Path:
        content = seed()
        for _ in range(rng.choice((1, 1, 1, 3))):
            content = mutator(content, rng)
        return write(content, folder)

    return make
