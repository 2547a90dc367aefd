"""The model and detector that ship are those of the lists; others are tried out and marked."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from howifeel import assets, engine, probe
from howifeel.config import Settings
from howifeel.errors import AssetError
from howifeel.types import Provenance

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", ["models", "faceDetection"])
def test_every_weight_is_listed(folder):
    """After a new export: make sums."""
    for path in (ROOT / folder).iterdir():
        if path.suffix in (".onnx", ".caffemodel") or path.name == "architecture.txt":
            assert assets.ships(folder, path.read_bytes()), f"{path} is not listed: make sums"


def test_what_ships_carries_no_mark():
    loaded = engine.load(Settings())
    assert loaded.provenance("a.mp4").not_shipped == ()
    assert not [note for note in loaded.notes if "does not ship" in note]


def test_other_files_are_marked_everywhere(tmp_path):
    model, pair = tmp_path / "mine.onnx", [tmp_path / "a.txt", tmp_path / "a.caffemodel"]
    model.write_bytes(assets.model_file().read_bytes() + b"\x3a\x00")
    for copy, path in zip(pair, assets.detector_files(), strict=True):
        shutil.copy(path, copy)
    pair[0].write_text("# mine\n" + pair[0].read_text())
    settings = Settings(model=str(model), detector_files=tuple(map(str, pair)))
    try:
        loaded = engine.load(settings)
    except AssetError as error:
        pytest.fail(str(error))
    assert loaded.provenance("a.mp4").not_shipped == ("model", "detector")
    assert sum("does not ship with HowIFeel" in note for note in loaded.notes) == 2


def test_a_changed_model_under_the_shipped_name_is_refused(tmp_path, monkeypatch):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "howifeel.onnx").write_bytes(b"other")
    shutil.copy(ROOT / "models" / "SHA256SUMS", tmp_path / "models")
    monkeypatch.setattr(assets, "_ROOTS", (tmp_path, ROOT))
    with pytest.raises(AssetError, match="not the model that ships"):
        engine.load(Settings())


def test_a_trial_runs_nothing_from_the_current_folder(tmp_path, monkeypatch):
    mark = tmp_path / "ran"
    (tmp_path / "onnxruntime.py").write_text(f"open({str(mark)!r}, 'w').close()")
    model = tmp_path / "mine.onnx"
    model.write_bytes(assets.model_file().read_bytes() + b"\x3a\x00")
    monkeypatch.chdir(tmp_path)
    assert engine.load(Settings(model=str(model)))
    assert not mark.exists()


def test_a_trial_has_room_on_a_machine_of_many_cores(monkeypatch):
    monkeypatch.setenv("OPENCV_FOR_THREADS_NUM", "200")  # as many as OpenCV then begins with
    probe.check("detector", assets.detector_files(), "many cores")


def test_what_ends_its_process_is_one_sentence(tmp_path, monkeypatch):
    bad = [sys.executable, "-c", "import os; os.abort()"]
    monkeypatch.setattr(probe, "_command", lambda: bad)
    with pytest.raises(AssetError, match="ended the program that tried them out"):
        probe.check("model", (tmp_path / "a.onnx",), "crash")


def test_models_are_tried_out_for_training_and_study_too(tmp_path, monkeypatch):
    evaluate = pytest.importorskip("howifeel.train.evaluate")
    model = tmp_path / "mine.onnx"
    model.write_bytes(assets.model_file().read_bytes() + b"\x3a\x00")
    monkeypatch.setattr(probe, "_command", lambda: [sys.executable, "-c", "import os; os.abort()"])
    probe.check.cache_clear()
    with pytest.raises(AssetError, match="ended the program that tried them out"):
        evaluate.open_model(model)


def test_what_never_ends_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(probe, "_command", lambda: [sys.executable, "-c", "while True: pass"])
    monkeypatch.setattr(probe, "MOST_S", 1)
    with pytest.raises(AssetError, match="took longer than 1 s"):
        probe.check("model", (tmp_path / "a.onnx",), "hang")


def test_what_the_trial_says_is_passed_on(tmp_path):
    path = tmp_path / "a.onnx"
    path.write_bytes(b"no model")
    with pytest.raises(AssetError, match="is damaged or not an ONNX file; use a complete copy"):
        probe.check("model", (path,), "words")


def test_origins_of_earlier_versions_are_read():
    old = {
        "source": "a.mp4", "model": "m", "model_sha256": "", "detector": "d",
        "detector_sha256": None, "device": "cpu", "settings": {}, "version": "0.1.0",
    }  # fmt: skip
    assert Provenance.from_values(old).not_shipped == ()
    assert Provenance.from_values(old | {"not_shipped": ["model"]}).not_shipped == ("model",)


@pytest.mark.skipif(not shutil.which("uv"), reason="needs uv")
def test_the_bill_of_materials_names_packages_and_weights(tmp_path):
    target = tmp_path / "bill.json"
    command = [sys.executable, ROOT / "packaging" / "sbom.py", "--out", target]
    done = subprocess.run(command, capture_output=True, text=True)
    if "network" in done.stderr or "fetch" in done.stderr:
        pytest.skip("uv needs its cache")
    assert done.returncode == 0, done.stderr
    text = target.read_text("utf-8")
    for name in ("opencv-python", "av", "models/howifeel.onnx", "FFmpeg"):
        assert f'"name": "{name}"' in text
    assert tomllib.loads((ROOT / "uv.lock").read_text())["version"]
