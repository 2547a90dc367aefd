"""What must and must not be in a bundle."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtGui", exc_type=ImportError)

import bundle
import demo

LIBRARIES = Path(pytest.importorskip("av").__file__).parents[1] / "av.libs"


@pytest.fixture
def folder(tmp_path):
    """As complete as `check` can see."""
    inside = tmp_path / "_internal"
    for name in ("models/howifeel.onnx", "faceDetection/weights.caffemodel",
                 "desktop/strings/de.qm", "desktop/howifeel.svg"):  # fmt: skip
        path = inside / "howifeel" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for name in bundle.PROGRAMS:
        (tmp_path / name).touch()
    return tmp_path


def test_a_complete_one_passes(folder):
    bundle.check(folder)


def test_without_weights(folder):
    (folder / "_internal" / "howifeel" / "models" / "howifeel.onnx").unlink()
    with pytest.raises(bundle.BundleError, match=r"missing: howifeel\.onnx"):
        bundle.check(folder)


def test_with_torch(folder):
    (folder / "_internal" / "torch").mkdir()
    with pytest.raises(bundle.BundleError, match="belong outside: torch"):
        bundle.check(folder)


@pytest.mark.parametrize("name", ["libreadline.so.8", "libx264-0123abcd.so.165"])
def test_with_something_under_the_gpl(folder, name):
    (folder / "_internal" / name).write_bytes(b"\x7fELF")
    with pytest.raises(bundle.BundleError, match="under the GPL: lib"):
        bundle.check(folder)


def test_files_get_plain_permissions_and_one_time(folder, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    (folder / "howifeel").chmod(0o700)
    (folder / "_internal" / "howifeel" / "models" / "howifeel.onnx").chmod(0o600)
    bundle.settle(folder)
    modes = {path: path.stat().st_mode & 0o777 for path in folder.rglob("*")}
    assert modes[folder / "howifeel"] == 0o755
    assert modes[folder / "_internal" / "howifeel" / "models" / "howifeel.onnx"] == 0o644
    assert {int(path.stat().st_mtime) for path in folder.rglob("*")} == {1_700_000_000}


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not shutil.which("apt-get"), reason="licence texts come from Debian")
def test_a_real_one_annotates_a_film_and_opens_its_window(tmp_path):
    import package

    wheel, _ = package.python_packages(tmp_path / "dist")
    built = bundle.build(wheel, tmp_path / "work")
    assert built.licences > 50
    demo.build_clip(tmp_path / "clip.mp4", 320, 180, 5)
    plain = {"HOME": str(tmp_path), "PATH": os.defpath, "QT_QPA_PLATFORM": "offscreen"}
    outputs = ["--out", "out.mp4", "--timeline", "out.parquet", "--report", "out.html"]
    for command in (["howifeel-video", "clip.mp4", *outputs], ["howifeel", "--smoke"]):
        command[0] = str(built.folder / command[0])
        done = subprocess.run(command, cwd=tmp_path, env=plain, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert all((tmp_path / name).stat().st_size for name in outputs[1::2])
