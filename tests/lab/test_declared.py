"""Options of experiments, read without PyTorch and the like."""

import subprocess
import sys
from dataclasses import fields

import pytest

from howifeel import lab
from howifeel.errors import SettingsError
from howifeel.lab.kit import declared

HEAVY = {"torch", "sklearn", "matplotlib", "scipy", "optuna", "captum", "foolbox", "onnxruntime"}


def test_no_experiment_needs_heavy_libraries_to_tell_its_options():
    script = (
        "import sys; from howifeel import lab; from howifeel.lab.kit import declared, folder\n"
        "for name in lab.names(): declared.options(name)()\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(done.stdout.split())


@pytest.mark.parametrize("name", lab.names())
def test_they_are_those_of_the_experiment(name, monkeypatch):
    pytest.importorskip("torch")
    try:
        whole = lab.load(name).Options
    except Exception as error:
        pytest.skip(str(error))
    monkeypatch.delitem(sys.modules, whole.__module__)
    part = declared.options(name)
    assert part is not whole

    def told(kind):
        return [(f.name, f.type, f.default, dict(f.metadata)) for f in fields(kind)]

    assert told(part) == told(whole)
    assert part.__bases__ == whole.__bases__


def test_an_unknown_experiment_is_refused():
    with pytest.raises(SettingsError, match="There is no experiment 'os'"):
        declared.options("os")
