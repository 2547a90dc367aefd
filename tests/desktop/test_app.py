"""The application: its names and its icon."""

import configparser

import linux_share
from howifeel.desktop import app


def test_the_menu_entry_and_the_window_have_one_name(qapp):
    entry = configparser.ConfigParser(interpolation=None, delimiters="=")
    file = linux_share.SOURCES / "howifeel.desktop"
    entry.read(file, "utf-8")
    name = app.application().desktopFileName()
    assert name == file.stem == entry["Desktop Entry"]["StartupWMClass"]


def test_icon_is_drawn(qapp):
    picture = app.application().windowIcon().pixmap(64, 64).toImage()
    assert (picture.width(), picture.height()) == (64, 64)
    corner, face = picture.pixelColor(0, 0), picture.pixelColor(32, 29)
    assert corner.alpha() == 0
    assert face.red() > 200 > 100 > face.blue()
