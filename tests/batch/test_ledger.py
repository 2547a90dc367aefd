import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from howifeel.batch import journal, manifest
from howifeel.batch.ledger import Ledger, recall
from howifeel.batch.manifest import Entry
from howifeel.errors import OutputError

A, B = Entry("a.mp4", "/films", "a"), Entry("b.mp4", "/films", "b")


@pytest.fixture
def path(tmp_path):
    return tmp_path / manifest.NAME


def test_the_manifest_is_there_from_the_start_and_true_at_the_end(path):
    ledger = Ledger(path, [A, B], "mark")
    assert manifest.read(path) == (A, B)
    for tries in range(100):
        ledger.change(A.key, tries=tries, state="running")
        ledger.catch_up()
    ledger.close()
    assert [row.tries for row in manifest.read(path)] == [99, 0]
    assert ledger.count([A.key, B.key]) == {"running": 1, "waiting": 1}
    assert [file.name for file in path.parent.iterdir()] == [manifest.NAME]


def test_a_run_that_dies_loses_no_change(path):
    ledger = Ledger(path, [A, B], "mark")
    now = datetime(2026, 5, 4, 3, 2, 1, 7, UTC)
    changed = ledger.change(A.key, state="done", started=now, notes=("Füße",), outputs=("a", "b"))
    assert manifest.read(path) == (A, B)
    assert recall(path) == (changed, B)
    assert recall(path) == (changed, B)
    with path.with_name(journal.NAME).open("ab") as file:
        file.write(b'{"source": "b.mp4", "fol')
    assert recall(path) == (changed, B)
    later = ledger.change(B.key, state="failed", error="Damaged.")
    assert recall(path) == (changed, later)
    Ledger(path, recall(path), "mark")
    assert manifest.read(path) == recall(path) == (changed, later)


def test_a_manifest_that_is_up_to_date_is_not_written_again(path):
    ledger = Ledger(path, [A, B], "mark")
    before = path.stat()
    ledger.close()
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [file.name for file in path.parent.iterdir()] == [manifest.NAME]


def test_a_change_is_on_the_disk_before_the_run_goes_on(path, monkeypatch):
    ledger = Ledger(path, [A, B], "mark")
    brought, usual = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: [usual(file), brought.append(os.fstat(file))])
    ledger.change(A.key, state="done")
    file = path.with_name(journal.NAME).stat()
    assert [(each.st_ino, each.st_size) for each in brought] == [(file.st_ino, file.st_size)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said(path):
    ledger = Ledger(path, [A], "mark")
    path.with_name(journal.NAME).unlink()
    path.with_name(journal.NAME).symlink_to("/dev/full")
    with pytest.raises(OutputError, match="No space left"):
        ledger.change(A.key, state="done")


def test_later_rows_replace_earlier_ones(path):
    newer = Entry(A.source, A.folder, "a", state="done")
    Ledger(path, [A, B, newer], "mark")
    assert manifest.read(path) == (newer, B)


def test_a_manifest_that_cannot_be_written_is_said_and_its_journal_kept(path):
    ledger = Ledger(path, [A], "mark")
    path.unlink()
    path.mkdir()
    done = ledger.change(A.key, state="done")
    with pytest.raises(OutputError, match="is a folder"):
        ledger.close()
    path.rmdir()
    assert recall(path) == (done,)
