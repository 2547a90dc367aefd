"""The growing timeline is readable wherever it is cut off."""

import numpy as np
import pytest

from builders import moment, reading
from howifeel.session.journal import FLUSH_S, Journal, read_journal
from howifeel.timeline import Table
from howifeel.timeline.rows import to_rows

STREAM = [moment(n, *([reading()] if n % 9 else [])) for n in range(250)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("journal") / "a.arrows"
    journal = Journal(path)
    for each in STREAM:
        journal.add(each)
    journal.close()
    journal.close()
    return path.read_bytes()


def rows(moments):
    return [row for each in moments for row in to_rows(each)]


def read(path, content):
    path.write_bytes(content)
    return rows(Table.from_arrow(read_journal(path, cut=True)).moments())


def test_all_of_it_is_read(tmp_path, whole):
    assert read(tmp_path / "a", whole) == rows(STREAM)


@pytest.mark.parametrize("tail", [b"", b"\0" * 5000, b"\xff" * 5000])
def test_what_lies_before_the_cut_is_read(tmp_path, whole, tail):
    cuts = np.random.default_rng(0).integers(0, len(whole), 25).tolist()
    found = {cut: read(tmp_path / "a", whole[:cut] + tail) for cut in [0, 1, 8, *cuts]}
    for cut, got in found.items():
        assert got == rows(STREAM)[: len(got)]
        lost_s = (1 - cut / len(whole)) * 10 + 2 * FLUSH_S
        assert len(got) >= len(STREAM) - 25 * lost_s
    assert len({len(got) for got in found.values()}) > 4


def test_every_second_is_handed_to_the_system(tmp_path):
    journal = Journal(tmp_path / "a")
    for n, each in enumerate(STREAM):
        journal.add(each)
        assert read_journal(tmp_path / "a").num_rows >= n - 25 * FLUSH_S
    journal.close()


def test_another_file_holds_no_rows(tmp_path):
    assert read(tmp_path / "a", b"") == read(tmp_path / "a", b"hello" * 1000) == []
