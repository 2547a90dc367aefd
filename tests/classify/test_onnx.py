import dataclasses
import hashlib

import numpy as np
import pytest

from howifeel import assets
from howifeel.classify.onnx import OnnxClassifier
from howifeel.classify.spec import ModelSpec
from howifeel.errors import AssetError, SettingsError
from howifeel.types import Box, Face, Frame

onnx = pytest.importorskip("onnx")

SPEC = ModelSpec(
    size=8, channels=1, mean=(0.0,), std=(1.0,), margin=0, temperature=2.0, unsure_below=0.4,
    trained_on="nothing", recipe="", commit="",
)  # fmt: skip
BIAS = np.array([0, 1, 2, 3, 4, 5, 6], np.float32)


@pytest.fixture
def model_file(tmp_path):
    """A model whose logits are the face's mean brightness times 0..6."""

    def write(spec=SPEC, output="logits", name="face", batch="N", cells=None):
        make, kind = onnx.helper, onnx.TensorProto.FLOAT
        nodes = [
            make.make_node("ReduceMean", [name], ["mean"], axes=[1, 2, 3], keepdims=1),
            make.make_node("Reshape", ["mean", "shape"], ["flat"]),
            make.make_node("MatMul", ["flat", "bias"], [output]),
        ]
        constants = [
            onnx.numpy_helper.from_array(np.array([-1, 1]), "shape"),
            onnx.numpy_helper.from_array(BIAS[None], "bias"),
        ]
        outputs = [make.make_tensor_value_info(output, kind, ["N", 7])]
        if cells:
            nodes.append(make.make_node("Expand", [name, "cells"], ["cam"]))
            constants.append(onnx.numpy_helper.from_array(np.array([1, cells, 8, 8]), "cells"))
            outputs.append(make.make_tensor_value_info("cam", kind, ["N", cells, 8, 8]))
        graph = make.make_graph(
            nodes, "g",
            [make.make_tensor_value_info(name, kind, [batch, spec.channels, spec.size, spec.size])],
            outputs, constants,
        )  # fmt: skip
        model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=9)
        make.set_model_props(model, spec.to_metadata())
        path = tmp_path / "tiny.onnx"
        onnx.save(model, path)
        return path

    return write


def white_frame():
    image = np.zeros((40, 60, 3), np.uint8)
    image[:, 30:] = 255
    return Frame(image, 0, 0.0)


def test_probabilities_of_each_face(model_file):
    classifier = OnnxClassifier(model_file(), "cpu")
    dark, bright = Face(Box(0, 0, 20, 20), 0.9), Face(Box(35, 0, 55, 20), 0.9)
    probs = classifier.classify(white_frame(), (dark, bright)).probs
    assert probs.shape == (2, 7)
    assert probs[0] == pytest.approx([1 / 7] * 7)
    expected = np.exp(BIAS / 2) / np.exp(BIAS / 2).sum()
    assert probs[1] == pytest.approx(expected)


def test_no_face_needs_no_model_call(model_file):
    assert OnnxClassifier(model_file()).classify(white_frame(), ()).probs.shape == (0, 7)


def test_activation_maps_come_with_the_answer(model_file):
    dark, bright = Face(Box(0, 0, 20, 20), 0.9), Face(Box(35, 0, 55, 20), 0.9)
    classifier = OnnxClassifier(model_file(cells=7), "cpu")
    answer = classifier.classify(white_frame(), (dark, bright))
    assert answer.probs.shape == (2, 7)
    assert classifier.has_maps
    assert answer.maps.shape == (2, 7, 8, 8)
    assert (answer.maps[0] == 0).all()
    assert (answer.maps[1] == 1).all()


def test_a_model_without_activation_maps_answers_all_the_same(model_file):
    face = Face(Box(0, 0, 20, 20), 0.9)
    classifier = OnnxClassifier(model_file(), "cpu")
    assert not classifier.has_maps
    assert classifier.classify(white_frame(), (face,)).maps is None


def test_activation_maps_of_other_classes_are_refused(model_file):
    with pytest.raises(AssetError, match="cam must be"):
        OnnxClassifier(model_file(cells=3), "cpu")


def test_the_bias_shifts_what_is_named(model_file):
    shifted = dataclasses.replace(SPEC, bias=(9.0, 0, 0, 0, 0, 0, 0))
    face = Face(Box(35, 0, 55, 20), 0.9)
    plain = OnnxClassifier(model_file(), "cpu").classify(white_frame(), (face,)).probs
    probs = OnnxClassifier(model_file(shifted), "cpu").classify(white_frame(), (face,)).probs
    assert (plain.argmax(), probs.argmax()) == (6, 0)
    assert probs.sum() == pytest.approx(1)


def test_reports_file_and_device(model_file):
    path = model_file()
    classifier = OnnxClassifier(path)
    assert classifier.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert classifier.device in ("cpu", "cuda")
    assert classifier.spec == SPEC


def test_cuda_without_a_device_says_what_to_do(model_file):
    try:
        classifier = OnnxClassifier(model_file(), "cuda")
    except SettingsError as error:
        assert "--device cpu" in str(error)
    else:
        assert classifier.device == "cuda"


def test_damaged_file(model_file):
    path = model_file()
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(AssetError, match=r"tiny\.onnx is damaged"):
        OnnxClassifier(path)


def elsewhere(path, value, *, usual):
    """Write the shipped model so that its largest tensor lies in `value`, and that tensor's bytes.

    A reader of the format must know the key before its value and after it.
    """
    model = onnx.load(assets.model_file())
    tensor = max(model.graph.initializer, key=lambda each: len(each.raw_data))
    weights = tensor.raw_data
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=value)
    data = model.SerializeToString()
    key, text = b"\x0a\x08location", b"\x12" + bytes([len(value)]) + value.encode()
    assert data.count(key + text) == 1
    path.write_bytes(data if usual else data.replace(key + text, text + key))
    return weights


@pytest.mark.parametrize("usual", [True, False])
@pytest.mark.parametrize("where", ["w.bin", "../{}/w.bin", "{}/w.bin"])
def test_weights_in_another_file_are_not_read(tmp_path, monkeypatch, where, usual):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.onnx"
    value = where.format(tmp_path.name if where[0] == "." else tmp_path)
    (tmp_path / "w.bin").write_bytes(elsewhere(path, value, usual=usual))
    with pytest.raises(AssetError, match="in other files" if usual else "damaged or not"):
        OnnxClassifier(path)


def test_missing_and_empty_file(tmp_path):
    with pytest.raises(AssetError, match="missing"):
        OnnxClassifier(tmp_path / "none.onnx")
    (tmp_path / "empty.onnx").touch()
    with pytest.raises(AssetError, match="empty"):
        OnnxClassifier(tmp_path / "empty.onnx")


@pytest.mark.parametrize("wrong", [{"output": "scores"}, {"name": "image"}, {"batch": 1}])
def test_wrong_interface(model_file, wrong):
    with pytest.raises(AssetError, match="must map face"):
        OnnxClassifier(model_file(**wrong))


def test_logits_that_are_no_numbers(model_file, monkeypatch):
    monkeypatch.setitem(globals(), "BIAS", np.full(7, np.nan, np.float32))
    with pytest.raises(AssetError, match="finite"):
        OnnxClassifier(model_file())


def test_missing_cuda_libraries_leave_stdout_clean_and_say_so(model_file, monkeypatch, capfd):
    from howifeel.classify import onnx as module

    monkeypatch.setattr(module, "_cuda_device_exists", lambda: True)
    classifier = OnnxClassifier(model_file(), "auto")
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
    assert classifier.device == "cuda" or "install howifeel[cuda]" in classifier.notes[0]
