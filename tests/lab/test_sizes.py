"""Error against weights and pictures: no network counts twice, and what hardly learned is named."""

import pytest

torch = pytest.importorskip("torch")

from howifeel.errors import SettingsError  # noqa: E402
from howifeel.lab import augment, data_size, model_size  # noqa: E402
from howifeel.lab.kit import study as studies  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402

SMALL = {"pictures": 112, "epochs": 1}


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def unread(monkeypatch):
    def read(options):
        raise AssertionError("pictures were read")

    monkeypatch.setattr(studies, "faces", read)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((0.5, 0.5), "--shares 0.5 and 0.5 both make"),
        ((0.1, 0.12, 1), "--shares 0.1 and 0.12 both make 3. pictures; leave one"),
        ((0.001, 1), "--shares 0.001 of .* is none; use a larger"),
    ],
)
def test_shares_that_are_no_runs_of_their_own_are_refused(shares, said, tmp_path):
    options = data_size.Options(**SMALL, shares=shares, runs=1)
    with pytest.raises(SettingsError, match=said):
        data_size.run(options, Out(tmp_path, tmp_path))
    assert not list(tmp_path.iterdir())


def test_widths_that_make_the_same_network_are_refused(tmp_path, unread):
    options = model_size.Options(**SMALL, widths=(2, 2, 4), runs=1)
    with pytest.raises(SettingsError, match=r"--widths 2 and 2 both make [\d,]+ weights"):
        model_size.run(options, Out(tmp_path, tmp_path))


@pytest.mark.parametrize("experiment", [data_size, augment])
def test_an_unknown_net_is_told_before_pictures_are_read(experiment, tmp_path, unread):
    with pytest.raises(SettingsError, match="--net cannot be 'foo'; use cnn"):
        experiment.run(experiment.Options(**SMALL, net="foo"), Out(tmp_path, tmp_path))


def test_what_is_left_out_twice_is_refused(tmp_path, unread):
    options = augment.Options(**SMALL, left_out=("flip", "blur", "flip"))
    with pytest.raises(SettingsError, match="--left-out names one thing twice"):
        augment.run(options, Out(tmp_path, tmp_path))


def test_shares_tell_the_most_pictures_and_who_hardly_learned(tmp_path):
    options = data_size.Options(**SMALL, width=2, shares=(0.7, 1), runs=1)
    result = data_size.run(options, Out(tmp_path, tmp_path))
    assert "all: fitted on up to " in result.protocol
    assert "Of 2 networks these have hardly learned" in result.meaning[0]
    assert "pictures, run 1 (" in result.meaning[0]


def test_widths_and_variants_that_hardly_learned_are_named(tmp_path):
    (tmp_path / "a").mkdir()
    widths = model_size.Options(**SMALL, widths=(2,), runs=1)
    result = model_size.run(widths, Out(tmp_path, tmp_path))
    assert "hardly learned: width 2, run 1 (" in result.meaning[0]
    variants = augment.Options(**SMALL, width=2, left_out=("flip",), runs=1)
    result = augment.run(variants, Out(tmp_path / "a", tmp_path / "a"))
    assert "Of 3 networks these have hardly learned: " in result.meaning[0]
