"""What experiments build on: intervals, corruptions, options, drawn faces, scaling, groups."""

import math
from dataclasses import dataclass, fields

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from howifeel import emotions  # noqa: E402
from howifeel.errors import SettingsError  # noqa: E402
from howifeel.lab.kit import corrupt, drawn, groups, intervals, scaling, study  # noqa: E402
from howifeel.lab.kit import options as lab_options  # noqa: E402
from howifeel.lab.kit.options import Options, option  # noqa: E402
from howifeel.train.data import PUBLIC, TRAINING, DataError, hold_out  # noqa: E402
from howifeel.train.duplicates import RULES, near_copies  # noqa: E402


@dataclass(frozen=True, slots=True, kw_only=True)
class Own(Options):
    """An experiment's options."""

    levels: tuple[float, ...] = option((1, 2), "levels", quick=(1,), least=0)
    kind: str = option("a", "kind", choices=("a", "b"))


class TestOptions:
    def test_given_beats_quick_beats_default(self):
        assert lab_options.from_values(Own, {}, quick=False).levels == (1, 2)
        assert lab_options.from_values(Own, {}, quick=True).levels == (1,)
        assert lab_options.from_values(Own, {"levels": [3.0]}, quick=True).levels == (3.0,)

    @pytest.mark.parametrize("given", [{"levels": [-1.0]}, {"levels": [math.inf]}, {"kind": "c"}])
    def test_values_out_of_range_are_named_with_their_flag(self, given):
        with pytest.raises(SettingsError, match=f"--{next(iter(given))} cannot be"):
            lab_options.from_values(Own, given, quick=False)


class TestIntervals:
    def test_bootstrap_covers_the_mean_of_a_known_distribution(self):
        values = np.random.default_rng(0).random(400)
        found = intervals.bootstrap("mean", lambda some: values[some].mean(), len(values), 1)
        expected = 1.96 * values.std() / len(values) ** 0.5
        assert found.low < values.mean() < found.high
        assert (found.high - found.low) / 2 == pytest.approx(expected, rel=0.2)

    def test_bootstrap_keeps_the_sizes_of_groups(self):
        of = np.repeat([0, 1], [3, 97])
        found = intervals.bootstrap("size", lambda some: (of[some] == 0).sum(), 100, 1, groups=of)
        assert found.low == found.high == 3

    def test_student_interval_is_that_of_scipy(self):
        from scipy import stats

        values = [0.60, 0.62, 0.65, 0.61]
        found = intervals.of_runs("accuracy", values)
        low, high = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
        assert (found.low, found.high) == pytest.approx((low, high))
        assert intervals.of_runs("one", [0.5]).low is None

    def test_holm_is_never_below_the_uncorrected_and_keeps_the_order(self):
        ps = np.random.default_rng(3).random(20)
        corrected = np.array(intervals.holm(ps))
        assert (corrected >= ps).all()
        assert (np.diff(corrected[np.argsort(ps)]) >= 0).all()

    def test_mcnemar_counts_only_pictures_on_which_the_readings_differ(self):
        first = np.array([True] * 10 + [False] * 2 + [True] * 88)
        second = np.array([False] * 10 + [True] * 2 + [True] * 88)
        few = intervals.mcnemar(first[:12], second[:12])
        assert intervals.mcnemar(first, second) == pytest.approx(few)
        assert few == pytest.approx(0.0386, abs=1e-3)
        assert intervals.mcnemar(first, first) == 1


class TestCorruptions:
    CHANGES = (corrupt.noise, corrupt.blur, corrupt.jpeg, corrupt.darkness, corrupt.occlusion)

    @pytest.mark.parametrize("change", CHANGES)
    def test_nothing_is_changed_at_level_0_and_more_at_higher_levels(self, change):
        faces = drawn.faces(2, 2).images
        levels = {corrupt.noise: (0.02, 0.2), corrupt.blur: (0.8, 3), corrupt.jpeg: (60, 97)}
        low, high = levels.get(change, (0.1, 0.6))
        kept = faces.copy()

        def difference(level):
            changed = change(faces, level, np.random.default_rng(0))
            assert changed.dtype == np.uint8
            assert changed.shape == faces.shape
            return np.abs(changed.astype(int) - faces).mean()

        assert difference(0) == 0
        assert 0 < difference(low) < difference(high)
        assert np.array_equal(faces, kept)

    def test_noise_has_the_variance_that_it_says(self):
        grey = np.full((20, 48, 48), 128, np.uint8)
        noisy = corrupt.noise(grey, 0.01, np.random.default_rng(0)) / 255
        assert noisy.var() == pytest.approx(0.01, rel=0.03)

    def test_occlusion_covers_the_share_that_it_says(self):
        black = np.zeros((5, 48, 48), np.uint8)
        covered = corrupt.occlusion(black, 0.25, np.random.default_rng(0))
        assert (covered == 128).mean() == pytest.approx(0.25, abs=0.01)


class TestPictures:
    def test_drawn_faces_are_the_same_for_the_same_seed(self):
        first, second, other = (drawn.faces(3, 2, seed) for seed in (1, 1, 2))
        assert study.fingerprint(first) == study.fingerprint(second) != study.fingerprint(other)
        assert np.bincount(drawn.faces(30, 5).part(TRAINING).labels, minlength=7).min() > 20

    def test_parts_share_no_picture(self):
        found = study.study(Options())
        for part in (found.fit, found.choose):
            exact, _ = near_copies(found.test.images, part.images, RULES["narrow"])
            assert not exact.any()
        exact, _ = near_copies(found.choose.images, found.fit.images, RULES["narrow"])
        assert not exact.any()
        assert len(drawn.faces().part(TRAINING)) - len(found.fit) - len(found.choose) >= 3

    def test_fewer_keeps_the_mix(self):
        faces = drawn.faces(40, 2).part(TRAINING)
        some = study.fewer(faces, 70, 1)
        assert len(some) == pytest.approx(70, abs=4)
        assert np.bincount(some.labels, minlength=7).min() >= 8
        assert study.fewer(faces, 0, 1) is faces

    def test_help_tells_how_few_pictures_of_an_expression_are_kept(self):
        faces = drawn.faces(100, 5).part(TRAINING)
        (about,) = (spec.metadata["help"] for spec in fields(Options) if spec.name == "pictures")
        assert f"at least {np.bincount(study.fewer(faces, 7, 1).labels).min()};" in about

    def test_fewer_keeps_a_rare_expression_and_some_of_it_is_held_out(self):
        faces = drawn.faces(100, 5, rare=0.06).part(TRAINING)
        some = study.fewer(faces, 60, 1)
        assert np.bincount(some.labels).tolist()[1] >= 5
        rest, held = hold_out(some, 0.05, 1, least=1)
        assert np.bincount(held.labels).tolist() == [1] * 7
        assert len(rest) + len(held) == len(some)

    def test_an_expression_without_pictures_is_named(self):
        faces = drawn.faces(5, 5)
        with pytest.raises(DataError, match="no picture of disgust in Training"):
            study.require_all(faces.where(faces.labels != 1), "Training")

    def test_a_set_of_test_pictures_alone_is_told_to_need_training(self, monkeypatch):
        tests = drawn.faces(10, 10).part(PUBLIC)
        monkeypatch.setattr(study, "faces", lambda options: (tests, "tests"))
        with pytest.raises(DataError, match="has no Training pictures; add them") as told:
            study.study(Options())
        assert "raise --pictures" not in str(told.value)
        assert len(study.study(Options(), train=False).test) == len(tests)


class TestVotes:
    def test_votes_of_other_pictures_are_not_taken_for_wrong_labels(self, tmp_path, monkeypatch):
        from howifeel.lab import data
        from howifeel.lab.kit.out import Out
        from howifeel.train.data import FaceSet

        faces = drawn.faces(10, 5)
        votes = np.roll(faces.votes, 10, axis=0)
        shifted = FaceSet(faces.images, faces.labels, faces.usage, votes)
        monkeypatch.setattr(study, "faces", lambda options: (shifted, "shifted"))
        result = data.run(data.Options(copies="narrow"), Out(tmp_path, tmp_path))
        assert any("evidently belong to other pictures" in words for words in result.meaning)


def wrong(share):
    """A run over 10,000 pictures with such an error."""
    return [np.arange(10_000) >= round(share * 10_000)]


class TestScaling:
    def test_a_power_law_is_found_again(self):
        amounts = [100, 300, 1000, 3000]
        law = scaling.fit({a: wrong(2 * a**-0.25) for a in amounts})
        assert law.exponent == pytest.approx(0.25, abs=1e-3)
        assert law.reach == pytest.approx(0, abs=1e-2)
        assert law.error(10_000) == pytest.approx(0.2, abs=1e-3)
        assert law.clear

    def test_two_points_are_no_law(self):
        assert scaling.fit({1: wrong(0.5), 2: [*wrong(0.4), *wrong(0.41)]}) is None
        assert scaling.fit({1: wrong(0.5), 2: wrong(0.4), 3: wrong(0)}) is None

    def test_errors_that_do_not_fall_make_no_clear_law(self):
        law = scaling.fit({1: wrong(0.5), 2: wrong(0.52), 4: wrong(0.49)})
        assert not law.clear

    def test_a_single_run_has_the_interval_of_its_pictures(self):
        runs = {1: wrong(0.5), 2: [*wrong(0.4), *wrong(0.4)]}
        one, two, _ = scaling.numbers(runs, {1: "one", 2: "two"}, None)
        assert one.method == "Wilson's score interval" != two.method


class TestGroups:
    @pytest.fixture
    def table(self, tmp_path):
        import cv2
        import pyarrow as pa
        import pyarrow.parquet as pq

        faces = drawn.faces(1, 2).part(PUBLIC)
        columns = {
            "image": [{"bytes": cv2.imencode(".png", face)[1].tobytes()} for face in faces.images],
            "label": [emotions.NAMES[label] for label in faces.labels],
            "age": list(range(len(faces))),
            "town": ["here", "there"] * (len(faces) // 2),
        }
        columns["age"][:] = [age + 100 * (age % 2) for age in columns["age"]]
        path = tmp_path / "people.parquet"
        pq.write_table(pa.table(columns), path)
        return path, faces

    def test_pictures_labels_and_groups_are_read(self, table):
        path, faces = table
        found = groups.read(path, ("town",), 0.0)
        assert np.array_equal(found.images, faces.images)
        assert np.array_equal(found.labels, faces.labels)
        assert set(found.groups) == {"town"}
        assert found.groups["town"].tolist()[:2] == ["here", "there"]

    def test_wrong_columns_and_files_are_said(self, table, tmp_path):
        with pytest.raises(DataError, match="has no column 'shoe'; it has image, label"):
            groups.read(table[0], ("shoe",), 0.0)
        (tmp_path / "no.parquet").write_bytes(b"nothing")
        with pytest.raises(DataError, match="not a Parquet file"):
            groups.read(tmp_path / "no.parquet", (), 0.0)
