"""Networks that answer together."""

import shutil

import pytest

torch = pytest.importorskip("torch")

from howifeel import assets  # noqa: E402
from howifeel.errors import SettingsError  # noqa: E402
from howifeel.lab import ensemble  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402


def test_one_network_named_twice_is_no_ensemble(tmp_path):
    copy = shutil.copy(assets.model_file("howifeel"), tmp_path / "other.onnx")
    for models in (("howifeel", "howifeel"), ("howifeel", str(copy))):
        with pytest.raises(SettingsError, match=f"{models[1]} are one and the same; name each"):
            ensemble.Options(models=models)


def test_members_that_have_not_learned_are_said(tmp_path):
    options = ensemble.Options(members=2, epochs=1, pictures=56, device="cpu")
    result = ensemble.run(options, Out(tmp_path, tmp_path))
    assert "Of 2 networks these have hardly learned: 1: " in result.meaning[0]
