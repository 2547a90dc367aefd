"""Folders that describe an experiment, and options that a TOML file says."""

import re

import pytest

torch = pytest.importorskip("torch")

from howifeel import lab  # noqa: E402
from howifeel.errors import OutputError, SettingsError  # noqa: E402
from howifeel.lab.kit import folder as folders  # noqa: E402
from howifeel.lab.kit import options as lab_options  # noqa: E402
from howifeel.lab.kit import toml_options  # noqa: E402
from howifeel.train import recipe as recipes  # noqa: E402


def described(path, text):
    path.mkdir()
    (path / folders.FILE).write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("name", lab.names())
def test_an_example_tells_every_option_and_its_default(name, tmp_path):
    try:
        kind = lab.load(name).Options
    except Exception as error:
        pytest.skip(str(error))
    path = folders.write_example(tmp_path / "new", name)
    assert folders.read(path.parent) == folders.Experiment(name, kind)
    text = path.read_text("utf-8")
    for option in lab_options.as_dict(kind()):
        assert f"\n# {option} = " in text
    uncommented = re.sub(r"^# (\w+ = )(?!\"PATH\"|\"NAME\")", r"\1", text, flags=re.MULTILINE)
    path.write_text(uncommented, "utf-8")
    found = folders.read(path.parent)
    assert found.quick
    assert lab_options.from_values(kind, found.options, quick=False) == kind()


@pytest.mark.parametrize("name", sorted(p.stem for p in recipes.RECIPES.glob("*.toml")))
def test_an_example_of_a_training_is_a_copy_of_its_recipe(name, tmp_path):
    folder = folders.write_example(tmp_path / "new", name).parent
    found = folders.read(folder)
    assert found.recipe == recipes.load(name)
    assert found.data == folder / "fer2013"
    (folder / folders.RECIPE_FILE).write_text("epochs = 3\n", "utf-8")
    assert folders.read(folder).recipe.epochs == 3


def test_a_folder_that_is_not_empty_is_kept(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="not empty and was kept"):
        folders.write_example(tmp_path, "noise")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_paths_are_those_beside_the_config(tmp_path):
    text = 'experiment = "noise"\n[options]\ndata = "../fer"\nmodel = "net.onnx"\nruns = 4\n'
    folder = described(tmp_path / "study", text)
    found = folders.read(folder).options
    assert found["data"] == folder / ".." / "fer"
    assert found["model"] == "net.onnx"
    (folder / "net.onnx").touch()
    assert folders.read(folder).options["model"] == str(folder / "net.onnx")
    assert found["runs"] == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("experiment = ", "is not valid TOML"),
        ("quick = true", 'must say either experiment = "NAME" or recipe = "NAME"'),
        ('experiment = "noise"\nrecipe = "cpu"', "must say either"),
        ('experiment = "noize"', "There is no experiment 'noize'; choose one of"),
        ('experiment = "noise"\nruns = 4', "unknown entry 'runs'"),
        ('experiment = "noise"\noptions = 4', "options as a table"),
        ('experiment = "noise"\nquick = 1', "quick cannot be 1; it is true or false"),
        ('experiment = "noise"\n[options]\nrums = 4', "unknown option 'rums'; there are data"),
        ('experiment = "noise"\n[options]\nruns = "4"', "runs cannot be '4'; it is a whole number"),
        ('experiment = "noise"\n[options]\nvariances = 1', "variances cannot be 1; it is a list"),
        ('experiment = "noise"\n[options]\ndata = 4', "data cannot be 4; it is a text"),
        ('recipe = "cpu"', "must say where FER-2013 lies"),
        ('recipe = "none"\n[options]\ndata = "x"', "There is no recipe 'none'"),
        ('recipe = "cpu"\n[options]\ndata = "x"\nminutes = 0', "it is a number above 0"),
    ],
)  # fmt: skip
def test_a_wrong_config_is_said_in_one_sentence(text, said, tmp_path):
    with pytest.raises(SettingsError) as caught:
        folders.read(described(tmp_path / "study", text))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_without_config_says_how_to_get_one(tmp_path):
    with pytest.raises(SettingsError, match=r"howifeel-lab experiment new .+ --like noise"):
        folders.read(tmp_path)


class TestTables:
    def test_words_go_before_the_file(self, tmp_path):
        path = tmp_path / "pages.toml"
        path.write_text("[svm]\nfolds = 5\nc = [1, 10]\n[bias]\ndraws = 100\n", "utf-8")
        pytest.importorskip("fairlearn")
        words = ["svm.folds=3", "svm.kernels=rbf,linear", "bias.table=people.parquet"]
        found = toml_options.tables(path, words)
        assert found["svm"] == {"folds": 3, "c": (1, 10), "kernels": ("rbf", "linear")}
        assert found["bias"]["draws"] == 100
        assert found["bias"]["table"].name == "people.parquet"
        assert toml_options.tables(None) == {}

    @pytest.mark.parametrize(
        ("word", "said"),
        [
            ("svm", "must look like NAME.OPTION=VALUE"),
            ("svm.folds", "must look like NAME.OPTION=VALUE"),
            ("none.folds=3", "There is no experiment 'none'"),
            ("svm.fold=3", "unknown option 'fold'"),
            ("svm.folds=many", "folds cannot be 'many'; it is a whole number"),
        ],
    )
    def test_wrong_words_are_said(self, word, said):
        with pytest.raises(SettingsError) as caught:
            toml_options.tables(None, [word])
        assert said in str(caught.value)
