import pytest

from howifeel.batch import manifest
from howifeel.batch.ledger import Ledger
from howifeel.batch.manifest import Entry
from howifeel.errors import OutputError

A, B = Entry("a.mp4", "/films", "a"), Entry("b.mp4", "/films", "b")


def test_the_manifest_is_there_from_the_start_and_true_at_the_end(tmp_path):
    path = tmp_path / manifest.NAME
    ledger = Ledger(path, [A, B], "mark")
    assert manifest.read(path) == (A, B)
    for tries in range(100):
        ledger.change(A.key, tries=tries, state="running")
    ledger.catch_up(at_once=True)
    assert [row.tries for row in manifest.read(path)] == [99, 0]
    assert ledger.count([A.key, B.key]) == {"running": 1, "waiting": 1}


def test_later_rows_replace_earlier_ones(tmp_path):
    path = tmp_path / manifest.NAME
    newer = Entry(A.source, A.folder, "a", state="done")
    Ledger(path, [A, B, newer], "mark")
    assert manifest.read(path) == (newer, B)


def test_a_manifest_that_cannot_be_written_is_said(tmp_path):
    ledger = Ledger(tmp_path / manifest.NAME, [A], "mark")
    (tmp_path / manifest.NAME).unlink()
    (tmp_path / manifest.NAME).mkdir()
    ledger.change(A.key, state="done")
    with pytest.raises(OutputError, match="is a folder"):
        ledger.catch_up(at_once=True)
