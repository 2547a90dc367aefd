"""Noise on pictures: what nets are trained on, what is said about readings."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from howifeel.lab import noise  # noqa: E402
from howifeel.lab.kit import drawn  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402
from howifeel.train.data import TRAINING  # noqa: E402


class TestHalfNoisy:
    def test_half_of_the_pictures_change_and_none_is_added(self):
        faces = drawn.faces(10, 2).part(TRAINING)
        changed = noise.half_noisy(faces, (0, 0.05, 0.2), 1)
        differs = (changed.images != faces.images).any((1, 2))
        assert len(changed) == len(faces)
        assert differs.sum() == len(faces) // 2
        assert np.array_equal(changed.labels, faces.labels)


class TestReadings:
    def test_one_reading_would_do_only_where_readings_hardly_differ(self):
        assert "one reading would do" in noise._readings([0.60, 0.61], 1000)
        far = noise._readings([0.60, 0.68], 1000)
        assert far == "Single readings lie between 60.0% and 68.0%."
        assert "would do" not in noise._readings([0.25, 0.27], 30000)

    def test_a_loss_is_told_in_points_of_the_mean_reading(self):
        hits = np.arange(100) < 80
        words = noise._meaning(
            noise.Options(runs=2), {"this model": {0.0: hits}}, {"this model": [0.3, 0.4]}
        )
        assert "costs 45.0 points of accuracy: from 80.0% to 35.0%, the mean of 2" in words[0]


@pytest.fixture(scope="module")
def trained_both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("noise")
    torch.set_num_threads(1)
    options = noise.Options(
        pictures=112, epochs=1, variances=(0.1,), runs=2, model="howifeel", train_both=True
    )
    return noise.run(options, Out(folder, folder))


class TestBeside:
    def test_a_pair_of_nets_stands_beside_a_model_that_is_given(self, trained_both):
        names = [number.name for number in trained_both.numbers]
        assert "small net: noise of variance 0.1" in names
        assert "small net, trained on noise: noise of variance 0.1" in names
        assert not trained_both.model.trained_here
        assert "random half of the same pictures" in trained_both.protocol

    def test_intervals_of_readings_say_what_they_cover(self, trained_both):
        readings = [n for n in trained_both.numbers if "mean of 2 readings" in n.name]
        assert len(readings) == 3
        assert all(n.method.endswith("draws of the noise on the same pictures") for n in readings)

    def test_all_curves_are_drawn(self, tmp_path):
        hits = np.arange(100) < 80
        curve = {0.0: hits, 0.1: hits}
        one = noise._noise_figure(Out(tmp_path, tmp_path), {"this model": curve}, 0.25)
        alone = (tmp_path / one.file).read_text("utf-8").count("<path")
        noise._noise_figure(Out(tmp_path, tmp_path), {"this model": curve, "other": curve}, 0.25)
        assert (tmp_path / one.file).read_text("utf-8").count("<path") > alone
