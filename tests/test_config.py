import dataclasses

import pytest

from howifeel import config
from howifeel.config import Settings
from howifeel.errors import SettingsError


def test_later_layers_win(tmp_path):
    toml = tmp_path / "settings.toml"
    toml.write_text("face_score = 0.3\nsmooth_s = 1\nhold = 0.2\n")
    environment = {"HOWIFEEL_SMOOTH_S": "0.5", "HOWIFEEL_HOLD": "0.3", "HOME": "/"}
    settings = config.load(toml, environment, {"hold": 0.4, "model": None})
    assert settings == Settings(face_score=0.3, smooth_s=0.5, hold=0.4)


def test_detector_files_from_every_layer(tmp_path):
    toml = tmp_path / "settings.toml"
    toml.write_text('detector_files = ["a", "b"]\n')
    pair = ("a", "b")
    assert config.load(toml).detector_files == pair
    assert config.load(None, {"HOWIFEEL_DETECTOR_FILES": "a b"}).detector_files == pair
    assert config.load(flags={"detector_files": ["a", "b"]}).detector_files == pair


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"face_score": 2}, "between 0.01 and 1"),
        ({"face_score": "high"}, "cannot be 'high'"),
        ({"face_score": float("nan")}, "must lie between"),
        ({"threads": 1.5}, "cannot be 1.5"),
        ({"threads": True}, "cannot be True"),
        ({"device": "tpu"}, "choose auto, cpu, cuda"),
        ({"detector_files": ("one",)}, "two paths"),
        ({"colour": "red"}, "no setting 'colour'"),
    ],
)
def test_wrong_values_are_explained(flags, message):
    with pytest.raises(SettingsError, match=message):
        config.load(flags=flags)


def test_unreadable_layers(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("face_score = [")
    with pytest.raises(SettingsError, match="not valid TOML"):
        config.load(broken)
    with pytest.raises(SettingsError, match="Cannot read the settings"):
        config.load(tmp_path / "none.toml")
    with pytest.raises(SettingsError, match="threads needs a number"):
        config.load(None, {"HOWIFEEL_THREADS": "many"})


def test_every_setting_is_described_and_its_default_allowed():
    for field in dataclasses.fields(Settings):
        about = config.ABOUT[field.name]
        assert about.label
        assert about.help.startswith(("the ", "a ", "where "))
        about.check(field.name, field.default)


def test_as_dict_leaves_out_what_is_not_set():
    values = Settings().as_dict()
    assert "unsure_below" not in values
    assert Settings(**values) == Settings()


def test_a_misspelt_variable_is_said():
    with pytest.raises(SettingsError, match="no setting HOWIFEEL_FACESCORE; known: HOWIFEEL_"):
        config.load(environment={"HOWIFEEL_FACESCORE": "0.9"})
    others = {"HOWIFEEL_SESSIONS": "here", "HOWIFEEL_EMIT_TOKEN": "secret"}
    assert config.load(environment=others) == config.Settings()
