"""What is installed: the wheel's content, and versions that stay together."""

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCK = {
    package["name"]: package["version"]
    for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    if "version" in package
}
CONSTRAINTS = [
    Requirement(line) for line in (ROOT / "packaging" / "constraints.txt").read_text().splitlines()
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_wheel_carries_detector_and_model(wheel):
    names = set(wheel.namelist())
    for path in ("faceDetection/architecture.txt", "faceDetection/weights.caffemodel",
                 "models/howifeel.onnx", "cli/video.py", "desktop/strings/de.qm",
                 "desktop/chevron.svg"):  # fmt: skip
        assert f"howifeel/{path}" in names
    assert not [name for name in names if name.startswith("tests/")]


def test_wheel_stays_small(wheel):
    assert sum(entry.compress_size for entry in wheel.infolist()) < 60 * 1024 * 1024


def test_the_source_archive_has_what_its_documents_and_tests_read(tmp_path):
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    pages = [page.read_text("utf-8") for page in (ROOT / "docs").rglob("*.md")]
    included = {
        name for page in pages for name in re.findall(r'^--8<-- "(.+)"', page, re.MULTILINE)
    }
    assert "SECURITY.md" in included
    wanted = included | {"uv.lock", "pyproject.toml", "LICENSE", "packaging/constraints.txt"}
    assert wanted <= names


def test_running_the_app_needs_no_torch(wheel):
    (metadata,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    lines = wheel.read(metadata).decode().splitlines()
    needed = [
        Requirement(line.removeprefix("Requires-Dist: "))
        for line in lines
        if line.startswith("Requires-Dist: ") and "extra ==" not in line
    ]
    assert "opencv-python" in {requirement.name for requirement in needed}
    assert not {"torch", "matplotlib", "scikit-learn"} & {
        requirement.name for requirement in needed
    }


def test_constraints_are_those_of_the_lock():
    pinned = {r.name: str(r.specifier) for r in CONSTRAINTS if "==" in str(r.specifier)}
    assert len(pinned) > 50
    assert all(LOCK[name] == version.removeprefix("==") for name, version in pinned.items())


@pytest.mark.parametrize("name", ["opencv-python", "opencv-python-headless"])
def test_no_opencv_5(name):
    assert [r for r in CONSTRAINTS if r.name == name and not r.specifier.contains("5.0.0")]
    assert Version(LOCK.get(name, "4")) < Version("5")


def test_never_two_onnxruntimes_on_one_platform():
    names = {"onnxruntime", "onnxruntime-gpu"}
    platforms = [("linux", "x86_64"), ("win32", "AMD64"), ("darwin", "arm64"), ("linux", "aarch64")]
    for system, machine in platforms:
        environment = {"sys_platform": system, "platform_machine": machine}
        chosen = [r for r in CONSTRAINTS if r.name in names and r.marker.evaluate(environment)]
        assert len(chosen) == 1
