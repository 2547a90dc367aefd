"""Everything in the bundle has a licence, and what has none stops the build."""

import sys
import sysconfig
from importlib.metadata import Distribution
from importlib.metadata import requires as needed_by
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import frozen_env
import licences

PACKAGES = Path(sysconfig.get_path("purelib"))
INSTALLED = {small: large for large, small in frozen_env.SMALLER.items()}
TABLE = licences.table()


def _runtime():
    """Every package that the bundle's own need, by the names under which they are installed."""
    wanted, found = [Requirement(line).name for line in frozen_env.requirements()], {}
    for name in wanted:
        name = canonicalize_name(INSTALLED.get(name, name))
        if name not in found:
            try:
                found[name] = Distribution.from_name(name)
            except Exception:
                continue
            for line in needed_by(name) or ():
                need = Requirement(line)
                if need.marker is None or need.marker.evaluate({"extra": ""}):
                    wanted.append(need.name)
    return found


RUNTIME = _runtime()


def test_the_packages_are_looked_at():
    assert {"numpy", "av", "pyside6-essentials", "shiboken6", "pyarrow", "pillow"} <= RUNTIME.keys()


@pytest.mark.parametrize("name", RUNTIME)
def test_every_package_has_a_licence_text(name):
    listed = {n.lower() for entry in TABLE["distribution"] for n in entry["names"]}
    assert name in listed or licences.texts_of(RUNTIME[name])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the table is for Linux")
def test_every_library_of_a_wheel_has_a_licence():
    folders = [*PACKAGES.glob("*.libs"), PACKAGES / "onnxruntime", PACKAGES / "PySide6"]
    names = {"av.libs", "numpy.libs", "onnxruntime", "PySide6", "pillow.libs"}
    files = [p for folder in folders if folder.name in names for p in folder.rglob("*.so*")]
    assert len(files) > 50
    parts = {part.name for part in licences.of_libraries(files)}
    assert {"FFmpeg", "SVT-AV1", "Opus", "GMP"} <= parts


def test_an_unknown_library_stops_the_build():
    with pytest.raises(licences.LicenceError, match=r"libnovel-0123abcd\.so\.1 is unknown"):
        list(licences.of_libraries([Path("av.libs/libnovel-0123abcd.so.1")]))


def test_a_package_without_a_text_stops_the_build(tmp_path):
    _distribution(tmp_path, "novel")
    with pytest.raises(licences.LicenceError, match="novel has no licence text"):
        list(licences.of_distributions(tmp_path))


def test_a_package_tells_its_licence(tmp_path):
    _distribution(tmp_path, "plain", "COPYING.txt")
    (part,) = licences.of_distributions(tmp_path)
    assert (part.name, part.version, part.licence) == ("plain", "1.0", "MIT")
    assert [path.name for path in part.texts] == ["COPYING.txt"]


@pytest.mark.parametrize("entry", TABLE["library"] + TABLE["distribution"], ids=str)
def test_the_table_is_complete(entry):
    assert entry["licence"]
    assert entry["source"]
    assert entry["texts"]
    assert all(text.startswith(("debian:", "common:", "own:")) for text in entry["texts"])
    assert "GPL-2.0-only" not in entry["licence"].split(" OR ")


def test_texts_are_copied_for_every_part(tmp_path):
    if not licences.COMMON.is_dir():
        pytest.skip("no Debian: its common licences are not here")
    inside, packages = tmp_path / "inside", tmp_path / "packages"
    (inside / "av.libs").mkdir(parents=True)
    (inside / "av.libs" / "libx264-0123abcd.so.165").touch()
    _distribution(packages, "plain", "LICENSE")
    target = tmp_path / "licences"
    count = licences.collect(inside, packages, target, tmp_path / "cache")
    folders = {path.name for path in target.iterdir() if path.is_dir()} - {"common"}
    assert folders == {"plain", "Python", "stand-ins-for-x264-and-x265"}
    assert count == len(folders)
    assert all(any(path.stat().st_size for path in (target / f).iterdir()) for f in folders)
    told = (target / "README.txt").read_text()
    assert "GNU Lesser General Public License" in told
    assert all(f"licences/{folder}/" in told for folder in folders)


def _distribution(packages, name, *texts):
    folder = packages / f"{name}-1.0.dist-info"
    folder.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nLicense-Expression: MIT\n"
    (folder / "METADATA").write_text(metadata)
    for text in texts:
        (folder / text).write_text("Do as you like.")
    listed = [f"{folder.name}/{file},," for file in ("METADATA", "RECORD", *texts)]
    (folder / "RECORD").write_text("\n".join(listed))
