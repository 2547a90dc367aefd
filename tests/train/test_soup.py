"""The mean of the weights of several trainings."""

import dataclasses

import onnxruntime
import pytest

import fer_sets

torch = pytest.importorskip("torch")

from howifeel.classify.spec import ModelSpec  # noqa: E402
from howifeel.cli.train import main  # noqa: E402
from howifeel.errors import SettingsError  # noqa: E402
from howifeel.lab.kit import models  # noqa: E402
from howifeel.train import checkpoint, forward, loop, soup  # noqa: E402
from howifeel.train.export import Choices, export  # noqa: E402
from howifeel.train.protocol import split  # noqa: E402
from howifeel.train.recipe import Recipe, from_toml  # noqa: E402

TINY = Recipe(
    epochs=1, options={"width": 4}, batch=16, resolutions=((0.0, 24),), precision="fp32",
    mixup=0.0, blur=0.0, shrink=0.0, noise=0.0,
)  # fmt: skip


def train(recipe, folder, data=None):
    folder.mkdir(parents=True)
    data = data or fer_sets.faces(per_class=5, votes=True)
    loop.fit(recipe, split(data, recipe), folder, device=torch.device("cpu"))
    return folder / "checkpoint.pt"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """One training, and one that goes on from it with a second head for FER+ votes."""
    folder = tmp_path_factory.mktemp("runs")
    first = train(TINY, folder / "first")
    voted = dataclasses.replace(TINY, start=str(first), seed=2, votes_head=0.5)
    return [train(voted, folder / "second"), first]


def test_each_weight_is_the_mean_of_the_trainings(runs):
    mean = forward.trained(soup.mean(runs)).state_dict()
    one, two = (forward.trained(checkpoint.load(path)).state_dict() for path in runs)
    changed = 0
    for name, value in mean.items():
        if value.is_floating_point():
            assert torch.allclose(value, (one[name] + two[name]) / 2, atol=1e-6)
            changed += not torch.equal(one[name], two[name])
    assert changed > 10


def test_the_model_says_what_it_is_the_mean_of(runs, tmp_path):
    path = tmp_path / "mean.pt"
    soup.mean(runs).save(path)
    export(checkpoint.load(path), tmp_path / "mean.onnx", Choices(precision="fp32"))
    session = onnxruntime.InferenceSession(tmp_path / "mean.onnx")
    spec = ModelSpec.from_metadata(session.get_modelmeta().custom_metadata_map)
    assert "FER+ votes" in spec.trained_on
    recipe = spec.recipe
    assert from_toml(recipe, "it").votes_head == 0.5
    assert str(tmp_path) not in recipe
    _, other = recipe.split("the mean with those of this training:\n")
    uncommented = "".join(line.removeprefix("# ") for line in other.splitlines(keepends=True))
    assert from_toml(uncommented, "it").seed == 1


def test_the_lab_reads_it(runs, tmp_path):
    path = tmp_path / "mean.pt"
    soup.mean(runs).save(path)
    model = models.from_checkpoint(path, "cpu")
    assert (
        model.facts.about == f"checkpoint of the net {TINY.net}, mean of the weights of 2 trainings"
    )


def test_the_command_tells_how_good_it_is_and_keeps_files(runs, tmp_path, capsys):
    out = tmp_path / "mean.pt"
    words = ["soup", *map(str, runs), "--out", str(out)]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert f"{soup.accuracy(checkpoint.load(out)):.2%}  {out}" in printed
    assert all(str(path) in printed for path in runs)
    assert main(words) == 1
    assert "--force" in capsys.readouterr().err


def test_what_has_no_mean_is_refused(runs, tmp_path):
    with pytest.raises(SettingsError, match="at least two"):
        soup.mean(runs[:1])
    wide = train(dataclasses.replace(TINY, options={"width": 8}), tmp_path / "wide")
    with pytest.raises(SettingsError, match="another network"):
        soup.mean([runs[0], wide])
    other = train(TINY, tmp_path / "other", fer_sets.faces(per_class=6))
    with pytest.raises(SettingsError, match="other pictures"):
        soup.mean([runs[0], other])
