"""Faces that are given another expression: networks, losses, training, and who is still seen."""

import math
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from howifeel.errors import AssetError, SettingsError  # noqa: E402
from howifeel.lab.kit import drawn, gradients, models, study  # noqa: E402
from howifeel.lab.kit.options import ModelOptions  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402
from howifeel.lab.translate import losses, train  # noqa: E402
from howifeel.lab.translate.discriminator import Discriminator  # noqa: E402
from howifeel.lab.translate.generator import Generator  # noqa: E402
from howifeel.lab.translate.train import Plan  # noqa: E402
from howifeel.train.data import TRAINING  # noqa: E402

PLAN = Plan(width=4, blocks=1, batch=8, steps=6)
CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def faces():
    return drawn.faces(12, 2).part(TRAINING)


@pytest.fixture(scope="module")
def guide(faces, tmp_path_factory):
    """A small net that has learned drawn faces."""
    folder = tmp_path_factory.mktemp("guide")
    options = ModelOptions(pictures=300, epochs=6)
    net = models.trained_here(options, study.study(options), Out(folder, folder))
    return gradients.Logits(net).eval()


def weights(translation):
    return [p.detach().clone() for p in translation.average.parameters()]


class TestNetworks:
    def test_generator_answers_faces_of_the_same_range_and_begins_with_hardly_a_change(self):
        torch.manual_seed(0)
        given = torch.rand(3, 1, 48, 48) * 2 - 1
        made = Generator(4, 1)(given, torch.tensor([0, 3, 6]))
        assert made.shape == given.shape
        assert made.abs().max() <= 1
        assert (made - given).abs().max() < 0.1

    def test_generator_heeds_what_is_wanted(self):
        torch.manual_seed(0)
        generator = Generator(4, 1)
        torch.nn.init.normal_(generator.leave.weight)
        face = (torch.rand(1, 1, 48, 48) * 2 - 1).expand(2, -1, -1, -1)
        first, second = generator(face, torch.tensor([1, 4]))
        assert (first - second).abs().max() > 0.05

    def test_discriminator_answers_realness_in_parts(self):
        assert Discriminator(4)(torch.zeros(2, 1, 48, 48)).shape == (2, 1, 3, 3)


class TestLosses:
    def test_a_discriminator_that_is_sure_and_right_has_no_hinge_left(self):
        loss = losses.discriminator(torch.full((7,), 1.5), torch.full((7,), -1.5))
        assert loss.item() == pytest.approx(0, abs=1e-5)
        assert losses.discriminator(torch.zeros(7), torch.zeros(7)).item() == pytest.approx(2)

    def test_generator_pays_for_each_part(self):
        faces = torch.zeros(7, 1, 2, 2)
        loss = losses.generator(
            torch.full((7,), 0.5), torch.zeros(7, 7), torch.arange(7), faces, faces + 0.25
        )
        assert loss.fooled.item() == -0.5
        assert loss.expression.item() == pytest.approx(math.log(7))
        assert loss.cycle.item() == 0.25
        assert loss.total(1.0).item() == pytest.approx(-0.5 + 10 * math.log(7) + 2.5)

    def test_the_way_back_counts_little_at_first(self):
        loss = losses.GeneratorLoss(*map(torch.tensor, (0.0, 0.0, 1.0)))
        weights = [loss.total(share).item() for share in (0, 0.125, 0.25, 0.5)]
        assert weights == [0, 5, 10, 10]


class TestTraining:
    def test_an_interrupted_training_goes_on_to_the_same_weights(self, faces, guide, tmp_path):
        whole = train.fit(PLAN, faces, tmp_path / "whole.pt", guide=guide, device=CPU)

        class Stop(Exception):
            pass

        def stop(translation):
            if translation.step == 3:
                raise Stop

        path = tmp_path / "parts.pt"
        with pytest.raises(Stop), pytest.MonkeyPatch.context() as patch:
            patch.setattr(train, "_SAVE_EVERY_S", -1)
            train.fit(PLAN, faces, path, guide=guide, device=CPU, on_step=stop)
        assert train.load(path, PLAN, CPU).step == 2
        parts = train.fit(PLAN, faces, path, guide=guide, device=CPU)
        assert parts.step == whole.step == 6
        for one, other in zip(weights(whole), weights(parts), strict=True):
            assert torch.equal(one, other)

    def test_time_ends_it_too(self, faces, guide, tmp_path):
        plan = replace(PLAN, steps=10**6, minutes=1e-4)
        translation = train.fit(plan, faces, tmp_path / "t.pt", guide=guide, device=CPU)
        assert 0 < translation.step < 1000
        assert translation.history

    def test_the_guide_teaches_expressions_and_stays_as_it_is(self, faces, guide, tmp_path):
        before = [value.clone() for value in guide.state_dict().values()]
        plan = Plan(width=8, blocks=1, batch=8, steps=60, lr=5e-3)
        history = train.fit(plan, faces, tmp_path / "t.pt", guide=guide, device=CPU).history
        first, last = (
            np.mean([record["expression"] for record in part])
            for part in (history[:10], history[-10:])
        )
        assert last < first - 0.3
        assert all(map(torch.equal, before, guide.state_dict().values()))

    def test_the_guide_sees_faces_shifted_and_noisy(self, faces):
        some = train.as_faces(faces.images[:8], CPU)
        members = [np.flatnonzero(faces.labels == label) for label in range(7)]
        drawn = replace(train._draw(PLAN, 0, members), shift=(2, -1))
        shaken = train._shaken(some, drawn)
        moved = shaken - torch.from_numpy(drawn.noise)
        assert drawn.noise.std() == pytest.approx(0.08, abs=0.01)
        assert torch.allclose(moved[:, :, :-2, 1:], some[:, :, 2:, :-1], atol=1e-6)

    def test_changed_faces_are_pictures(self, faces, guide, tmp_path):
        translation = train.fit(PLAN, faces, tmp_path / "t.pt", guide=guide, device=CPU)
        changed = translation.changed(faces.images[:5], 3, batch=2)
        assert changed.shape == (5, 48, 48)
        assert changed.dtype == np.uint8
        assert np.abs(changed.astype(int) - faces.images[:5]).mean() < 40

    def test_another_file_or_size_is_refused_in_one_sentence(self, tmp_path):
        path = tmp_path / "t.pt"
        with pytest.raises(AssetError, match="There is no file"):
            train.load(path, PLAN, CPU)
        path.write_bytes(b"nothing")
        with pytest.raises(AssetError, match="damaged or not a translation"):
            train.load(path, PLAN, CPU)
        train.begin(PLAN, CPU).save(path)
        with pytest.raises(SettingsError, match="--width 4 --blocks 1; give the same"):
            train.load(path, replace(PLAN, width=8), CPU)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"width": None}, {"width": "4"}, {"blocks": [1]}, {"generator": 3}, {"average": {}},
            {"generator": {1: 2}}, {"optimizers": None}, {"optimizers": [1, 2]},
            {"optimizers": [{}, {}]}, {"step": "x"}, {"step": None}, {"seconds": []},
            {"history": 3}, {"history": [3]}, {"history": [{"step": "x"}]},
        ],
        ids=str,
    )  # fmt: skip
    def test_a_damaged_state_is_refused_in_one_sentence(self, wrong, tmp_path):
        path = tmp_path / "t.pt"
        train.begin(PLAN, CPU).save(path)
        values = torch.load(path, weights_only=True)
        torch.save(values | wrong, path)
        with pytest.raises(AssetError, match="damaged or not a translation"):
            train.load(path, PLAN, CPU)
        for name in wrong:
            del values[name]
        torch.save(values, path)
        with pytest.raises(AssetError, match="damaged or not a translation"):
            train.load(path, PLAN, CPU)


class TestIdentity:
    @pytest.fixture(autouse=True)
    def kit(self):
        pytest.importorskip("skimage")
        from howifeel.lab.kit import identity

        self.identity = identity

    def test_the_same_face_is_more_alike_than_another(self, faces):
        noisy = (faces.images * 0.9 + 5).astype(np.uint8)
        same = self.identity.alike(faces.images, noisy)
        other = self.identity.alike(faces.images, np.roll(noisy, 1, axis=0))
        assert self.identity.alike(faces.images[:1], faces.images[:1]) == pytest.approx(1)
        assert same.min() > 0.9
        assert same.mean() > other.mean() + 0.2

    def test_a_face_is_found_again_unless_it_became_another(self, faces):
        some = faces.images[:20]
        darker = (some * 0.8).astype(np.uint8)
        assert self.identity.found_again(some, darker).all()
        assert not self.identity.found_again(some, np.roll(darker, 1, axis=0)).any()

    def test_embeddings_come_from_the_given_weights(self, faces, tmp_path, facenet_package):
        torch.manual_seed(1)
        path = tmp_path / self.identity.WEIGHTS
        torch.save(facenet_package.InceptionResnetV1(pretrained=None).state_dict(), path)
        found = self.identity.Embedder(path).embeddings(faces.images[:2])
        assert found.shape == (2, 512)
        assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-4)

    def test_weights_that_are_missing_or_wrong_are_said(
        self, tmp_path, monkeypatch, facenet_package
    ):
        monkeypatch.setenv("TORCH_HOME", str(tmp_path))
        assert self.identity.weights_file(None) is None
        with pytest.raises(AssetError, match="There is no file"):
            self.identity.weights_file(tmp_path / "no.pt")
        torch.save({"a": torch.zeros(1)}, tmp_path / "other.pt")
        with pytest.raises(AssetError, match="of another network"):
            self.identity.Embedder(tmp_path / "other.pt")


def test_a_start_is_told_by_name_and_hash(tmp_path):
    import hashlib

    from howifeel.lab import transfer_emotion

    plan = replace(PLAN, batch=7, steps=2)
    small = {"pictures": 112, "epochs": 1, "width": 4, "blocks": 1, "batch": 7, "steps": 1}
    start = tmp_path / "earlier.pt"
    train.begin(plan, CPU).save(start)
    options = transfer_emotion.Options(**small, judged=14, start=start)
    result = transfer_emotion.run(options, Out(tmp_path, tmp_path))
    digest = hashlib.sha256(start.read_bytes()).hexdigest()[:12]
    assert f"Trained from earlier.pt (SHA-256 {digest}) on for 1 steps" in result.protocol


def test_a_guide_is_told_and_must_not_be_the_judge(tmp_path):
    from howifeel.lab import transfer_emotion

    small = {"pictures": 112, "width": 4, "blocks": 1, "batch": 7, "steps": 1, "judged": 14}
    options = ModelOptions(pictures=112, epochs=1)
    paths = []
    for seed in (1, 2):
        net = models.trained_here(
            replace(options, seed=seed), study.study(options), Out(tmp_path, tmp_path / str(seed))
        )
        paths.append(tmp_path / f"{seed}.pt")
        net.saved.save(paths[-1])
    asked = transfer_emotion.Options(**small, model=str(paths[0]), guide=paths[1])
    result = transfer_emotion.run(asked, Out(tmp_path, tmp_path))
    assert "guided by 2.pt (checkpoint of the net vgg8" in result.protocol
    same = transfer_emotion.Options(**small, model=str(paths[0]), guide=paths[0])
    with pytest.raises(SettingsError, match="must not be the --guide"):
        transfer_emotion.run(same, Out(tmp_path, tmp_path))
