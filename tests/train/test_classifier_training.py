import dataclasses
import json
import signal

import numpy as np
import pytest

import fer_sets

torch = pytest.importorskip("torch")

from howifeel.classify.runtime import open_session  # noqa: E402
from howifeel.errors import AssetError, OutputError, SettingsError  # noqa: E402
from howifeel.train import checkpoint, export, forward, graph, log, loop, tta  # noqa: E402
from howifeel.train.data import PRIVATE, TEST, TRAINING, FaceSet  # noqa: E402
from howifeel.train.epochs import DivergedError  # noqa: E402
from howifeel.train.evaluate import about_copies, evaluate, logits_of, open_model  # noqa: E402
from howifeel.train.protocol import split  # noqa: E402
from howifeel.train.recipe import Recipe  # noqa: E402
from howifeel.train.schedule import MovingAverage, learning_rate  # noqa: E402

CPU = torch.device("cpu")
TINY = Recipe(
    epochs=3, options={"width": 4}, batch=16, resolutions=((0.0, 16), (0.5, 24)),
    precision="fp32", mixup=0.2, mixup_share=0.7, cutmix=0.3, sam=0.02, crop=0.5, light=0.2,
    jpeg=0.3, lr=5e-3, warmup_epochs=0.5,
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Tiny steps wait for each other on a busy machine when they use several threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def data():
    return fer_sets.faces(per_class=5)


@pytest.fixture(scope="module")
def uninterrupted(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return loop.fit(TINY, split(data, TINY), folder, device=CPU), folder


def weights_equal(first, second):
    return all(torch.equal(first[name], second[name]) for name in first)


def without_times(record):
    times = ("seconds", "pictures_per_s", "outside_passes")
    return {name: value for name, value in record.items() if name not in times}


def test_stopped_and_resumed_equals_uninterrupted(data, uninterrupted, tmp_path):
    class Stop(Exception):
        pass

    steps = []

    def stop_in_the_second_epoch(done, total):
        steps.append(done)
        if len(steps) == total + 1:
            raise Stop

    parts = split(data, TINY)
    with pytest.raises(Stop):
        loop.fit(TINY, parts, tmp_path, device=CPU, on_step=stop_in_the_second_epoch)
    assert len(checkpoint.load(tmp_path / loop.CHECKPOINT_FILE).history) == 1
    torch.manual_seed(99)
    resumed = loop.fit(TINY, parts, tmp_path, device=CPU, resume=True)

    whole, folder = uninterrupted
    assert weights_equal(whole.net, resumed.net)
    assert weights_equal(whole.average, resumed.average)
    assert weights_equal(whole.best, resumed.best)
    for first, second in zip(whole.history, resumed.history, strict=True):
        assert without_times(first) == without_times(second)
    lines = (tmp_path / log.LOG_FILE).read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2, 3]
    assert (folder / log.LOG_FILE).exists()


def test_a_finished_run_resumes_to_itself(data, uninterrupted):
    whole, folder = uninterrupted
    again = loop.fit(TINY, split(data, TINY), folder, device=CPU, resume=True)
    assert weights_equal(whole.average, again.average)
    assert whole.history == again.history


def test_the_seed_decides_the_weights(data, uninterrupted, tmp_path):
    whole, _ = uninterrupted
    (tmp_path / "same").mkdir()
    same = loop.fit(TINY, split(data, TINY), tmp_path / "same", device=CPU)
    assert weights_equal(whole.average, same.average)
    recipe = dataclasses.replace(TINY, seed=2)
    (tmp_path / "other").mkdir()
    other = loop.fit(recipe, split(data, recipe), tmp_path / "other", device=CPU)
    assert not weights_equal(whole.average, other.average)


def test_private_test_labels_change_no_weight(data, uninterrupted, tmp_path):
    whole, _ = uninterrupted
    labels = np.where(data.usage == PRIVATE, (data.labels * 5 + 1) % 7, data.labels)
    garbage = split(FaceSet(data.images, labels, data.usage), TINY)
    fooled = loop.fit(TINY, garbage, tmp_path, device=CPU)
    assert weights_equal(whole.best, fooled.best)


def test_resuming_with_another_recipe_or_other_data_is_refused(data, uninterrupted):
    _, folder = uninterrupted
    longer = dataclasses.replace(TINY, epochs=4)
    with pytest.raises(SettingsError, match="another recipe"):
        loop.fit(longer, split(data, longer), folder, device=CPU, resume=True)
    others = split(fer_sets.faces(per_class=5, seed=8), TINY)
    with pytest.raises(SettingsError, match="other data"):
        loop.fit(TINY, others, folder, device=CPU, resume=True)


def test_a_run_that_diverges_says_so(data, tmp_path):
    wild = dataclasses.replace(TINY, lr=1e30, clip=1e30, optimizer="sgd", warmup_epochs=0.0)
    with pytest.raises(DivergedError, match="lower lr"):
        loop.fit(wild, split(data, wild), tmp_path, device=CPU)


def test_a_checkpoint_never_runs_code(tmp_path):
    class Evil:
        def __reduce__(self):
            return print, ("code ran",)

    path = tmp_path / "evil.pt"
    torch.save({"format": 1, "net": Evil()}, path)
    with pytest.raises(AssetError, match="not a checkpoint"):
        checkpoint.load(path)
    path.write_bytes(b"junk")
    with pytest.raises(AssetError, match="not a checkpoint"):
        checkpoint.load(path)
    with pytest.raises(AssetError, match="no checkpoint"):
        checkpoint.load(tmp_path / "missing.pt")


def test_a_full_disk_is_one_sentence_and_keeps_the_last_checkpoint(uninterrupted, tmp_path):
    resource = pytest.importorskip("resource")
    whole, _ = uninterrupted
    path = tmp_path / loop.CHECKPOINT_FILE
    path.write_bytes(b"earlier")
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(OutputError, match=r"Cannot write .*checkpoint\.pt: "):
            whole.save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert path.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_the_net_learns_patterns_and_the_export_answers_like_it(tmp_path):
    data = fer_sets.faces(per_class=16)
    recipe = dataclasses.replace(
        TINY,
        epochs=10,
        options={"width": 8, "dropout": 0.0},
        resolutions=((0.0, 48),),
        mixup=0.0,
        cutmix=0.0,
        sam=0.0,
        crop=0.0,
        flip=0.0,
        lr=1e-2,
        ema=0.9,
        rotation=0.0,
        shift=0.0,
        erase=0.0,
    )
    finished = loop.fit(recipe, split(data, recipe), tmp_path, device=CPU)
    exported = export.export(finished, tmp_path / "model.onnx", export.Choices(precision="fp32"))
    assert exported.scores.accuracy > 0.9

    session, spec = open_model(tmp_path / "model.onnx")
    assert spec == exported.spec
    assert spec.recipe == recipe.to_toml()
    assert "112 pictures of 112" in spec.trained_on
    net = forward.build_net(recipe)
    net.load_state_dict(finished.best)
    images = data.part(PRIVATE).images
    by_torch = forward.predict(net, torch.from_numpy(images[:, None].copy()), recipe)
    by_onnx = logits_of(session, images, spec.mean, spec.std)
    assert np.abs(by_torch - by_onnx).max() < 1e-4
    whole = list(evaluate(tmp_path / "model.onnx", data, (PRIVATE,)))
    assert [scores.protocol for scores in whole] == ["PrivateTest, single view, all pictures"]
    assert whole[0].accuracy > 0.9


def test_an_export_tells_what_was_held_out(tmp_path):
    data = fer_sets.faces(per_class=10, usages=(TRAINING, TEST))
    recipe = dataclasses.replace(TINY, epochs=1, held_out=0.2)
    finished = loop.fit(recipe, split(data, recipe), tmp_path, device=CPU)
    exported = export.export(finished, tmp_path / "model.onnx", export.Choices(precision="fp32"))
    assert "56 pictures of 70 after 0 copies of test pictures" in exported.spec.trained_on
    assert "14 held out and 0 copies of these were removed" in exported.spec.trained_on


def test_an_export_that_differs_is_refused(uninterrupted):
    whole, _ = uninterrupted
    net = forward.build_net(TINY)
    net.load_state_dict(whole.best)
    net.eval()
    session = open_session(graph.to_onnx(net, 48).SerializeToString(), "net")
    batch = torch.randn(2, 1, 48, 48)
    assert graph.check_parity(net, session, batch) < 1e-4
    with torch.no_grad():
        net.head.bias += 0.01
    with pytest.raises(graph.ExportError, match="nothing was written"):
        graph.check_parity(net, session, batch)


def test_evaluation_counts_the_leaked_pictures_apart(uninterrupted, tmp_path):
    whole, _ = uninterrupted
    export.export(whole, tmp_path / "model.onnx")
    data = fer_sets.faces(per_class=3)
    leaked = np.concatenate([data.part(PRIVATE).images[:4], data.images])
    labels = np.concatenate([data.part(PRIVATE).labels[:4], data.labels])
    usage = np.concatenate([["Training"] * 4, data.usage])
    scores = evaluate(tmp_path / "model.onnx", FaceSet(leaked, labels, usage), (PRIVATE,))
    assert [s.count for s in scores] == [21, 17]
    assert "without 4 that have a copy in this data's Training" in scores[1].protocol
    assert about_copies(data) is None


def test_a_model_that_mirrors_is_measured_once_for_a_single_view_and_flip(uninterrupted, tmp_path):
    whole, _ = uninterrupted
    choices = export.Choices(precision="fp32", mirrored=True)
    export.export(whole, tmp_path / "model.onnx", choices)
    data = fer_sets.faces(per_class=1, usages=(PRIVATE,))
    once = evaluate(tmp_path / "model.onnx", data, views=tta.VIEWS)
    assert [scores.protocol for scores in once] == [
        "PrivateTest, single view, mirrored in the model (so flip is the same), all pictures",
        "PrivateTest, ten-crop, mirrored in the model, all pictures",
    ]
    alone = [evaluate(tmp_path / "model.onnx", data, views=(kind,)) for kind in tta.VIEWS[:2]]
    assert [scores.protocol for (scores,) in alone] == [
        "PrivateTest, single view, mirrored in the model, all pictures",
        "PrivateTest, flip, mirrored in the model, all pictures",
    ]
    figures = [scores.as_dict() | {"protocol": ""} for scores in (once[0], *(a for (a,) in alone))]
    assert figures[0] == figures[1] == figures[2]


def test_the_learning_rate_rises_then_falls_to_nothing():
    rates = [learning_rate(step, 100, 10, 0.1) for step in range(100)]
    assert max(rates) == pytest.approx(0.1)
    assert rates[:10] == sorted(rates[:10])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert 0 < rates[-1] < 1e-4


def test_the_average_follows_the_net():
    net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
    average = MovingAverage(net, 0.9)
    start = net[0].weight.detach().clone()
    with torch.no_grad():
        net[0].weight.add_(1.0)
        net[1].num_batches_tracked.add_(5)
    average.update(step=10_000)
    assert torch.allclose(average.net[0].weight, start + 0.1)
    assert average.net[1].num_batches_tracked == 5
    average.update(step=0)
    assert torch.allclose(average.net[0].weight, 0.1 * (start + 0.1) + 0.9 * (start + 1))


@pytest.mark.parametrize("best", [{}, {"head.weight": torch.zeros(1)}, 3])
def test_weights_that_do_not_fit_are_refused(uninterrupted, best):
    found, _ = uninterrupted
    with pytest.raises(AssetError, match="weights do not fit its recipe"):
        forward.trained(dataclasses.replace(found, best=best))
