"""What figures of accuracy show beside it, and figures of experiments that compare networks."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from howifeel.lab import architectures, transfer  # noqa: E402
from howifeel.lab.kit import figures, intervals, training  # noqa: E402
from howifeel.lab.kit import study as studies  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402
from howifeel.lab.kit.written import formatted  # noqa: E402
from howifeel.train import metrics  # noqa: E402

SMALL = {"pictures": 112, "epochs": 1}


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def lines(monkeypatch):
    """The heights at which figures of accuracy draw their line, one after the other."""
    drawn, real = [], figures.shares

    def shares(axes, commonest=None):
        drawn.append(commonest)
        real(axes, commonest)

    monkeypatch.setattr(figures, "shares", shares)
    return drawn


def commonest(faces):
    return np.bincount(faces.labels).max() / len(faces)


class TestShares:
    def test_the_line_lies_at_the_commonest_label_and_is_named(self, tmp_path):
        with figures.drawing(Out(tmp_path, tmp_path), "f", "f") as drawn:
            axes = drawn.canvas.subplots()
            figures.shares(axes, 0.25)
            (line,) = axes.get_lines()
            assert set(line.get_ydata()) == {0.25}
            assert line.get_label() == "always the commonest"

    def test_without_it_there_is_none(self, tmp_path):
        with figures.drawing(Out(tmp_path, tmp_path), "f", "f") as drawn:
            axes = drawn.canvas.subplots()
            figures.shares(axes)
            assert not axes.get_lines()


class TestArchitectures:
    def test_figures_and_sentences(self, tmp_path, lines):
        options = architectures.Options(**SMALL, width=2, nets=("cnn", "vgg8"))
        result = architectures.run(options, Out(tmp_path, tmp_path))
        study = studies.study(options)
        assert lines == [commonest(study.test), commonest(study.choose)]
        assert "Of 2 networks these have hardly learned" in result.meaning[0]
        assert any("leave out what another seed would change" in told for told in result.meaning)
        numbers = {number.name: number for number in result.numbers}
        for row in result.tables[0].rows:
            f1 = numbers[f"{row[0]}, macro F1"]
            assert row[2] == formatted(f1)
            assert f1.low is not None and f1.method == intervals.BOOTSTRAP


class TestMacroF1:
    def test_its_value_is_that_of_all_pictures_and_more_pictures_make_it_surer(self):
        draw = np.random.default_rng(0)
        labels = draw.integers(0, 7, 4000)
        answers = np.where(draw.random(4000) < 0.6, labels, draw.integers(0, 7, 4000))
        many = intervals.macro_f1("f1", labels, answers, 1)
        few = intervals.macro_f1("f1", labels[:400], answers[:400], 1)
        assert many.value == metrics.macro_f1(metrics.confusion(labels, answers, 7))
        assert many.low < many.value < many.high
        assert few.high - few.low == pytest.approx(10**0.5 * (many.high - many.low), rel=0.3)


class TestTransfer:
    def test_the_start_is_told_by_name_and_hash_and_p_values_are_corrected(self, tmp_path, lines):
        import hashlib

        from howifeel.train import nets

        start = tmp_path / "my-base.pt"
        net = nets.build("vgg16", 7, {"width": 4, "dense": (8,)})
        torch.save(net.state_dict(), start)
        options = transfer.Options(**SMALL, width=4, dense=(8,), start=str(start))
        result = transfer.run(options, Out(tmp_path, tmp_path))
        digest = hashlib.sha256(start.read_bytes()).hexdigest()
        assert f"on my-base.pt (SHA-256 {digest[:12]})," in result.protocol
        assert str(tmp_path) not in result.protocol
        assert lines == [commonest(studies.study(options).choose)]
        assert any("networks these have hardly learned" in told for told in result.meaning)
        asked = [number for number in result.numbers if "McNemar" in number.name]
        assert len(asked) == 3
        assert all("Holm-corrected" in number.name for number in asked)

    def test_three_questions_cost_three_times_the_least_p(self, tmp_path, monkeypatch):
        monkeypatch.setattr(transfer, "mcnemar", lambda one, other: 0.01)
        options = transfer.Options(**SMALL, width=2, dense=(8,))
        result = transfer.run(options, Out(tmp_path, tmp_path))
        ps = [number.value for number in result.numbers if "McNemar" in number.name]
        assert ps == pytest.approx([0.03, 0.03, 0.03])

    def test_a_missing_start_is_told_before_anything_is_read(self, tmp_path):
        from howifeel.errors import AssetError

        with pytest.raises(AssetError, match=r"none\.pt is missing"):
            transfer.run(transfer.Options(start="none.pt"), Out(tmp_path, tmp_path))
        assert training.start_in_words("vgg16-imagenet") == "vgg16-imagenet"
