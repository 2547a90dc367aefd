import dataclasses

import numpy as np
import pytest

import fer_sets

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

from howifeel.classify.curve import STRAIGHT  # noqa: E402
from howifeel.errors import SettingsError  # noqa: E402
from howifeel.train import calibrate, export, forward, graph, loop, prior  # noqa: E402
from howifeel.train.evaluate import logits_of, open_model, to_input  # noqa: E402
from howifeel.train.protocol import split  # noqa: E402
from howifeel.train.recalibrate import Reading  # noqa: E402
from howifeel.train.recipe import Distil, Recipe, from_toml  # noqa: E402

RECIPE = Recipe(
    epochs=3, net="resnet", options={"width": 8}, batch=16, precision="fp32", mixup=0.0, lr=1e-2,
    warmup_epochs=0.5, resolutions=((0.0, 48),), ema=0.9, flip=0.0, rotation=0.0, erase=0.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    torch.set_num_threads(1)
    parts = split(fer_sets.faces(per_class=8), RECIPE)
    return loop.fit(RECIPE, parts, tmp_path_factory.mktemp("run"), device=torch.device("cpu"))


@pytest.fixture(scope="module")
def models(checkpoint, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return {
        precision: (folder / precision, export.export(
            checkpoint, folder / precision, export.Choices(precision=precision)
        ))
        for precision in ("fp32", "int8")
    }  # fmt: skip


def faces():
    return fer_sets.faces(per_class=8, seed=5).part("PrivateTest")


def test_int8_answers_like_fp32_in_a_quarter_of_the_bytes(models):
    logits, sizes = {}, {}
    for precision, (path, exported) in models.items():
        session, spec = open_model(path)
        assert spec == exported.spec
        assert spec.precision == precision
        logits[precision] = logits_of(session, faces().images, spec.mean, spec.std)
        sizes[precision] = path.stat().st_size
    spread = logits["fp32"].std()
    assert 0 < np.abs(logits["fp32"] - logits["int8"]).max() < 0.25 * spread
    hits = {name: (each.argmax(1) == faces().labels).mean() for name, each in logits.items()}
    assert abs(hits["fp32"] - hits["int8"]) < 0.05
    assert sizes["int8"] < 0.6 * sizes["fp32"]  # a tiny net's graph weighs more than its weights


def test_int8_computes_with_8_bits_and_fp32_does_not(models):
    kinds = {
        name: {node.op_type for node in onnx.load(path).graph.node}
        for name, (path, _) in models.items()
    }
    assert "DequantizeLinear" in kinds["int8"]
    assert "DequantizeLinear" not in kinds["fp32"]
    weights = [
        onnx.numpy_helper.to_array(each)
        for each in onnx.load(models["int8"][0]).graph.initializer
        if each.data_type == onnx.TensorProto.INT8 and len(each.dims) == 4
    ]
    assert len(weights) > 10
    assert all(np.abs(each.astype(int)).max() <= 64 for each in weights)


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_activation_maps_add_up_to_the_logits(models, checkpoint, precision):
    session, spec = open_model(models[precision][0])
    batch = to_input(faces().images[:5], spec.mean[0], spec.std[0])
    logits, features, cam = session.run(["logits", "features", "cam"], {"face": batch})
    assert cam.shape == (5, 7, *features.shape[2:])
    bias = forward.trained(checkpoint).head.bias.detach().numpy()
    assert cam.mean((2, 3)) + bias == pytest.approx(logits, abs=1e-4)


def test_a_mirrored_model_answers_the_same_to_a_face_and_its_mirror_image(
    models, checkpoint, tmp_path
):
    path = tmp_path / "mirrored.onnx"
    choices = export.Choices(precision="fp32", mirrored=True)
    exported = export.export(checkpoint, path, choices)
    assert exported.spec.mirrored
    assert "mirrored in the model" in exported.scores.protocol
    session, spec = open_model(path)
    images = faces().images
    turned = images[:, :, ::-1]
    plain_session, _ = open_model(models["fp32"][0])
    answers = [logits_of(plain_session, each, spec.mean, spec.std) for each in (images, turned)]
    assert np.abs(answers[0] - answers[1]).max() > 1e-2
    for each in (images, turned):
        logits = logits_of(session, each, spec.mean, spec.std)
        assert logits == pytest.approx((answers[0] + answers[1]) / 2, abs=1e-3)
    batch = to_input(images[:3], spec.mean[0], spec.std[0])
    first, second = (session.run(["cam"], {"face": b})[0] for b in (batch, batch[..., ::-1].copy()))
    assert first == pytest.approx(second[..., ::-1], abs=1e-3)


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """Another network on the same pictures, which also learns from votes."""
    recipe = dataclasses.replace(
        RECIPE, seed=2, epochs=1, options={"width": 4}, votes=0.5, votes_head=0.5
    )
    parts = split(fer_sets.faces(per_class=8, votes=True), recipe)
    return loop.fit(recipe, parts, tmp_path_factory.mktemp("o"), device=torch.device("cpu"))


class TestSeveralNetworks:
    def test_they_answer_the_mean_and_the_second_sees_the_mirror_image(
        self, models, checkpoint, other, tmp_path
    ):
        plain = export.Choices(precision="fp32")
        path = tmp_path / "together.onnx"
        exported = export.export(checkpoint, path, plain, beside=[other])
        assert exported.spec.networks == 2
        assert exported.scores.protocol.split(", ")[1:3] == [
            "single view", "2 networks in the model",
        ]  # fmt: skip
        export.export(other, tmp_path / "other.onnx", plain)
        images = faces().images
        session, spec = open_model(path)
        first, _ = open_model(models["fp32"][0])
        second, _ = open_model(tmp_path / "other.onnx")
        logits = logits_of(session, images, spec.mean, spec.std)
        one = logits_of(first, images, spec.mean, spec.std)
        two = logits_of(second, images[:, :, ::-1], spec.mean, spec.std)
        assert logits == pytest.approx((one + two) / 2, abs=1e-3)
        assert np.abs(one - two).max() > 0.1
        batch = to_input(images[:5], spec.mean[0], spec.std[0])
        together, features, cam = session.run(["logits", "features", "cam"], {"face": batch})
        assert features.shape[1] == 64 + 32
        bias = (forward.trained(checkpoint).head.bias + forward.trained(other).head.bias) / 2
        assert cam.mean((2, 3)) + bias.detach().numpy() == pytest.approx(together, abs=1e-3)

    def test_the_metadata_tell_how_each_was_trained(self, checkpoint, other, tmp_path):
        spec = export.export(checkpoint, tmp_path / "a.onnx", beside=[other]).spec
        first, second = spec.recipe.split("# Beside it answers a network of this training:\n")
        assert from_toml(first, "it").seed == 1
        uncommented = "".join(line.removeprefix("# ") for line in second.splitlines(True))
        assert from_toml(uncommented, "it").options["width"] == 4
        assert "FER+ votes" in spec.trained_on
        assert spec.scores["int8 against fp32: same expression named"] > 0.8

    def test_a_net_without_features_makes_a_model_without_maps(self, checkpoint, tmp_path):
        recipe = dataclasses.replace(RECIPE, epochs=1, net="cnn", options={})
        parts = split(fer_sets.faces(per_class=8), recipe)
        dense = loop.fit(recipe, parts, tmp_path, device=torch.device("cpu"))
        path = tmp_path / "mixed.onnx"
        export.export(checkpoint, path, export.Choices(precision="fp32"), beside=[dense])
        assert [each.name for each in onnx.load(path).graph.output] == ["logits"]

    def test_networks_for_other_pictures_or_another_input_are_refused(self, checkpoint, tmp_path):
        foreign = dataclasses.replace(checkpoint, data="others")
        with pytest.raises(SettingsError, match="different pictures"):
            export.export(checkpoint, tmp_path / "a.onnx", beside=[foreign])
        darker = dataclasses.replace(
            checkpoint, recipe=dataclasses.replace(checkpoint.recipe, mean=0.3)
        )
        with pytest.raises(SettingsError, match="mean and std"):
            export.export(checkpoint, tmp_path / "a.onnx", beside=[darker])
        assert not any(tmp_path.iterdir())


def test_what_is_named_is_the_share_that_was_asked_for(checkpoint, tmp_path):
    for coverage in (0.5, 0.9):
        choices = export.Choices("fp32", reading=Reading(coverage=coverage))
        exported = export.export(checkpoint, tmp_path / f"{coverage}.onnx", choices)
        assert exported.scores.covered >= coverage
        assert exported.spec.unsure_below == calibrate.choose_unsure_below(
            exported.spec.unbiased().probabilities(exported.logits), coverage
        )


def test_the_bias_makes_neutral_as_common_as_was_asked_for(checkpoint, tmp_path):
    choices = export.Choices("fp32", reading=Reading(neutral=0.5))
    spec = export.export(checkpoint, tmp_path / "half.onnx", choices).spec
    known = prior.shares(checkpoint.choose_labels.numpy())
    expected = prior.with_neutral(known, 0.5)
    straight = dataclasses.replace(spec, curve=STRAIGHT)
    logits = spec.temperature * np.log(known)[None]
    assert straight.probabilities(logits) == pytest.approx(expected[None], abs=1e-3)
    plain = export.Choices("fp32", reading=Reading(neutral=0))
    assert not any(export.export(checkpoint, tmp_path / "plain.onnx", plain).spec.bias)


def test_the_figures_tell_size_and_speed_of_both_and_how_far_they_are_apart(checkpoint, tmp_path):
    spec = export.export(checkpoint, tmp_path / "best.onnx").spec
    for precision in ("fp32", "int8"):
        assert spec.scores[f"{precision}: megabytes"] > 0
        assert spec.scores[f"{precision}: milliseconds for a face, one thread, least of 200"] > 0
    assert spec.scores["int8 against fp32: greatest difference of logits"] > 0
    written = (tmp_path / "best.onnx").stat().st_size / 1e6
    assert spec.scores[f"{spec.precision}: megabytes"] == pytest.approx(written, abs=0.02)


def candidate(precision, accuracy, face_ms):
    return export._Candidate(precision, onnx.ModelProto(), np.zeros((1, 7)), accuracy, face_ms, 1)


@pytest.mark.parametrize(
    ("fp32", "int8", "best"),
    [
        ((0.70, 1.0), (0.699, 0.4), "int8"),
        ((0.70, 1.0), (0.69, 0.4), "fp32"),
        ((0.72, 4.0), (0.69, 0.4), "int8"),
        ((0.72, 9.0), (0.72, 4.0), "int8"),
        ((0.72, 9.0), (0.40, 0.4), "fp32"),
    ],
)
def test_the_best_is_the_quickest_that_is_as_accurate_within_the_budget(fp32, int8, best):
    chosen = export._best([candidate("fp32", *fp32), candidate("int8", *int8)])
    assert chosen.precision == best


def test_int8_without_pictures_says_where_to_get_some(checkpoint, tmp_path):
    old = dataclasses.replace(checkpoint, fit_sample=None)
    with pytest.raises(SettingsError, match="--data"):
        export.export(old, tmp_path / "x.onnx", export.Choices(precision="int8"))
    best = export.export(old, tmp_path / "fp32.onnx")
    assert best.spec.precision == "fp32"
    sample = fer_sets.faces(per_class=4).images
    small = export.export(
        old, tmp_path / "int8.onnx", export.Choices(precision="int8"), sample=sample
    )
    assert small.spec.precision == "int8"


def test_maps_that_do_not_add_up_are_refused():
    from howifeel.train import nets

    torch.manual_seed(0)
    net = nets.build("resnet", 7, {"width": 4}).eval()
    session = export.open_session(graph.to_onnx(net, 48).SerializeToString(), "net")
    graph.check_parity(net, session, torch.randn(2, 1, 48, 48))
    net.top = lambda features: net.head(features.amax((2, 3)))
    session = export.open_session(graph.to_onnx(net, 48).SerializeToString(), "net")
    with pytest.raises(graph.ExportError):
        graph.check_parity(net, session, torch.randn(2, 1, 48, 48))


def test_the_metadata_hold_no_folders_of_the_machine(checkpoint, tmp_path):
    taught = dataclasses.replace(
        checkpoint.recipe,
        start="/home/zoe/runs/cpu/checkpoint.pt",
        distil=Distil(("/home/zoe/runs/cpu/checkpoint.pt",)),
    )
    made = dataclasses.replace(checkpoint, recipe=taught)
    spec = export.export(made, tmp_path / "a.onnx", export.Choices(precision="fp32")).spec
    assert spec.recipe == taught.public().to_toml()
    assert "zoe" not in spec.recipe and 'start = "cpu/checkpoint.pt"' in spec.recipe
