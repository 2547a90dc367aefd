"""What the bundle is frozen from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

import frozen_env

NEEDS = {need.name: need for need in map(Requirement, frozen_env.requirements())}
LOCK = {
    (package["name"], package["version"])
    for package in tomllib.loads((frozen_env.ROOT / "uv.lock").read_text())["package"]
    if "version" in package
}


def test_every_runtime_package_is_there():
    project = tomllib.loads((frozen_env.ROOT / "pyproject.toml").read_text())["project"]
    for need in map(Requirement, project["dependencies"]):
        if need.marker is None or need.marker.evaluate():
            assert frozen_env.SMALLER.get(need.name, need.name) in NEEDS


def test_small_forms_at_the_locked_versions():
    assert {"onnxruntime", "opencv-python-headless"} <= NEEDS.keys()
    assert not {"onnxruntime-gpu", "opencv-python"} & NEEDS.keys()
    larger = {small: large for large, small in frozen_env.SMALLER.items()}
    for name, need in NEEDS.items():
        version = str(need.specifier).removeprefix("==")
        assert (larger.get(name, name).lower(), version) in LOCK


def test_extras_of_the_bundle_are_there():
    assert {"python-osc", "websockets"} <= NEEDS.keys()


def test_the_window_knows_the_small_forms():
    pytest.importorskip("PySide6.QtGui", exc_type=ImportError)
    from howifeel.desktop.settings import about_model

    assert set(frozen_env.SMALLER.values()) <= set(about_model.PACKAGES)


def test_nothing_for_training():
    assert not {"torch", "onnx", "matplotlib", "scikit-learn", "dask"} & NEEDS.keys()


def test_every_command_is_there_but_those_for_training_and_study():
    scripts = tomllib.loads((frozen_env.ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts.keys() - frozen_env.PROGRAMS.keys() == {"howifeel-train", "howifeel-lab"}
    for name, module in frozen_env.PROGRAMS.items():
        assert scripts[name] == f"howifeel.cli.{module}:main"


def test_every_command_is_named_in_the_documents():
    page = (frozen_env.ROOT / "docs" / "packages.md").read_text("utf-8")
    told = re.search(r"Its programs are (.+?)\. Compared", page, re.DOTALL)[1]
    assert set(re.findall(r"`([\w-]+)`", told)) == frozen_env.PROGRAMS.keys()
    signed = re.search(r"^Sign (.+?) and the installer", page, re.MULTILINE | re.DOTALL)[1]
    assert set(re.findall(r"`([\w-]+)\.exe`", signed)) == frozen_env.PROGRAMS.keys()


def test_every_program_has_a_module_that_can_be_started():
    for module in frozen_env.PROGRAMS.values():
        code = (frozen_env.ROOT / "howifeel" / "cli" / f"{module}.py").read_text("utf-8")
        assert 'if __name__ == "__main__":' in code
