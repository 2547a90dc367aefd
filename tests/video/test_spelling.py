"""What a source is, told from its spelling; what a user sees of it holds no secret."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from howifeel.video import display_name, kind_of, local_path


@pytest.mark.parametrize(
    ("spec", "path", "kind"),
    [
        ("film.mp4", "film.mp4", "file"),
        ("./0", "0", "file"),
        ("100%25 & #1?.mp4", "100%25 & #1?.mp4", "file"),
        ("file:///films/a.mp4", "/films/a.mp4", "file"),
        ("FILE://localhost/films/a.mp4", "/films/a.mp4", "file"),
        ("file:///films/Gr%C3%BC%C3%9Fe%20%231.mp4", "/films/Grüße #1.mp4", "file"),
        ("file:///films/a.mp4#t=10", "/films/a.mp4", "file"),
        ("file:///films/a.JPG", "/films/a.JPG", "picture"),
    ],
)
def test_files(spec, path, kind):
    assert local_path(spec) == Path(path)
    assert kind_of(spec) == kind
    assert display_name(spec) == spec


def test_a_file_on_another_computer_is_not_one_of_this_computer():
    assert local_path("file://server/films/a.mp4") == Path("//server/films/a.mp4")


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        ("0", "camera"), ("/dev/video0", "camera"), ("test:", "pattern"),
        ("https://host/a.mp4", "url"), ("rtsp://host/a.jpg", "url"),
    ],
)  # fmt: skip
def test_what_is_no_file(spec, kind):
    assert kind_of(spec) == kind
    assert local_path(spec) is None
    assert display_name(spec) == spec


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://me:secret@host:554/a", "rtsp://host:554/a"),
        ("rtsp://me:sec@ret@host/a", "rtsp://host/a"),
        ("http://secret@[::1]:80/a", "http://[::1]:80/a"),
        ("https://host/a.mp4?token=secret#secret", "https://host/a.mp4"),
        ("https://host?secret", "https://host"),
        ("https://host/a.mp4#secret?secret", "https://host/a.mp4"),
        ("https://host/@artist/a.mp4", "https://host/@artist/a.mp4"),
    ],
)
def test_a_shown_url_holds_no_secret(url, shown):
    assert display_name(url) == shown


@given(st.text() | st.text().map("http://{}".format) | st.text().map("file://{}".format))
def test_every_spelling_has_a_meaning(spec):
    assert (local_path(spec) is None) == (kind_of(spec) not in ("file", "picture"))
    assert display_name(display_name(spec)) == display_name(spec)
