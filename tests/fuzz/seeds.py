"""One small valid file of each kind that HowIFeel reads; the cases are damaged copies of them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import asdict
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from skimage import data as pictures

from clips import write_clip
from howifeel import annotate, assets, engine, session, timeline
from howifeel.config import Settings
from howifeel.types import Frame
from howifeel.video import SourceInfo

_SIZE = 160
_FRAMES = 12


@cache
def portrait() -> np.ndarray:
    """One face, uint8 (160, 160, 3), BGR."""
    face = pictures.astronaut()[0:300, 80:380, ::-1]
    return cv2.resize(np.ascontiguousarray(face), (_SIZE, _SIZE), interpolation=cv2.INTER_AREA)


def _moving(index: int) -> np.ndarray:
    return np.roll(portrait(), index, axis=1)


def _written(write: Callable[[Path], object], name: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        write(path)
        return path.read_bytes()


@cache
def video(kind: str) -> bytes:
    """A film of twelve pictures, in most kinds with sound."""
    codec, pixels, sound = {
        "mp4": ("libx264", "yuv420p", ("aac",)),
        "mkv": ("libx264", "yuv420p", ("opus",)),
        "webm": ("libvpx-vp9", "yuv420p", ("opus",)),
        "mov": ("mpeg4", "yuv420p", ("pcm",)),
        "avi": ("mpeg4", "yuv420p", ("mp3",)),
        "ts": ("libx264", "yuv420p", ("aac",)),
        "gif": ("gif", "rgb8", ()),
    }[kind]

    def write(path: Path) -> None:
        options = {"preset": "ultrafast"} if codec == "libx264" else {}
        write_clip(
            path, frames=_FRAMES, picture=_moving, codec=codec, pix_fmt=pixels, sound=sound,
            options=options,
        )  # fmt: skip

    return _written(write, f"film.{kind}")


@cache
def picture(kind: str) -> bytes:
    """The portrait as a picture file."""
    return cv2.imencode(f".{kind}", portrait())[1].tobytes()


@cache
def _engine() -> engine.Engine:
    return engine.load(Settings())


@cache
def timeline_file(kind: str) -> bytes:
    """What howifeel-video writes about the film."""

    def write(path: Path) -> None:
        film = path.with_name("film.mp4")
        film.write_bytes(video("mp4"))
        annotate.annotate(annotate.Job(str(film), timeline=path), _engine())

    return _written(write, f"film.{kind}")


@cache
def sidecar() -> bytes:
    """The JSON beside a timeline."""
    summary = timeline.Summary()
    origin = _engine().provenance("film.mp4")
    return _written(lambda path: timeline.write_sidecar(path, origin, summary), "film.csv.json")


@cache
def session_files() -> dict[str, bytes]:
    """All files of a session with its kept picture, and the journal of one that was cut off."""
    with TemporaryDirectory() as folder:
        store = session.Store(Path(folder))
        loaded = _engine()
        analyser = loaded.analyser()
        info = SourceInfo(
            "camera 0", "camera", _SIZE, _SIZE, Fraction(25), None, None, Fraction(1, 1000), True
        )
        recorder = store.record("talk", info, loaded.provenance("camera 0"), "full")
        for index in range(_FRAMES):
            frame = Frame(_moving(index), index, index / 2)
            recorder.add(frame, analyser.read(frame))
        (part,) = Path(folder).glob(".*.part")
        journal = (part / "recording.arrows").read_bytes()
        kept = recorder.finish().id
        files = {path.name: path.read_bytes() for path in (Path(folder) / kept).iterdir()}
        return files | {"recording.arrows": journal}


def onnx() -> bytes:
    """The shipped model."""
    return assets.model_file().read_bytes()


def prototxt() -> bytes:
    """The shipped detector's architecture."""
    return assets.detector_files()[0].read_bytes()


def caffemodel() -> bytes:
    """The shipped detector's weights."""
    return assets.detector_files()[1].read_bytes()


def settings() -> bytes:
    """A settings file with every entry."""
    values = asdict(Settings()) | {"unsure_below": 0.4, "smooth_s": 0.3}
    values.pop("detector_files")
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()).encode()


def recipe() -> bytes:
    """A recipe of the classifier with every entry."""
    from howifeel.train.recipe import Recipe

    return Recipe().to_toml().encode()


@cache
def faces(kind: str) -> bytes:
    """FER-2013 in small: "csv" or "parquet"; "votes" is FER+ for it."""
    import fer_sets

    found = fer_sets.faces(per_class=1, votes=True)
    with TemporaryDirectory() as folder:
        if kind == "csv":
            return (fer_sets.write_csv(Path(folder), found) / "fer2013.csv").read_bytes()
        if kind == "votes":
            fer_sets.write_votes(Path(folder), found)
            return Path(folder, "fer2013new.csv").read_bytes()
        fer_sets.write_parquet(Path(folder), found.part("Training"))
        return next(Path(folder).glob("*.parquet")).read_bytes()


@cache
def photos() -> bytes:
    """Photographs with marked faces for the detector's trainer, as Parquet."""
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table(
        {
            "image": [{"bytes": picture("jpg"), "path": "a.jpg"}] * 2,
            "boxes": [[[40.0, 30.0, 110.0, 120.0]]] * 2,
            "boxed": [True, True],
        }
    )
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


VOC = b"""<annotation><size><width>160</width><height>160</height></size>
<object><name>face</name><difficult>0</difficult>
<bndbox><xmin>40</xmin><ymin>30</ymin><xmax>110</xmax><ymax>120</ymax></bndbox></object>
</annotation>
"""
YOLO = b"0 0.5 0.45 0.4 0.5\n0 0.2 0.2 0.1 0.1\n"


@cache
def weights(kind: str) -> bytes:
    """Weights as "pt" (of a small classifier's run) or "safetensors"."""
    import torch

    from howifeel.train import nets

    tensors = nets.build("compact", 7, {"width": 4}).state_dict()
    if kind == "safetensors":
        from safetensors.torch import save

        return save(tensors)
    from howifeel.train.checkpoint import Checkpoint
    from howifeel.train.recipe import Recipe

    checkpoint = Checkpoint(
        recipe=Recipe(net="compact", options={"width": 4}), data="0", history=[{"epoch": 1.0}],
        net=tensors, average=tensors, optimizer={}, best=tensors, choose_images=torch.zeros(2, 48, 48, dtype=torch.uint8),
        choose_labels=torch.zeros(2, dtype=torch.int64), notes={},
    )  # fmt: skip
    return _written(checkpoint.save, "checkpoint.pt")


@cache
def detector_weights() -> bytes:
    """Weights of a small detector's run."""
    from howifeel.train.detector import checkpoint
    from howifeel.train.detector.net import FaceNet
    from howifeel.train.detector.recipe import Recipe

    recipe = Recipe()
    average = FaceNet(recipe.net).state_dict()
    made = checkpoint.Checkpoint(recipe, 1, 1.0, 0.5, average)
    return _written(lambda path: checkpoint.save(made, path), "checkpoint.pt")
