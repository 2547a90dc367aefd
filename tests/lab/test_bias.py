"""Groups of faces: who reads them, what is tested, how light is changed."""

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("fairlearn")

from howifeel import assets, emotions  # noqa: E402
from howifeel.lab import bias  # noqa: E402
from howifeel.lab.kit import drawn, groups, light, models, rates  # noqa: E402
from howifeel.lab.kit.groups import Grouped  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402
from howifeel.train.data import PUBLIC, DataError  # noqa: E402

RIGHT = "accuracy"


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """A table of drawn faces in two towns, without labels."""
    import cv2
    import pyarrow as pa
    import pyarrow.parquet as pq

    faces = drawn.faces(1, 9).part(PUBLIC)
    columns = {
        "image": [{"bytes": cv2.imencode(".png", face)[1].tobytes()} for face in faces.images],
        "town": [("here", "there")[row % 2] for row in range(len(faces))],
        "street": [str(row // 3) for row in range(len(faces))],
    }
    path = tmp_path_factory.mktemp("people") / "people.parquet"
    pq.write_table(pa.table(columns), path)
    return path


@pytest.fixture(scope="module")
def read(people, tmp_path_factory):
    """What a run finds about them."""
    folder = tmp_path_factory.mktemp("read")
    return bias.run(bias.Options(table=people, trim=0.0, draws=20), Out(folder, folder))


def grouped(labels, group):
    images = np.zeros((len(group), 48, 48), np.uint8)
    names = tuple(np.unique(group).tolist())
    return Grouped(images, {"town": group}, {"town": names}, labels, "people")


def frames_of(seen, answers):
    certain = np.eye(len(emotions.NAMES))[answers]
    return {"town": rates.frame(seen, "town", certain, draws=30, seed=1)}


class TestWhoReads:
    def test_people_of_a_table_are_read_by_the_shipped_model(self, read):
        assert read.model.name == assets.model_file(assets.DEFAULT_MODEL).name
        assert not read.model.trained_here
        assert any("Without labels" in words for words in read.meaning)

    def test_they_are_read_as_the_program_reads_faces_before_a_camera(self, people, read):
        seen = groups.read(people, ("town",), 0.0)
        model = models.OnnxModel(assets.model_file())
        expected = model.spec.probabilities(model.logits(seen.images))
        here = seen.groups["town"] == "here"
        found = {number.name: number.value for number in read.numbers}
        assert found["mean top probability: town = here"] == pytest.approx(
            expected[here].max(1).mean()
        )
        darker = light.CHANGES["brightness"][1](seen.images, 0.4)
        changed = model.spec.probabilities(model.logits(darker)).argmax(1)
        assert found["answers that change with brightness times 0.4"] == pytest.approx(
            (changed != expected.argmax(1)).mean()
        )
        assert "with the correction for cameras" in read.protocol

    def test_what_holds_without_labels_is_not_said_with_them(self):
        labels = np.arange(70) % 7
        words = " ".join(bias._doubts(grouped(labels, np.array(["a", "b"] * 35)), labels))
        assert "Without labels" not in words


class TestRates:
    def test_a_group_that_is_read_worse_is_found(self):
        labels = np.arange(700) % 7
        group = np.array(["near", "far"])[np.arange(700) // 7 % 2]
        answers = np.where((group == "far") & (np.arange(700) % 5 < 2), (labels + 1) % 7, labels)
        seen = grouped(labels, group)
        rows = rates.table(frames_of(seen, answers), seen, answers, 1).rows
        assert len(rows) == 8
        _, what, words, _, corrected = rows[0]
        assert (what, words) == (RIGHT, "far 60%, near 100%")
        assert float(corrected) < 1e-20

    def test_without_labels_only_rates_are_asked_for(self):
        answers = np.arange(70) % 7
        seen = grouped(None, np.array(["a", "b"] * 35))
        rows = rates.table(frames_of(seen, answers), seen, answers, 1).rows
        assert {what for _, what, *_ in rows} == {f"named {name}" for name in emotions.NAMES}

    def test_greatest_difference_has_an_interval_of_that_difference(self):
        group = np.repeat(["a", "b", "c"], 100)
        answers = np.full(300, 6)
        answers[:60], answers[100:130] = 3, 3
        seen = grouped(None, group)
        found = rates.numbers("town", frames_of(seen, answers)["town"], seen, answers, 1)[-1]
        assert (
            "named happy, a against c" in found.name or "named neutral, c against a" in found.name
        )
        assert found.value == pytest.approx(0.6)
        assert found.high - found.low == pytest.approx(2 * 1.96 * (0.6 * 0.4 / 100) ** 0.5, rel=0.2)

    def test_calibration_error_has_no_interval(self):
        labels = np.arange(140) % 7
        seen = grouped(labels, np.array(["a", "b"] * 70))
        found = rates.numbers("town", frames_of(seen, labels)["town"], seen, labels, 1)
        errors = [number for number in found if number.name.startswith("calibration")]
        assert len(errors) == 2
        assert all(number.low is None and "too high" in number.method for number in errors)


class TestFewPictures:
    def test_small_groups_are_left_out_and_counted(self):
        group = np.repeat(["a", "b", "c", "d"], [40, 40, 19, 2])
        answers = np.arange(101) % 2 * 3
        answers[-2:] = 6
        seen, told = groups.large(grouped(None, group))
        assert told == (
            "Left out of the comparison by town: 2 of 4 groups, with fewer than 20 pictures each.",
        )
        frames = frames_of(seen, answers)
        rows = rates.table(frames, seen, answers, 1).rows
        assert {row[2].count("%") for row in rows} == {2}
        assert all(row[4] == "1" for row in rows)
        found = rates.numbers("town", frames["town"], seen, answers, 1)
        assert not [number.name for number in found if " = c" in number.name]
        assert found[-1].value < 0.1

    def test_nothing_is_compared_where_one_group_is_large_enough(self, people, tmp_path):
        options = bias.Options(table=people, groups=("town",), pictures=30, draws=20)
        result = bias.run(options, Out(tmp_path, tmp_path))
        assert any("Nothing is compared by town" in words for words in result.meaning)
        assert not [table for table in result.tables if "group" in table.title]

    def test_few_expected_pictures_are_permuted(self):
        group = np.repeat(["a", "b"], [60, 20])
        answers = np.full(80, 6)
        answers[[0, 77, 78, 79]] = 3
        seen = grouped(None, group)
        rows = rates.table(frames_of(seen, answers), seen, answers, 1).rows
        (p,) = [row[3] for row in rows if row[1] == "named happy"]
        ways = [math.comb(60, 4 - k) * math.comb(20, k) / math.comb(80, 4) for k in range(5)]
        assert "permutations" in p
        assert float(p.split()[0]) == pytest.approx(sum(ways[3:]), abs=0.01)

    def test_a_named_column_of_many_values_is_refused(self, people):
        with pytest.raises(DataError, match="has 21 different values, more than 20; put them"):
            groups.read(people, ("street",), 0.0)
        assert set(groups.read(people, (), 0.0).groups) == {"town"}


class TestOrder:
    def test_thirds_by_brightness_go_from_dark_to_bright(self):
        found = groups.by_brightness(drawn.faces(1, 9).part(PUBLIC), "drawn")
        assert found.order["picture"] == ("darkest third", "middle third", "brightest third")
        answers = np.zeros(len(found.images), int)
        numbers = rates.numbers(
            "picture",
            rates.frame(found, "picture", np.eye(7)[answers], draws=20, seed=1),
            found,
            answers,
            1,
        )
        named = [n.name.split(" = ")[1] for n in numbers if n.name.startswith("accuracy")]
        assert named == ["darkest third", "middle third", "brightest third"]

    def test_a_group_without_pictures_is_left_out(self):
        found = groups.by_brightness(drawn.faces(1, 9).part(PUBLIC), "drawn")
        dark = np.flatnonzero(found.groups["picture"] == "darkest third")
        assert found.some(dark).order == {"picture": ("darkest third",)}


class TestLight:
    RAMP = np.tile(np.arange(256, dtype=np.uint8), 9).reshape(1, 48, 48)

    @pytest.mark.parametrize("factor", light.CHANGES["brightness"][0])
    def test_no_pixel_saturates_and_middle_grey_is_multiplied(self, factor):
        changed = light.brighter(self.RAMP, factor)
        assert (changed[self.RAMP < 255] < 255).mean() > 0.99
        middle = changed[self.RAMP == 128].mean()
        assert middle == pytest.approx(128 * factor, abs=2)

    @pytest.mark.parametrize("factor", light.CHANGES["skin tone"][0])
    def test_skin_changes_in_the_middle_of_the_picture_alone(self, factor):
        grey = np.full((1, 48, 48), 128, np.uint8)
        changed = light.retoned(grey, factor)[0]
        assert changed[24, 24] == pytest.approx(128 * factor, abs=2)
        assert changed[0, 0] == 128
