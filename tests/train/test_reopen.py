"""Networks made of exported files again."""

import dataclasses

import numpy as np
import pytest

import fer_sets

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

from howifeel import assets  # noqa: E402
from howifeel.errors import AssetError  # noqa: E402
from howifeel.train import epochs, export, forward, loop, pretrained  # noqa: E402
from howifeel.train import reopen as reopening  # noqa: E402
from howifeel.train.distil import Teachers  # noqa: E402
from howifeel.train.evaluate import logits_of, open_model  # noqa: E402
from howifeel.train.protocol import split  # noqa: E402
from howifeel.train.recipe import Distil, Recipe  # noqa: E402
from howifeel.train.reopen import reopen  # noqa: E402

REFUSED = "cannot be trained or looked into"
RECIPE = Recipe(
    epochs=1, net="resnet", options={"width": 4}, batch=16, precision="fp32", mixup=0.0,
    resolutions=((0.0, 48),),
)  # fmt: skip


def train(folder, net="resnet", **options):
    recipe = dataclasses.replace(RECIPE, net=net, options=options)
    parts = split(fer_sets.faces(per_class=8), recipe)
    return loop.fit(recipe, parts, folder, device=torch.device("cpu"))


def faces():
    return fer_sets.faces(per_class=8, seed=5).part("PrivateTest").images


def single_view(opened, images):
    return forward.predict(opened.net, torch.from_numpy(images.copy()).unsqueeze(1), opened.recipe)


@pytest.mark.parametrize(
    ("net", "options"),
    [
        ("resnet", {"width": 4}),
        ("vgg8", {"width": 4}),
        ("vgg13", {"width": 4, "norm": False, "dense": (16,)}),
        ("compact", {"width": 4}),
        ("cnn", {}),
    ],
)
def test_an_exported_network_answers_as_before(net, options, tmp_path):
    saved = train(tmp_path, net, **options)
    export.export(saved, tmp_path / "m.onnx", export.Choices("fp32"))
    opened = reopen(tmp_path / "m.onnx")
    before = forward.predict(
        forward.trained(saved), torch.from_numpy(faces().copy()).unsqueeze(1), saved.recipe
    )
    assert single_view(opened, faces()) == pytest.approx(
        before, abs=1e-3 * (1 + float(before.std()))
    )
    assert opened.recipe.net == net and opened.recipe.options == saved.recipe.options
    assert not opened.net.training


@pytest.mark.parametrize(
    ("net", "options"),
    [
        ("vgg8", {"width": 4}),
        ("resnet", {"width": 8}),
        ("resnet", {"width": 8, "attention": "se"}),
        ("compact", {"width": 8}),
    ],
)
def test_8_bit_weights_come_back_as_they_were_rounded(net, options, tmp_path):
    saved = train(tmp_path, net, **options)
    path = tmp_path / "m.onnx"
    export.export(saved, path, export.Choices("int8", mirrored=True))
    opened = reopen(path)
    session, spec = open_model(path)
    whole = logits_of(session, faces(), spec.mean, spec.std)
    both = [single_view(opened, each) for each in (faces(), faces()[:, :, ::-1])]
    assert np.abs(both[0] - both[1]).max() > 0.01
    gap = (both[0] + both[1]) / 2 - whole
    assert np.sqrt((gap**2).mean()) < 0.3 * whole.std(axis=0).mean()


def test_the_model_that_ships_can_be_opened_and_differentiated():
    opened = reopen(assets.model_file())
    session, spec = open_model(assets.model_file())
    images = np.random.default_rng(0).integers(0, 256, (4, 48, 48), np.uint8)
    both = [single_view(opened, each) for each in (images, images[:, :, ::-1])]
    mean = (both[0] + both[1]) / 2 if spec.mirrored else both[0]
    theirs = logits_of(session, images, spec.mean, spec.std)
    assert np.corrcoef(mean.ravel(), theirs.ravel())[0, 1] > 0.99
    batch = forward.normalise(torch.from_numpy(images / 255).float().unsqueeze(1), opened.recipe)
    batch.requires_grad_(True)
    opened.net(batch)[0][:, 3].sum().backward()
    assert batch.grad.abs().sum() > 0


def trains_as(net, recipe, batch):
    """Logits in training, where each norm goes by the batch."""
    net.train()
    with torch.no_grad():
        logits = net(forward.normalise(batch.float() / 255, recipe))[0]
    net.eval()
    return logits.numpy()


def test_a_training_can_go_on_from_an_exported_model(tmp_path):
    saved = train(tmp_path, "vgg8", width=4, dropout=0.0)
    path = tmp_path / "m.onnx"
    export.export(saved, path, export.Choices("fp32"))
    recipe = dataclasses.replace(saved.recipe, start=str(path), lr=1e-9)
    data = split(fer_sets.faces(per_class=8), recipe)
    run = epochs.Run(recipe, data, torch.device("cpu"), tmp_path)
    assert run.start == f"50 of 50 tensors from {path}"
    before = single_view(reopen(path), faces())
    assert forward.predict(
        run.net, torch.from_numpy(faces().copy()).unsqueeze(1), recipe
    ) == pytest.approx(before, abs=1e-3 * (1 + float(before.std())))
    batch = torch.from_numpy(data.fit.images.copy()).unsqueeze(1)
    evaluated = forward.predict(run.net, batch, recipe)
    spread = float(evaluated.std())
    settled, unsettled = (
        np.abs(trains_as(net, recipe, batch) - evaluated).max() / spread
        for net in (run.net, reopen(path).net)
    )
    assert settled < 0.1 < unsettled
    assert run.epoch(lambda done, total: None)["choose_accuracy"] == pytest.approx(
        saved.history[0]["choose_accuracy"], abs=0.1
    )


def test_an_exported_model_teaches_what_it_answers_itself(tmp_path):
    saved = train(tmp_path, "vgg8", width=4, dropout=0.0)
    path = tmp_path / "m.onnx"
    export.export(saved, path, export.Choices("fp32", mirrored=True))
    batch = torch.from_numpy(faces().copy()).unsqueeze(1).float() / 255
    teachers = Teachers(Distil((str(path),), temperature=2.0), "of others", torch.device("cpu"))
    session, spec = open_model(path)
    logits = torch.from_numpy(logits_of(session, faces(), spec.mean, spec.std))
    assert torch.allclose(teachers(batch), torch.log_softmax(logits / 2, 1), atol=1e-3)


def test_a_model_tells_what_its_weights_go_back_to(tmp_path):
    saved = train(tmp_path, "vgg8", width=4)
    saved = dataclasses.replace(
        saved, recipe=dataclasses.replace(saved.recipe, trained_on="faces of friends")
    )
    path = tmp_path / "first.onnx"
    export.export(saved, path, export.Choices("fp32"))
    second = dataclasses.replace(saved.recipe, start=str(path), distil=Distil((str(path),)))
    data = split(fer_sets.faces(per_class=8), second)
    for folder in ("second", "third"):
        (tmp_path / folder).mkdir()
    went_on = loop.fit(second, data, tmp_path / "second", device=torch.device("cpu"))
    third = dataclasses.replace(
        second, start=str(tmp_path / "second" / "checkpoint.pt"), distil=None
    )
    last = loop.fit(third, data, tmp_path / "third", device=torch.device("cpu"))
    for each in (went_on, last):
        told = export.export(each, path, export.Choices("fp32"), force=True).spec.trained_on
        assert told.count("first.onnx (SHA-256 ") == 1
        assert told.count("faces of friends") == 2
        path = tmp_path / "other.onnx"


def test_a_start_by_the_name_of_the_model_that_ships():
    opened = reopen(assets.model_file())
    net = forward.build_net(opened.recipe)
    assert pretrained.load(net, assets.DEFAULT_MODEL) == (50, 50)
    wanted = opened.net.state_dict()
    assert all(torch.equal(value, wanted[name]) for name, value in net.state_dict().items())


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    saved = train(folder, "vgg8", width=4)
    export.export(saved, folder / "m.onnx", export.Choices("fp32"))
    return onnx.load(folder / "m.onnx"), saved


def refused(model, path):
    onnx.save(model, path)
    with pytest.raises(AssetError, match=REFUSED):
        reopen(path)


def with_recipe(model, recipe):
    changed = onnx.ModelProto.FromString(model.SerializeToString())
    for entry in changed.metadata_props:
        if entry.key == "howifeel.recipe":
            entry.value = recipe
    return changed


@pytest.mark.parametrize(
    "net",
    [
        '{name = "vgg8", width = 8}',
        '{name = "vgg8", width = 4, last_pool = true}',
        '{name = "vgg8", width = -4}',
        '{name = "vgg8", width = 200000}',
        '{name = "resnet", width = 4, blocks = [1000000000, 1, 1, 1]}',
        '{name = "vgg8", width = 4, dropout = 7.0}',
        '{name = "resnet", strides = [0, 1, 1, 1]}',
        '{name = "vit", heads = 0}',
        '"none"',
        "]",
    ],
)
def test_a_recipe_that_is_not_that_of_the_network_is_refused(net, exported, tmp_path):
    model, _ = exported
    refused(with_recipe(model, f"net = {net}"), tmp_path / "m.onnx")


def test_weights_that_are_missing_or_elsewhere_are_refused(exported, tmp_path, monkeypatch):
    model, _ = exported
    monkeypatch.chdir(tmp_path)
    large = [each for each in model.graph.initializer if len(each.dims) == 4]

    def with_(change):
        changed = onnx.ModelProto.FromString(model.SerializeToString())
        change(changed.graph)
        return changed

    def no_bias(graph):
        next(node for node in graph.node if node.op_type == "Conv").input.pop()

    def a_constant(graph):
        moved = next(each for each in graph.initializer if each.name == large[1].name)
        node = onnx.helper.make_node("Constant", [], [moved.name], value=moved)
        graph.initializer.remove(moved)
        graph.node.insert(0, node)

    def turned(graph):
        weight = next(each for each in graph.initializer if each.name == large[-2].name)
        back = onnx.numpy_helper.to_array(weight)[::-1].copy()
        weight.CopyFrom(onnx.numpy_helper.from_array(back, weight.name))
        for node in graph.node:
            node.name = node.name.replace("features.21", "features.99")

    for change in (no_bias, a_constant, turned):
        refused(with_(change), tmp_path / "m.onnx")


def test_no_other_file_is_read(exported, tmp_path, monkeypatch):
    model, _ = exported
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.bin").write_bytes(bytes(10_000))
    changed = onnx.ModelProto.FromString(model.SerializeToString())
    used = next(each for each in changed.graph.initializer if len(each.dims) == 4)
    used.ClearField("raw_data")
    used.data_location = onnx.TensorProto.EXTERNAL
    entry = used.external_data.add()
    entry.key, entry.value = "location", "secret.bin"
    with pytest.raises(ValueError, match="another file"):
        reopening._exported(changed.graph)


def test_weights_that_were_rounded_along_no_axis_that_is_told_are_refused(tmp_path):
    saved = train(tmp_path, "vgg8", width=4)
    path = tmp_path / "m.onnx"
    export.export(saved, path, export.Choices("int8"))
    graph = onnx.load(path)
    for node in graph.graph.node:
        if node.op_type == "DequantizeLinear" and "quantized" in node.input[0]:
            del node.attribute[:]
    with pytest.raises(ValueError, match="reshape"):
        reopening._exported(graph.graph)


def test_several_networks_and_transformers_are_refused(exported, tmp_path):
    _, saved = exported
    path = tmp_path / "m.onnx"
    export.export(saved, path, export.Choices("fp32"), beside=[saved])
    with pytest.raises(AssetError, match=REFUSED):
        reopen(path)
    (tmp_path / "vit").mkdir()
    export.export(train(tmp_path / "vit", "vit"), path, export.Choices("fp32"), force=True)
    with pytest.raises(AssetError, match=REFUSED):
        reopen(path)
