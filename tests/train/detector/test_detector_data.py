from pathlib import Path

import cv2
import numpy as np
import pyarrow
import pyarrow.parquet
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


PNG = cv2.imencode(".png", np.zeros((50, 100, 3), np.uint8))[1].tobytes()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"boxes": [[1.0, 2.0, float("nan"), 4.0]]}, "faces in row 0 of .*: an edge .* no number"),
        ({"boxes": [[1.0, None, 2.0, 3.0]]}, "no number"),
        ({"boxes": [[1.0, 2.0, 1e30, 3.0]]}, "too large"),
        ({"boxes": None}, "row 0 of .*: a box is not a list of four numbers"),
        ({"boxes": [[1, 2, 3]]}, "four numbers"),
        ({"boxes": [[1, 2, 3]] * 4}, "four numbers"),
        ({"boxes": [[]]}, "four numbers"),
        ({"boxes": [{"x": 1}]}, "four numbers"),
        ({"boxes": "1 2 3 4"}, "four numbers"),
        ({"boxes": [[50.0, 10.0, 20.0, 30.0]]}, "ends before it begins"),
        ({"doubtful": [[50.0, 10.0, 20.0, float("inf")]]}, "no number or too large"),
        ({"image": None}, "Row 0 of .* has no picture"),
        ({"image": "a.png"}, "has no picture"),
        ({"image": {"path": "a.png"}}, "has no picture"),
    ],
)
def test_a_damaged_row_is_refused_in_one_sentence(tmp_path, changes, message):
    row = {"image": {"bytes": PNG, "path": "a.png"}, "boxes": [], "boxed": True} | changes
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row]), tmp_path / "train-0.parquet")
    with pytest.raises(SourceError, match=message):
        data.read_split(tmp_path, "train")


def test_no_doubtful_place_may_be_said_by_nothing(tmp_path):
    row = {"image": {"bytes": PNG}, "boxes": [[1, 2, 3, 4]], "doubtful": None, "boxed": True}
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row]), tmp_path / "train-0.parquet")
    (read,) = data.read_split(tmp_path, "train")
    assert read.faces.tolist() == [[1, 2, 3, 4]]
    assert read.doubtful.shape == (0, 4)


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
