"""The icon in every form."""

import pytest
from PIL import Image

pytest.importorskip("PySide6.QtGui", exc_type=ImportError)

import artwork


@pytest.mark.parametrize("side", artwork.SIZES)
def test_picture_is_the_drawing(side):
    picture = artwork.picture(side)
    assert picture.size == (side, side)
    assert picture.getpixel((0, 0))[3] == 0
    red, _, blue, opaque = picture.getpixel((side // 2, side // 2))
    assert red > 200 > 120 > blue
    assert opaque == 255


def test_hicolor_has_every_size(tmp_path):
    files = artwork.hicolor(tmp_path)
    assert len(files) == len(artwork.SIZES) + 1
    for file in files[:-1]:
        with Image.open(file) as picture:
            assert file.parts[-3] == f"{picture.width}x{picture.height}"
    assert files[-1] == tmp_path / "scalable" / "apps" / "howifeel.svg"


def test_icon_files_for_other_systems(tmp_path):
    windows, apple = artwork.icon_files(tmp_path)
    with Image.open(windows) as icon:
        assert {(side, side) for side in artwork.SIZES} == icon.info["sizes"]
    with Image.open(apple) as icon:
        assert icon.format == "ICNS"
