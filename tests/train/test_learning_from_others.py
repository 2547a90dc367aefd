"""Ensembles, distillation, FER+ votes in a second head, pre-trained starts, recorded features."""

import dataclasses
import json

import numpy as np
import pytest

import fer_sets

torch = pytest.importorskip("torch")

from howifeel.errors import AssetError, SettingsError  # noqa: E402
from howifeel.train import (  # noqa: E402
    checkpoint,
    ensemble,
    features,
    forward,
    loop,
    objective,
    pretrained,
)
from howifeel.train.data import DataError  # noqa: E402
from howifeel.train.distil import Teachers  # noqa: E402
from howifeel.train.protocol import split  # noqa: E402
from howifeel.train.recipe import Distil, Recipe  # noqa: E402

CPU = torch.device("cpu")
TINY = Recipe(
    epochs=2, options={"width": 4}, batch=16, resolutions=((0.0, 24),),
    precision="fp32", mixup=0.0, lr=5e-3, warmup_epochs=0.5, blur=0.0, shrink=0.0, noise=0.0,
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def data():
    return fer_sets.faces(per_class=5, votes=True)


def train(recipe, data, folder):
    folder.mkdir(parents=True, exist_ok=True)
    return loop.fit(recipe, split(data, recipe), folder, device=CPU)


@pytest.fixture(scope="module")
def teachers(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("teachers")
    for seed in (1, 2):
        recipe = dataclasses.replace(TINY, seed=seed, epochs=1)
        train(recipe, data, folder / str(seed))
    return [folder / "1" / "checkpoint.pt", folder / "2" / "checkpoint.pt"]


def test_weights_of_an_ensemble_are_the_likeliest():
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 7, 4000)
    right = np.eye(7)[labels]
    good, bad = 0.7 * right + 0.3 / 7, np.full((4000, 7), 1 / 7)
    weights = ensemble.choose_weights(np.stack((good, bad)), labels)
    assert weights == pytest.approx([1, 0], abs=1e-3)
    halves = generator.random(4000) < 0.25
    first = np.where(halves[:, None], right, np.roll(right, 1, 1))
    second = np.where(halves[:, None], np.roll(right, 1, 1), right)
    weights = ensemble.choose_weights(np.stack((first, second)), labels)
    assert weights == pytest.approx([halves.mean(), 1 - halves.mean()], abs=1e-3)


def test_an_ensemble_answers_with_the_weighted_mean(teachers):
    found = ensemble.assemble(teachers, CPU)
    assert found.count == 35
    assert "weights chosen on it" in found.protocol
    assert sum(member.weight for member in found.members) == pytest.approx(1, abs=1e-3)
    alone = ensemble.assemble(teachers[:1], CPU)
    assert alone.accuracy == alone.members[0].accuracy == alone.plain_accuracy
    best = checkpoint.load(teachers[0]).history[0]["choose_accuracy"]
    assert alone.accuracy == pytest.approx(best)
    json.dumps(found.as_dict())
    assert "together" in found.table()


def test_an_ensemble_of_different_pictures_is_refused(teachers, tmp_path):
    train(dataclasses.replace(TINY, epochs=1), fer_sets.faces(per_class=4, seed=5), tmp_path)
    with pytest.raises(SettingsError, match="trained on other pictures"):
        ensemble.assemble([*teachers, tmp_path / "checkpoint.pt"], CPU)


def test_teachers_give_the_log_of_the_mean_of_what_they_say(teachers, data):
    names = tuple(map(str, teachers))
    fingerprint = checkpoint.load(teachers[0]).data
    faces = torch.rand(5, 1, 24, 24)
    one, two = (
        Teachers(Distil((name,), temperature=2.0), fingerprint, CPU)(faces).exp() for name in names
    )
    both = Teachers(Distil(names, (3.0, 1.0), temperature=2.0), fingerprint, CPU)(faces).exp()
    assert torch.allclose(both, 0.75 * one + 0.25 * two, atol=1e-6)
    net = forward.trained(checkpoint.load(teachers[0]))
    logits = net(forward.normalise(faces, TINY))[0]
    assert torch.allclose(one, torch.softmax(logits / 2, 1), atol=1e-5)


def test_a_student_comes_near_to_its_teachers(teachers, data, tmp_path):
    distil = Distil((str(teachers[0]),), share=1.0, temperature=1.0)
    recipe = dataclasses.replace(TINY, seed=3, epochs=12, lr=1e-2, ema=0.5, distil=distil)
    taught = train(recipe, data, tmp_path)
    losses = [record["loss"] for record in taught.history]
    assert losses[-1] < 0.5 * losses[0]
    again = loop.fit(recipe, split(data, recipe), tmp_path, device=CPU, resume=True)
    assert again.history == taught.history


def test_teachers_that_may_know_the_answers_are_refused(teachers, tmp_path):
    other = fer_sets.faces(per_class=4, seed=5)
    recipe = dataclasses.replace(TINY, distil=Distil((str(teachers[0]),)))
    with pytest.raises(SettingsError, match="trained on other pictures"):
        train(recipe, other, tmp_path)
    recipe = dataclasses.replace(TINY, distil=Distil(("nowhere.pt",)))
    with pytest.raises(AssetError, match="no checkpoint nowhere"):
        train(recipe, other, tmp_path)


def test_a_slim_checkpoint_answers_alike_and_cannot_be_continued(teachers, data, tmp_path):
    whole = checkpoint.load(teachers[0])
    path = tmp_path / "checkpoint.pt"
    checkpoint.slim(whole).save(path)
    small = checkpoint.load(path)
    faces = torch.rand(4, 1, 24, 24)
    first, second = (forward.trained(c)(faces)[0] for c in (whole, small))
    assert torch.allclose(first, second, atol=0.02)
    assert ensemble.assemble([teachers[0], path], CPU).count == 35
    recipe = dataclasses.replace(TINY, epochs=1)
    with pytest.raises(SettingsError, match="made slim"):
        loop.fit(recipe, split(data, recipe), tmp_path, device=CPU, resume=True)


def test_a_second_head_learns_the_votes_and_is_not_exported(data, tmp_path):
    recipe = dataclasses.replace(
        TINY, epochs=15, lr=1e-2, ema=0.9, votes_head=1.0, options={"width": 8, "dropout": 0.0},
        rotation=0.0, shift=0.0, erase=0.0, flip=0.0, size=48, resolutions=((0.0, 48),),
    )  # fmt: skip
    finished = train(recipe, fer_sets.faces(per_class=12, votes=True), tmp_path)
    assert finished.best["head.weight"].shape[0] == 15
    assert finished.history[-1]["votes_accuracy"] > 0.8
    net = forward.trained(finished)
    assert net.head.out_features == 7
    whole = forward.build_net(recipe)
    whole.load_state_dict(finished.best)
    faces = torch.rand(3, 1, 48, 48)
    assert torch.allclose(net(faces)[0], whole.eval()(faces)[0][:, :7], atol=1e-6)


def test_votes_that_are_missing_or_of_other_pictures_are_refused(data, tmp_path):
    recipe = dataclasses.replace(TINY, votes_head=0.5)
    with pytest.raises(DataError, match="no FER\\+ votes"):
        train(recipe, fer_sets.faces(per_class=4), tmp_path)
    shuffled = np.random.default_rng(0).permutation(len(data))
    wrong = dataclasses.replace(data, votes=data.votes[shuffled].copy())
    with pytest.raises(DataError, match="belong to other pictures"):
        train(recipe, wrong, tmp_path)


def test_pictures_without_votes_count_nothing_in_the_second_head(data):
    recipe = dataclasses.replace(TINY, votes_head=1.0, label_smoothing=0.0)
    loss = objective.Objective(recipe, torch.arange(7))
    targets = torch.zeros(2, 15)
    targets[:, 0] = 1
    targets[0, 7] = 1
    logits = torch.randn(2, 15)
    by_hand = -torch.log_softmax(logits[:, :7], 1)[:, 0].mean()
    by_hand = by_hand - torch.log_softmax(logits[:1, 7:], 1)[0, 0] / 2
    assert loss(logits, targets, None) == pytest.approx(float(by_hand), rel=1e-5)


def test_logit_adjustment_makes_up_for_rare_expressions():
    labels = torch.tensor([3] * 90 + [1] * 10)
    plain = objective.Objective(Recipe(), labels)
    adjusted = objective.Objective(Recipe(logit_adjustment=1.0), labels)
    rare, common = (torch.eye(7)[[label]] for label in (1, 3))
    same = torch.zeros(1, 7)
    assert adjusted(same, rare, None) > plain(same, rare, None)
    assert adjusted(same, common, None) < plain(same, common, None)


def test_weights_come_from_a_file_and_colours_become_grey(tmp_path):
    source = forward.build_net(Recipe(net="vgg8", options={"width": 4}))
    state = dict(source.state_dict())
    grey = state["features.0.weight"]
    state["features.0.weight"] = torch.cat((0.2 * grey, 0.3 * grey, 0.5 * grey), 1)
    state["classifier.weight"] = torch.zeros(3, 3)
    torch.save(state, tmp_path / "weights.pt")
    net = forward.build_net(Recipe(seed=9, net="vgg8", options={"width": 4}))
    taken, total = pretrained.load(net, str(tmp_path / "weights.pt"))
    assert taken == total
    for name, value in source.state_dict().items():
        assert torch.allclose(net.state_dict()[name], value, atol=1e-6), name


def test_weights_come_from_safetensors(tmp_path):
    save_file = pytest.importorskip("safetensors.torch").save_file
    source = forward.build_net(TINY)
    save_file(dict(source.state_dict()), tmp_path / "weights.safetensors")
    net = forward.build_net(dataclasses.replace(TINY, seed=7))
    assert pretrained.load(net, str(tmp_path / "weights.safetensors"))[0] > 50
    assert torch.equal(net.head.weight, source.head.weight)


def test_another_run_is_a_starting_point(teachers):
    net = forward.build_net(dataclasses.replace(TINY, seed=7))
    pretrained.load(net, str(teachers[0]))
    best = checkpoint.load(teachers[0]).best
    assert all(torch.equal(net.state_dict()[name], best[name]) for name in best)


def test_a_start_that_may_know_the_answers_is_refused(teachers, data, tmp_path):
    other = fer_sets.faces(per_class=4, seed=5)
    for widen in (False, True):
        recipe = dataclasses.replace(TINY, epochs=1, start=str(teachers[0]), widen=widen)
        with pytest.raises(SettingsError, match="trained on other pictures"):
            train(recipe, other, tmp_path / "refused")
    recipe = dataclasses.replace(TINY, epochs=1, start=str(teachers[0]))
    assert train(recipe, data, tmp_path / "same").notes["start"]
    torch.save(checkpoint.load(teachers[0]).best, tmp_path / "weights.pt")
    recipe = dataclasses.replace(recipe, start=str(tmp_path / "weights.pt"))
    assert train(recipe, other, tmp_path / "alone").notes["start"]


@pytest.mark.parametrize("net", ["resnet", "resnet50", "vgg16"])
def test_torchvisions_names_are_understood(net, facenet_package):
    """All weights of torchvision's networks but the first and last layer have a place in ours."""
    models = pytest.importorskip("torchvision.models")
    theirs = getattr(models, {"resnet": "resnet18", "vgg16": "vgg16_bn"}.get(net, net))
    with torch.device("meta"):
        state = {k: v for k, v in theirs().state_dict().items() if not k.startswith("classifier")}
    ours = forward.build_net(Recipe(net=net, options={"width": 64}))
    translated = ours.translate(state)
    known = set(ours.state_dict())
    assert {name for name in translated if name not in known} <= {"fc.weight", "fc.bias"}
    assert known - set(translated) == {"head.weight", "head.bias"}


def test_a_bias_before_a_norm_moves_into_its_mean():
    net = forward.build_net(Recipe(net="vgg8", options={"width": 4})).eval()
    faces = torch.rand(2, 1, 48, 48)
    state = {name: value.clone() for name, value in net.state_dict().items()}
    state["features.0.bias"] = torch.tensor([0.1, -0.2, 0.3, 0.4])
    with_bias = torch.nn.functional.conv2d(
        faces, state["features.0.weight"], state["features.0.bias"], padding=1
    )
    wanted = net.features[1](with_bias)
    net.load_state_dict(net.translate(state))
    assert torch.allclose(net.features[:2](faces), wanted, atol=1e-6)


@pytest.mark.parametrize(
    ("start", "error", "sentence"),
    [
        (
            "nowhere.pt",
            AssetError,
            "no starting point 'nowhere.pt'; give a file, or one of howifeel, resnet",
        ),
        ("evil.pt", AssetError, "cannot be read as weights"),
        ("other.pt", SettingsError, "no weights that fit this net"),
    ],
)
def test_starting_points_that_do_not_work_are_one_sentence(
    start, error, sentence, tmp_path, monkeypatch
):
    class Evil:
        def __reduce__(self):
            return print, ("code ran",)

    monkeypatch.chdir(tmp_path)
    torch.save(Evil(), "evil.pt")
    torch.save({"some.weight": torch.zeros(3, 3)}, "other.pt")
    with pytest.raises(error, match=sentence):
        pretrained.load(forward.build_net(TINY), start)


def test_a_download_without_a_network_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setitem(pretrained.KNOWN, "offline", "http://127.0.0.1:9/net-0123abcd.pth")
    with pytest.raises(AssetError, match=r"could not be downloaded .*; fetch http://127.0.0.1:9"):
        pretrained.load(forward.build_net(TINY), "offline")


def test_a_download_with_a_wrong_digest_is_refused(tmp_path, monkeypatch):
    served = tmp_path / "net-0123abcd.pth"
    torch.save(forward.build_net(TINY).state_dict(), served)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setitem(pretrained.KNOWN, "changed", served.as_uri())
    with pytest.raises(AssetError, match="invalid hash value"):
        pretrained.load(forward.build_net(TINY), "changed")
    assert not list((tmp_path / "cache" / "howifeel").iterdir())


def test_only_the_last_layers_are_trained(data, tmp_path):
    recipe = dataclasses.replace(
        TINY, net="vgg8", options={"width": 4, "dense": [8]}, train_last=2, epochs=1
    )
    start = forward.build_net(recipe).state_dict()
    net = train(recipe, data, tmp_path).net
    moved = {name.split(".")[0] for name in net if not torch.equal(net[name], start[name])}
    assert moved == {"dense", "head"}


def test_recorded_features_train_the_top_as_the_whole_net_would(data, tmp_path):
    still = {
        "net": "vgg8", "options": {"width": 4, "dense": [8], "dropout": 0.0}, "train_last": 2,
        "flip": 0.0, "rotation": 0.0, "shift": 0.0, "scale": 0.0, "squeeze": 0.0, "erase": 0.0,
        "tone": 0.0, "size": 48, "resolutions": ((0.0, 48),),
    }  # fmt: skip
    whole = train(dataclasses.replace(TINY, **still), data, tmp_path / "whole")
    recipe = dataclasses.replace(TINY, **still, recorded=True)
    quick = train(recipe, data, tmp_path / "quick")
    for name in whole.net:
        assert torch.allclose(whole.net[name], quick.net[name], atol=2e-3), name
    (fitted,) = (tmp_path / "quick").glob("features-fit-*.npy")
    assert np.load(fitted).shape == (35, 32, 6, 6)
    assert quick.history[-1]["choose_accuracy"] == pytest.approx(
        whole.history[-1]["choose_accuracy"], abs=0.06
    )


def test_recorded_features_are_taken_up_where_faces_and_base_are_the_same(data, tmp_path):
    recipe = dataclasses.replace(TINY, net="vgg8", options={"width": 4}, precision="fp32")
    faces = forward.as_tensor(data, CPU)[:9]
    net = forward.build_net(recipe)

    def files():
        return sorted(tmp_path.iterdir())

    assert features.recorded(net, faces, recipe, tmp_path, "fit", write=False).shape[0] == 9
    assert files() == []
    first = features.recorded(net, faces, recipe, tmp_path, "fit")
    (path,) = files()
    marked = first.numpy().copy()
    marked[0] = 7
    np.save(path, marked)
    with torch.no_grad():
        net.head.weight.add_(1)
    again = features.recorded(net, faces, recipe, tmp_path, "fit")
    assert np.array_equal(again, marked), "it did not come from the file"

    for damaged in (b"junk", b"", path.read_bytes()[:-100]):
        path.write_bytes(damaged)
        assert torch.equal(features.recorded(net, faces, recipe, tmp_path, "fit"), first)
    np.save(path, marked[:5])
    assert torch.equal(features.recorded(net, faces, recipe, tmp_path, "fit"), first)

    others = features.recorded(net, faces.flip(0), recipe, tmp_path, "fit")
    assert torch.equal(others, first.flip(0))
    (second,) = files()
    with torch.no_grad():
        next(iter(net.parameters())).mul_(2)
    features.recorded(net, faces.flip(0), recipe, tmp_path, "fit")
    (third,) = files()
    assert len({path, second, third}) == 3


def test_recorded_features_need_a_frozen_base(data, tmp_path):
    for last in (0, 3):
        recipe = dataclasses.replace(TINY, recorded=True, train_last=last)
        with pytest.raises(SettingsError, match="lower the recipe's train_last"):
            train(recipe, data, tmp_path)
