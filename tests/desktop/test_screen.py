"""Whether there is a screen, before Qt ends the program because there is none."""

import pytest

from howifeel.desktop import screen
from howifeel.desktop.screen import ScreenError, check


def test_no_display_is_one_sentence():
    with pytest.raises(ScreenError, match="There is no screen here"):
        check({}, "linux")


@pytest.mark.parametrize(
    ("environment", "platform"),
    [
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux"),
        ({}, "win32"),
        ({}, "darwin"),
    ],
)
def test_others_are_left_to_qt(environment, platform):
    check(environment, platform)


def test_a_missing_library_is_named_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setattr(screen, "_CURSOR", "libnowhere.so.0")
    with pytest.raises(ScreenError, match="apt install libxcb-cursor0"):
        check({"DISPLAY": ":0"}, "linux")
