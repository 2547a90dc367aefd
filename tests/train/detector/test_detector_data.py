from pathlib import Path

import numpy as np
import pytest

from howifeel.errors import SettingsError, SourceError
from howifeel.train.detector import data, recipe

REAL = Path(__file__).parents[4] / "shared" / "data" / "faces"


def test_unmarked_pictures_are_left_out(face_folder):
    faces = data.read(face_folder)
    assert (len(faces.photos), len(faces.negatives), len(faces.validation)) == (24, 6, 8)
    assert not data.read_split(face_folder, "unboxed")


def test_boxes_are_pixels_of_the_picture(face_folder):
    for picture in data.read(face_folder).photos:
        assert picture.image.shape == (120, 160, 3)
        for x0, y0, x1, y1 in picture.faces.astype(int):
            skin = picture.image[(y0 + y1) // 2, (x0 + x1) // 2]
            assert tuple(skin) == (170, 200, 235)


def test_a_folder_without_pictures_is_refused(tmp_path):
    with pytest.raises(SourceError, match="name the folder"):
        data.read(tmp_path)


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / "train-0-of-1.parquet").write_bytes(b"not parquet")
    with pytest.raises(SourceError, match="Cannot read"):
        data.read(tmp_path)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real face pictures are not here")
def test_the_real_validation_pictures_have_their_faces():
    pictures = data.read_split(REAL, "validation")
    assert len(pictures) == 300
    assert sum(len(picture.faces) for picture in pictures) == 1036
    for picture in pictures:
        height, width = picture.image.shape[:2]
        assert (picture.faces >= -1).all()
        assert (picture.faces <= np.array([width, height] * 2) + 1).all()


def test_a_recipe_survives_its_plain_form():
    changed = recipe.from_dict({"steps": 3, "augment": {"grey": 0.5}, "maps": [
        {"stride": s, "smallest": s, "largest": 2 * s} for s in (8, 16, 32, 64)]})  # fmt: skip
    assert recipe.from_dict(changed.as_dict()) == changed
    assert changed.augment.grey == 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stepz = 3", "no 'stepz'"),
        ("steps = 'many'", "of type int"),
        ("width = 60", "at least 64"),
        ("maps = []", "four maps"),
        ("augment = 3", "table"),
        ("[net]\nstem = [1, 2]", "stem"),
        ("[[maps]]\nstride = 8", "incomplete"),
        ("steps =", "not valid TOML"),
    ],
)
def test_a_wrong_recipe_is_refused_in_one_sentence(tmp_path, text, message):
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=message):
        recipe.load(path)


@pytest.mark.parametrize("path", sorted(recipe.RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_recipes_are_valid(path):
    assert recipe.load(path.stem) == recipe.load(path) != recipe.Recipe()
