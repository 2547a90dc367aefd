import json
import signal
from dataclasses import replace

import pytest
import torch

from howifeel.errors import AssetError, OutputError, SettingsError
from howifeel.train.detector import checkpoint, data
from howifeel.train.detector.loop import BEST, LAST, LOG, Machine, learning_rate, train
from howifeel.train.detector.net import FaceNet
from howifeel.train.detector.samples import Samples

HERE = Machine(torch.device("cpu"), workers=0)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def faces(face_folder):
    return data.read(face_folder)


def test_it_learns_drawn_faces(tiny_recipe, faces, tmp_path):
    lines = []
    long = replace(tiny_recipe, steps=180)
    best = train(long, faces, tmp_path, HERE, report=lines.append)
    assert best == tmp_path / BEST
    assert lines[-1].step == long.steps
    assert lines[-1].loss < 0.85 * lines[0].loss
    assert checkpoint.load(best).best > 0.3
    logged = [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()]
    assert [line["step"] for line in logged] == [line.step for line in lines]


def test_a_paused_run_goes_on_where_it_was(tiny_recipe, faces, tmp_path):
    short = replace(tiny_recipe, steps=3)
    hasty = replace(HERE, pause_minutes=1e-9)
    for step in (1, 2):
        assert train(short, faces, tmp_path, hasty, resume=True) is None
        assert checkpoint.load(tmp_path / LAST).step == step
    assert train(short, faces, tmp_path, hasty, resume=True) == tmp_path / BEST
    assert checkpoint.load(tmp_path / LAST).step == 3


def test_a_resumed_run_ends_where_an_uninterrupted_one_does(tiny_recipe, faces, tmp_path):
    short = replace(tiny_recipe, steps=12)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir()
    parts.mkdir()
    train(short, faces, whole, HERE)

    class PulledThePlug(Exception):
        pass

    def pull_the_plug(progress):
        if progress.step == 6:
            raise PulledThePlug

    with pytest.raises(PulledThePlug):
        train(short, faces, parts, HERE, report=pull_the_plug)
    train(short, faces, parts, HERE, resume=True)

    one, two = checkpoint.load(whole / LAST), checkpoint.load(parts / LAST)
    assert one.step == two.step == 12
    for state in ("net", "average"):
        left, right = getattr(one, state), getattr(two, state)
        assert all(torch.equal(left[name], right[name]) for name in left)


def test_time_ends_a_run(tiny_recipe, faces, tmp_path):
    lines = []
    endless = replace(tiny_recipe, steps=100_000)
    short = replace(HERE, minutes=0.02)
    train(endless, faces, tmp_path, short, report=lines.append)
    assert lines[-1].fraction == 1
    assert lines[-1].step < 1000
    assert train(endless, faces, tmp_path, short, resume=True) == tmp_path / BEST
    assert checkpoint.load(tmp_path / LAST).step == lines[-1].step


def test_another_recipe_cannot_resume(tiny_recipe, faces, tmp_path):
    train(replace(tiny_recipe, steps=2), faces, tmp_path, HERE)
    with pytest.raises(SettingsError, match="same recipe"):
        train(replace(tiny_recipe, steps=3), faces, tmp_path, HERE, resume=True)


def test_a_new_run_leaves_nothing_of_the_old_one_to_go_on_from(tiny_recipe, faces, tmp_path):
    train(replace(tiny_recipe, steps=2), faces, tmp_path, HERE)
    kept = []

    class PulledThePlug(Exception):
        pass

    def pull_the_plug(progress):
        kept.extend(path.name for path in tmp_path.iterdir())
        raise PulledThePlug

    long = replace(tiny_recipe, steps=100_000)  # so that the first line comes before it is saved
    with pytest.raises(PulledThePlug):
        train(long, faces, tmp_path, HERE, report=pull_the_plug)
    assert kept == [LOG]
    assert len((tmp_path / LOG).read_text().splitlines()) == 1


def test_other_pictures_or_another_limit_of_time_cannot_resume(tiny_recipe, faces, tmp_path):
    short = replace(tiny_recipe, steps=3)
    hasty = replace(HERE, pause_minutes=1e-9)
    train(short, faces, tmp_path, hasty)
    fewer = replace(faces, photos=faces.photos[1:])
    with pytest.raises(SettingsError, match=r"from 24 pictures .* not from 23 .*same --data"):
        train(short, fewer, tmp_path, hasty, resume=True)
    with pytest.raises(SettingsError, match="began with no --minutes"):
        train(short, faces, tmp_path, replace(hasty, minutes=5.0), resume=True)


def test_a_run_of_an_older_version_can_be_resumed(tiny_recipe, faces, tmp_path):
    short = replace(tiny_recipe, steps=3)
    train(short, faces, tmp_path, replace(HERE, pause_minutes=1e-9))
    values = torch.load(tmp_path / LAST, weights_only=True)
    del values["minutes"], values["pictures"]
    torch.save(values, tmp_path / LAST)
    assert train(short, faces, tmp_path, HERE, resume=True) == tmp_path / BEST


def test_a_run_can_start_from_another_one(tiny_recipe, faces, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    best = checkpoint.load(train(replace(tiny_recipe, steps=2), faces, first, HERE))
    still = replace(tiny_recipe, steps=2, learning_rate=1e-12, weight_decay=0.0)
    train(still, faces, second, HERE, start=best)
    weights = checkpoint.load(second / LAST).average
    name = "stem.blocks.0.convolution.weight"
    assert torch.allclose(weights[name], best.average[name], atol=1e-6)


def test_a_net_of_nearly_the_same_shape_begins_with_what_fits(tiny_recipe, faces, tmp_path):
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    for folder in (first, second, third):
        folder.mkdir()
    best = checkpoint.load(train(replace(tiny_recipe, steps=2), faces, first, HERE))
    still = replace(tiny_recipe, steps=2, learning_rate=1e-12, weight_decay=0.0)
    train(replace(still, net=replace(still.net, refine=(2, 1, 1))), faces, second, HERE, start=best)
    weights = checkpoint.load(second / LAST).average
    name = "stem.blocks.0.convolution.weight"
    assert torch.allclose(weights[name], best.average[name], atol=1e-6)

    stages = tuple((channels + 4, blocks) for channels, blocks in still.net.stages)
    other = replace(still, net=replace(still.net, stem=(4, 12, 20), stages=stages, pyramid=12))
    with pytest.raises(SettingsError, match="another shape"):
        train(other, faces, third, HERE, start=best)


def test_a_full_disk_is_one_sentence_and_keeps_the_last_checkpoint(tiny_recipe, tmp_path):
    resource = pytest.importorskip("resource")
    path = tmp_path / LAST
    path.write_bytes(b"earlier")
    state = checkpoint.Checkpoint(tiny_recipe, 1, 1.0, 0.5, FaceNet(tiny_recipe.net).state_dict())
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(OutputError, match=r"Cannot write .*last\.pt: "):
            checkpoint.save(state, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert path.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_a_sample_depends_on_its_number_alone(tiny_recipe, faces):
    one, two = Samples(faces, tiny_recipe), Samples(faces, tiny_recipe)
    two[3]
    for left, right in zip(one[5], two[5], strict=True):
        assert (left == right).all()
    assert (one[5][0] != one[6][0]).any()


def test_the_learning_rate_rises_then_falls(tiny_recipe):
    rates = [learning_rate(tiny_recipe, step, step / 60) for step in range(61)]
    top = rates.index(max(rates))
    assert tiny_recipe.warm_up - 2 <= top <= tiny_recipe.warm_up
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("content", "message"), [(b"", "empty"), (b"junk", "not a checkpoint"), (None, "missing")]
)
def test_what_is_not_a_checkpoint_is_refused(tmp_path, content, message):
    path = tmp_path / "net.pt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AssetError, match=message):
        checkpoint.load(path)


def test_a_foreign_file_of_torch_is_refused(tmp_path):
    path = tmp_path / "net.pt"
    torch.save({"weights": torch.zeros(3)}, path)
    with pytest.raises(AssetError, match="this trainer"):
        checkpoint.load(path)


def whole(tiny_recipe, **changes):
    """What a checkpoint of this trainer holds."""
    state = {name: value.clone() for name, value in FaceNet(tiny_recipe.net).state_dict().items()}
    return {
        "format": checkpoint.FORMAT, "recipe": tiny_recipe.as_dict(), "step": 1, "elapsed_s": 1.0,
        "best": 0.5, "average": state, "net": state, "optimizer": {},
    } | changes  # fmt: skip


@pytest.mark.parametrize("lost", ["recipe", "step", "average"])
def test_a_checkpoint_that_lacks_something_is_refused(tiny_recipe, tmp_path, lost):
    values = whole(tiny_recipe)
    del values[lost]
    torch.save(values, tmp_path / "net.pt")
    with pytest.raises(AssetError, match=r"net\.pt is damaged"):
        checkpoint.load(tmp_path / "net.pt")


def test_a_checkpoint_that_holds_more_is_refused(tiny_recipe, tmp_path):
    torch.save(whole(tiny_recipe, more=1), tmp_path / "net.pt")
    with pytest.raises(AssetError, match=r"net\.pt is damaged"):
        checkpoint.load(tmp_path / "net.pt")


@pytest.mark.parametrize("average", [{}, {"stem": torch.zeros(1)}, 3])
def test_weights_that_do_not_fit_are_refused(tiny_recipe, tmp_path, average):
    torch.save(whole(tiny_recipe, average=average), tmp_path / "net.pt")
    with pytest.raises(AssetError, match="weights do not fit its recipe"):
        checkpoint.load(tmp_path / "net.pt").averaged_net()


@pytest.mark.parametrize(
    "changes",
    [{"net": {}}, {"average": {}}, {"optimizer": {}}, {"optimizer": 3}, {"step": "one"},
     {"minutes": torch.zeros(3)}],
)  # fmt: skip
def test_a_damaged_run_is_not_resumed(tiny_recipe, faces, tmp_path, changes):
    torch.save(whole(tiny_recipe, **changes), tmp_path / LAST)
    with pytest.raises(AssetError, match="use a complete copy"):
        train(tiny_recipe, faces, tmp_path, HERE, resume=True)
