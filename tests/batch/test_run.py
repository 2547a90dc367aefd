"""What a run knows of its own outputs, whatever becomes of a worker."""

import pytest

from howifeel.annotate import Job, Outcome
from howifeel.batch import manifest
from howifeel.batch.ledger import Ledger, recall
from howifeel.batch.manifest import Entry
from howifeel.batch.plan import Piece
from howifeel.batch.run import Run
from howifeel.batch.work import Result
from howifeel.errors import OutputError

SUMMARY = {"duration_s": 0.2, "tracks": 0}


class Silent:
    """Shows nothing."""

    def going(self, key, progress):
        pass

    def ended(self, piece, result):
        pass

    def lost(self, piece):
        pass

    def refresh(self):
        pass


@pytest.fixture
def out(tmp_path):
    return tmp_path


@pytest.fixture
def begin(out):
    """Begins a run with one film; what it is, its outputs and its row."""

    def begin(*wrote, force=False):
        job = Job("a.mp4", out / "a.mp4", out / "a.csv", force=force)
        names = ("a.mp4", "a.csv", "a.csv.json")
        entry = Entry("a.mp4", "/films", "a", outputs=names, wrote=wrote)
        path = out / manifest.NAME
        return Run([Piece(entry, job)], Ledger(path, [entry], "mark"), Silent(), 3), entry.key

    return begin


def wrote(out):
    (row,) = recall(out / manifest.NAME)
    return set(row.wrote)


def done(job):
    return Result(Outcome("a.mp4", job.targets, 5, 0.1, SUMMARY, ()))


def test_what_a_killed_run_may_have_written_is_known(begin, out):
    (out / "a.csv").write_text("precious")
    run, key = begin("b.html")
    assert not run.begun(key).force
    assert wrote(out) == {"a.mp4", "a.csv.json", "b.html"}


def test_what_is_done_was_written(begin, out):
    (out / "a.csv").write_text("replaced")
    run, key = begin("b.html", force=True)
    job = run.begun(key)
    assert job.force
    run.ended(key, done(job))
    assert wrote(out) == {"a.mp4", "a.csv", "a.csv.json", "b.html"}


def test_what_failed_wrote_nothing(begin, out):
    (out / "a.csv").write_text("old")
    run, key = begin("a.csv", "b.html")
    assert run.begun(key).force
    (out / "a.mp4").write_text("appeared meanwhile")
    run.ended(key, Result(error="a.mp4 appeared meanwhile and was kept."))
    assert wrote(out) == {"a.csv", "b.html"}


def test_a_lost_worker_wrote_what_is_there_now(begin, out):
    run, key = begin()
    assert not run.begun(key).force
    (out / "a.mp4").write_text("new")
    assert run.lost(key)
    assert wrote(out) == {"a.mp4"}
    assert run.begun(key).force
    assert wrote(out) == {"a.mp4", "a.csv", "a.csv.json"}


def test_a_full_disk_ends_the_run_and_its_film_waits(begin, out):
    run, key = begin()
    full = Result(error="Cannot write a.mp4: No space left on device.", disk_full=True)

    def fill(todo):
        run.begun(key)
        run.ended(key, full)

    with pytest.raises(OutputError, match="No space left"):
        run.do(fill)
    (row,) = recall(out / manifest.NAME)
    assert (row.state, row.tries, row.wrote) == ("waiting", 0, ())


def test_a_stopped_run_wrote_what_is_there_now(begin, out):
    run, key = begin()

    def stop(todo):
        run.begun(key)
        (out / "a.mp4").write_text("new")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.do(stop)
    assert wrote(out) == {"a.mp4"}


def test_a_retry_keeps_a_file_of_others(begin, out):
    run, key = begin()
    run.begun(key)
    run.lost(key)
    (out / "a.csv").write_text("precious")
    assert not run.begun(key).force
