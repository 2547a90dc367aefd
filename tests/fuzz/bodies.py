"""How a user's file gets into HowIFeel: each body reads one input and returns the exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import seeds

from howifeel import config, detect, report, session, timeline
from howifeel.classify import onnx
from howifeel.cli import common, video
from howifeel.config import Settings
from howifeel.report import Subject
from howifeel.session import export
from howifeel.types import Box, Face, Frame


def annotate(path: Path, out: Path) -> int:
    """`howifeel-video IN --out --timeline --report`, as it is typed."""
    picture = path.suffix.lower() in (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff")
    target = out / ("seen.png" if picture else "seen.mp4")
    flags = ["--timeline", str(out / "seen.csv"), "--report", str(out / "seen.html")]
    return video.main(["--out", str(target), *flags, "--", str(path)])


def annotate_to(path: Path, target: str) -> int:
    """`howifeel-video IN --out TARGET`, with a target in the current folder."""
    return video.main([f"--out={target}", "--", str(path)])


def annotate_all(path: Path, out: Path) -> int:
    """`howifeel-video FOLDER --timeline`, for all that lies in a folder."""
    from howifeel import engine
    from howifeel.annotate import Job, annotate
    from howifeel.jobs import find

    def body() -> None:
        loaded = engine.load(Settings())
        for found in find([str(path)]):
            annotate(Job(found.spec, timeline=out / f"{found.name}.csv"), loaded)

    return _guarded(body)


def analyse(path: Path, out: Path) -> int:
    """`howifeel-video IN --timeline`: numbers only."""
    return video.main(["--timeline", str(out / "seen.parquet"), "--", str(path)])


def _guarded(body: Callable[[], object]) -> int:
    def done() -> int:
        body()
        return common.DONE

    return common.guarded("howifeel", done)


def use_model(path: Path, out: Path) -> int:
    """Load a classifier that the user names, and read a face with it."""

    def body() -> None:
        classifier = onnx.build(Settings(model=str(path)))
        frame = Frame(seeds.portrait(), 0, 0.0)
        probs = classifier.classify(frame, (Face(Box(40, 30, 110, 120), 0.9),)).probs
        assert probs.shape == (1, 7)

    return _guarded(body)


def use_detector(path: Path, out: Path) -> int:
    """Load a detector's pair that the user names, from a folder, and find a face with it."""

    def body() -> None:
        pair = (str(path / "architecture.txt"), str(path / "weights.caffemodel"))
        detector = detect.build(Settings(detector_files=pair))
        detector.detect(Frame(seeds.portrait(), 0, 0.0))

    return _guarded(body)


def read_settings(path: Path, out: Path) -> int:
    """`--config FILE`."""
    return _guarded(lambda: config.load(path))


def read_timeline(path: Path, out: Path) -> int:
    """Read a timeline in every way, import it as a session and tell about it."""

    def body() -> None:
        timeline.read(path)
        table = timeline.read_table(path)
        origin = timeline.read_sidecar(path)
        report.write(out / "page.html", [Subject("talk", table, origin)])
        store = session.Store(out / "sessions")
        kept = store.open(store.import_timeline(path))
        for suffix in (".csv", ".srt", ".svg", ".html"):
            export.export(kept, out / f"again{suffix}")

    return _emptied(body, out)


def read_sessions(path: Path, out: Path) -> int:
    """List, recover, open, export, edit and delete the sessions of a folder."""

    def body() -> None:
        store = session.Store(path)
        store.recover()
        for info in store.list():
            opened = store.open(info.id)
            for suffix in (".parquet", ".srt", ".html", ".mp4"):
                export.export(opened, out / f"{info.id}{suffix}", force=True)
            store.name_face(info.id, 1, "Zoë")
            if opened.table.tracks:
                store.delete_face(info.id, opened.table.tracks[0])
        for name in store.damaged():
            store.delete(name)

    return _emptied(body, out)


def _emptied(body: Callable[[], None], out: Path) -> int:
    """Several outputs are several works: those that were done before one fails may stay."""
    code = _guarded(body)
    if code:
        for path in out.iterdir():
            if path.is_file() and not path.name.startswith("."):
                path.unlink()
        sessions = out / "sessions"
        if sessions.is_dir() and not [p for p in sessions.iterdir() if p.name.startswith(".")]:
            import shutil

            shutil.rmtree(sessions)
    return code


def read_recipe(path: Path, out: Path) -> int:
    """`howifeel-train RECIPE.toml`, as far as the recipe goes."""
    from howifeel.train import recipe

    return _guarded(lambda: recipe.load(str(path)))


def read_faces(path: Path, out: Path) -> int:
    """`howifeel-train --data`: FER-2013 in any layout, as far as the data go."""
    from howifeel.train import readers

    return _guarded(lambda: readers.read(path))


def read_photos(path: Path, out: Path) -> int:
    """`howifeel-train detector --data`: marked photographs, as far as the data go."""
    from howifeel.train.detector import data

    return _guarded(lambda: data.read_split(path, "train"))


def read_labelled(path: Path, out: Path) -> int:
    """`howifeel-train evaluate --end-to-end`, as far as the pictures go."""
    from howifeel.train import end_to_end

    return _guarded(lambda: list(end_to_end.pictures(path)))


def read_checkpoint(path: Path, out: Path) -> int:
    """`howifeel-train export CHECKPOINT` and `--resume`, as far as the checkpoint goes."""
    from howifeel.train import checkpoint

    return _guarded(lambda: checkpoint.load(path))


def read_detector_checkpoint(path: Path, out: Path) -> int:
    """`howifeel-train detector --resume`, as far as the checkpoint goes."""
    from howifeel.train.detector import checkpoint

    return _guarded(lambda: checkpoint.load(path))


def read_weights(path: Path, out: Path) -> int:
    """A recipe's `start`: weights to begin with."""
    from howifeel.train import nets, pretrained

    net = nets.build("compact", 7, {"width": 4})
    return _guarded(lambda: pretrained.load(net, str(path)))


def reopen_model(path: Path, out: Path) -> int:
    """A recipe's `start` that is an exported model."""
    from howifeel.train.reopen import reopen

    return _guarded(lambda: reopen(path))
