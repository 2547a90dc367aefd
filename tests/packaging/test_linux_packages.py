""".deb and .tar.zst of a small stand-in for the bundle: layout, fields, and equal bytes."""

import re
import shutil
import subprocess
from hashlib import sha256

import pytest

pytest.importorskip("PySide6.QtGui", exc_type=ImportError)

import archive
import bundle
import deb
from howifeel import __version__

needs_dpkg = pytest.mark.skipif(
    not (shutil.which("dpkg-deb") and shutil.which("objdump")), reason="no dpkg-deb or objdump"
)
needs_tar = pytest.mark.skipif(
    not (shutil.which("tar") and shutil.which("zstd")), reason="no tar or zstd"
)


@pytest.fixture
def folder(tmp_path):
    """Programs that print their name, a library of the system, and licences."""
    made = tmp_path / "howifeel"
    (made / "licences").mkdir(parents=True)
    (made / "licences" / "README.txt").write_text("parts and their licences\n")
    for name in bundle.PROGRAMS:
        (made / name).write_text(f"#!/bin/sh\necho {name}\n")
        (made / name).chmod(0o755)
    (made / "_internal").mkdir()
    if true := shutil.which("true"):
        shutil.copy(true, made / "_internal" / "true")
    return made


@pytest.fixture
def dist(tmp_path):
    path = tmp_path / "dist"
    path.mkdir()
    return path


def fields(file):
    told = subprocess.run(["dpkg-deb", "--field", file], capture_output=True, text=True, check=True)
    return dict(re.findall(r"^([A-Z][A-Za-z-]+): (.*)$", told.stdout, re.MULTILINE))


@needs_dpkg
def test_deb_says_what_it_is(folder, dist, tmp_path):
    file = deb.build(folder, dist, tmp_path / "work")
    told = fields(file)
    assert told["Package"] == "howifeel"
    assert told["Version"] == __version__
    assert file.name == f"howifeel_{__version__}_{told['Architecture']}.deb"
    assert re.match(r"libc6 \(>= 2\.\d+\)", told["Depends"])
    assert "fonts-dejavu-core" in told["Depends"]
    assert int(told["Installed-Size"]) > 10
    assert len(told["Description"]) < 80


@needs_dpkg
def test_deb_installs_programs_menu_entry_and_licences(folder, dist, tmp_path):
    file = deb.build(folder, dist, tmp_path / "work")
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "-x", file, root], check=True)
    for name in bundle.PROGRAMS:
        command = root / "usr" / "bin" / name
        assert command.is_symlink()
        said = subprocess.run([command], capture_output=True, text=True, check=True).stdout
        assert said == f"{name}\n"
    share = root / "usr" / "share"
    for path in (
        "applications/howifeel.desktop", "icons/hicolor/scalable/apps/howifeel.svg",
        "icons/hicolor/48x48/apps/howifeel.png", "doc/howifeel/copyright",
        "metainfo/internal.howifeel.howifeel.metainfo.xml",
    ):  # fmt: skip
        assert (share / path).is_file(), path
    told = (share / "doc" / "howifeel" / "copyright").read_text()
    assert "MIT License" in told
    assert "parts and their licences" in told


@needs_dpkg
def test_deb_belongs_to_root_and_nobody_else_may_write(folder, dist, tmp_path):
    file = deb.build(folder, dist, tmp_path / "work")
    told = subprocess.run(["dpkg-deb", "-c", file], capture_output=True, text=True, check=True)
    lines = told.stdout.splitlines()
    assert len(lines) > 20
    assert all(" root/root " in line for line in lines)
    assert {line.split()[0] for line in lines} == {
        "drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x", "lrwxrwxrwx",
    }  # fmt: skip


@needs_tar
def test_archive_is_one_folder_that_can_be_moved(folder, dist, tmp_path):
    file = archive.build(folder, dist, tmp_path / "work")
    subprocess.run(["tar", "--zstd", "-xf", file, "-C", dist], check=True)
    (top,) = (path for path in dist.iterdir() if path.is_dir())
    moved = top.rename(tmp_path / "elsewhere")
    said = subprocess.run([moved / "howifeel-video"], capture_output=True, text=True, check=True)
    assert said.stdout == "howifeel-video\n"
    assert (moved / "share" / "applications" / "howifeel.desktop").is_file()


@pytest.mark.parametrize(
    "build",
    [pytest.param(deb.build, marks=needs_dpkg), pytest.param(archive.build, marks=needs_tar)],
)
def test_the_same_content_gives_the_same_bytes(build, folder, dist, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    sums = []
    for work in ("first", "second"):
        for path in folder.rglob("*"):
            path.touch()
        sums.append(sha256(build(folder, dist, tmp_path / work).read_bytes()).hexdigest())
    assert sums[0] == sums[1]
