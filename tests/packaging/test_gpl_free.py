"""PyAV without its encoders under the GPL still reads and writes films."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import av
import pytest

import gpl_free

SITE = Path(av.__file__).parents[1]
LIBRARIES = SITE / "av.libs"

pytestmark = [
    pytest.mark.skipif(not list(LIBRARIES.glob("libx264*")), reason="this PyAV brings no x264"),
    pytest.mark.skipif(not (shutil.which("cc") and shutil.which("nm")), reason="no C compiler"),
]

WRITES = """
import sys
from pathlib import Path
import av, numpy as np
from fractions import Fraction
from howifeel.errors import OutputError
from howifeel.video import VideoSink
from howifeel.video.source import SourceInfo

assert Path(av.__file__).is_relative_to(sys.argv[1]), av.__file__
about = SourceInfo(
    "film", "file", 64, 48, Fraction(10), None, None, time_base=Fraction(1, 1000), live=False
)
for suffix in (".mp4", ".mov", ".mkv", ".webm"):
    target = Path(sys.argv[1]) / f"film{suffix}"
    with VideoSink(target, about) as sink:
        for index in range(3):
            sink.write(np.full((48, 64, 3), 60 * index, np.uint8), index / 10)
    with av.open(str(target)) as film:
        print(film.streams.video[0].codec_context.codec.canonical_name, end=" ")
        assert sum(1 for _ in film.decode(video=0)) == 3
try:
    VideoSink(target.with_suffix(".mp4"), about, codec="h264")
except OutputError as error:
    print(error)
for name in ("libx264", "libx264rgb", "libx265"):
    context = av.CodecContext.create(name, "w")
    context.width, context.height, context.time_base = 64, 48, Fraction(1, 10)
    context.pix_fmt = "rgb24" if name.endswith("rgb") else "yuv420p"
    try:
        context.open()
        print(name, "opened")
    except av.FFmpegError:
        pass
with av.open(sys.argv[2]) as film:
    print(sum(1 for _ in film.decode(video=0)), film.streams.video[0].codec_context.name)
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """PyAV of an environment of its own, its encoders replaced."""
    folder = tmp_path_factory.mktemp("packages")
    for name in ("av", "av.libs"):
        shutil.copytree(SITE / name, folder / name, copy_function=_link)
    gpl_free.replace(folder)
    return folder


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def test_the_stand_in_has_every_name_that_is_asked_for():
    (library,) = LIBRARIES.glob("libavcodec-*")
    assert gpl_free.wanted(library) == gpl_free.offered()


def test_films_are_written_without_and_read(packages):
    from clips import write_clip

    film = write_clip(packages / "h264.mp4")
    environment = os.environ | {"PYTHONPATH": str(packages)}
    command = [sys.executable, "-c", WRITES, str(packages), str(film)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    codecs, *rest = done.stdout.splitlines()
    assert codecs.startswith("av1 mpeg4 av1 vp9 This installation cannot encode h264")
    assert len(rest) == 1
    assert rest[0].endswith(" h264")
    assert int(rest[0].split()[0]) > 1


def test_what_is_under_the_gpl_is_found(packages):
    assert gpl_free.under_gpl(packages) == []
    found = [path.name[:7] for path in gpl_free.under_gpl(LIBRARIES)]
    assert found == ["libx264", "libx265"]


def test_the_environment_that_it_came_from_is_untouched(packages):
    assert all(path.stat().st_size > 1_000_000 for path in LIBRARIES.glob("libx26[45]-*"))


def test_a_new_name_stops_the_build(packages, tmp_path, monkeypatch):
    shorter = gpl_free.STAND_IN.read_text().replace("void *x264_encoder_open_165", "void *other")
    stand_in = tmp_path / "stand_in.c"
    stand_in.write_text(shorter)
    monkeypatch.setattr(gpl_free, "STAND_IN", stand_in)
    copied = tmp_path / "packages"
    shutil.copytree(packages, copied, copy_function=_link)
    with pytest.raises(gpl_free.NotFreeError, match="asks for x264_encoder_open_165"):
        gpl_free.replace(copied)
