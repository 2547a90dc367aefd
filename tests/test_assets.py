import hashlib

import pytest

from howifeel import assets
from howifeel.errors import AssetError


def test_shipped_files_are_found():
    prototxt, caffemodel = assets.detector_files()
    assert b"DetectionOutput" in prototxt.read_bytes()
    assert caffemodel.stat().st_size < 2 * 1024 * 1024
    assert assets.model_file().suffix == ".onnx"


def test_unknown_model_lists_what_ships():
    with pytest.raises(AssetError, match=r"one of: .*howifeel"):
        assets.model_file("nobody")


def test_model_by_path(tmp_path):
    path = tmp_path / "mine.onnx"
    with pytest.raises(AssetError, match="missing"):
        assets.model_file(str(path))
    path.write_bytes(b"x")
    assert assets.model_file(str(path)) == path


def test_missing_folder():
    with pytest.raises(AssetError, match="install HowIFeel again"):
        assets.folder("nowhere")


def test_hash_covers_all_files_in_order(tmp_path):
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_bytes(b"1")
    b.write_bytes(b"2")
    assert assets.sha256(a, b) == hashlib.sha256(b"12").hexdigest()


def test_a_checkpoint_is_told_from_a_model(tmp_path):
    path = tmp_path / "checkpoint.pt"
    path.write_bytes(b"weights")
    with pytest.raises(
        AssetError, match=r"is a checkpoint; .* howifeel-train export .*checkpoint.pt"
    ):
        assets.model_file(str(path))
    with pytest.raises(AssetError, match=r"There is no model 'none.pt'"):
        assets.model_file("none.pt")
