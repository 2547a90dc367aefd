"""Lines of a text that anyone may have written."""

import io

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
