import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from howifeel.errors import SettingsError
from howifeel.train import recipe
from howifeel.train.recipe import Distil, Recipe, from_toml


@given(
    st.builds(
        Recipe,
        seed=st.integers(0, 10**6),
        epochs=st.integers(1, 500),
        lr=st.floats(1e-6, 1),
        mixup=st.floats(0, 1),
        keep_duplicates=st.booleans(),
        resolutions=st.just(((0.0, 24), (0.5, 48))),
        trained_on=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    )
)
def test_a_recipe_survives_toml(given_recipe):
    assert from_toml(given_recipe.to_toml()) == given_recipe


def test_every_control_character_survives_toml():
    strange = "".join(map(chr, range(160))) + "\u2028\ufeff"
    assert from_toml(Recipe(trained_on=strange).to_toml()).trained_on == strange


def test_a_recipe_with_tables_survives_toml():
    full = Recipe(
        net="vgg8",
        options={"width": 16, "dense": (8, 4), "norm": False},
        distil=Distil(("a.pt", "b.pt"), weights=(0.25, 0.75)),
    )
    assert from_toml(full.to_toml()) == full


def test_recipes_of_earlier_checkpoints_are_understood():
    old = from_toml('net = "compact"\nwidth = 16\ndropout = 0.2\n')
    assert old == Recipe(net="compact", options={"width": 16, "dropout": 0.2})
    assert from_toml('net = "compact"\nwidth = 32\ndropout = 0.1\n') == Recipe(net="compact")


def test_a_checkpoint_may_mean_other_defaults():
    assert Recipe().copies == "wide"
    assert from_toml("epochs = 3\n", defaults={"copies": "narrow"}).copies == "narrow"
    assert from_toml('copies = "wide"\n', defaults={"copies": "narrow"}).copies == "wide"


def test_toml_holds_only_what_differs():
    assert from_toml("epochs = 3\n") == dataclasses.replace(Recipe(), epochs=3)
    assert from_toml("") == Recipe()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("epochs = ", "not valid TOML"),
        ("epoch = 3", "unknown entry 'epoch'"),
        ("epochs = 3.5", "epochs cannot be 3.5"),
        ("epochs = 0", "epochs must be above 0"),
        ("erase = 1.5", "erase must be between 0 and 1"),
        ("rotation = inf", "rotation"),
        ('net = "alexnet"', "net must be"),
        ('precision = "int8"', "precision must be"),
        ('optimizer = "magic"', "optimizer must be"),
        ("resolutions = [[0.5, 48]]", "resolutions must be"),
        ("resolutions = [[0.0, 48], [0.0]]", "resolutions must be"),
        ('resolutions = [["a", 48]]', "resolutions must be"),
        ("resolutions = []", "resolutions must be"),
        ("resolutions = 48", "resolutions cannot be 48"),
        ("sam = -1.0", "sam must be at least 0"),
        ("size = 64", "size must be 48"),
        ("margin = 2.5", "margin must be between -0.4 and 2"),
        ("seed = -1", "seed must be between 0 and"),
        ("seed = 4294967296", "seed must be between 0 and"),
        ("options = {}", "unknown entry 'options'"),
        ("[net]\nname = 'resnet'\ndepth = 3", "The net resnet has no option 'depth'"),
        ("[net]\nwidth = 'wide'", "The net's width cannot be 'wide'; it must be int"),
        ("distil = 3", "distil as a table"),
        ("[distil]\ntemperature = 2.0", "distil.teachers must be"),
        ("[distil]\nteachers = ['a.pt']\nweights = [1, 2]", "distil.weights must be one number"),
        ("[distil]\nteachers = ['a.pt']\nwarmth = 2", "unknown entry 'distil.warmth'"),
        ("recorded = true\n[distil]\nteachers = ['a.pt']", "distil must be absent"),
    ],
)
def test_a_wrong_recipe_is_told_in_one_sentence(text, sentence):
    with pytest.raises(SettingsError, match=sentence):
        from_toml(text)


def test_sides_follow_the_shares_of_the_epochs():
    schedule = Recipe(epochs=10, resolutions=((0.0, 24), (0.25, 32), (0.8, 48)))
    assert [schedule.side_at(epoch) for epoch in range(10)] == [24] * 3 + [32] * 5 + [48] * 2


@pytest.mark.parametrize("path", sorted(recipe.RECIPES.glob("*.toml")), ids=lambda p: p.stem)
def test_shipped_recipes_load_and_end_at_the_exported_size(path):
    shipped = recipe.load(path.stem)
    assert shipped == recipe.load(str(path))
    assert shipped.side_at(shipped.epochs - 1) == shipped.size


def test_a_missing_recipe_names_the_shipped_ones():
    with pytest.raises(
        SettingsError, match=r"one of: cnn, cpu, cpu-distilled, cpu-more, cpu-votes, "
    ):
        recipe.load("nowhere.toml")
