"""A finished model whose answers are read anew."""

import dataclasses

import numpy as np
import pytest

import fer_sets

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

from howifeel.cli.train import main  # noqa: E402
from howifeel.errors import SettingsError  # noqa: E402
from howifeel.train import calibrate, export, loop  # noqa: E402
from howifeel.train.data import DataError  # noqa: E402
from howifeel.train.evaluate import logits_of, open_model  # noqa: E402
from howifeel.train.protocol import split  # noqa: E402
from howifeel.train.recalibrate import Reading, recalibrate  # noqa: E402
from howifeel.train.recipe import Recipe  # noqa: E402

RECIPE = Recipe(
    epochs=2, net="resnet", options={"width": 4}, batch=16, precision="fp32", mixup=0.0,
    resolutions=((0.0, 24),),
)  # fmt: skip


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    parts = split(fer_sets.faces(per_class=8), RECIPE)
    checkpoint = loop.fit(RECIPE, parts, folder, device=torch.device("cpu"))
    export.export(checkpoint, folder / "model.onnx", export.Choices("int8", mirrored=True))
    return folder / "model.onnx"


def others():
    """Other faces, and fewer of those that the tiny net names right."""
    faces = fer_sets.faces(per_class=8, seed=5)
    return faces.where(np.arange(len(faces)) % 8 < faces.labels + 2)


def test_the_answers_stay_and_are_read_as_fits_the_faces(model, tmp_path):
    made = recalibrate(model, others(), tmp_path / "new.onnx", 0.4, 0.7)
    (session, spec), (old_session, old) = (open_model(p) for p in (tmp_path / "new.onnx", model))
    assert spec == made.spec
    images = others().part("PublicTest").images
    logits, before = (
        logits_of(each, images, spec.mean, spec.std) for each in (session, old_session)
    )
    assert np.array_equal(logits, before)
    labels = others().part("PublicTest").labels
    assert spec.temperature == pytest.approx(calibrate.fit_temperature(logits, labels), abs=1e-4)
    assert spec.temperature != old.temperature
    named = spec.unbiased().probabilities(logits).max(1) >= spec.unsure_below
    assert named.mean() == made.scores.covered >= 0.4
    assert spec.bias[-1] > old.bias[-1] > 0
    changed = {
        name for name in dataclasses.asdict(spec) if getattr(spec, name) != getattr(old, name)
    }
    assert changed <= {"temperature", "curve", "unsure_below", "bias", "scores"}


def figures(spec, said):
    return {name.rpartition(": ")[2] for name in spec.scores if said in name}


ALL = {"accuracy", "macro F1", "ECE", "NLL", "named", "accuracy of named"}


def test_figures_stay_where_another_calibration_leaves_them_true(model, tmp_path):
    _, old = open_model(model)
    new = recalibrate(model, others(), tmp_path / "new.onnx", 0.4).spec
    assert figures(new, "epoch chosen on it") == {"accuracy", "macro F1"}
    assert figures(new, "calibrated on it") == ALL
    assert new.scores["int8: megabytes"] == old.scores["int8: megabytes"]


def test_figures_on_the_pictures_of_before_take_their_place(model, tmp_path):
    new = recalibrate(model, fer_sets.faces(per_class=8), tmp_path / "new.onnx", 0.4).spec
    assert figures(new, "epoch chosen on it") == ALL and not figures(new, "calibrated on it")


def test_what_is_not_asked_for_stays(model, tmp_path):
    bold = tmp_path / "bold.onnx"
    recalibrate(model, others(), bold, 0.5, 0.6)
    graph = onnx.load(bold)
    onnx.helper.set_model_props(
        graph, {each.key: each.value for each in graph.metadata_props} | {"licence": "mine"}
    )
    onnx.save(graph, bold)
    first = open_model(bold)[1]
    second = recalibrate(bold, others(), tmp_path / "again.onnx").spec
    assert (second.bias, second.unsure_below) == (first.bias, first.unsure_below)
    third = recalibrate(bold, others(), tmp_path / "calm.onnx", neutral=0.2).spec
    assert third.unsure_below == first.unsure_below and third.bias[-1] < first.bias[-1]
    kept = {each.key: each.value for each in onnx.load(tmp_path / "calm.onnx").metadata_props}
    assert kept["licence"] == "mine"


def test_what_tests_alone_is_not_calibrated_on(model, tmp_path):
    for usage in ("PrivateTest", "Training"):
        with pytest.raises(DataError, match="no PublicTest"):
            recalibrate(model, others().part(usage), tmp_path / "new.onnx")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"coverage": 1.2}, "coverage"),
        ({"neutral": 1.0}, "neutral"),
        ({"neutral": -0.1}, "neutral"),
    ],
)
def test_shares_out_of_range_are_refused(given, said):
    with pytest.raises(SettingsError, match=said):
        Reading(**given)


def test_the_command_tells_the_figures_and_keeps_files(model, tmp_path, capsys):
    fer_sets.write_csv(tmp_path / "data", others())
    out = tmp_path / "new.onnx"
    words = [
        "calibrate",
        "--model",
        str(model),
        "--data",
        str(tmp_path / "data"),
        "--out",
        str(out),
    ]
    assert main([*words, "--coverage", "0.9"]) == 0
    printed = capsys.readouterr().out
    _, spec = open_model(out)
    assert (
        spec.scores[
            "PublicTest, single view, mirrored in the model, all pictures, calibrated on it: named"
        ]
        >= 0.9
    )
    assert "calibrated on it" in printed and f"The model is {out}." in printed
    before = out.read_bytes()
    assert main(words) == 1
    assert "--force" in capsys.readouterr().err
    assert out.read_bytes() == before
