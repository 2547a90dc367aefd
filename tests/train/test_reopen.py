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
from howifeel.train.distil import Teachers  # noqa: E402
from howifeel.train.evaluate import logits_of, open_model  # noqa: E402
from howifeel.train.protocol import split  # noqa: E402
from howifeel.train.recipe import Distil, Recipe  # noqa: E402
from howifeel.train.reopen import reopen  # noqa: E402

REFUSED = r"name the checkpoint\.pt"
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


def test_8_bit_weights_come_back_as_they_were_rounded(tmp_path):
    saved = train(tmp_path, "vgg8", width=4)
    path = tmp_path / "m.onnx"
    export.export(saved, path, export.Choices("int8", mirrored=True))
    opened = reopen(path)
    session, spec = open_model(path)
    whole = logits_of(session, faces(), spec.mean, spec.std)
    both = [single_view(opened, each) for each in (faces(), faces()[:, :, ::-1])]
    assert np.abs(both[0] - both[1]).max() > 0.01
    assert (both[0] + both[1]) / 2 == pytest.approx(whole, abs=0.2 * float(whole.std()))


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


def test_a_start_by_the_name_of_the_model_that_ships():
    opened = reopen(assets.model_file())
    net = forward.build_net(opened.recipe)
    assert pretrained.load(net, assets.DEFAULT_MODEL) == (50, 50)
    wanted = opened.net.state_dict()
    assert all(torch.equal(value, wanted[name]) for name, value in net.state_dict().items())


def changed(path, name, value):
    graph = onnx.load(path)
    for entry in graph.metadata_props:
        if entry.key == f"howifeel.{name}":
            entry.value = value
    onnx.save(graph, path)


def test_what_cannot_be_opened_is_refused_in_one_sentence(tmp_path):
    saved = train(tmp_path, "resnet", width=4)
    path = tmp_path / "m.onnx"
    fp32 = export.Choices("fp32")
    for recipe in ('net = {name = "vgg8", width = 8}', "]", 'net = "none"', ""):
        export.export(saved, path, fp32, force=True)
        changed(path, "recipe", recipe)
        with pytest.raises(AssetError, match=REFUSED):
            reopen(path)
    export.export(saved, path, fp32, beside=[saved], force=True)
    with pytest.raises(AssetError, match=REFUSED):
        reopen(path)
    (tmp_path / "vit").mkdir()
    vit = train(tmp_path / "vit", "vit")
    export.export(vit, path, fp32, force=True)
    with pytest.raises(AssetError, match=REFUSED):
        reopen(path)


def test_a_network_that_answers_otherwise_is_refused(tmp_path):
    """Its recipe says that it halves the picture once more; all weights fit."""
    saved = train(tmp_path, "vgg8", width=4)
    path = tmp_path / "m.onnx"
    export.export(saved, path, export.Choices("fp32"))
    changed(path, "recipe", 'net = {name = "vgg8", width = 4, last_pool = true}')
    with pytest.raises(AssetError, match=REFUSED):
        reopen(path)
