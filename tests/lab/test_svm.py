"""The grid of the support vector machine."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from howifeel.errors import SettingsError  # noqa: E402
from howifeel.lab import svm  # noqa: E402
from howifeel.lab.kit import drawn  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402
from howifeel.train.data import TRAINING  # noqa: E402

SMALL = svm.Options(
    pictures=70, features=("pca",), kernels=("rbf",), c=(1, 10), gamma=("1e-3",), folds=3, jobs=1
)


def searched(options, out, faces):
    return svm._search(options, faces.images, faces.labels, out)


class TestGamma:
    def test_numbers_may_have_exponents(self):
        svm._check(SMALL)

    @pytest.mark.parametrize("wrong", ["many", "0", "-1", "nan", "inf"])
    def test_other_words_are_refused(self, wrong):
        with pytest.raises(SettingsError, match="--gamma cannot be"):
            svm._check(replace(SMALL, gamma=(wrong,)))

    def test_the_defaults_differ_on_scaled_features(self):
        from sklearn.svm import SVC

        values = np.random.default_rng(0).normal(size=(60, 900))
        labels = np.arange(60) % 2
        of = svm.Options().gamma
        found = [SVC(gamma=g if g == "scale" else float(g)).fit(values, labels)._gamma for g in of]
        ratios = np.diff(np.log(sorted(found)))
        assert (ratios > np.log(3)).all()


def test_no_processes_are_refused(tmp_path):
    with pytest.raises(SettingsError, match="--jobs cannot be 0; use 1 or more"):
        svm.run(replace(SMALL, jobs=0), Out(tmp_path, tmp_path))


class TestSearch:
    def test_few_pictures_leave_fewer_components(self, tmp_path):
        faces = drawn.faces(7, 2).part(TRAINING)
        (first, _) = searched(SMALL, Out(tmp_path, tmp_path), faces)
        assert np.isfinite(first["scores"]).all()

    def test_finished_points_are_not_computed_again(self, tmp_path, monkeypatch):
        faces = drawn.faces(7, 2).part(TRAINING)
        out = Out(tmp_path, tmp_path)
        first = searched(replace(SMALL, c=(1,)), out, faces)
        asked = []
        real = svm.cross_val_score

        def counted(machine, *args, **options):
            asked.append(machine["machine"].C)
            return real(machine, *args, **options)

        monkeypatch.setattr(svm, "cross_val_score", counted)
        both = searched(SMALL, out, faces)
        assert both[0] == first[0]
        assert asked == [10]
        searched(replace(SMALL, seed=2), out, faces)
        assert asked == [10, 1, 10]


def test_folds_have_no_interval_as_they_share_pictures(tmp_path):
    torch.set_num_threads(1)
    result = svm.run(replace(SMALL, epochs=1), Out(tmp_path, tmp_path))
    of_folds = [number for number in result.numbers if "folds" in number.name]
    assert len(of_folds) == 2
    assert all(number.low is None for number in of_folds)
    (f1,) = (number for number in result.numbers if "macro F1" in number.name)
    assert f1.low <= f1.value <= f1.high
