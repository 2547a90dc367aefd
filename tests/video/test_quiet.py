"""What C libraries write to the terminal while a picture is decoded."""

import io
import os
import tempfile
import threading

import pytest
from PIL import Image

from howifeel.video.picture import decode
from howifeel.video.quiet import overheard


def test_what_libraries_write_is_heard_and_not_seen(capfd):
    with overheard() as said:
        os.write(2, b"Corrupt JPEG data")
        assert said() == "Corrupt JPEG data"
    os.write(2, b"seen")
    assert capfd.readouterr().err == "seen"


def test_threads_that_listen_at_once_leave_the_terminal_as_it_was():
    before = os.fstat(2)
    one_is_in, two_was_started, heard = threading.Event(), threading.Event(), []

    def one():
        with overheard() as said:
            one_is_in.set()
            two_was_started.wait(10)
            os.write(2, b"one")
            heard.append(said())

    def two():
        with overheard() as said:
            os.write(2, b"two")
            heard.append(said())

    first, second = threading.Thread(target=one), threading.Thread(target=two)
    first.start()
    one_is_in.wait(10)
    second.start()
    second.join(0.1)  # it would be through by now
    two_was_started.set()
    first.join(10)
    second.join(10)
    assert heard == ["one", "two"]
    assert (os.fstat(2).st_dev, os.fstat(2).st_ino) == (before.st_dev, before.st_ino)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_is_decoded_where_no_temporary_file_can_be_written(monkeypatch, form):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    sink = io.BytesIO()
    Image.new("RGB", (32, 24), (0, 0, 255)).save(sink, form)
    assert decode(sink.getvalue(), "a").image.shape == (24, 32, 3)


def test_a_damaged_colour_profile_is_not_told_to_the_terminal(capfd):
    sink = io.BytesIO()
    Image.new("RGB", (32, 24)).save(sink, "PNG", icc_profile=b"no profile" * 20)
    assert decode(sink.getvalue(), "a").damage is None
    assert capfd.readouterr() == ("", "")
