"""The application: its names and its icon."""

from howifeel.desktop import app


def test_icon_is_drawn(qapp):
    picture = app.application().windowIcon().pixmap(64, 64).toImage()
    assert (picture.width(), picture.height()) == (64, 64)
    corner, face = picture.pixelColor(0, 0), picture.pixelColor(32, 29)
    assert corner.alpha() == 0
    assert face.red() > 200 > 100 > face.blue()
