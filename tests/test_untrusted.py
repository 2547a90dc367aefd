"""Files that anyone may have written."""

import io
from pathlib import Path

import pytest

from howifeel import untrusted


def test_lines_are_those_of_the_file():
    text = "one\ntwo\n\nthree"
    assert list(untrusted.lines(io.StringIO(text))) == ["one\n", "two\n", "\n", "three"]


def test_a_line_that_does_not_end_is_refused_before_it_fills_the_memory():
    with pytest.raises(ValueError, match="too long"):
        list(untrusted.lines(io.StringIO("ok\n" + 11 * "x"), longest=10))


def test_a_line_of_the_greatest_length_is_read():
    assert list(untrusted.lines(io.StringIO(10 * "x"), longest=10)) == [10 * "x"]


def test_a_pipe_is_refused_without_being_opened(pipe, tmp_path):
    with pytest.raises(OSError, match="a pipe or device"):
        untrusted.read_bytes(pipe(tmp_path / "a"), 100)


def open_files():
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux lists what is open")
def test_a_folder_that_took_the_place_of_a_file_leaves_nothing_open(monkeypatch, tmp_path):
    monkeypatch.setattr(untrusted, "check_regular", lambda path: None)
    before = open_files()
    with pytest.raises(IsADirectoryError):
        untrusted.read_bytes(tmp_path, 100)
    assert open_files() == before


def test_a_folder_is_called_one(tmp_path):
    with pytest.raises(OSError) as caught:
        untrusted.read_bytes(tmp_path, 100)
    assert untrusted.reason(caught.value) == "it is a folder"
